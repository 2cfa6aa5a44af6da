package openapi_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

type tryIn struct {
	Name  string            `path:"name" doc:"Who is greeted."`
	Times int               `query:"times" default:"1" minimum:"1" maximum:"5"`
	Tags  []string          `query:"tag"`
	Flags []string          `query:"flag,csv"`
	Meta  map[string]string `query:"meta,deep"`
	Loud  bool              `query:"loud,optional"`
	Tone  string            `query:"tone" enum:"kind,<b>rude</b>" default:"kind"`
	Token string            `header:"X-Token,optional"`
	Theme string            `cookie:"theme,optional"`
}

type tryNode struct {
	Name     string    `json:"name" minLength:"2" doc:"A name, of <script>alert(1)</script>."`
	Children []tryNode `json:"children,omitempty"`
	Stars    *int      `json:"stars" minimum:"0" maximum:"5"`
}

type tryUpload struct {
	Title string      `form:"title"`
	Files []bind.File `form:"files"`
}

// A tryPerson reads otherwise in requests, and has examples.
type tryPerson struct {
	ID       int      `json:"id" readOnly:"true"`
	Name     string   `json:"name" example:"Ada"`
	Password string   `json:"password" writeOnly:"true" example:"hunter2"`
	Nick     *string  `json:"nick,omitempty" nullable:"false" example:"Countess"`
	Tags     []string `json:"tags" example:"math,engines"`
}

type tryPeople struct {
	Team   string    `path:"team" example:"blue"`
	Sizes  []int     `query:"size" minItems:"1" example:"1,2"`
	Person tryPerson `body:"json"`
}

// gif is the smallest image, of one pixel.
type gif []byte

func (gif) ContentType() string { return "image/gif" }

func pixel(context.Context, tenon.None) (gif, error) {
	return gif("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"), nil
}

// forever sends one event and then waits for the client to leave.
func forever(ctx context.Context, _ tenon.None) (stream.SSE[int], error) {
	return stream.SSE[int]{Seq: stream.Push(func(send func(int) error) error {
		if err := send(0); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	})}, nil
}

// tryRoutes echo what came.
func tryRoutes() tenon.Routes {
	echo := func(_ context.Context, in tryIn) (string, error) {
		return fmt.Sprintf("%s %d %q %q %v %t %s %s %s", in.Name, in.Times, in.Tags, in.Flags, in.Meta, in.Loud, in.Tone, in.Token, in.Theme), nil
	}
	guard := openapi.Guard[string]{Name: "key", Scheme: openapi.HeaderKey("X-Key"), Check: func(r *http.Request) (string, error) {
		key := r.Header.Get("X-Key")
		if key != "s3cret" {
			return "", respond.NewProblem(http.StatusUnauthorized, "no key")
		}
		return key, nil
	}}
	routes := tenon.Routes{
		tenon.Get("/greet/{name}", echo, tenon.Named("greet"), tenon.Doc{Summary: "Greets", Description: "As often as asked.\n\nAnd no more."}),
		tenon.Post("/nodes", func(_ context.Context, in tryNode) (respond.Created[tryNode], error) {
			return respond.Created[tryNode]{Body: in, Location: "/nodes/1"}, nil
		}, tenon.Named("create"), tenon.Doc{Tags: []string{"nodes"}}),
		tenon.Post("/files", func(_ context.Context, in tryUpload) (string, error) {
			var text strings.Builder
			text.WriteString(in.Title)
			for _, file := range in.Files {
				fmt.Fprintf(&text, " %s %d", file.Name, file.Size)
			}
			return text.String(), nil
		}, tenon.Named("upload")),
		tenon.Get("/ticks", func(context.Context, tenon.None) (stream.SSE[int], error) {
			return stream.SSE[int]{Seq: stream.Push(func(send func(int) error) error {
				for i := range 3 {
					if err := send(i); err != nil {
						return err
					}
				}
				return nil
			})}, nil
		}, tenon.Named("ticks"), tenon.Doc{Deprecated: true}),
		tenon.Get("/forever", forever, tenon.Named("forever")),
		tenon.Get("/pixel", pixel, tenon.Named("pixel")),
		tenon.Post("/people/{team}", func(_ context.Context, in tryPeople) (respond.Created[tryPerson], error) {
			in.Person.ID = 7
			in.Person.Tags = append(in.Person.Tags, in.Team, fmt.Sprint(in.Sizes), in.Person.Password[:2])
			return respond.Created[tryPerson]{Body: in.Person}, nil
		}, tenon.Named("person")),
		tenon.Get("/away", func(context.Context, tenon.None) (respond.Redirect, error) {
			return respond.SeeOther("/greet/Ada?tone=kind"), nil
		}, tenon.Named("away")),
	}
	optional := guard
	optional.Name, optional.Scheme, optional.Optional = "maybe", openapi.HeaderKey("X-Maybe"), true
	optional.Check = func(*http.Request) (string, error) { return "", openapi.ErrNoCredentials }
	routes = append(routes, optional.Protect(tenon.Routes{
		tenon.Get("/anyone", func(context.Context, tenon.None) (string, error) { return "come in", nil }, tenon.Named("anyone")),
	})...)
	return append(routes, guard.Protect(tenon.Routes{
		tenon.Get("/secret", func(context.Context, tenon.None) (string, error) { return "the secret", nil }, tenon.Named("secret")),
	})...)
}

