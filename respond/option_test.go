package respond_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

type quiet string

func TestShorthand(t *testing.T) {
	t.Parallel()
	opts := []respond.Option{
		respond.Shorthand(func(w http.ResponseWriter, _ *http.Request, v slug) error {
			w.WriteHeader(299)
			_, err := io.WriteString(w, "slug "+string(v))
			return err
		}),
		respond.Shorthand(func(w http.ResponseWriter, r *http.Request, v *article) error {
			return respond.Write(w, r, "article "+v.Title)
		}),
		respond.Shorthand(func(http.ResponseWriter, *http.Request, flag) error {
			return respond.NewProblem(409, "no flags")
		}),
		respond.Shorthand(func(w http.ResponseWriter, r *http.Request, v quiet) error {
			_ = respond.Write(w, r, string(v))
			return (*respond.Problem)(nil) // a typed nil is no error
		}),
		respond.Shorthand(func(w http.ResponseWriter, r *http.Request, v func() string) error {
			return respond.Write(w, r, v())
		}),
		respond.Shorthand(func(w http.ResponseWriter, r *http.Request, v []chan int) error {
			return respond.Write(w, r, v) // answers with 500 and returns the reason
		}),
	}
	anything := respond.New(opts...)
	for _, tc := range []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request) error
		v      any
		status int
		body   string
	}{
		{"value", sender[slug](opts, "a"), slug("a"), 299, "slug a"},
		{"typed nil", sender[quiet](opts, "a"), quiet("a"), 200, "a"},
		{"other string", sender[string](opts, "a"), "a", 200, "a"},
		{
			"in wrappers", sender[respond.Created[respond.OK[slug]]](opts, respond.Created[respond.OK[slug]]{Body: respond.OK[slug]{Body: "a"}}),
			respond.Created[any]{Body: slug("a")},
			299, "slug a",
		},
		{"pointer", sender[*article](opts, &article{Title: "b"}), &article{Title: "b"}, 200, "article b"},
		{"nil pointer", sender[*article](opts, nil), (*article)(nil), 204, ""},
		{"not for the pointer's element", sender[article](opts, article{}), article{}, 200, `{"id":0,"title":"","tags":[]}`},
		{"error", sender[flag](opts, 1), flag(1), 409, `{"type":"about:blank","title":"Conflict","status":409,"detail":"no flags"}`},
		{"function", sender[func() string](opts, func() string { return "f" }), func() string { return "f" }, 200, "f"},
		{"nil function", sender[func() string](opts, nil), (func() string)(nil), 204, ""},
		{
			"error after an answer", sender[[]chan int](opts, make([]chan int, 1)), make([]chan int, 1), 500,
			serverError,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			static, _ := record(t, func(w http.ResponseWriter, r *http.Request) { _ = tc.answer(w, r) })
			dynamic, _ := record(t, func(w http.ResponseWriter, r *http.Request) { _ = anything.Write(w, r, tc.v) })
			assert.Equal(t, tc.status, static.Code)
			assert.Equal(t, tc.body, static.Body.String())
			assert.Equal(t, static.Code, dynamic.Code)
			assert.Equal(t, static.Body.String(), dynamic.Body.String())
			assert.Equal(t, static.Header(), dynamic.Header())
		})
	}
}

// TestShorthand_failsHalfWay holds that one which has written and then fails
// breaks off, whatever the writer can tell.
func TestShorthand_failsHalfWay(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(w http.ResponseWriter){
		"small":  func(w http.ResponseWriter) { _, _ = io.WriteString(w, `{"half":`) },
		"large":  func(w http.ResponseWriter) { _, _ = io.WriteString(w, strings.Repeat("x", 10_000)) },
		"status": func(w http.ResponseWriter) { w.WriteHeader(http.StatusAccepted) },
		"copy":   func(w http.ResponseWriter) { _, _ = io.Copy(w, strings.NewReader("half")) },
	} {
		opts := []respond.Option{respond.Shorthand(func(w http.ResponseWriter, _ *http.Request, _ slug) error {
			write(w)
			return respond.NewProblem(http.StatusConflict, "second document")
		})}
		for kind, h := range map[string]http.Handler{
			"static":  http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = respond.For[slug](opts...).Write(w, r, "a") }),
			"dynamic": respond.New(opts...).Func(func(*http.Request) (any, error) { return respond.OK[any]{Body: slug("a")}, nil }),
		} {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
					t.Helper()
					got, err := s.TryDo(http.MethodGet, "/", nil, nil)
					require.Error(t, err)
					if got != nil {
						assert.NotContains(t, got.Text, "second document")
					}
				})
			})
		}
	}
}

