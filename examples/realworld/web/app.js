"use strict";

const main = document.querySelector("main");
let me = JSON.parse(localStorage.getItem("user"));

// api answers with what the service does, and throws its sentences.
async function api(method, path, body) {
	const headers = {};
	if (me) headers.Authorization = "Token " + me.token;
	if (body) headers["Content-Type"] = "application/json";
	const response = await fetch("api" + path, {method, headers, body: body && JSON.stringify(body)});
	const answer = response.status === 204 ? {} : await response.json();
	if (response.ok) return answer;
	if (response.status === 401 && me) enter(null);
	throw new Error(Object.entries(answer.errors).map(([name, texts]) => name + " " + texts.join(", ")).join("; "));
}

function enter(user) {
	me = user;
	localStorage.setItem("user", JSON.stringify(user));
	document.body.classList.toggle("in", !!user);
	document.getElementById("leave").textContent = user ? "Sign out " + user.username : "";
}

// fill makes a template's content with the values in their places.
function fill(id, values = {}) {
	const content = document.getElementById(id).content.cloneNode(true);
	for (const place of content.querySelectorAll("[data-is]")) {
		const value = values[place.dataset.is];
		switch (place.dataset.is) {
		case "author": place.textContent = value.username; break;
		case "createdAt": place.dateTime = value; place.textContent = new Date(value).toLocaleString(); break;
		case "tagList": place.append(...value.map(tagLink)); break;
		default: place.textContent = value;
		}
		if (place.tagName === "A") place.href = "#/read/" + encodeURIComponent(values.slug);
	}
	return content;
}

function tagLink(tag) {
	const link = document.createElement("a");
	link.href = "#/tag/" + encodeURIComponent(tag);
	link.textContent = tag;
	return link;
}

// views show a page; what one returns runs when it is left.
const views = {
	async list(tag) {
		main.replaceChildren(fill("list"));
		const articles = document.getElementById("articles"), more = document.getElementById("more");
		const shown = new Set();
		const add = (summary, place) => {
			if (shown.has(summary.slug) || tag && !summary.tagList.includes(tag)) return;
			shown.add(summary.slug);
			articles[place](fill("summary", summary));
		};
		const load = async () => {
			const query = new URLSearchParams({limit: 10, offset: shown.size, ...tag && {tag}});
			const page = await api("GET", "/articles?" + query);
			for (const summary of page.articles) add(summary, "append");
			more.hidden = shown.size >= page.articlesCount;
		};
		// New articles come by themselves; a page that has missed some asks anew.
		const live = new EventSource("api/articles/live");
		live.onmessage = event => {
			add(JSON.parse(event.data), "prepend");
			articles.firstElementChild.classList.add("new");
		};
		live.addEventListener("reset", () => { shown.clear(); articles.replaceChildren(); load(); });
		more.onclick = load;
		await load();
		const {tags} = await api("GET", "/tags");
		document.getElementById("tags").replaceChildren(...tags.slice(0, 20).map(tagLink));
		return () => live.close();
	},
	async read(slug) {
		const path = "/articles/" + encodeURIComponent(slug);
		let {article} = await api("GET", path);
		main.replaceChildren(fill("read", article));
		const favorite = document.getElementById("favorite");
		const count = () => { favorite.textContent = (article.favorited ? "♥ " : "♡ ") + article.favoritesCount; };
		favorite.onclick = async () => {
			({article} = await api(article.favorited ? "DELETE" : "POST", path + "/favorite"));
			count();
		};
		count();
		const {comments} = await api("GET", path + "/comments");
		document.getElementById("comments").replaceChildren(...comments.map(c => fill("comment", c)));
	},
	async write() { main.replaceChildren(fill("write")); },
	async enter() { main.replaceChildren(fill("enter")); },
};

// forms send what a form holds.
const forms = {
	async login(user) { enter((await api("POST", "/users/login", {user})).user); location.hash = "#/"; },
	async user(user) { enter((await api("POST", "/users", {user})).user); location.hash = "#/"; },
	async article(article) {
		article.tagList = article.tagList.split(",").map(tag => tag.trim()).filter(Boolean);
		location.hash = "#/read/" + (await api("POST", "/articles", {article})).article.slug;
	},
	async comment(comment) {
		const slug = location.hash.split("/")[2];
		const answer = await api("POST", "/articles/" + slug + "/comments", {comment});
		document.getElementById("comments").append(fill("comment", answer.comment));
	},
};

function complain(place, error) {
	const note = place.querySelector("[role=alert]") || document.createElement("p");
	note.role = "alert";
	note.textContent = error.message;
	place.append(note);
}

let leave = Promise.resolve();
async function show() {
	const [, name, ...rest] = location.hash.split("/");
	const key = rest.map(decodeURIComponent).join("/");
	(await leave)?.();
	leave = (name in views ? views[name](key) : views.list(name === "tag" ? key : "")).catch(error => complain(main, error));
}

document.addEventListener("submit", event => {
	event.preventDefault();
	const form = event.target;
	forms[form.dataset.to](Object.fromEntries(new FormData(form)))
		.then(() => form.reset(), error => complain(form, error));
});
document.getElementById("leave").onclick = () => { enter(null); location.hash = "#/"; };
addEventListener("hashchange", show);
enter(me);
show();
