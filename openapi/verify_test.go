package openapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

// score is what the routes of these tests send.
type score struct {
	Points int    `json:"points" maximum:"10"`
	Mail   string `format:"email" json:"mail"`
}

type scores struct{}

func (scores) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{"application/x-ndjson", "text/event-stream"}, reflect.TypeFor[score]()
}

func (scores) ServeHTTP(http.ResponseWriter, *http.Request) {}

// verified answers one request with h in place of what the document tells, and
// returns what Verify reports.
func verified(t *testing.T, method, path string, h http.HandlerFunc) (reports []string, got *httptest.ResponseRecorder) {
	t.Helper()
	routes := tenon.Routes{
		tenon.Get("/scores/{id}", answer[one, score]),
		tenon.Get("/stream", answer[tenon.None, scores]),
		tenon.Get("/text", answer[tenon.None, string]),
		tenon.Get("/latest", answer[tenon.None, respond.Redirect]),
		tenon.Delete("/scores/{id}", answer[one, tenon.None]),
		tenon.Get("/any", answer[tenon.None, score], tenon.Doc{Responses: map[int]any{200: http.NotFoundHandler()}}),
		tenon.Get("/hidden", answer[tenon.None, score], tenon.Doc{Hidden: true}),
	}
	for i := range routes {
		routes[i].Name = routes[i].String()
	}
	doc := newDocument(t, routes)
	watched := openapi.Verify(doc, func(err error) { reports = append(reports, err.Error()) })(h)
	got = httptest.NewRecorder()
	watched.ServeHTTP(got, httptest.NewRequest(method, path, nil))
	return reports, got
}

// A failure that only "default" declares passes, unless an Edit has deleted it.
func TestVerify_undeclaredFailure(t *testing.T) {
	t.Parallel()
	strict := openapi.Edit(func(doc map[string]any) {
		for _, operations := range doc["paths"].(map[string]any) {
			for _, operation := range operations.(map[string]any) {
				delete(operation.(map[string]any)["responses"].(map[string]any), "default")
			}
		}
	})
	for _, tc := range []struct {
		opts []openapi.Option
		want []string
	}{
		{nil, nil},
		{[]openapi.Option{strict}, []string{"openapi: GET /scores/{id}: the status 409 is not declared"}},
	} {
		routes := tenon.Routes{tenon.Get("/scores/{id}", answer[one, score], tenon.Named("GET /scores/{id}"), tenon.Doc{Errors: []int{404}})}
		doc, err := openapi.New(openapi.Info{Title: "Scores", Version: "1"}, routes, tc.opts...)
		require.NoError(t, err)
		for _, status := range []int{404, 409} {
			var reports []string
			h := openapi.Verify(doc, func(err error) { reports = append(reports, err.Error()) })(
				sends(status, "application/problem+json", fmt.Sprintf(`{"type":"about:blank","status":%d}`, status)))
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/scores/1", nil))
			if status == 409 {
				assert.Equal(t, tc.want, reports)
				continue
			}
			assert.Empty(t, reports)
		}
	}
}

