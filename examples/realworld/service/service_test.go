package service_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/examples/realworld/api"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// as returns a client with a token, or without.
func as(h http.Handler, token string) *client.Client {
	o := client.Options{Base: "/api", ErrorBody: api.NewErrorBody(), SendInvalid: true}
	if token != "" {
		o.Header = http.Header{"Authorization": {"Token " + token}}
	}
	return client.InProcess(h, o)
}

// call calls an operation that has to work.
func call[In, Out any](t *testing.T, c *client.Client, op tenon.Op[In, Out], in In) Out {
	t.Helper()
	out, err := client.Call(t.Context(), c, op, in)
	require.NoError(t, err)
	return out
}

// refused calls an operation that has to fail, with a sentence about each subject.
func refused[In, Out any](t *testing.T, c *client.Client, op tenon.Op[In, Out], in In, status int, want ...string) {
	t.Helper()
	_, err := client.Call(t.Context(), c, op, in)
	var failure *client.Error
	require.ErrorAs(t, err, &failure)
	require.NotNil(t, failure.Problem)
	var got []string
	for _, f := range failure.Problem.Errors {
		got = append(got, f.Name+" "+f.Detail)
	}
	assert.Equal(t, status, failure.Status)
	assert.Equal(t, want, got)
	assert.Equal(t, status == http.StatusUnauthorized, failure.Header.Get("WWW-Authenticate") != "")
}

const password = "a joint without glue"

// join signs somebody up.
func join(t *testing.T, h http.Handler, name string) *client.Client {
	t.Helper()
	var in api.NewUserIn
	in.User.Username, in.User.Email, in.User.Password = name, name+"@example.com", password
	return as(h, call(t, as(h, ""), api.CreateUser, in).Body.User.Token)
}

func draft(title string, tags ...string) (in api.NewArticleIn) {
	in.Body.Article = api.NewArticle{Title: title, Description: "about " + title, Body: "all of " + title, TagList: tags}
	return in
}

// testUsers follows somebody from the first visit to a changed password.
func testUsers(t *testing.T, h http.Handler) {
	t.Helper()
	nobody, ada := as(h, ""), join(t, h, "ada")
	me := call(t, ada, api.GetUser, api.SignedIn{}).User
	assert.Equal(t, []any{"ada", "ada@example.com", (*string)(nil)}, []any{me.Username, me.Email, me.Bio})

	var again api.NewUserIn
	again.User.Username, again.User.Email, again.User.Password = "ada", "other@example.com", password
	refused(t, nobody, api.CreateUser, again, http.StatusConflict, "username has already been taken")
	again.User.Username, again.User.Email = "other", "ada@example.com"
	refused(t, nobody, api.CreateUser, again, http.StatusConflict, "email has already been taken")
	again.User.Username, again.User.Email, again.User.Password = "", "nobody", "short"
	refused(t, nobody, api.CreateUser, again, http.StatusUnprocessableEntity, "email must be a valid email", "username can't be blank")
	again.User.Username, again.User.Email = "other", "other@example.com"
	refused(t, nobody, api.CreateUser, again, http.StatusUnprocessableEntity, "password is too short (minimum is 8 characters)")
	again.User.Password = ""
	refused(t, nobody, api.CreateUser, again, http.StatusUnprocessableEntity, "password can't be blank")

	var change api.UserChangeIn
	change.Body.User = api.UserChange{Password: "another joint", Bio: bind.Some("Carpenter"), Image: bind.Null[string]()}
	assert.Equal(t, "Carpenter", *call(t, ada, api.UpdateUser, change).User.Bio)
	var login api.LoginIn
	login.User.Email, login.User.Password = "ada@example.com", password
	refused(t, nobody, api.Login, login, http.StatusUnauthorized, "credentials invalid")
	login.User.Password = "another joint"
	token := call(t, nobody, api.Login, login).User.Token
	assert.Equal(t, "Carpenter", *call(t, as(h, token), api.GetUser, api.SignedIn{}).User.Bio)
	login.User.Email = "nobody@example.com"
	refused(t, nobody, api.Login, login, http.StatusUnauthorized, "credentials invalid")

	refused(t, nobody, api.GetUser, api.SignedIn{}, http.StatusUnauthorized, "token is missing")
	refused(t, as(h, token+"x"), api.GetUser, api.SignedIn{}, http.StatusUnauthorized, "token is invalid")
	refused(t, as(h, token+"x"), api.GetArticles, api.ArticlesIn{Page: api.Page{Limit: 1}}, http.StatusUnauthorized, "token is invalid")
}

