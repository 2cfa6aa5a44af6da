"use strict";

// The filter hides what lacks one of its words; "/" leads to it.
const filter = document.getElementById("filter");
filter.addEventListener("input", () => {
  const words = filter.value.toLowerCase().split(/\s+/);
  for (const item of document.querySelectorAll("nav li")) {
    const text = item.dataset.words.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
  }
  for (const section of document.querySelectorAll("nav section")) {
    section.hidden = !section.querySelector("li:not([hidden])");
  }
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    filter.focus();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form.request");
    if (!form) return;
    event.preventDefault(); // the button under the focus would send it once more
    form.requestSubmit();
  }
});

// valuesOf returns the texts of a control; one that is empty is not sent.
function valuesOf(control) {
  if (control.type === "file") return [...control.files];
  const lines = control.dataset.lines ? control.value.split("\n") : [control.value];
  return lines.filter((line) => line !== "");
}

const encode = encodeURIComponent;

// addQuery writes a parameter in its style (OpenAPI 3.1, Parameter Object).
function addQuery(query, control) {
  const name = control.name, values = valuesOf(control);
  if (control.dataset.lines === "pairs") {
    for (const pair of values) {
      const [key, ...rest] = pair.split("=");
      query.push(`${encode(name)}[${encode(key)}]=${encode(rest.join("="))}`);
    }
  } else if (control.dataset.style === "csv" && values.length) {
    query.push(`${encode(name)}=${values.map(encode).join(",")}`);
  } else {
    for (const value of values) query.push(`${encode(name)}=${encode(value)}`);
  }
}

// authorize adds the secrets that the operation needs.
function authorize(form, request, query) {
  const needed = form.dataset.guards.split(" ");
  for (const secret of document.querySelectorAll("#settings .secret")) {
    if (!secret.value || !needed.includes(secret.dataset.scheme)) continue;
    const { type, name } = secret.dataset;
    if (type === "basic") request.headers.set("Authorization", "Basic " + btoa(String.fromCharCode(...new TextEncoder().encode(secret.value))));
    else if (type === "bearer") request.headers.set("Authorization", "Bearer " + secret.value);
    else if (type === "header") request.headers.set(name, secret.value);
    else if (type === "query") query.push(`${encode(name)}=${encode(secret.value)}`);
    else request.cookies.push([name, secret.value]);
  }
}

// bodyOf returns the body that the form shows, and notes its type.
function bodyOf(form, request) {
  const media = form.elements.media?.value;
  const part = media && form.querySelector(`fieldset[data-media="${CSS.escape(media)}"]`);
  if (!part) return;
  const whole = part.querySelector("[data-body]");
  if (whole) {
    const body = whole.type === "file" ? whole.files[0] : whole.value;
    if (body === undefined || body === "") return;
    if (!media.includes("*")) request.headers.set("Content-Type", media);
    request.body = body;
    return;
  }
  const fields = media === "multipart/form-data" ? new FormData() : new URLSearchParams();
  for (const control of part.querySelectorAll("[name]")) {
    const values = valuesOf(control);
    if (control.dataset.style === "csv" && values.length) fields.append(control.name, values.join(","));
    else for (const value of values) fields.append(control.name, value);
  }
  request.body = fields;
}

function build(form) {
  const request = { method: form.dataset.method, headers: new Headers(), cookies: [], body: undefined };
  const query = [];
  let path = form.dataset.path;
  for (const control of form.querySelectorAll("[data-in]")) {
    const values = valuesOf(control);
    switch (control.dataset.in) {
      case "path": path = path.replace(`{${control.name}}`, () => encode(values.join(","))); break;
      case "query": addQuery(query, control); break;
      case "header": if (values.length) request.headers.set(control.name, values.join(", ")); break;
      case "cookie": if (values.length) request.cookies.push([control.name, values.join(",")]); break;
    }
  }
  authorize(form, request, query);
  bodyOf(form, request);
  const server = new URL(document.getElementById("server").value, location);
  request.url = server.href.replace(/\/$/, "") + path + (query.length ? "?" + query.join("&") : "");
  return request;
}

