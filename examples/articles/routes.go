package main

import (
	"net/http"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/respond"
)

// The routes about articles are declared as operations, so that whoever has the types can
// call them: the test of this program does.
var (
	listArticles   = tenon.Op[ListIn, []Article]{Method: http.MethodGet, Pattern: "/articles"}
	createArticle  = tenon.Op[Draft, respond.Created[Article]]{Method: http.MethodPost, Pattern: "/articles"}
	getArticle     = tenon.Op[GetIn, respond.OK[Article]]{Method: http.MethodGet, Pattern: "/articles/{id}"}
	replaceArticle = tenon.Op[ReplaceIn, respond.OK[Article]]{Method: http.MethodPut, Pattern: "/articles/{id}"}
	changeArticle  = tenon.Op[ChangeIn, respond.OK[Article]]{Method: http.MethodPatch, Pattern: "/articles/{id}"}
	deleteArticle  = tenon.Op[One, tenon.None]{Method: http.MethodDelete, Pattern: "/articles/{id}"}
	latestArticle  = tenon.Op[tenon.None, respond.Redirect]{Method: http.MethodGet, Pattern: "/latest"}
)

// routes is the service as data, for the mux and for the document.
func (s *Service) routes() tenon.Routes {
	missing := tenon.Doc{Errors: []int{http.StatusNotFound}}
	pages := tenon.Routes{
		tenon.Get("/{$}", s.Home),
		tenon.Get("/robots.txt", s.Robots),
		tenon.Get("/pixel.gif", s.Pixel),
		tenon.Put("/preference", s.Prefer),
	}
	articles := tenon.Routes{
		listArticles.Route(s.List),
		createArticle.Route(s.Create),
		getArticle.Route(s.Get, missing),
		replaceArticle.Route(s.Replace, missing),
		changeArticle.Route(s.Change, missing),
		deleteArticle.Route(s.Delete, missing),
		latestArticle.Route(s.Latest, missing),
	}
	return append(pages.Tag("pages"), articles.Tag("articles")...)
}
