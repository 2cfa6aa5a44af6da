"""uapi_service.py PORT DIRECTORY: the service on uapi with Starlette and uvicorn, with one worker."""

import sys

import uvicorn
from attrs import define, field, validators
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from uapi import ReqBody
from uapi.starlette import App

import service

app = App()
articles = service.articles()


@define
class Greeting:
    message: str


@define
class Shelf:
    id: int
    page: int
    full: bool


@define
class Article:
    id: int
    title: str
    body: str
    tags: list[str]
    draft: bool


@define
class Draft:
    title: str = field(validator=[validators.min_len(1), validators.max_len(80)])
    body: str = field(validator=validators.min_len(1))
    tags: list[str] = field(validator=validators.max_len(8))
    stars: int = field(validator=[validators.ge(0), validators.le(5)])
    draft: bool


@app.get("/robots.txt")
async def robots() -> str:
    return service.ROBOTS


@app.get("/greeting")
async def greeting() -> Greeting:
    return Greeting(service.GREETING["message"])


@app.get("/shelves/{id}")
async def shelf(id: int, page: int, full: bool) -> Shelf:
    return Shelf(id, page, full)


@app.get("/articles")
async def listing() -> Response:
    return JSONResponse(articles)  # a handler cannot return a list


@app.post("/articles")
async def create(draft: ReqBody[Draft]) -> Article:
    return Article(draft.stars, draft.title, draft.body, draft.tags, draft.draft)


@app.post("/forms")
async def form(request: Request) -> Response:
    # FormBody keeps one value of a name that is repeated.
    return JSONResponse(service.from_form(await request.form()))


@app.get("/files/{name}")
async def file(name: str) -> Response:
    return FileResponse(f"{sys.argv[2]}/{name}")


@app.get("/lines")
async def lines() -> Response:
    async def chunks():
        for _ in range(service.LINES):
            yield service.LINE

    return StreamingResponse(chunks(), media_type="text/plain")


uvicorn.run(app.to_framework_app(), port=int(sys.argv[1]), log_level="critical", access_log=False)
