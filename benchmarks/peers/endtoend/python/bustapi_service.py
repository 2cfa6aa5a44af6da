"""bustapi_service.py PORT DIRECTORY: the service on BustAPI, with one worker."""

import sys
from urllib.parse import parse_qs

from bustapi import BustAPI, PlainTextResponse, Query, StreamingResponse, abort, request

import service

app = BustAPI(static_url_path="/files", static_folder=sys.argv[2])
articles = service.articles()


class Form(dict):
    def get(self, name):
        return self[name][0]

    getlist = dict.__getitem__


@app.route("/robots.txt")
def robots():
    return PlainTextResponse(service.ROBOTS)


@app.route("/greeting")
def greeting():
    return service.GREETING


@app.route("/shelves/<int:id>")
def shelf(id: int, page: int = Query(...), full: bool = Query(...)):
    return {"id": id, "page": page, "full": full}


@app.route("/articles", methods=["GET"])
def listing():
    return articles


@app.route("/articles", methods=["POST"])
def create():
    article = service.article(request.get_json())
    if article is None:
        abort(400)
    return article


@app.route("/forms", methods=["POST"])
def form():
    # request.form keeps one value of a name that is repeated.
    return service.from_form(Form(parse_qs(request.get_data(as_text=True))))


@app.route("/lines")
def lines():
    chunks = (service.LINE for _ in range(service.LINES))
    return StreamingResponse(chunks, media_type="text/plain; charset=utf-8")


app.run(port=int(sys.argv[1]), workers=1)