// testArticles writes, lists, follows, favors and removes.
func testArticles(t *testing.T, h http.Handler) {
	t.Helper()
	nobody, ada, grace := as(h, ""), join(t, h, "ada"), join(t, h, "grace")
	var slugs []string
	for i := range 5 {
		created := call(t, ada, api.CreateArticle, draft(fmt.Sprint("Joint ", i), "wood", fmt.Sprint("no", i), "wood", "\" \n,木"))
		article := created.Body.Article
		assert.Equal(t, "/api/articles/"+article.Slug, created.Location)
		assert.Equal(t, []string{"\" \n,木", fmt.Sprint("no", i), "wood"}, article.TagList)
		assert.Equal(t, article, call(t, nobody, api.GetArticle, api.ArticleIn{Slug: article.Slug}).Article)
		slugs = append([]string{article.Slug}, slugs...)
	}
	listed := func(c *client.Client, in api.ArticlesIn) (got []string, count int) {
		t.Helper()
		if in.Limit == 0 {
			in.Limit = 20
		}
		list := call(t, c, api.GetArticles, in)
		for _, article := range list.Articles {
			got = append(got, article.Slug)
		}
		return got, list.ArticlesCount
	}
	for name, tc := range map[string]struct {
		in    api.ArticlesIn
		want  []string
		count int
	}{
		"all":          {api.ArticlesIn{}, slugs, 5},
		"a page":       {api.ArticlesIn{Page: api.Page{Limit: 2, Offset: 1}}, slugs[1:3], 5},
		"behind all":   {api.ArticlesIn{Page: api.Page{Limit: 2, Offset: 9}}, nil, 5},
		"a tag":        {api.ArticlesIn{Tag: "no3"}, slugs[1:2], 1},
		"two filters":  {api.ArticlesIn{Tag: "wood", Author: "grace"}, nil, 0},
		"an author":    {api.ArticlesIn{Author: "ada"}, slugs, 5},
		"an unknown":   {api.ArticlesIn{Favorited: "ada"}, nil, 0},
		"odd patterns": {api.ArticlesIn{Tag: "%' OR TRUE --"}, nil, 0},
	} {
		got, count := listed(nobody, tc.in)
		assert.Equal(t, tc.want, got, name)
		assert.Equal(t, tc.count, count, name)
	}

	feed := func() int { return call(t, grace, api.GetFeed, api.FeedIn{Page: api.Page{Limit: 20}}).ArticlesCount }
	assert.Zero(t, feed())
	assert.True(t, call(t, grace, api.Follow, api.FollowIn{Username: "ada"}).Profile.Following)
	assert.True(t, call(t, grace, api.Follow, api.FollowIn{Username: "ada"}).Profile.Following)
	assert.Equal(t, 5, feed())
	favored := call(t, grace, api.Favorite, api.OwnIn{Slug: slugs[0]}).Article
	assert.Equal(t, []any{true, 1, true}, []any{favored.Favorited, favored.FavoritesCount, favored.Author.Following})
	got, _ := listed(nobody, api.ArticlesIn{Favorited: "grace"})
	assert.Equal(t, slugs[:1], got)
	assert.Zero(t, call(t, grace, api.Unfavorite, api.OwnIn{Slug: slugs[0]}).Article.FavoritesCount)
	assert.False(t, call(t, grace, api.Unfollow, api.FollowIn{Username: "ada"}).Profile.Following)
	assert.Zero(t, feed())

	own := api.ArticleChangeIn{OwnIn: api.OwnIn{Slug: slugs[0]}}
	own.Body.Article = api.ArticleChange{Title: "Dovetail", TagList: &[]string{}}
	refused(t, grace, api.UpdateArticle, own, http.StatusForbidden, "article forbidden")
	changed := call(t, ada, api.UpdateArticle, own).Article
	assert.Equal(t, []any{"Dovetail", []string{}, slugs[0], "all of Joint 4"}, []any{changed.Title, changed.TagList, changed.Slug, changed.Body})
	assert.Greater(t, changed.UpdatedAt, changed.CreatedAt)
	assert.Equal(t, "wood", call(t, nobody, api.GetTags, tenon.None{}).Tags[1])

	refused(t, grace, api.DeleteArticle, own.OwnIn, http.StatusForbidden, "article forbidden")
	call(t, ada, api.DeleteArticle, own.OwnIn)
	refused(t, ada, api.DeleteArticle, own.OwnIn, http.StatusNotFound, "article not found")
}

