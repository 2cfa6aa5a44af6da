package openapi_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

func points() []score {
	return []score{{1, "a@example.com"}, {2, "b@example.com"}, {3, "c@example.com"}}
}

// leafRoutes answer with the values of the packages that serve themselves.
func leafRoutes(t *testing.T) tenon.Routes {
	t.Helper()
	files := fstest.MapFS{"a.txt": {Data: []byte("0123456789")}, "dir/b.txt": {Data: []byte("b")}, "dir/index.html": {Data: []byte("<p>")}}
	dir, err := fileserve.New(files, fileserve.Options{})
	require.NoError(t, err)
	return tenon.Routes{
		tenon.Get("/sse", func(context.Context, tenon.None) (stream.SSE[score], error) {
			return stream.SSE[score]{Seq: stream.Values(slices.Values(points()))}, nil
		}, tenon.Named("SSE")),
		tenon.Get("/events", func(context.Context, tenon.None) (stream.SSE[stream.Event], error) {
			return stream.SSE[stream.Event]{Seq: stream.Values(slices.Values([]stream.Event{{Data: "free text"}}))}, nil
		}, tenon.Named("Events")),
		tenon.Get("/pointers", func(context.Context, tenon.None) (stream.SSE[*stream.Event], error) {
			return stream.SSE[*stream.Event]{Seq: stream.Values(slices.Values([]*stream.Event{{Data: "free text"}}))}, nil
		}, tenon.Named("Pointers")),
		tenon.Get("/lines", func(context.Context, tenon.None) (stream.NDJSON[score], error) {
			return stream.NDJSON[score]{Seq: stream.Values(slices.Values(points()))}, nil
		}, tenon.Named("Lines")),
		tenon.Get("/array", func(context.Context, tenon.None) (*stream.Array[score], error) {
			return &stream.Array[score]{Seq: stream.Values(slices.Values(points()))}, nil
		}, tenon.Named("Array")),
		tenon.Get("/auto", func(context.Context, tenon.None) (stream.Auto[score], error) {
			return stream.Auto[score]{Seq: stream.Values(slices.Values(points()))}, nil
		}, tenon.Named("Auto")),
		tenon.Get("/text", func(context.Context, tenon.None) (stream.Text, error) {
			return stream.Text{Seq: stream.Values(slices.Values([]string{"a", "b"}))}, nil
		}, tenon.Named("Text")),
		tenon.Get("/file", func(context.Context, tenon.None) (fileserve.File, error) {
			return fileserve.File{FS: files, Path: "a.txt"}, nil
		}, tenon.Named("File")),
		tenon.Get("/accepted", func(context.Context, tenon.None) (respond.Accepted[stream.NDJSON[score]], error) {
			return respond.Accepted[stream.NDJSON[score]]{Body: stream.NDJSON[score]{Seq: stream.Values(slices.Values(points()))}}, nil
		}, tenon.Named("Accepted")),
		tenon.On("GET", "/files/", http.StripPrefix("/files", dir), tenon.Named("Files"),
			tenon.Doc{Responses: map[int]any{200: &fileserve.Dir{}}}),
	}
}

