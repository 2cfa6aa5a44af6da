package mcp_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/mcp"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

type thing struct {
	ID int `json:"id"`
}

type job struct {
	Job string `json:"job"`
}

type outcome struct {
	respond.OneOf

	Now   *respond.OK[thing]
	Later *respond.Accepted[job]
}

type found struct {
	respond.OneOf

	Thing     *thing
	Elsewhere *respond.Redirect
}

type picture struct{}

func (picture) ContentType() string { return "image/png" }
func (picture) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write([]byte("\x89PNG"))
	return int64(n), err
}

// give returns a function that answers with v.
func give[T any](v T) func(context.Context, tenon.None) (T, error) {
	return func(context.Context, tenon.None) (T, error) { return v, nil }
}

func things(n int, err error) iter.Seq2[thing, error] {
	return func(yield func(thing, error) bool) {
		for i := range n {
			if !yield(thing{i}, nil) {
				return
			}
		}
		if err != nil {
			yield(thing{}, err)
		}
	}
}

const (
	thingSchema = `{"type":"object","properties":{"id":{"type":"integer","format":"int64"}},"required":["id"]}`
	jobSchema   = `{"type":"object","properties":{"job":{"type":"string"}},"required":["job"]}`
)

// TestResult holds what each kind of answer is to an agent, and what its tool says of it.
func TestResult(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		route  tenon.Route
		schema string // "" for none; $thing and $job stand for schemas
		text   string
	}{
		{"object", tenon.Get("/x", give(thing{1})), `$thing`, `{"id":1}`},
		{"created", tenon.Post("/x", give(respond.Created[thing]{Location: "/x/1", Body: thing{1}})), `$thing`, `{"id":1}`},
		{"map", tenon.Get("/x", give(map[string]int{"a": 1})), `{"type":"object","additionalProperties":{"type":"integer","format":"int64"}}`, `{"a":1}`},
		{"list", tenon.Get("/x", give([]int{1})), `{"type":"object","properties":{"result":{"type":"array","items":{"type":"integer","format":"int64"}}},"required":["result"]}`, `{"result":[1]}`},
		{"number", tenon.Get("/x", give(1.5)), `{"type":"object","properties":{"result":{"type":"number","format":"double"}},"required":["result"]}`, `{"result":1.5}`},
		{"pointer", tenon.Get("/x", give(&thing{1})), `{"type":"object","properties":{"result":{"anyOf":[{"$ref":"#/$defs/thing"},{"type":"null"}]}},"required":["result"],"$defs":{"thing":$thing}}`, `{"result":{"id":1}}`},
		{"nil", tenon.Get("/x", give[*thing](nil)), `{"type":"object","properties":{"result":{"anyOf":[{"$ref":"#/$defs/thing"},{"type":"null"}]}},"required":["result"],"$defs":{"thing":$thing}}`, `204 No Content`},
		{"empty", tenon.Post("/x", give(respond.Created[*thing]{Location: "/x/1"})), `{"type":"object","properties":{"result":{"anyOf":[{"$ref":"#/$defs/thing"},{"type":"null"}]}},"required":["result"],"$defs":{"thing":$thing}}`, `201 Created: /x/1`},
		{"none", tenon.Delete("/x", give(tenon.None{})), ``, `204 No Content`},
		{"text", tenon.Get("/x", give("a\xffb")), ``, "a\uFFFDb"},
		{"html", tenon.Get("/x", give(respond.HTML("<p>"))), ``, "<p>"},
		{"any", tenon.Get("/x", give[any](thing{1})), ``, `{"id":1}`},
		{"anyList", tenon.Get("/x", give[any]([]int{1})), ``, `{"result":[1]}`},
		{"redirect", tenon.Post("/x", give(respond.SeeOther("/y"))), ``, `303 See Other: /y`},
		{"first", tenon.Get("/x", give(outcome{Now: &respond.OK[thing]{Body: thing{1}}})), `{"type":"object","anyOf":[{"$ref":"#/$defs/thing"},{"$ref":"#/$defs/job"}],"$defs":{"thing":$thing,"job":$job}}`, `{"id":1}`},
		{"second", tenon.Get("/x", give(outcome{Later: &respond.Accepted[job]{Body: job{"a"}}})), `{"type":"object","anyOf":[{"$ref":"#/$defs/thing"},{"$ref":"#/$defs/job"}],"$defs":{"thing":$thing,"job":$job}}`, `{"job":"a"}`},
		{"found", tenon.Get("/x", give(found{Elsewhere: new(respond.Found("/y"))})), `{"type":"object","properties":{"result":{"anyOf":[{"$ref":"#/$defs/thing"},{"type":"null"}]}},"required":["result"],"$defs":{"thing":$thing}}`, `302 Found: /y`},
		{"lines", tenon.Get("/x", give(stream.NDJSON[thing]{Seq: things(2, nil)})), `{"type":"object","properties":{"items":{"type":"array","items":{"$ref":"#/$defs/thing"}},"truncated":{"type":"boolean","description":"Whether there were more items than the answer has room for."}},"required":["items","truncated"],"$defs":{"thing":$thing}}`, `{"items":[{"id":0},{"id":1}],"truncated":false}`},
		{"noLines", tenon.Get("/x", give(stream.NDJSON[thing]{})), `{"type":"object","properties":{"items":{"type":"array","items":{"$ref":"#/$defs/thing"}},"truncated":{"type":"boolean","description":"Whether there were more items than the answer has room for."}},"required":["items","truncated"],"$defs":{"thing":$thing}}`, `{"items":[],"truncated":false}`},
		{"auto", tenon.Get("/x", give(stream.Auto[thing]{Seq: things(1, nil)})), `{"type":"object","properties":{"items":{"type":"array","items":{"$ref":"#/$defs/thing"}},"truncated":{"type":"boolean","description":"Whether there were more items than the answer has room for."}},"required":["items","truncated"],"$defs":{"thing":$thing}}`, `{"items":[{"id":0}],"truncated":false}`},
		{"array", tenon.Get("/x", give(stream.Array[thing]{Seq: things(2, nil)})), `{"type":"object","properties":{"result":{"type":"array","items":{"$ref":"#/$defs/thing"}}},"required":["result"],"$defs":{"thing":$thing}}`, `{"result":[{"id":0},{"id":1}]}`},
		{"formats", tenon.Get("/x", give(thing{1}), respond.Formats(respond.XML(), respond.JSON())), `$thing`, `{"id":1}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			routes := tenon.Routes{test.route}
			routes[0].Name = test.name
			session := toolsOf(t, routes)
			tool := listed(t, session)[test.name]
			require.NotNil(t, tool)
			got := call(t, session, test.name, `{}`)
			assert.False(t, got.IsError)
			assert.Equal(t, test.text, textOf(t, got))
			if test.schema == "" {
				assert.Nil(t, tool.OutputSchema)
				return
			}
			schema := strings.NewReplacer("$thing", thingSchema, "$job", jobSchema).Replace(test.schema)
			assertSchema(t, schema, tool.OutputSchema)
			assertFits(t, got.StructuredContent, tool.OutputSchema)
			if strings.HasPrefix(test.text, "{") {
				assert.JSONEq(t, test.text, inJSON(t, got.StructuredContent))
			}
		})
	}
}

// TestResult_content holds what is neither JSON nor text.
func TestResult_content(t *testing.T) {
	t.Parallel()
	session := toolsOf(t, tenon.Routes{
		tenon.Get("/image", give(picture{}), tenon.Named("image")),
		tenon.Get("/bytes", give([]byte{0, 1}), tenon.Named("bytes")),
	})
	assert.Equal(t, []sdk.Content{&sdk.ImageContent{Data: []byte("\x89PNG"), MIMEType: "image/png"}}, call(t, session, "image", `{}`).Content)
	assert.Equal(t, []sdk.Content{&sdk.EmbeddedResource{Resource: &sdk.ResourceContents{URI: "about:blank", MIMEType: "application/octet-stream", Blob: []byte{0, 1}}}},
		call(t, session, "bytes", `{}`).Content)
}

// TestResult_long holds that a tool reads no more than its bound, and that the handler
// hears of it.
func TestResult_long(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	endless := func(ctx context.Context, _ tenon.None) (stream.NDJSON[thing], error) {
		return stream.NDJSON[thing]{Seq: func(yield func(thing, error) bool) {
			defer func() { ended <- ctx.Err() }()
			for i := 0; yield(thing{i}, nil); i++ {
			}
		}}, nil
	}
	session := toolsOf(t, tenon.Routes{
		tenon.Get("/text", give(strings.Repeat("a", 101)), tenon.Named("text")),
		tenon.Get("/fits", give(strings.Repeat("a", 100)), tenon.Named("fits")),
		tenon.Get("/endless", endless, tenon.Named("endless")),
		tenon.Get("/problem", func(context.Context, tenon.None) (tenon.None, error) {
			return tenon.None{}, respond.NotFound(strings.Repeat("a", 101))
		}, tenon.Named("problem")),
	}, mcp.MaxAnswer(100))
	got := call(t, session, "text", `{}`)
	assert.True(t, got.IsError)
	assert.Equal(t, "200 OK: the answer has more than the 100 bytes that a tool reads", textOf(t, got))
	assert.False(t, call(t, session, "fits", `{}`).IsError)
	got = call(t, session, "problem", `{}`)
	assert.True(t, got.IsError)
	assert.Equal(t, "404 Not Found", textOf(t, got))

	got = call(t, session, "endless", `{}`)
	require.Error(t, <-ended)
	var result struct {
		Items     []thing
		Truncated bool
	}
	decode(t, textOf(t, got), &result)
	assert.True(t, result.Truncated)
	require.NotEmpty(t, result.Items)
	for i, item := range result.Items {
		assert.Equal(t, i, item.ID)
	}
}

// TestResult_failures holds what is an error besides a problem.
func TestResult_failures(t *testing.T) {
	t.Parallel()
	type plain struct {
		Message string `json:"message"`
	}
	form := respond.NewErrorBody("application/json", func(p *respond.Problem) plain { return plain{p.Title} })
	text := func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "away", http.StatusBadGateway) }
	lie := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/lie/html":
				w.Header().Set("Content-Type", "text/html")
				_, _ = io.WriteString(w, "<p>")
			case "/lie/json":
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, "{")
			case "/lie/lines":
				w.Header().Set("Content-Type", "application/x-ndjson")
				_, _ = io.WriteString(w, "{}\n{")
			case "/lie/empty":
				w.WriteHeader(http.StatusNoContent)
			case "/lie/moved":
				http.Redirect(w, r, "/x", http.StatusMovedPermanently)
			default:
				next.ServeHTTP(w, r)
			}
		})
	}
	failing := func(context.Context, tenon.None) (thing, error) { return thing{}, respond.Conflict("") }
	routes := tenon.Routes{
		tenon.Get("/form", failing, tenon.Named("form")).With(form.Middleware),
		tenon.Get("/text", give(thing{}), tenon.Named("text")).With(func(http.Handler) http.Handler { return http.HandlerFunc(text) }),
		tenon.Get("/broken", give(stream.NDJSON[thing]{Seq: things(2, errors.New("secret"))}), tenon.Named("broken")),
	}
	for _, kind := range []string{"html", "json", "lines", "empty", "moved"} {
		routes = append(routes, tenon.Get("/lie/"+kind, give(thing{}), tenon.Named(kind)).With(lie))
	}
	session := toolsOf(t, routes)
	for tool, want := range map[string]string{
		"form":   "409 Conflict\n" + `{"message":"Conflict"}`,
		"text":   "502 Bad Gateway\naway\n",
		"broken": "200 OK: the answer broke off",
		"html":   "200 OK: the answer is text/html and not JSON",
		"json":   "200 OK: the answer is not valid JSON",
		"lines":  "200 OK: line 2 of the answer is not valid JSON",
		"empty":  "204 No Content: the answer has no body",
		"moved":  "301 Moved Permanently\n<a href=\"/x\">Moved Permanently</a>.\n\n",
	} {
		got := call(t, session, tool, `{}`)
		assert.True(t, got.IsError, tool)
		assert.Nil(t, got.StructuredContent)
		assert.Equal(t, want, textOf(t, got))
	}
}

// TestNew_events holds that a stream of events is no tool.
func TestNew_events(t *testing.T) {
	t.Parallel()
	log := feed.NewMemory[thing](feed.Options{})
	fault := faultOf(t, tenon.Routes{
		tenon.Get("/events", give(stream.SSE[thing]{}), tenon.Named("events")),
		tenon.Get("/feed", give(feed.SSE[thing]{Log: log, Topic: "a"}), tenon.Named("feed")),
	})
	assert.Contains(t, fault, "GET /events (events) answers 200 with a stream of events, which a tool cannot read to its end")
	assert.Contains(t, fault, "GET /feed (feed) answers 200 with a stream of events")
}
