package main

import (
	"net/http"

	"github.com/tenonkit/tenon"
)

// routes is the service as data: what the mux serves and what the document
// says come from it.
func (s *Service) routes() tenon.Routes {
	missing := tenon.Doc{Errors: []int{http.StatusNotFound}}
	pages := tenon.Routes{
		tenon.Get("/{$}", s.Home),
		tenon.Get("/robots.txt", s.Robots),
		tenon.Get("/pixel.gif", s.Pixel),
		tenon.Put("/preference", s.Prefer),
	}
	articles := tenon.Routes{
		tenon.Get("", s.List),
		tenon.Post("", s.Create),
		tenon.Get("/{id}", s.Get, missing),
		tenon.Put("/{id}", s.Replace, missing),
		tenon.Patch("/{id}", s.Change, missing),
		tenon.Delete("/{id}", s.Delete, missing),
	}
	latest := tenon.Get("/latest", s.Latest, missing)
	return append(pages.Tag("pages"), append(articles.Prefix("/articles"), latest).Tag("articles")...)
}
