// A page per path, all of them made here: the server sends the same document for each.
const app = document.getElementById("app");

function show() {
  const link = (href, text) => `<a href="${href}">${text}</a>`;
  const views = {
    "/": "<h1>Files</h1><p>" + link("/about", "About") + ", " + link("/reports/2025", "the report of 2025") + ", " +
      link("/browse/", "the files") + "</p>",
    "/about": "<h1>About</h1><p>" + link("/", "Back") + "</p>",
  };
  app.innerHTML = views[location.pathname] ?? "<h1>No such page</h1><p>" + link("/", "Back") + "</p>";
}

addEventListener("popstate", show);
addEventListener("click", (event) => {
  const target = event.target.closest?.("a");
  if (target && new URL(target.href).pathname === "/about" || target && new URL(target.href).pathname === "/") {
    event.preventDefault();
    history.pushState(null, "", target.href);
    show();
  }
});
show();