// testComments writes and removes comments.
func testComments(t *testing.T, h http.Handler) {
	t.Helper()
	ada, grace := join(t, h, "ada"), join(t, h, "grace")
	own := api.OwnIn{Slug: call(t, ada, api.CreateArticle, draft("Joint")).Body.Article.Slug}
	in := api.NewCommentIn{OwnIn: own}
	refused(t, grace, api.CreateComment, in, http.StatusUnprocessableEntity, "body can't be blank")
	in.Body.Comment.Body = "Fine words."
	comment := call(t, grace, api.CreateComment, in).Comment
	assert.Equal(t, []any{"Fine words.", "grace"}, []any{comment.Body, comment.Author.Username})
	assert.Equal(t, []api.Comment{comment}, call(t, ada, api.GetComments, api.ArticleIn{Slug: own.Slug}).Comments)
	refused(t, ada, api.DeleteComment, api.CommentIn{OwnIn: own, ID: comment.ID}, http.StatusForbidden, "comment forbidden")
	call(t, grace, api.DeleteComment, api.CommentIn{OwnIn: own, ID: comment.ID})
	refused(t, grace, api.DeleteComment, api.CommentIn{OwnIn: own, ID: comment.ID}, http.StatusNotFound, "comment not found")
	in.Slug = "nothing"
	refused(t, grace, api.CreateComment, in, http.StatusNotFound, "article not found")
}

// testCrowd lets many do the same at once: nothing is lost, and nothing is a failure.
func testCrowd(t *testing.T, h http.Handler) {
	t.Helper()
	var crowd []*client.Client
	for i := range 4 {
		crowd = append(crowd, join(t, h, fmt.Sprint("user", i)))
	}
	slug := call(t, crowd[0], api.CreateArticle, draft("Joint")).Body.Article.Slug
	var all sync.WaitGroup
	for i, c := range crowd {
		for n := range 10 {
			all.Go(func() {
				call(t, c, api.Favorite, api.OwnIn{Slug: slug})
				call(t, c, api.CreateArticle, draft(fmt.Sprint(i, n), "crowd"))
				call(t, c, api.GetArticles, api.ArticlesIn{Page: api.Page{Limit: 20}})
			})
		}
	}
	all.Wait()
	assert.Equal(t, 4, call(t, as(h, ""), api.GetArticle, api.ArticleIn{Slug: slug}).Article.FavoritesCount)
	assert.Equal(t, 41, call(t, as(h, ""), api.GetArticles, api.ArticlesIn{Page: api.Page{Limit: 1}}).ArticlesCount)
	// Of all who want one name at once, one gets it.
	got := make(chan int, 8)
	for range cap(got) {
		go func() {
			var in api.NewUserIn
			in.User.Username, in.User.Email, in.User.Password = "late", "late@example.com", password
			_, err := client.Call(t.Context(), as(h, ""), api.CreateUser, in)
			if failure, ok := errors.AsType[*client.Error](err); ok {
				got <- failure.Status
				return
			}
			got <- http.StatusCreated
		}()
	}
	counts := map[int]int{}
	for range cap(got) {
		counts[<-got]++
	}
	assert.Equal(t, map[int]int{http.StatusCreated: 1, http.StatusConflict: 7}, counts)
}

// testLive reads new articles as they come, and what a connection has missed.
func testLive(t *testing.T, h http.Handler) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	defer server.CloseClientConnections()
	ada := join(t, h, "ada")
	open := func(last string) *http.Response {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/articles/live", nil)
		require.NoError(t, err)
		request.Header.Set("Last-Event-ID", last)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		return response
	}
	first := open("")
	last, seen := "", 0
	for i := range 3 {
		call(t, ada, api.CreateArticle, draft(fmt.Sprint("Live ", i)))
	}
	for event, err := range stream.Events(first.Body) {
		require.NoError(t, err)
		last = event.ID
		if strings.Contains(event.Data, fmt.Sprintf(`"title":"Live %d"`, seen)) {
			seen++
		}
		if seen == 3 {
			break
		}
	}
	require.NoError(t, first.Body.Close())
	call(t, ada, api.CreateArticle, draft("Missed"))
	second := open(last)
	defer second.Body.Close()
	for event, err := range stream.Events(second.Body) {
		require.NoError(t, err)
		assert.Contains(t, event.Data, `"title":"Missed"`)
		break
	}
}

