package respond_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

type chain = func(http.Handler) http.Handler

// around returns h within these, the first of which is the outermost.
func around(h http.Handler, all ...chain) http.Handler {
	for _, link := range slices.Backward(all) {
		h = link(h)
	}
	return h
}

// names is a mapper that adds its name to the detail of what it sees.
func names(name string) chain {
	return respond.MapErrors(func(err error) error {
		var p *respond.Problem
		if !errors.As(err, &p) {
			return respond.NewProblem(409, name)
		}
		return respond.NewProblem(p.Status, p.Detail+" "+name)
	})
}

func fails(err error) http.Handler {
	return respond.Func(func(*http.Request) (any, error) { return nil, err })
}

// TestMapErrors_order holds that every MapErrors is asked, the innermost first, and
// wherever an ErrorHandler or ErrorBody stands.
func TestMapErrors_order(t *testing.T) {
	t.Parallel()
	handler := respond.UseErrorHandler(func(w http.ResponseWriter, _ *http.Request, err error) {
		p := respond.AsProblem(err)
		http.Error(w, "form: "+p.Detail, p.Status)
	})
	body := respond.NewErrorBody("text/plain", func(p *respond.Problem) string { return "form: " + p.Detail + "\n" }).Middleware
	passing := respond.UseErrorHandler(respond.Error)
	for _, form := range []chain{handler, body} {
		for _, all := range [][]chain{
			{form, names("c"), names("b"), names("a")},
			{names("c"), form, names("b"), names("a")},
			{names("c"), names("b"), names("a"), form},
			{names("c"), form, passing, names("b"), passing, names("a"), passing},
		} {
			w, _ := record(t, around(fails(errors.New("down")), all...).ServeHTTP)
			assert.Equal(t, 409, w.Code)
			assert.Equal(t, "form: a b c\n", w.Body.String())
		}
	}
	w, _ := record(t, around(fails(errors.New("down")), names("c"), names("b"), respond.MapErrors(func(error) error { return nil })).ServeHTTP)
	assert.Contains(t, w.Body.String(), `"detail":"b c"`, "nil keeps the error")
}

// TestMapErrors_fromEverywhere holds that what any package answers is mapped.
func TestMapErrors_fromEverywhere(t *testing.T) {
	t.Parallel()
	mapping := respond.MapErrors(func(err error) error {
		status := respond.AsProblem(err).Status
		return respond.NewProblem(418, fmt.Sprint("was ", status))
	})
	files, err := fileserve.Open(t.TempDir(), fileserve.Options{})
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("GET /bind", bind.Func(func(http.ResponseWriter, *http.Request, struct {
		N int `query:"n"`
	}) {
	}))
	mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { panic("planned") })
	mux.Handle("GET /rows", fails(fmt.Errorf("reading: %w", sql.ErrNoRows)))
	mux.HandleFunc("GET /stream", stream.NDJSON[int]{
		Seq: func(yield func(int, error) bool) { yield(0, sql.ErrNoRows) }, Options: stream.Options{Grace: time.Hour},
	}.ServeHTTP)
	mux.Handle("GET /files/", http.StripPrefix("/files", files))
	mux.Handle("GET /secret", middleware.BasicAuth("x", func(string, string) bool { return false })(fails(nil)))
	mux.Handle("GET /unwritable", respond.Func(func(*http.Request) (any, error) { return func() {}, nil }))
	h := around(mux, mapping, middleware.Recover(), middleware.RouterErrors())
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path, was := range map[string]string{
			"/bind?n=x": "400", "/panic": "500", "/rows": "500", "/unwritable": "500", "/stream": "500", "/files/none": "404", "/secret": "401", "/none": "404",
		} {
			got := s.Get(t, path)
			assert.Equal(t, 418, got.StatusCode, path)
			assert.Contains(t, got.Text, `"detail":"was `+was+`"`, path)
		}
		got := s.Do(t, http.MethodPost, "/bind", nil, nil)
		assert.Equal(t, 418, got.StatusCode)
	})
}

func TestMapErrors_notAsked(t *testing.T) {
	t.Parallel()
	asked := respond.MapErrors(func(err error) error {
		t.Errorf("asked about %v", err)
		return nil
	})
	w, _ := record(t, asked(fails(respond.Found("/elsewhere"))).ServeHTTP)
	assert.Equal(t, 302, w.Code)

	for _, err := range []error{respond.NotFound("gone"), errors.New("down"), context.Canceled} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		rec := httptest.NewRecorder()
		asked(fails(err)).ServeHTTP(rec, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	}

	started := asked(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(200)
		http.NewResponseController(w).Flush()
		respond.Error(w, r, errors.New("late"))
	}))
	kittest.Serve(t, middleware.Recover()(started), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		_, err := s.TryDo(http.MethodGet, "/", nil, nil)
		require.Error(t, err)
	})
}