// sends returns a handler of one answer.
func sends(status int, media, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if media != "" {
			w.Header().Set("Content-Type", media)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// to returns a handler of a redirect, of which h sends the rest.
func to(place string, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", place)
		h(w, r)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	const jsonType, problemType, lines, events = "application/json", "application/problem+json", "application/x-ndjson", "text/event-stream"
	good := `{"points":3,"mail":"x@example.com"}`
	for _, tc := range []struct {
		name, method, path string
		handler            http.HandlerFunc
		want               []string
	}{
		{"what is declared", "GET", "/scores/1", sends(200, jsonType, good), nil},
		{"parameters of a media type", "GET", "/scores/1", sends(200, "Application/JSON; charset=utf-8", good), nil},
		{"a problem", "GET", "/scores/1", sends(404, problemType, `{"type":"about:blank","status":404}`), nil},
		{"a status", "GET", "/scores/1", sends(202, jsonType, good), []string{"GET /scores/{id}: the status 202 is not declared"}},
		{"a media type", "GET", "/scores/1", sends(200, "text/html", good), []string{"GET /scores/{id}: the media type text/html is not declared for the status 200, only application/json"}},
		{"a sniffed media type", "GET", "/scores/1", sends(200, "", "<html>"), []string{"GET /scores/{id}: the media type text/html is not declared for the status 200, only application/json"}},
		{"a failure in another form", "GET", "/scores/1", sends(500, "text/plain", "oops"), []string{"GET /scores/{id}: the media type text/plain is not declared for the status 500, only application/problem+json"}},
		{"a type", "GET", "/scores/1", sends(200, jsonType, `{"points":"3","mail":"x@example.com"}`), []string{"GET /scores/{id}: the body of status 200 breaks its schema: #/points: is string, not integer"}},
		{"a constraint", "GET", "/scores/1", sends(200, jsonType, `{"points":11,"mail":"x@example.com"}`), []string{"GET /scores/{id}: the body of status 200 breaks its schema: #/points: breaks maximum 10"}},
		{"a format", "GET", "/scores/1", sends(200, jsonType, `{"points":1,"mail":"x"}`), []string{"GET /scores/{id}: the body of status 200 breaks its schema: #/mail: is not a valid email"}},
		{"a missing member", "GET", "/scores/1", sends(200, jsonType, `{"points":1}`), []string{`GET /scores/{id}: the body of status 200 breaks its schema: #: lacks the member "mail"`}},
		{"one of any media type", "GET", "/any", sends(200, "image/png", "x"), nil},
		{"the one that is known", "GET", "/any", sends(200, jsonType, "7"), []string{"GET /any: the body of status 200 breaks its schema: #: is number, not object"}},
		{"no JSON", "GET", "/scores/1", sends(200, jsonType, `{`), []string{"GET /scores/{id}: the body of status 200 breaks its schema: the body is not valid JSON"}},
		{"two values", "GET", "/scores/1", sends(200, jsonType, good+good), []string{"GET /scores/{id}: the body of status 200 breaks its schema: there is more than one value"}},
		{"no body", "GET", "/scores/1", sends(200, jsonType, ""), []string{"GET /scores/{id}: the response of status 200 has no body, and one is declared"}},
		{"nothing at all", "GET", "/scores/1", func(http.ResponseWriter, *http.Request) {}, []string{"GET /scores/{id}: the response of status 200 has no body, and one is declared"}},
		{"a body too many", "GET", "/latest", to("/x", sends(302, "text/plain", "x")), []string{"GET /latest: the response of status 302 has a body, and none is declared"}},
		{"a redirect", "GET", "/latest", to("/x", sends(302, "", "")), nil},
		{"a redirect to nowhere", "GET", "/latest", sends(302, "", ""), []string{"GET /latest: the response of status 302 lacks the required header Location"}},
		{"a header that comes too late", "GET", "/latest", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(302)
			to("/x", func(http.ResponseWriter, *http.Request) {})(w, r)
		}, []string{"GET /latest: the response of status 302 lacks the required header Location"}},
		{"a media type that comes too late", "GET", "/scores/1", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(200)
			sends(200, jsonType, good)(w, nil)
		}, []string{"GET /scores/{id}: the media type text/plain is not declared for the status 200, only application/json"}},
		{"a coded body without a type", "GET", "/scores/1", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			sends(200, "", "\x1f\x8b")(w, nil)
		}, []string{`GET /scores/{id}: the media type "" is not declared for the status 200, only application/json`}},
		{"no content", "DELETE", "/scores/1", sends(204, "", ""), nil},
		{"a coded body", "GET", "/scores/1", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			sends(200, jsonType, "\x1f\x8b")(w, nil)
		}, nil},
		{"HEAD", "HEAD", "/scores/1", sends(200, jsonType, ""), nil},
		{"HEAD of another type", "HEAD", "/scores/1", sends(200, "text/html", ""), []string{"GET /scores/{id}: the media type text/html is not declared for the status 200, only application/json"}},
		{"what is hidden", "GET", "/hidden", sends(202, "text/html", "x"), nil},
		{"what is unknown", "GET", "/nowhere", sends(202, "text/html", "x"), nil},
		{"lines", "GET", "/stream", sends(200, lines, good+"\n"+good+"\n"), nil},
		{"a bad line", "GET", "/stream", sends(200, lines, good+"\n{}\n7\n"), []string{`GET /stream: the body of status 200 breaks its schema: #: lacks the member "points"`}},
		{"a bad last line", "GET", "/stream", sends(200, lines, good+"\n7"), []string{"GET /stream: the body of status 200 breaks its schema: #: is number, not object"}},
		{"events", "GET", "/stream", sends(200, events, ":\n\nid: 1\ndata: "+good+"\n\ndata: {\"points\":1,\ndata:\"mail\":\"x@example.com\"}\n\n"), nil},
		{"a bad event", "GET", "/stream", sends(200, events, "data: 7\r\n\r\n"), []string{"GET /stream: the body of status 200 breaks its schema: #: is number, not object"}},
		{"text", "GET", "/text", sends(200, "text/plain; charset=utf-8", "anything"), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			reports, _ := verified(t, tc.method, tc.path, tc.handler)
			for i := range tc.want {
				tc.want[i] = "openapi: " + tc.want[i]
			}
			assert.Equal(t, tc.want, reports)
		})
	}
}

