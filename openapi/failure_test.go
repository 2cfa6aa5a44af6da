package openapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

type (
	balance struct {
		Balance int64    `json:"balance"`
		Places  []string `json:"places"  doc:"Where it is"`
	}
	contract struct {
		Errors map[string][]string `json:"errors"`
	}
	xmlForm struct{ N int }
	failsIn struct {
		ID   int    `path:"id" minimum:"1"`
		How  string `query:"how,optional"`
		Body part   `body:"json"`
	}
)

func poor() respond.ProblemType[balance] {
	return respond.ProblemType[balance]{URI: "/poor", Title: "Poor", Status: 403}
}

func lost() respond.ProblemType[tenon.None] {
	return respond.ProblemType[tenon.None]{URI: "/lost", Title: "Lost", Status: 403}
}

// failsAs answers with what it is asked for.
func failsAs(_ context.Context, in failsIn) (string, error) {
	switch in.How {
	case "poor":
		return "", poor().New("", balance{Balance: 1})
	case "poor, without":
		return "", poor().New("")
	case "poor, wrong":
		return "", poor().New("").With("balance", "much")
	case "lost":
		return "", lost().New("")
	case "other":
		return "", respond.Forbidden("")
	case "down":
		return "", errors.New("down")
	case "panic":
		panic("planned")
	}
	return "fine", nil
}

// TestFails holds the schemas of declared kinds, and what Verify says of them.
func TestFails(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{tenon.Post("/x/{id}", failsAs, tenon.Named("x"), tenon.Fails(poor()), tenon.Fails(lost()))}
	schema := func(routes tenon.Routes) string {
		responses := operations(t, newDocument(t, routes))["x"]["responses"].(map[string]any)
		text, err := json.Marshal(responses["403"].(map[string]any)["content"].(map[string]any)["application/problem+json"].(map[string]any)["schema"])
		require.NoError(t, err)
		return string(text)
	}
	const (
		base      = `{"$ref":"#/components/schemas/Problem"}`
		poorBody  = `{"allOf":[` + base + `,{"type":"object","properties":{"type":{"const":"/poor"},"balance":{"type":"integer","format":"int64"},"places":{"type":"array","items":{"type":"string"},"description":"Where it is"}}}]}`
		lostBody  = `{"allOf":[` + base + `,{"type":"object","properties":{"type":{"const":"/lost"}}}]}`
		withGuard = `{"anyOf":[` + poorBody + `,` + base + `]}`
	)
	assert.JSONEq(t, `{"anyOf":[`+poorBody+`,`+lostBody+`]}`, schema(routes))
	assert.JSONEq(t, withGuard, schema(tenon.Routes{tenon.On("GET", "/x", http.NotFoundHandler(), tenon.Named("x"), tenon.Fails(poor()), tenon.Doc{Errors: []int{403}})}))

	for how, want := range map[string]string{
		"poor": "", "poor, without": "", "lost": "", "down": "",
		"other":       "openapi: POST /x/{id} (x): the body of status 403 breaks its schema: #: fits none of the schemas of anyOf",
		"poor, wrong": "openapi: POST /x/{id} (x): the body of status 403 breaks its schema: #: fits none of the schemas of anyOf",
	} {
		reports := verifiedAs(t, routes, nil, nil, func(t *testing.T, s *kittest.Server) {
			t.Helper()
			post(t, s, "/x/1?how="+strings.ReplaceAll(how, " ", "%20"), `{"part":"a"}`)
		})
		if want == "" {
			assert.Empty(t, reports, how)
			continue
		}
		require.Len(t, reports, 2, how)
		assert.Equal(t, want, reports[0])
	}
	type marked struct {
		Status string `json:"status"`
	}
	routes = tenon.Routes{tenon.Post("/x", failsAs, tenon.Fails(respond.ProblemType[marked]{URI: "/a", Status: 409}))}
	assert.ErrorContains(t, routes.Check(), `has Fails of ProblemType[openapi_test.marked]{"/a"}: marked.Status has the JSON name "status", which is a member of every problem: give it another name`)
}

func post(t *testing.T, s *kittest.Server, path, body string) int {
	t.Helper()
	return s.Do(t, http.MethodPost, path, strings.NewReader(body), http.Header{"Content-Type": {"application/json"}}).StatusCode
}

// verifiedAs returns what Verify reports, on each version of HTTP, of what fn asks the
// routes for, within the form.
func verifiedAs(t *testing.T, routes tenon.Routes, form func(http.Handler) http.Handler, opts []openapi.Option, fn func(t *testing.T, s *kittest.Server)) []string {
	t.Helper()
	doc, err := openapi.New(openapi.Info{Title: "T", Version: "1"}, routes, opts...)
	require.NoError(t, err)
	mux := http.NewServeMux()
	routes.Mount(mux)
	h := middleware.Recover()(mux)
	if form != nil {
		h = form(h)
	}
	reports := make(chan string, 100)
	kittest.Serve(t, openapi.Verify(doc, func(err error) { reports <- err.Error() })(h), fn)
	close(reports)
	var all []string
	for words := range reports {
		all = append(all, words)
	}
	return all
}

