"""bocadillo_service.py PORT DIRECTORY: the service on Bocadillo with uvicorn, with one worker."""

import sys

import uvicorn
from bocadillo import App, HTTPError, configure

import service

app = App()
configure(app, {"STATIC_DIR": None})
articles = service.articles()


@app.route("/robots.txt")
async def robots(req, res):
    res.text = service.ROBOTS


@app.route("/greeting")
async def greeting(req, res):
    res.json = service.GREETING


@app.route("/shelves/{id}")
async def shelf(req, res, id: int, page: int = 0, full: bool = False):
    res.json = {"id": id, "page": page, "full": full}


@app.route("/articles")
class Articles:
    async def get(self, req, res):
        res.json = articles

    async def post(self, req, res):
        article = service.article(await req.json())
        if article is None:
            raise HTTPError(400)
        res.json = article


@app.route("/forms", methods=["POST"])
async def form(req, res):
    res.json = service.from_form(await req.form())


@app.route("/files/{name}")
async def file(req, res, name):
    res.file(f"{sys.argv[2]}/{name}", attach=False)


@app.route("/lines")
async def lines(req, res):
    res.headers["content-type"] = "text/plain"

    @res.stream
    async def chunks():
        for _ in range(service.LINES):
            yield service.LINE


uvicorn.run(app, port=int(sys.argv[1]), log_level="critical", access_log=False, ws="none")