// contents returns the media types that a document has for the responses of an
// operation, by status.
func contents(t *testing.T, doc *openapi.Document, path string) map[string][]string {
	t.Helper()
	var parsed struct {
		Paths map[string]map[string]struct {
			Responses map[string]struct {
				Content map[string]any `json:"content"`
			} `json:"responses"`
		} `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(doc.JSON(), &parsed))
	types := map[string][]string{}
	for status, response := range parsed.Paths[path]["get"].Responses {
		types[status] = slices.Sorted(maps.Keys(response.Content))
	}
	return types
}

func TestNew_leaves(t *testing.T) {
	t.Parallel()
	doc := newDocument(t, leafRoutes(t))
	problem := []string{"application/problem+json"}
	file := map[string][]string{"200": {"*/*"}, "206": {"*/*"}, "304": nil, "404": problem, "412": problem, "416": problem, "default": problem}
	for path, want := range map[string]map[string][]string{
		"/sse":      {"200": {"text/event-stream"}, "default": problem},
		"/lines":    {"200": {"application/x-ndjson"}, "default": problem},
		"/array":    {"200": {"application/json"}, "204": nil, "default": problem},
		"/auto":     {"200": {"application/json", "application/x-ndjson", "text/event-stream"}, "default": problem},
		"/text":     {"200": {"text/plain"}, "default": problem},
		"/file":     file,
		"/accepted": {"202": {"application/x-ndjson"}, "default": problem},
	} {
		assert.Equal(t, want, contents(t, doc, path), path)
	}
	delete(file, "default")
	file["3XX"] = nil
	assert.Equal(t, file, contents(t, doc, "/files/{path}"))
	doc = newDocument(t, tenon.Routes{tenon.On("GET", "/in/{path}/", http.NotFoundHandler(), tenon.Named("In"))})
	assert.Equal(t, map[string][]string{"default": {"*/*"}}, contents(t, doc, "/in/{path}/{path_}"))
}

// What the leaves send is what the document says of them.
func TestVerify_leaves(t *testing.T) {
	t.Parallel()
	routes := leafRoutes(t)
	mux := http.NewServeMux()
	routes.Mount(mux)
	var mu sync.Mutex
	var reports []string
	watched := openapi.Verify(newDocument(t, routes), func(err error) {
		mu.Lock()
		defer mu.Unlock()
		reports = append(reports, err.Error())
	})(mux)
	kittest.Serve(t, watched, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, path := range []string{"/sse", "/events", "/pointers", "/lines", "/array", "/auto", "/text", "/file", "/files/a.txt", "/files/dir/b.txt"} {
			assert.Equal(t, 200, s.Get(t, path).StatusCode, path)
			assert.Equal(t, 200, s.Do(t, "HEAD", path, nil, nil).StatusCode, path)
		}
		assert.Equal(t, 202, s.Get(t, "/accepted").StatusCode)
		for header, value := range map[string]string{"text/event-stream": "200", "application/x-ndjson": "200"} {
			assert.Equal(t, value, s.Do(t, "GET", "/auto", nil, http.Header{"Accept": {header}}).Status[:3])
		}
		assert.Equal(t, 206, s.Do(t, "GET", "/file", nil, http.Header{"Range": {"bytes=2-4"}}).StatusCode)
		assert.Equal(t, 416, s.Do(t, "GET", "/file", nil, http.Header{"Range": {"bytes=20-"}}).StatusCode)
		assert.Equal(t, 206, s.Do(t, "GET", "/file", nil, http.Header{"Range": {"bytes=0-0,9-9"}}).StatusCode)
		assert.Equal(t, 304, s.Do(t, "GET", "/file", nil, http.Header{"If-None-Match": {"*"}}).StatusCode)
		assert.Equal(t, 304, s.Do(t, "HEAD", "/file", nil, http.Header{"If-None-Match": {"*"}}).StatusCode)
		assert.Equal(t, 412, s.Do(t, "GET", "/file", nil, http.Header{"If-Match": {`"other"`}}).StatusCode)
		assert.Equal(t, 404, s.Get(t, "/files/none.txt").StatusCode)
		assert.Equal(t, 302, s.Get(t, "/files/dir").StatusCode)
		assert.Equal(t, 200, s.Get(t, "/files/dir/").StatusCode)
	})
	assert.Empty(t, reports)
}

// An enclosed is an event with a member of its own, which is sent as JSON.
type enclosed struct {
	stream.Event

	More int
}

func TestNew_events(t *testing.T) {
	t.Parallel()
	doc := newDocument(t, tenon.Routes{
		tenon.Get("/whole", answer[tenon.None, stream.SSE[stream.Event]], tenon.Named("whole")),
		tenon.Get("/inside", answer[tenon.None, stream.SSE[enclosed]], tenon.Named("inside")),
		tenon.Get("/behind", answer[tenon.None, stream.SSE[*stream.Event]], tenon.Named("behind")),
	})
	for name, hasSchema := range map[string]bool{"whole": false, "inside": true, "behind": false} {
		content := operations(t, doc)[name]["responses"].(map[string]any)["200"].(map[string]any)["content"].(map[string]any)
		_, ok := content["text/event-stream"].(map[string]any)["schema"].(map[string]any)["x-event-data"]
		assert.Equal(t, hasSchema, ok, name)
	}
}

// A stream of a log is documented by the type of its entries.
func TestNew_feed(t *testing.T) {
	t.Parallel()
	doc := newDocument(t, tenon.Routes{tenon.Get("/feed", answer[tenon.None, feed.SSE[score]], tenon.Named("Feed"))})
	content := operations(t, doc)["Feed"]["responses"].(map[string]any)["200"].(map[string]any)["content"].(map[string]any)
	schema := content["text/event-stream"].(map[string]any)["schema"].(map[string]any)
	assert.Equal(t, map[string]any{"$ref": "#/components/schemas/score"}, schema["x-event-data"])
	assert.Contains(t, schema["description"], "reset")
}

// The event that tells a client to reset is no entry, and passes; a wrong entry does
// not.
func TestVerify_feed(t *testing.T) {
	t.Parallel()
	for mail, want := range map[string]int{"a@example.com": 0, "nobody": 1} {
		synctest.Test(t, func(t *testing.T) {
			log := feed.NewMemory[score](feed.Options{})
			time.AfterFunc(time.Second, func() {
				_, err := log.Append(t.Context(), "a", score{1, mail})
				assert.NoError(t, err)
			})
			reports, got := verified(t, http.MethodGet, "/stream", func(w http.ResponseWriter, r *http.Request) {
				ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
				defer cancel()
				feed.SSE[score]{Log: log, Topic: "a", After: "of-another-life"}.ServeHTTP(w, r.WithContext(ctx))
			})
			assert.Len(t, reports, want, mail)
			assert.Contains(t, got.Body.String(), "event: reset\ndata: {}\n")
			assert.Contains(t, got.Body.String(), mail)
		})
	}
}

// The fields of a response are those of all wrappers around its body, as they are sent.
func TestNew_wrappedFields(t *testing.T) {
	t.Parallel()
	type loop = respond.OK[any]
	endless := &loop{Header: http.Header{"X-Outer": {"1"}}, Cookies: []*http.Cookie{{Name: "a"}}}
	endless.Body = endless
	inner := respond.OK[string]{Header: http.Header{"X-Inner": {"2"}, "X-Outer": {"3"}}, Cookies: []*http.Cookie{{Name: "b"}}}
	for _, tc := range []struct {
		value any
		want  []string
	}{
		{&loop{Header: http.Header{"X-Outer": {"1"}}, Cookies: []*http.Cookie{{Name: "a"}}, Body: &inner}, []string{"Set-Cookie", "X-Inner", "X-Outer"}},
		{(*respond.OK[string])(nil), []string{}},
		{respond.Accepted[*respond.OK[string]]{}, []string{}},
	} {
		doc := newDocument(t, tenon.Routes{withResponses(map[int]any{200: tc.value})})
		headers, _ := operations(t, doc)["x"]["responses"].(map[string]any)["200"].(map[string]any)["headers"].(map[string]any)
		assert.ElementsMatch(t, tc.want, slices.Collect(maps.Keys(headers)))
		if len(headers) > 0 {
			assert.Equal(t, "Sets a, b", headers["Set-Cookie"].(map[string]any)["description"])
		}
	}
	fields, cookies := respond.DescribeFields(endless)
	assert.Contains(t, fields, "X-Outer")
	assert.NotEmpty(t, cookies)
}