// What is too large is sent, and not looked at.
func TestVerify_bounded(t *testing.T) {
	t.Parallel()
	big := strings.Repeat("x", 2<<20)
	reports, got := verified(t, "GET", "/scores/1", sends(200, "application/json", big))
	assert.Empty(t, reports)
	assert.Len(t, got.Body.String(), len(big))
	reports, _ = verified(t, "GET", "/stream", sends(200, "application/x-ndjson", big+"\n7\n"))
	assert.Len(t, reports, 1)
}

// A 304 is what middleware or a cache may make of any answer to a request that asks for it,
// and of no other.
func TestVerify_notModified(t *testing.T) {
	t.Parallel()
	doc := newDocument(t, tenon.Routes{
		tenon.Get("/score", func(context.Context, tenon.None) (score, error) { return score{1, "x@example.com"}, nil }),
		tenon.Put("/score", func(_ context.Context, in score) (score, error) { return in, nil }),
	})
	for _, tc := range []struct {
		method, field string
		want          int
	}{
		{"GET", "If-None-Match", 0},
		{"HEAD", "If-None-Match", 0},
		{"GET", "If-Modified-Since", 0},
		{"GET", "If-Match", 1},
		{"GET", "Accept", 1},
		{"PUT", "If-None-Match", 1},
	} {
		reports := 0
		h := openapi.Verify(doc, func(error) { reports++ })(sends(http.StatusNotModified, "", ""))
		r := httptest.NewRequest(tc.method, "/score", nil)
		r.Header.Set(tc.field, "*")
		h.ServeHTTP(httptest.NewRecorder(), r)
		assert.Equal(t, tc.want, reports, "%s with %s", tc.method, tc.field)
	}
}

// Real routes of this module send what their document says, over HTTP and behind
// every neighbor.
func TestVerify_ownAnswers(t *testing.T) {
	t.Parallel()
	failure := errors.New("no")
	routes := tenon.Routes{
		tenon.Get("/ok/{id}", func(_ context.Context, in one) (score, error) {
			return score{int(in.ID), "x@example.com"}, nil
		}),
		tenon.Get("/fails", func(context.Context, tenon.None) (score, error) { return score{}, failure }),
		tenon.Get("/away", func(context.Context, tenon.None) (respond.Redirect, error) { return respond.SeeOther("/ok/1"), nil }),
		tenon.Post("/echo", func(_ context.Context, in score) (respond.Created[score], error) {
			return respond.Created[score]{Location: "/x", Body: in}, nil
		}),
		tenon.Get("/nil", func(context.Context, tenon.None) (*score, error) { return nil, nil }),
	}
	doc := newDocument(t, routes)
	mux := http.NewServeMux()
	routes.Mount(mux)
	var mu sync.Mutex
	var reports []string
	watched := openapi.Verify(doc, func(err error) {
		mu.Lock()
		defer mu.Unlock()
		reports = append(reports, err.Error())
	})(mux)
	kittest.ServeBehind(t, watched, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path, status := range map[string]int{"/ok/1": 200, "/ok/x": 400, "/fails": 500, "/away": 303, "/nil": 204, "/none": 404} {
			assert.Equal(t, status, s.Get(t, path).StatusCode, path)
		}
		body, err := json.Marshal(score{1, "x@example.com"})
		require.NoError(t, err)
		header := http.Header{"Content-Type": {"application/json"}}
		assert.Equal(t, 201, s.Do(t, "POST", "/echo", strings.NewReader(string(body)), header).StatusCode)
		assert.Equal(t, 400, s.Do(t, "POST", "/echo", strings.NewReader("{"), header).StatusCode)
		assert.Equal(t, 415, s.Do(t, "POST", "/echo", strings.NewReader("x=y"), nil).StatusCode)
	})
	assert.Empty(t, reports)
}