// TestErrorBody holds that the document of a service with its own form of failures is
// true: whatever fails, Verify has nothing to report, and reports all of it where
// the document was not told.
func TestErrorBody(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{tenon.Post("/x/{id}", failsAs, tenon.Named("x"), tenon.Fails(poor()), bind.InvalidStatus(422))}
	guard := openapi.Guard[string]{Name: "basic", Scheme: openapi.Basic(), Check: func(r *http.Request) (string, error) {
		if user, _, _ := r.BasicAuth(); user == "ada" {
			return user, nil
		}
		return "", openapi.ErrNoCredentials
	}}
	routes = guard.Protect(routes)
	asks := func(t *testing.T, s *kittest.Server) {
		t.Helper()
		ada := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Basic YWRhOg=="}}
		for _, tc := range []struct {
			path, body string
			header     http.Header
			want       int
		}{
			{"/x/1", `{"part":"a"}`, ada, 200},
			{"/x/1", `{"part":"a"}`, nil, 401},
			{"/x/1?how=poor", `{"part":"a"}`, ada, 403},
			{"/x/1?how=down", `{"part":"a"}`, ada, 500},
			{"/x/1?how=panic", `{"part":"a"}`, ada, 500},
			{"/x/0", `{"part":1}`, ada, 422},
			{"/x/0", `{"part"`, ada, 400},
			{"/x/1", `"` + strings.Repeat("a", 1<<20) + `"`, ada, 413},
			{"/x/1", `{}`, http.Header{"Authorization": {"Basic YWRhOg=="}, "Content-Type": {"text/plain"}}, 415},
		} {
			got := s.Do(t, http.MethodPost, tc.path, strings.NewReader(tc.body), tc.header)
			assert.Equal(t, tc.want, got.StatusCode, tc.path+tc.body)
		}
	}
	body := respond.NewErrorBody("application/vnd.acme+json", func(p *respond.Problem) contract {
		return contract{map[string][]string{"status": {http.StatusText(p.Status)}}}
	})
	empty := respond.NewErrorBody("application/json", func(p *respond.Problem) *contract {
		if p.Status == 401 {
			return nil
		}
		return &contract{}
	})
	text := respond.NewErrorBody("text/plain", func(p *respond.Problem) string { return p.Detail })
	xml := respond.NewErrorBody("application/xml", func(p *respond.Problem) xmlForm { return xmlForm{p.Status} })
	same := respond.NewErrorBody("application/json", func(p *respond.Problem) *respond.Problem { return p })
	for name, tc := range map[string]struct {
		form chainLink
		opt  openapi.Option
	}{
		"json":            {body.Middleware, openapi.ErrorBody(body)},
		"may be empty":    {empty.Middleware, openapi.ErrorBody(empty)},
		"text":            {text.Middleware, openapi.ErrorBody(text)},
		"the problem":     {same.Middleware, openapi.ErrorBody(same)},
		"xml":             {xml.Middleware, openapi.ErrorBody(xml)},
		"problem details": {nil, openapi.Option{}},
	} {
		assert.Empty(t, verifiedAs(t, routes, tc.form, []openapi.Option{tc.opt}, asks), name)
	}
	assert.Len(t, verifiedAs(t, routes, body.Middleware, nil, asks), 2*8, "the document was not told")
	assert.Len(t, verifiedAs(t, routes, nil, []openapi.Option{openapi.ErrorBody(body)}, asks), 2*8, "the chain was not told")
	silent := func(h http.Handler) http.Handler {
		return respond.UseErrorHandler(func(w http.ResponseWriter, _ *http.Request, err error) {
			w.WriteHeader(respond.AsProblem(err).Status)
		})(h)
	}
	assert.Len(t, verifiedAs(t, routes, silent, []openapi.Option{openapi.ErrorBody(body)}, asks), 2*8, "a body is missing")

	doc, err := openapi.New(openapi.Info{Title: "T", Version: "1"}, routes, openapi.ErrorBody(body))
	require.NoError(t, err)
	for status, response := range operations(t, doc)["x"]["responses"].(map[string]any) {
		if status == "200" {
			continue
		}
		text, err := json.Marshal(response.(map[string]any)["content"])
		require.NoError(t, err)
		assert.JSONEq(t, `{"application/vnd.acme+json":{"schema":{"$ref":"#/components/schemas/contract"}}}`, string(text), status)
	}
	assert.NotContains(t, string(doc.JSON()), "problem")
}

type chainLink = func(http.Handler) http.Handler

// TestInvalidStatus holds that the document follows the option.
func TestInvalidStatus(t *testing.T) {
	t.Parallel()
	statuses := func(opts ...tenon.Option) string {
		var all []string
		doc := newDocument(t, tenon.Routes{tenon.Post("/x/{id}", failsAs, append(opts, tenon.Named("x"))...)})
		for _, status := range []string{"400", "409", "422"} {
			if _, ok := operations(t, doc)["x"]["responses"].(map[string]any)[status]; ok {
				all = append(all, status)
			}
		}
		return strings.Join(all, " ")
	}
	assert.Equal(t, "400", statuses())
	assert.Equal(t, "400 422", statuses(bind.InvalidStatus(422)))
	assert.Equal(t, "400 409", statuses(bind.InvalidStatus(409)))
}