func tryDocument(t *testing.T) *openapi.Document {
	t.Helper()
	doc, err := openapi.New(openapi.Info{Title: "Try", Version: "1.2", Description: "A service.\n\nOf <i>few</i> routes."}, tryRoutes(),
		openapi.Tags(openapi.Tag{Name: "nodes", Description: "Trees."}),
		openapi.Servers(openapi.Server{URL: "/"}, openapi.Server{URL: "https://api.example.com/v1", Description: "production"}))
	require.NoError(t, err)
	return doc
}

func TestDocs(t *testing.T) {
	t.Parallel()
	kittest.Serve(t, openapi.Docs(tryDocument(t)), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		res := s.Get(t, "/")
		page := res.Text
		assert.Equal(t, http.StatusOK, res.StatusCode)
		assert.Equal(t, "text/html; charset=utf-8", res.Header.Get("Content-Type"))
		policy := res.Header.Get("Content-Security-Policy")
		assert.Contains(t, policy, "default-src 'none'")
		assert.Contains(t, policy, "connect-src 'self' https://api.example.com;")
		for _, want := range []string{
			"<title>Try 1.2</title>", "A service.\n\nOf &lt;i&gt;few&lt;/i&gt; routes.", `id="op-greet"`, `id="schema-tryNode"`, "As often as asked.",
			"A name, of &lt;script&gt;alert(1)&lt;/script&gt;.", `<option>&lt;b&gt;rude&lt;/b&gt;</option>`, `href="#schema-tryNode"`, "Trees.", "minimum length 2",
			`data-style="csv"`, `data-lines="pairs"`, `data-guards="key"`, "deprecated", "Who is greeted.", "text/event-stream",
			"events of integer", "data: 1\n\n", `<pre tabindex="0" role="region" aria-label="Example">{`,
		} {
			assert.Contains(t, page, want)
		}
		assert.Empty(t, regexp.MustCompile(`(?:src|href)="(?:https?:)?//`).FindAllString(page, -1), "it loads nothing from elsewhere")
		assert.Equal(t, 1, strings.Count(page, "<script>"))
		assert.Equal(t, http.StatusMethodNotAllowed, s.Do(t, http.MethodPost, "/", nil, nil).StatusCode)
		again := s.Do(t, http.MethodGet, "/", nil, http.Header{"If-None-Match": {res.Header.Get("ETag")}})
		assert.Equal(t, http.StatusNotModified, again.StatusCode)
	})
	assert.Panics(t, func() { openapi.Docs(nil) })
}

// TestDocs_chromium works the page through a frame, as a person would by keyboard
// and mouse: the content policy of the page keeps a test from putting a script
// into it. testdata/driver.html is the person, testdata/tryit.txt what it sees.
func TestDocs_chromium(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	tryRoutes().Mount(mux)
	mux.Handle("GET /docs", openapi.Docs(tryDocument(t)))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "testdata/driver.html") })
	url, reports := kittest.Browse(t, mux, "/")
	var all strings.Builder
	for report := ""; report != "end"; {
		report = kittest.Await(t, reports, "the page stopped after:\n"+all.String())
		all.WriteString(strings.ReplaceAll(report, url, "http://host") + "\n")
	}
	if *update {
		require.NoError(t, os.WriteFile("testdata/tryit.txt", []byte(all.String()), 0o600))
	}
	want, err := os.ReadFile("testdata/tryit.txt")
	require.NoError(t, err)
	assert.Equal(t, string(want), all.String())
}
