//! The service of benchmarks/peers/systems on axum, as its documentation shows:
//! `peer PORT DIRECTORY`.
use axum::{
    Form, Json, Router,
    body::{Body, Bytes},
    extract::{Path, Query},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use std::{convert::Infallible, env, sync::LazyLock};
use tower_http::services::ServeDir;

const LINE: &[u8] = b"A joint that needs no glue at all, and one that needs no nails.\n";

#[derive(Serialize)]
struct Article {
    id: i64,
    title: String,
    body: String,
    tags: Vec<String>,
    draft: bool,
}

#[derive(Deserialize)]
struct Draft {
    title: String,
    body: String,
    tags: Vec<String>,
    stars: i64,
    draft: bool,
}

impl Draft {
    fn valid(&self) -> bool {
        let title = 1..=80;
        title.contains(&self.title.len()) && !self.body.is_empty() && self.tags.len() <= 8 && (0..=5).contains(&self.stars)
    }

    fn article(self) -> Article {
        Article { id: self.stars, title: self.title, body: self.body, tags: self.tags, draft: self.draft }
    }
}

#[derive(Serialize)]
struct Greeting {
    message: &'static str,
}

#[derive(Deserialize)]
struct Paging {
    page: i64,
    full: bool,
}

#[derive(Serialize)]
struct Shelf {
    id: i64,
    page: i64,
    full: bool,
}

/// What every system sends as a list.
static ARTICLES: LazyLock<Vec<Article>> = LazyLock::new(|| {
    let article = |id| Article {
        id,
        title: format!("Joint {id}"),
        body: "A joint that needs no glue at all.".into(),
        tags: vec!["joints".into(), "wood".into()],
        draft: false,
    };
    (1..=100).map(article).collect()
});

async fn shelf(Path(id): Path<i64>, Query(paging): Query<Paging>) -> Json<Shelf> {
    Json(Shelf { id, page: paging.page, full: paging.full })
}

async fn create(Json(draft): Json<Draft>) -> Response {
    if draft.valid() { Json(draft.article()).into_response() } else { StatusCode::BAD_REQUEST.into_response() }
}

/// serde_urlencoded has no repeated names, so the fields come as pairs.
async fn form(Form(pairs): Form<Vec<(String, String)>>) -> Result<Json<Article>, StatusCode> {
    let mut article = Article { id: -1, title: String::new(), body: String::new(), tags: vec![], draft: false };
    for (name, value) in pairs {
        match name.as_str() {
            "title" => article.title = value,
            "body" => article.body = value,
            "tag" => article.tags.push(value),
            "stars" => article.id = value.parse().map_err(|_| StatusCode::BAD_REQUEST)?,
            "draft" => article.draft = value.parse().map_err(|_| StatusCode::BAD_REQUEST)?,
            _ => {}
        }
    }
    let complete = article.id >= 0 && !article.title.is_empty() && !article.body.is_empty();
    if complete { Ok(Json(article)) } else { Err(StatusCode::BAD_REQUEST) }
}

async fn lines() -> impl IntoResponse {
    let chunks = stream::iter((0..1000).map(|_| Ok::<_, Infallible>(Bytes::from_static(LINE))));
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], Body::from_stream(chunks))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().collect();
    let [_, port, files] = arguments.as_slice() else { return Err("peer PORT DIRECTORY".into()) };
    let service = Router::new()
        .route("/robots.txt", get(|| async { "User-agent: *\nDisallow:\n" }))
        .route("/greeting", get(|| async { Json(Greeting { message: "A joint that needs no glue" }) }))
        .route("/shelves/{id}", get(shelf))
        .route("/articles", get(|| async { Json(&*ARTICLES) }).merge(post(create)))
        .route("/forms", post(form))
        .route("/lines", get(lines))
        .nest_service("/files", ServeDir::new(files));
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    axum::serve(listener, service).await?;
    Ok(())
}