// TestMapErrors_servesItself holds that no one is asked about what has become a redirect.
func TestMapErrors_servesItself(t *testing.T) {
	t.Parallel()
	login := respond.MapErrors(func(err error) error {
		if errors.Is(err, http.ErrNoCookie) {
			return respond.SeeOther("/login")
		}
		return nil
	})
	w, _ := record(t, around(fails(http.ErrNoCookie), names("not"), login).ServeHTTP)
	assert.Equal(t, 303, w.Code)
	assert.Equal(t, "/login", w.Header().Get("Location"))
}

// TestMapErrors_passedOn holds that an error is mapped once, and that what an
// ErrorHandler itself fails with is mapped by those further out.
func TestMapErrors_passedOn(t *testing.T) {
	t.Parallel()
	failing := respond.UseErrorHandler(func(w http.ResponseWriter, r *http.Request, _ error) {
		respond.Error(w, r, errors.New("template is broken"))
	})
	w, _ := record(t, around(fails(errors.New("down")), names("out"), respond.UseErrorHandler(respond.Error), names("in")).ServeHTTP)
	assert.Contains(t, w.Body.String(), `"detail":"in out"`)
	w, _ = record(t, around(fails(errors.New("down")), names("out"), failing, names("in")).ServeHTTP)
	assert.Contains(t, w.Body.String(), `"detail":"out"`)
}

// TestMapErrors_log holds that the error that was replaced is in the log of a 5xx, and
// that a panic is logged whatever it is mapped to.
func TestMapErrors_log(t *testing.T) {
	t.Parallel()
	panics := middleware.Recover()(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("planned") }))
	down := errors.New("connection to 10.0.0.7 refused")
	for name, tc := range map[string]struct {
		h    http.Handler
		to   func(error) error
		want []string // in one entry; none for no entry
	}{
		"a 5xx":         {fails(down), func(error) error { return respond.NewProblem(503, "later") }, []string{"status=503", "later", "10.0.0.7"}},
		"with a cause":  {fails(down), func(err error) error { return respond.NewProblem(503, "later").WithCause(err) }, []string{"status=503", "10.0.0.7"}},
		"a 4xx":         {fails(down), func(error) error { return respond.NotFound("") }, nil},
		"kept":          {fails(down), func(error) error { return nil }, []string{"status=500", "10.0.0.7"}},
		"a panic":       {panics, func(error) error { return nil }, []string{"status=500", "planned", "goroutine"}},
		"a mapped one":  {panics, func(error) error { return respond.NewProblem(500, "sorry") }, []string{"status=500", "sorry", "planned", "goroutine"}},
		"hidden by 4xx": {panics, func(error) error { return respond.NotFound("") }, []string{"status=404", "planned"}},
		"nil":           {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, nil) }), func(err error) error { return fmt.Errorf("wrapped: %w", err) }, []string{"wrapped: respond: Error was called without an error"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, book := record(t, respond.MapErrors(tc.to)(tc.h).ServeHTTP)
			if tc.want == nil {
				assert.Empty(t, book.all())
				return
			}
			require.Len(t, book.all(), 1)
			for _, words := range tc.want {
				assert.Contains(t, book.all()[0], words)
			}
			assert.Equal(t, 1, strings.Count(book.all()[0], "10.0.0.7")+strings.Count(book.all()[0], "panic: planned")+strings.Count(book.all()[0], "wrapped"))
		})
	}
}

func TestMapErrors_faults(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "respond: MapErrors: the function is nil: write one that returns another error, or nil", func() { respond.MapErrors(nil) })
}

func TestConstructors(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		p      *respond.Problem
		status int
		fields http.Header
	}{
		{respond.BadRequest("a"), 400, nil},
		{respond.Forbidden("a"), 403, nil},
		{respond.NotFound("a"), 404, nil},
		{respond.Conflict("a"), 409, nil},
		{respond.Unauthorized(`Bearer realm="x"`, "a"), 401, http.Header{"Www-Authenticate": {`Bearer realm="x"`}}},
		{respond.Unauthorized("", "a"), 401, nil},
	} {
		w, _ := record(t, fails(tc.p).ServeHTTP)
		assert.Equal(t, tc.status, w.Code)
		assert.Equal(t, tc.fields.Get("WWW-Authenticate"), w.Header().Get("WWW-Authenticate"))
		assert.Equal(t, tc.fields != nil, len(w.Header()["Www-Authenticate"]) > 0)
		assert.Contains(t, w.Body.String(), `"detail":"a"`)
	}
}
