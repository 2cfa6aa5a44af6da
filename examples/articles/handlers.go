package main

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/precondition"
	"github.com/tenonkit/tenon/respond"
)

// A Service answers requests about the articles of a store. Each method is a
// typed function; none sees an http.ResponseWriter.
type Service struct{ store *Store }

// ListIn is the input of List: both parameters have a way to be absent.
type ListIn struct {
	Limit int      `query:"limit" default:"20" minimum:"1" maximum:"100"`
	Tags  []string `query:"tag"`
}

// List answers a slice as a JSON array, an empty one as [].
func (s *Service) List(_ context.Context, in ListIn) ([]Article, error) {
	return s.store.List(in.Limit, in.Tags), nil
}

// One is the input of every route about one article.
type One struct {
	ID int `path:"id" minimum:"1"`
}

// GetIn is the input of Get. A client that has the current version sends If-None-Match.
type GetIn struct {
	One
	If precondition.Headers
}

// Get answers a struct as a JSON object, or 304.
func (s *Service) Get(_ context.Context, in GetIn) (respond.OK[Article], error) {
	a, ok := s.store.Get(in.ID)
	if !ok {
		return respond.OK[Article]{}, notFound(in.ID)
	}
	return respond.OK[Article]{Body: a}.WithETag(a.tag()), in.If.Check(a.tag(), time.Time{})
}

// tag is the entity tag of an article as it is now.
func (a Article) tag() string { return precondition.Tag(strconv.Itoa(a.Version)) }

func notFound(id int) error {
	return respond.NewProblem(http.StatusNotFound, fmt.Sprintf("there is no article %d", id))
}

// Create answers 201 with the place of the new article. A struct without
// source tags, as Draft, is the JSON body.
func (s *Service) Create(_ context.Context, in Draft) (respond.Created[Article], error) {
	a := s.store.Add(in)
	return respond.Created[Article]{Location: fmt.Sprintf("/articles/%d", a.ID), Body: a}.WithETag(a.tag()), nil
}

// ReplaceIn takes a path value, a condition and a JSON body. The condition names the
// version to replace; without it the answer is 428.
type ReplaceIn struct {
	One
	If    precondition.Required
	Draft Draft `body:"json"`
}

// Replace answers with the new version of the article. If two clients replace one
// version, the second gets 412: from Check, or from the store if both come at once.
func (s *Service) Replace(_ context.Context, in ReplaceIn) (respond.OK[Article], error) {
	old, err := s.current(in.ID, in.If)
	if err != nil {
		return respond.OK[Article]{}, err
	}
	return s.save(old, in.Draft)
}

// ChangeIn is like ReplaceIn, with a merge patch in place of the draft.
type ChangeIn struct {
	One
	If    precondition.Required
	Patch bind.MergePatch[Draft]
}

// Change applies the patch. If the result breaks the rules of Draft, the answer is the
// 400 of a PUT.
func (s *Service) Change(_ context.Context, in ChangeIn) (respond.OK[Article], error) {
	old, err := s.current(in.ID, in.If)
	if err != nil {
		return respond.OK[Article]{}, err
	}
	d, err := in.Patch.Apply(old.Draft)
	if err != nil {
		return respond.OK[Article]{}, err
	}
	return s.save(old, d)
}

// current returns the article that is to be changed, if the condition holds of it.
func (s *Service) current(id int, condition precondition.Required) (Article, error) {
	a, ok := s.store.Get(id)
	if !ok {
		return Article{}, notFound(id)
	}
	return a, condition.Check(a.tag(), time.Time{})
}

// save puts a draft in place of that of old, which has to be the current version still.
func (s *Service) save(old Article, d Draft) (respond.OK[Article], error) {
	a, ok := s.store.Replace(old.ID, old.Version, d)
	if !ok {
		return respond.OK[Article]{}, precondition.Failed()
	}
	place := http.Header{"Content-Location": {fmt.Sprintf("/articles/%d", a.ID)}}
	return respond.OK[Article]{Header: place, Body: a}.WithETag(a.tag()), nil
}

// Delete answers 204: None is a response without a body.
func (s *Service) Delete(_ context.Context, in One) (tenon.None, error) {
	if !s.store.Delete(in.ID) {
		return tenon.None{}, notFound(in.ID)
	}
	return tenon.None{}, nil
}

// Latest answers a redirect.
func (s *Service) Latest(context.Context, tenon.None) (respond.Redirect, error) {
	id := s.store.Last()
	if id == 0 {
		return respond.Redirect{}, respond.NewProblem(http.StatusNotFound, "there are no articles")
	}
	return respond.Found(fmt.Sprintf("/articles/%d", id)), nil
}

// Robots answers a string as plain text.
func (s *Service) Robots(context.Context, tenon.None) (string, error) {
	return "User-agent: *\nDisallow:\n", nil
}

// A GIF is bytes of a media type that it names itself.
type GIF []byte

// ContentType is the media type of the response.
func (GIF) ContentType() string { return "image/gif" }

// Pixel answers bytes.
func (s *Service) Pixel(context.Context, tenon.None) (GIF, error) {
	return GIF("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"), nil
}

// Preference is the input of Prefer and the preference it keeps.
type Preference struct {
	Theme string `json:"theme" enum:"light,dark"`
}

// Prefer keeps a preference in a cookie and answers 204.
func (s *Service) Prefer(_ context.Context, in Preference) (respond.NoContent, error) {
	return respond.NoContent{Cookies: []*http.Cookie{{
		Name: "theme", Value: in.Theme, Path: "/", MaxAge: 31536000, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}}}, nil
}

// HomeIn reads the preference back.
type HomeIn struct {
	Theme string `cookie:"theme" default:"light"`
}

// Home answers a page: a string is text, only respond.HTML is HTML.
func (s *Service) Home(_ context.Context, in HomeIn) (respond.HTML, error) {
	var page strings.Builder
	err := home.Execute(&page, map[string]any{"Theme": in.Theme, "Articles": s.store.List(100, nil)})
	return respond.HTML(page.String()), err
}

var home = template.Must(template.New("home").Parse(`<!doctype html>
<title>Articles</title>
<body class="{{.Theme}}">
{{range .Articles}}<p><a href="/articles/{{.ID}}">{{.Title}}</a>
{{end}}</body>
`))