const quote = (text) => "'" + text.replaceAll("'", "'\\''") + "'";

// curl returns the command that sends the same request.
function curl(request) {
  const parts = [/[[{]/.test(request.url) ? "curl -g -i" : "curl -i"]; // -g leaves brackets alone
  if (request.method !== "GET") parts.push("-X " + request.method);
  for (const [name, value] of request.headers) parts.push("-H " + quote(`${name}: ${value}`));
  if (request.cookies.length) parts.push("-b " + quote(request.cookies.map((pair) => pair.join("=")).join("; ")));
  if (request.body instanceof FormData) {
    for (const [name, value] of request.body) parts.push("-F " + quote(value instanceof File ? `${name}=@${value.name}` : `${name}=${value}`));
  } else if (request.body instanceof File) parts.push("--data-binary " + quote("@" + request.body.name));
  else if (request.body !== undefined) parts.push("--data-raw " + quote(String(request.body)));
  return parts.concat(quote(request.url)).join(" \\\n  ");
}

// showFile offers what is no text for download, and shows it if it is an image.
async function showFile(content, response, type) {
  const blob = await response.blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = "";
  link.textContent = `${blob.size} bytes`;
  content.append(link);
  if (type.startsWith("image/")) {
    const image = document.createElement("img");
    image.src = link.href;
    image.alt = "The answer as an image";
    content.append("\n", image);
  }
}

// show reads the answer while it comes: a stream may have no end.
async function show(content, response) {
  const type = response.headers.get("Content-Type") ?? "";
  if (type && !/^text\/|json|xml|x-www-form-urlencoded|javascript/.test(type)) return showFile(content, response, type);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let next; reader && !(next = await reader.read()).done;) content.append(next.value);
  if (/[/+]json/.test(type)) {
    try {
      content.textContent = JSON.stringify(JSON.parse(content.textContent), null, 2);
    } catch { /* what is no JSON is shown as it came */ }
  }
}

const sending = new WeakMap(); // form to what stops its request

async function send(form) {
  sending.get(form)?.abort();
  const abort = new AbortController();
  sending.set(form, abort);
  const [line, fields, content, command, answer, stop] =
    [".line", ".fields", ".content", ".curl", ".answer", ".stop"].map((name) => form.querySelector(name));
  stop.onclick = () => abort.abort();
  line.textContent = "Sent …";
  for (const link of content.querySelectorAll("a")) URL.revokeObjectURL(link.href);
  fields.textContent = content.textContent = command.textContent = "";
  command.hidden = answer.hidden = stop.hidden = false;
  const begin = performance.now();
  try {
    const request = build(form), { method, headers, body } = request;
    command.textContent = curl(request);
    // A page cannot send a Cookie field; the browser takes it from its store.
    for (const [name, value] of request.cookies) document.cookie = `${name}=${value}; Path=/; SameSite=Lax`;
    const response = await fetch(request.url, { method, headers, body, signal: abort.signal, credentials: "same-origin" });
    line.textContent = `${response.status} ${response.statusText} · ${Math.round(performance.now() - begin)} ms`;
    if (response.redirected) line.textContent += ` · redirected to ${response.url}`;
    fields.textContent = [...response.headers].map((field) => field.join(": ")).join("\n");
    await show(content, response);
  } catch (error) {
    if (sending.get(form) === abort) line.textContent += ` · ${error.name === "AbortError" ? "stopped" : error.message}`;
  }
  if (sending.get(form) !== abort) return; // the next one has begun
  stop.hidden = true;
  form.dispatchEvent(new CustomEvent("answered", { bubbles: true }));
}

for (const form of document.querySelectorAll("form.request")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
  const media = form.elements.media;
  const choose = () => {
    for (const part of form.querySelectorAll("fieldset")) part.hidden = part.dataset.media !== media.value;
  };
  if (media) {
    media.addEventListener("change", choose);
    choose();
  }
}
document.getElementById("settings").addEventListener("submit", (event) => event.preventDefault());
