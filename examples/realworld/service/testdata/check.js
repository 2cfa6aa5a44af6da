// The page as somebody uses it. What goes wrong is reported in words.
(async () => {
	const until = async (what, found) => {
		for (let i = 0; i < 500; i++) {
			const value = found();
			if (value) return value;
			await new Promise(resolve => setTimeout(resolve, 20));
		}
		throw new Error("there is no " + what + " in " + document.querySelector("main").innerText);
	};
	const find = selector => document.querySelector("main " + selector);
	const text = selector => find(selector)?.innerText;
	const send = (to, values) => {
		const form = document.querySelector(`form[data-to=${to}]`);
		for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
		form.requestSubmit();
	};
	const go = async (hash, selector) => {
		location.hash = hash;
		return until(selector, () => find(selector));
	};

	await until("empty list", () => text("h1") === "Articles");
	await go("#/enter", "form[data-to=login]");
	send("login", {email: "ada@example.com", password: "wrong"});
	await until("refusal", () => text("[role=alert]") === "credentials invalid");
	send("user", {username: "ada", email: "ada@example.com", password: "a joint without glue"});
	await until("user", () => document.body.classList.contains("in") && text("h1") === "Articles");

	await go("#/write", "form[data-to=article]");
	const title = `On <b>joints</b> & "glue"`;
	send("article", {title, description: "Wood", body: "Line one\nline two", tagList: "wood, joints"});
	await until("article", () => text("h1") === title && text(".body") === "Line one\nline two");
	await until("tags", () => text(".tags")?.replaceAll(/\s/g, "") === "jointswood");
	find("#favorite").click();
	await until("favorite", () => text("#favorite") === "♥ 1");
	send("comment", {body: "Fine <i>words</i>."});
	await until("comment", () => text("#comments article p") === "Fine <i>words</i>.");

	await go("#/", "#articles article");
	await until("summary", () => text("#articles h2") === title);
	await until("tags of all", () => text("#tags")?.includes("joints"));
	// Another client writes; the list shows it by itself.
	const other = await fetch("api/users", {
		method: "POST", headers: {"Content-Type": "application/json"},
		body: JSON.stringify({user: {username: "grace", email: "grace@example.com", password: "a joint without glue"}}),
	}).then(r => r.json());
	await fetch("api/articles", {
		method: "POST", headers: {"Content-Type": "application/json", Authorization: "Token " + other.user.token},
		body: JSON.stringify({article: {title: "News", description: "Now", body: "Here"}}),
	});
	await until("news", () => text("#articles article.new h2") === "News" && text("#articles article.new .by").startsWith("grace"));
	if (document.querySelectorAll("#articles article").length !== 2) throw new Error("not two articles");
	await go("#/tag/wood", "#articles article");
	await until("one article of a tag", () => document.querySelectorAll("#articles article").length === 1);
	document.getElementById("leave").click();
	await until("guest", () => !document.body.classList.contains("in") && !localStorage.getItem("user").includes("ada"));
	return "ok";
})().catch(error => String(error)).then(body => fetch("/report", {method: "POST", body}));