func sender[T any](opts []respond.Option, v T) func(http.ResponseWriter, *http.Request) error {
	writer := respond.For[T](opts...)
	return func(w http.ResponseWriter, r *http.Request) error { return writer.Write(w, r, v) }
}

func TestFunc(t *testing.T) {
	t.Parallel()
	failure := errors.New("secret")
	for name, h := range map[string]http.Handler{
		"func":      respond.Func(func(*http.Request) (any, error) { return "ignored", failure }),
		"responder": respond.New().Func(func(*http.Request) (any, error) { return "ignored", failure }),
	} {
		w, book := record(t, h.ServeHTTP)
		assert.Equal(t, 500, w.Code, name)
		assert.JSONEq(t, serverError, w.Body.String(), name)
		require.Len(t, book.all(), 1, name)
		assert.Equal(t, "respond: server error status=500 method=GET path=/articles/7 error=secret", book.all()[0], name)
	}
}

// TestWriter_concurrent fails under the race detector if requests share more
// than they read.
func TestWriter_concurrent(t *testing.T) {
	t.Parallel()
	writer := respond.For[respond.Created[article]](formats())
	responder := respond.New(formats())
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 50 {
				id := worker*100 + i
				want := fmt.Sprintf(`{"id":%d,"title":"","tags":[]}`, id)
				static, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
					_ = writer.Write(w, r, respond.Created[article]{Body: article{ID: id}})
				})
				assert.Equal(t, want, static.Body.String())
				dynamic, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
					_ = responder.Write(w, r, &article{ID: id})
				})
				assert.Equal(t, want, dynamic.Body.String())
			}
		})
	}
	wg.Wait()
}

// TestFormats_add holds that JSON is there, where it stands, and which of two codecs
// counts.
func TestFormats_add(t *testing.T) {
	t.Parallel()
	as := func(mediaType, text string) respond.Format {
		return respond.Format{Type: mediaType, Encode: func(w io.Writer, _ any) error {
			if _, err := io.WriteString(w, text); err != nil {
				return err
			}
			return (*respond.Problem)(nil) // a typed nil is no error
		}}
	}
	a, b := as("text/a", "a"), as("text/b", "b")
	for name, tc := range map[string]struct {
		opts []respond.Option
		want []string // by Accept: anything, text/a, text/b, application/json
	}{
		"none":               {[]respond.Option{}, []string{"{}", "{}", "{}", "{}"}},
		"JSON first":         {[]respond.Option{respond.Formats(a, b)}, []string{"{}", "a", "b", "{}"}},
		"JSON in its place":  {[]respond.Option{respond.Formats(a, respond.JSON(), b)}, []string{"a", "a", "b", "{}"}},
		"two calls":          {[]respond.Option{respond.Formats(a), respond.Formats(b)}, []string{"{}", "a", "b", "{}"}},
		"place in the first": {[]respond.Option{respond.Formats(a, respond.JSON()), respond.Formats(b)}, []string{"a", "a", "b", "{}"}},
		"again":              {[]respond.Option{respond.Formats(b, a, respond.JSON()), respond.Formats(as("text/B", "b2"))}, []string{"a", "a", "b2", "{}"}},
		"order of the last":  {[]respond.Option{respond.Formats(a), respond.Formats(respond.JSON(), a)}, []string{"{}", "a", "{}", "{}"}},
		"another JSON":       {[]respond.Option{respond.Formats(a, as("application/json", "[]"))}, []string{"a", "a", "a", "[]"}},
	} {
		responder := respond.New(tc.opts...)
		for i, accept := range []string{"*/*", "text/a", "text/b", "application/json"} {
			w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
				r.Header.Set("Accept", accept)
				_ = responder.Write(w, r, struct {
					A int `json:"a,omitzero"`
				}{})
			})
			assert.Equal(t, tc.want[i], w.Body.String(), "%s: %s", name, accept)
		}
	}
}