// testFailures holds the form of what no operation answers with.
func testFailures(t *testing.T, h http.Handler) {
	t.Helper()
	token := call(t, join(t, h, "ada"), api.GetUser, api.SignedIn{}).User.Token
	for _, tc := range []struct {
		method, path, token, contentType, body string
		status                                 int
		want                                   string
	}{
		{"POST", "/api/users", "", "application/json", `{"user":`, 400, `{"errors":{"user":["is not valid JSON: it ends at byte offset 8"]}}`},
		{"POST", "/api/users", "", "application/json", `{"user":{}}`, 422, `{"errors":{"email":["can't be blank"],"password":["can't be blank"],"username":["can't be blank"]}}`},
		{"POST", "/api/users", "", "application/json", `[]`, 422, `{"errors":{"body":["must be an object"]}}`},
		{"POST", "/api/users", "", "application/json", ``, 400, `{"errors":{"body":["can't be blank"]}}`},
		{"POST", "/api/articles", "Token " + token, "application/json", `{"article":{"title":"x","description":"x","body":"x","tagList":["x",""]}}`, 422, `{"errors":{"tagList":["can't be blank"]}}`},
		{"PUT", "/api/articles/x", "Token " + token, "application/json", `{"article":{"tagList":null}}`, 422, `{"errors":{"tagList":["must not be null"]}}`},
		{"POST", "/api/users", "", "text/plain", `{}`, 415, `{"errors":{"request":["the Content-Type of the body must be application/json"]}}`},
		{"POST", "/api/users", "", "application/json", strings.Repeat(" ", 1<<20+1), 413, `{"errors":{"request":["the body is larger than 1048576 bytes"]}}`},
		{"GET", "/api/articles?limit=0&offset=x", "", "", "", 422, `{"errors":{"limit":["must be at least 1"],"offset":["must be an integer"]}}`},
		{"GET", "/api/articles?tag=%zz", "", "", "", 400, ""},
		{"GET", "/api/nowhere", "", "", "", 404, `{"errors":{"request":["not found"]}}`},
		{"PATCH", "/api/user", "", "", "", 405, `{"errors":{"request":["method not allowed"]}}`},
		{"GET", "/api/user", "Bearer x", "", "", 401, `{"errors":{"token":["is invalid"]}}`},
		{"GET", "/api/user", "Token " + token, "", "", 200, ""},
		{"GET", "/api/user", "token " + token, "", "", 200, ""},
		{"DELETE", "/api/articles/x/comments/y", "Token " + token, "", "", 422, `{"errors":{"id":["must be an integer"]}}`},
	} {
		r := httptest.NewRequest(tc.method, tc.path, strings.NewReader(tc.body))
		for name, v := range map[string]string{"Authorization": tc.token, "Content-Type": tc.contentType, "Origin": "https://elsewhere.example"} {
			if v != "" {
				r.Header.Set(name, v)
			}
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, tc.status, w.Code, "%s %s", tc.method, tc.path)
		assert.Equal(t, "application/json", w.Header().Get("Content-Type"))
		if tc.method != http.MethodPatch { // which pages of others may not use
			assert.Equal(t, "*", w.Header().Get("Access-Control-Allow-Origin"))
		}
		assert.NotEmpty(t, w.Header().Get("X-Request-Id"))
		assert.Equal(t, "default-src 'self'", w.Header().Get("Content-Security-Policy"))
		if tc.want != "" {
			assert.Equal(t, tc.want, w.Body.String())
		}
	}
	// What PostgreSQL cannot store is the client's to mend there; SQLite stores it.
	_, err := client.Call(t.Context(), as(h, token), api.CreateArticle, draft("a\x00b"))
	if failure, ok := errors.AsType[*client.Error](err); ok {
		assert.Equal(t, http.StatusUnprocessableEntity, failure.Status)
		assert.Equal(t, []respond.FieldError{{Name: "text", Detail: "is invalid"}}, failure.Problem.Errors)
	} else {
		require.NoError(t, err)
	}
	preflight := httptest.NewRequest(http.MethodOptions, "/api/articles", nil)
	preflight.Header.Set("Origin", "https://elsewhere.example")
	preflight.Header.Set("Access-Control-Request-Method", "POST")
	preflight.Header.Set("Access-Control-Request-Headers", "authorization,content-type")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, preflight)
	assert.Equal(t, http.StatusNoContent, w.Code)
	assert.Equal(t, "authorization,content-type", w.Header().Get("Access-Control-Allow-Headers"))
}

// TestTime holds that a time has three digits of milliseconds, zeros too.
func TestTime(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"2026-10-05T09:30:00.000Z", "1970-01-01T00:00:00.120Z"} {
		var at api.Time
		require.NoError(t, at.UnmarshalText([]byte(text)))
		got, err := at.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, text, string(got))
	}
	var at api.Time
	require.NoError(t, at.UnmarshalText([]byte("2026-10-05T11:30:00+02:00")))
	assert.Equal(t, time.Date(2026, 10, 5, 9, 30, 0, 0, time.UTC).UnixMilli(), int64(at))
}
