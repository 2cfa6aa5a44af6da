package respond_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

func says(text string) respond.ErrorHandler {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		_ = respond.Write(w, r, respond.Status(respond.AsProblem(err).Status, text))
	}
}

func TestUseErrorHandler_nearest(t *testing.T) {
	t.Parallel()
	fails := respond.Func(func(r *http.Request) (any, error) {
		if r.URL.Path == "/redirect" {
			return nil, respond.Found("/")
		}
		return nil, respond.NewProblem(http.StatusNotFound, "")
	})
	outer, inner := respond.UseErrorHandler(says("outer")), respond.UseErrorHandler(says("inner"))
	passing := respond.UseErrorHandler(respond.Error)
	for name, tc := range map[string]struct {
		h    http.Handler
		body string
	}{
		"one":             {outer(fails), "outer"},
		"nearest":         {outer(inner(fails)), "inner"},
		"handing on":      {outer(passing(fails)), "outer"},
		"handing on, two": {outer(passing(passing(fails))), "outer"},
		"handing on to the default": {
			passing(passing(fails)),
			`{"type":"about:blank","title":"Not Found","status":404}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kittest.ServeBehind(t, tc.h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Get(t, "/")
				assert.Equal(t, 404, got.StatusCode)
				assert.Equal(t, tc.body, got.Text)
				assert.Empty(t, s.Do(t, http.MethodHead, "/", nil, nil).Text)
				assert.Equal(t, 302, s.Get(t, "/redirect").StatusCode, "serves itself")
			})
		})
	}
}

// TestUseErrorHandler_fields holds that the header fields of a failure reach the
// client in any form, once, and those of a problem that gave way to another not.
func TestUseErrorHandler_fields(t *testing.T) {
	t.Parallel()
	limited := respond.NewProblem(429, "").WithHeader("Retry-After", "5").WithHeader("Link", "</a>").WithHeader("Link", "</b>")
	ranged := respond.NewProblem(416, "").WithHeader("Content-Range", "bytes */9")
	plain := respond.UseErrorHandler(func(w http.ResponseWriter, _ *http.Request, err error) {
		http.Error(w, "plain", respond.AsProblem(err).Status)
	})
	empty := respond.UseErrorHandler(func(w http.ResponseWriter, _ *http.Request, err error) {
		w.WriteHeader(respond.AsProblem(err).Status)
	})
	passing := respond.UseErrorHandler(respond.Error)
	copying := respond.UseErrorHandler(func(w http.ResponseWriter, r *http.Request, err error) {
		respond.Error(w, r, respond.AsProblem(err).With("more", 1))
	})
	other := respond.UseErrorHandler(func(w http.ResponseWriter, r *http.Request, _ error) {
		w.Header().Add("Link", "</c>")
		respond.Error(w, r, respond.NewProblem(429, "").WithHeader("Link", "</d>"))
	})
	for name, tc := range map[string]struct {
		form func(http.Handler) http.Handler
		err  error
		want http.Header
	}{
		"default":        {func(h http.Handler) http.Handler { return h }, limited, http.Header{"Retry-After": {"5"}, "Link": {"</>", "</a>", "</b>"}}},
		"http.Error":     {plain, limited, http.Header{"Retry-After": {"5"}, "Link": {"</>", "</a>", "</b>"}}},
		"no body":        {empty, limited, http.Header{"Retry-After": {"5"}, "Link": {"</>", "</a>", "</b>"}}},
		"value":          {respond.UseErrorHandler(says("text")), limited, http.Header{"Retry-After": {"5"}, "Link": {"</>", "</a>", "</b>"}}},
		"handed on":      {func(h http.Handler) http.Handler { return passing(passing(h)) }, limited, http.Header{"Retry-After": {"5"}, "Link": {"</>", "</a>", "</b>"}}},
		"handed on, own": {func(h http.Handler) http.Handler { return plain(copying(h)) }, limited, http.Header{"Retry-After": {"5"}, "Link": {"</>", "</a>", "</b>"}}},
		"another":        {other, limited, http.Header{"Retry-After": nil, "Link": {"</>", "</c>", "</d>"}}},
		"range":          {plain, ranged, http.Header{"Content-Range": {"bytes */9"}}},
		"range, on":      {passing, ranged, http.Header{"Content-Range": {"bytes */9"}}},
		"embedded":       {plain, extends{limited, 1}, http.Header{"Retry-After": {"5"}}},
		"declared":       {plain, declares{limited}, http.Header{"Retry-After": {"5"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := tc.form(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Link", "</>")
				w.Header().Set("Content-Range", "bytes 0-1/2")
				respond.Error(w, r, tc.err)
			}))
			kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Get(t, "/")
				for field, want := range tc.want {
					assert.Equal(t, want, got.Header[field], field)
				}
			})
		})
	}
}

// TestUseErrorHandler_writesNothing holds that the failure stays one.
func TestUseErrorHandler_writesNothing(t *testing.T) {
	t.Parallel()
	unauthorized := respond.NewProblem(401, "").WithHeader("WWW-Authenticate", "Basic")
	for name, tc := range map[string]struct {
		form respond.ErrorHandler
		err  error
		want int
	}{
		"nothing":       {func(http.ResponseWriter, *http.Request, error) {}, unauthorized, 401},
		"of the server": {func(http.ResponseWriter, *http.Request, error) {}, errors.New("down"), 500},
		"its own":       {func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(403) }, unauthorized, 403},
		"a body":        {func(w http.ResponseWriter, _ *http.Request, _ error) { _, _ = io.WriteString(w, "a") }, unauthorized, 200},
	} {
		w, _ := record(t, respond.UseErrorHandler(tc.form)(respond.Func(func(*http.Request) (any, error) { return nil, tc.err })).ServeHTTP)
		assert.Equal(t, tc.want, w.Code, name)
		assert.Equal(t, errors.Is(tc.err, unauthorized), w.Header().Get("WWW-Authenticate") != "", name)
	}
}

// TestUseErrorHandler_panics holds that what answers the panic does not answer with
// the header fields of the failure.
func TestUseErrorHandler_panics(t *testing.T) {
	t.Parallel()
	unauthorized := respond.NewProblem(401, "").WithHeader("WWW-Authenticate", "Basic")
	panics := respond.UseErrorHandler(func(http.ResponseWriter, *http.Request, error) { panic("planned") })
	for name, tc := range map[string]struct {
		form func(http.Handler) http.Handler
		err  error
	}{
		"handler":     {panics, unauthorized},
		"handed on":   {func(h http.Handler) http.Handler { return panics(respond.UseErrorHandler(respond.Error)(h)) }, unauthorized},
		"its members": {func(h http.Handler) http.Handler { return h }, unauthorized.With("more", panicking{})},
	} {
		h := tc.form(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Kept", "1")
			respond.Error(w, r, tc.err)
		}))
		w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				if value := recover(); value != nil {
					respond.Error(w, r, fmt.Errorf("%v", value))
				}
			}()
			h.ServeHTTP(w, r)
		})
		assert.NotContains(t, w.Header(), "Www-Authenticate", name)
		assert.Equal(t, "1", w.Header().Get("X-Kept"), name)
	}
}

// TestUseErrorHandler_failsHalfWay holds that a handler which has written and then
// fails does not get a second document behind the first.
func TestUseErrorHandler_failsHalfWay(t *testing.T) {
	t.Parallel()
	h := respond.UseErrorHandler(func(w http.ResponseWriter, r *http.Request, _ error) {
		_, _ = io.WriteString(w, "half of ")
		respond.Error(w, r, errors.New("template is broken"))
	})(respond.Func(func(*http.Request) (any, error) { return nil, respond.NewProblem(404, "") }))
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got, err := s.TryDo(http.MethodGet, "/", nil, nil)
		require.Error(t, err)
		if got != nil {
			assert.NotContains(t, got.Text, "{")
		}
	})
}

func TestUseErrorHandler_logsOnce(t *testing.T) {
	t.Parallel()
	broken := errors.New("template is broken")
	breaking := respond.UseErrorHandler(func(w http.ResponseWriter, r *http.Request, _ error) { respond.Error(w, r, broken) })
	passing := respond.UseErrorHandler(respond.Error)
	uncomparable := listed{errors.New("a")}
	for _, tc := range []struct {
		h    func(http.Handler) http.Handler
		err  error
		want int
	}{
		{passing, errors.New("down"), 1},
		{func(h http.Handler) http.Handler { return passing(passing(h)) }, errors.New("down"), 1},
		{breaking, errors.New("down"), 2},
		{breaking, respond.NewProblem(404, ""), 1},
		{breaking, broken, 1},
		{passing, uncomparable, 2},
		{passing, nil, 1},
	} {
		w, book := record(t, tc.h(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			respond.Error(w, r, tc.err)
		})).ServeHTTP)
		assert.Equal(t, 500, w.Code)
		assert.Len(t, book.all(), tc.want, "%v", tc.err)
	}
}

// listed cannot be compared.
type listed []error

func (listed) Error() string { return "several" }

func TestUseErrorHandler_keepsPattern(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /articles/{id}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("id") == "0" {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, r.PathValue("id"))
	})
	h := respond.UseErrorHandler(respond.Error)(mux)
	for _, path := range []string{"/articles/7", "/articles/0"} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		func() {
			defer func() { _ = recover() }()
			h.ServeHTTP(httptest.NewRecorder(), r)
		}()
		assert.Equal(t, "GET /articles/{id}", r.Pattern)
	}
}
