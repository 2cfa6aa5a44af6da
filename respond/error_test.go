package respond_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

const secret = "hunter2"

type (
	// coded has a status and a text that is not for clients.
	coded int
	// declares has a Problem method.
	declares struct{ problem *respond.Problem }
	// extends embeds a problem.
	extends struct {
		*respond.Problem

		extra int
	}
	// converts has an As method and nothing else.
	converts struct{ to any }
	// masks is what another type of cancellation may look like.
	masks struct{ target error }
	// touchy must not be touched while it is nil.
	touchy struct{ text string }
)

func (c coded) Error() string                { return secret }
func (c coded) StatusCode() int              { return int(c) }
func (c coded) Headers() http.Header         { return http.Header{"X-Upstream": {secret}} }
func (declares) Error() string               { return secret }
func (d declares) Problem() *respond.Problem { return d.problem }
func (converts) Error() string               { return secret }
func (masks) Error() string                  { return secret }
func (m masks) Is(target error) bool         { return target == m.target }

func (c converts) As(target any) bool {
	switch to := c.to.(type) {
	case *respond.Problem:
		if p, ok := target.(**respond.Problem); ok {
			*p = to
			return true
		}
	case http.Handler:
		if p, ok := target.(*http.Handler); ok {
			*p = to
			return true
		}
	case *http.MaxBytesError:
		if p, ok := target.(**http.MaxBytesError); ok {
			*p = to
			return true
		}
	}
	return false
}

func (t *touchy) Error() string             { return t.text }
func (t *touchy) Unwrap() error             { return errors.New(t.text) }
func (t *touchy) StatusCode() int           { return len(t.text) }
func (t *touchy) Problem() *respond.Problem { return respond.NewProblem(400, t.text) }

func (t *touchy) ServeHTTP(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, t.text) }
func (t *touchy) Is(error) bool                                    { return t.text == "" }
func (t *touchy) As(any) bool                                      { return t.text == "" }

type failure struct {
	name   string
	err    error
	status int
	detail string
	logged bool
}

// failures is the table of Error, in its order.
func failures() []failure {
	tooLarge := &http.MaxBytesError{Limit: 1}
	problem := respond.NewProblem(409, "public").WithCause(errors.New(secret))
	hidden := errors.New(secret)
	return []failure{
		{"problem", problem, 409, "public", false},
		{"problem, wrapped", fmt.Errorf(secret+": %w", problem), 409, "public", false},
		{"problem, joined", errors.Join(hidden, problem), 409, "public", false},
		{"problem, embedded", fmt.Errorf(secret+": %w", extends{problem, 1}), 409, "public", false},
		{"problem before a limit", errors.Join(tooLarge, problem), 409, "public", false},
		{"problem of the server", respond.NewProblem(503, "later").WithCause(hidden), 503, "later", true},
		{"problem without a status", &respond.Problem{Detail: "public"}, 500, "public", true},
		{"problem that is no failure", &respond.Problem{Status: 200, Detail: "public"}, 500, "public", true},
		{"cause of a problem does not count", respond.NewProblem(409, "public").WithCause(respond.Found("/secret")), 409, "public", false},
		{"declared", declares{problem}, 409, "public", false},
		{"declared, wrapped", fmt.Errorf(secret+": %w", declares{problem}), 409, "public", false},
		{"declared nil", declares{}, 500, "", true},
		{"converted to a problem", converts{problem}, 409, "public", false},
		{"too large", tooLarge, 413, "the body is larger than 1 bytes", false},
		{"too large, wrapped", fmt.Errorf(secret+": %w", tooLarge), 413, "the body is larger than 1 bytes", false},
		{"converted to too large", converts{tooLarge}, 413, "the body is larger than 1 bytes", false},
		{"too large before a deadline", errors.Join(context.DeadlineExceeded, tooLarge), 413, "the body is larger than 1 bytes", false},
		{"canceled, client present", fmt.Errorf(secret+": %w", context.Canceled), 503, "", true},
		{"canceled before a deadline", errors.Join(context.DeadlineExceeded, context.Canceled), 503, "", true},
		{"canceled before a status", errors.Join(coded(404), context.Canceled), 503, "", true},
		{"deadline", fmt.Errorf(secret+": %w", context.DeadlineExceeded), 504, "", true},
		{"deadline of another kind", masks{context.DeadlineExceeded}, 504, "", true},
		{"status", coded(404), 404, "", false},
		{"status, wrapped", fmt.Errorf(secret+": %w", coded(418)), 418, "", false},
		{"status of the server", coded(502), 502, "", true},
		{"status too low", coded(399), 500, "", true},
		{"status of success", coded(200), 500, "", true},
		{"status too high", coded(600), 500, "", true},
		{"the first usable status", errors.Join(coded(200), coded(404), coded(405)), 404, "", false},
		{"anything else", hidden, 500, "", true},
		{"timeout is no status", &timeout{}, 500, "", true},
		{"none", nil, 500, "", true},
		{"typed nil", (*touchy)(nil), 500, "", true},
		{"typed nil, joined", errors.Join((*touchy)(nil), coded(404)), 404, "", false},
		{"typed nil problem", (*respond.Problem)(nil), 500, "", true},
		{"typed nil embedded", extends{}, 500, "", true},
	}
}

type timeout struct{}

func (*timeout) Error() string { return secret }
func (*timeout) Timeout() bool { return true }

func TestError_order(t *testing.T) {
	t.Parallel()
	for _, tc := range failures() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w, book := record(t, func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, tc.err) })
			assert.Equal(t, tc.status, w.Code)
			assert.Equal(t, asProblem, w.Header().Get("Content-Type"))
			want := fmt.Sprintf(`{"type":"about:blank","title":%q,"status":%d`, http.StatusText(tc.status), tc.status)
			if tc.detail != "" {
				want += fmt.Sprintf(`,"detail":%q`, tc.detail)
			}
			assert.Equal(t, want+"}", w.Body.String())
			assert.Len(t, book.all(), map[bool]int{true: 1}[tc.logged], "only server errors are logged, once: %v", book.all())

			got := respond.AsProblem(tc.err)
			assert.Equal(t, tc.status, got.Status)
			assert.Equal(t, tc.detail, got.Detail)
			assert.Equal(t, http.StatusText(tc.status), got.Title)
			got.Detail = "changed" // the caller's own, though the error may be shared
			assert.Equal(t, tc.detail, respond.AsProblem(tc.err).Detail)
		})
	}
}

// TestError_secret plants a secret in every place of an error that is not for
// the client, and looks for it in every answer.
func TestError_secret(t *testing.T) {
	t.Parallel()
	var errs []error
	for _, tc := range failures() {
		errs = append(errs, tc.err, fmt.Errorf(secret+": %w", &opaqueError{tc.err}), errors.Join(errors.New(secret), &opaqueError{tc.err}))
	}
	errs = append(errs, respond.NewProblem(500, "").With("inner", failingExtension{}).With("detail", secret))
	shape := respond.UseErrorHandler(func(w http.ResponseWriter, r *http.Request, err error) {
		_ = respond.Write(w, r, respond.Status(respond.AsProblem(err).Status, *respond.AsProblem(err)))
	})
	for i, err := range errs {
		fail := func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, err) }
		value := func(w http.ResponseWriter, r *http.Request) { _ = respond.Write(w, r, respond.Created[any]{Body: err}) }
		for _, h := range []http.Handler{http.HandlerFunc(fail), http.HandlerFunc(value), shape(http.HandlerFunc(fail))} {
			w, _ := record(t, h.ServeHTTP)
			assert.NotContains(t, w.Body.String(), secret, "%d: %T", i, err)
			assert.NotContains(t, fmt.Sprint(w.Header()), secret, "%d: %T", i, err)
		}
	}
	for name, v := range failing() {
		w, _ := record(t, func(w http.ResponseWriter, r *http.Request) { _ = respond.Write(w, r, v) })
		assert.NotContains(t, w.Body.String(), "secret", name)
	}
}

type (
	opaqueError      struct{ inner error }
	failingExtension struct{}
)

func (x *opaqueError) Error() string                  { return secret }
func (x *opaqueError) Unwrap() error                  { return x.inner }
func (failingExtension) MarshalJSON() ([]byte, error) { return nil, errors.New(secret) }

func TestError_handlerServesItself(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"redirect":                respond.Found("/next"),
		"wrapped":                 fmt.Errorf("stop: %w", respond.Found("/next")),
		"joined after a problem":  errors.Join(respond.NewProblem(404, ""), respond.Found("/next")),
		"joined after a nil":      errors.Join((*touchy)(nil), respond.Found("/next")),
		"converted to a redirect": converts{respond.Found("/next")},
	} {
		w, book := record(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			respond.Error(w, r, err)
		})
		assert.Equal(t, 302, w.Code, name)
		assert.Equal(t, "/next", w.Header().Get("Location"), name)
		assert.NotContains(t, w.Header(), "Content-Type", name)
		assert.Empty(t, book.all(), name)
	}
}

func TestError_entityFields(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{
			"Content-Length", "Content-Encoding", "Content-Range", "Content-Disposition", "Content-Type",
			"Content-Language", "Content-Location", "Content-Digest", "Repr-Digest", "Etag", "Last-Modified",
		} {
			w.Header().Set(name, "7")
		}
		w.Header().Add("Set-Cookie", "a=1")
		w.Header().Add("Set-Cookie", "b=2")
		w.Header().Set("Vary", "Origin")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cache-Control", "no-store")
		respond.Error(w, r, respond.NewProblem(416, "").
			WithHeader("content-range", "bytes */9").WithHeader("Set-Cookie", "c=3").
			WithHeader("Content-Length", "1").WithHeader("Transfer-Encoding", "x").WithHeader("Connection", "close").
			WithHeader("X-Bad", "a\r\nb").WithHeader("x bad", "a"))
	})
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got := s.Get(t, "/")
		got.Header.Del("Date")
		assert.Equal(t, 416, got.StatusCode)
		assert.Equal(t, http.Header{
			"Content-Type": {asProblem}, "X-Content-Type-Options": {"nosniff"}, "Content-Length": {"77"},
			"Set-Cookie": {"a=1", "b=2", "c=3"}, "Vary": {"Origin"}, "Access-Control-Allow-Origin": {"*"},
			"Cache-Control": {"no-store"}, "Content-Range": {"bytes */9"},
		}, got.Header)
		assert.Len(t, got.Text, 77)
	})
}

func TestError_headers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status      int
		name, value string
	}{
		{401, "WWW-Authenticate", `Basic realm="a"`},
		{405, "Allow", "GET, HEAD"},
		{429, "Retry-After", "3"},
		{503, "Retry-After", "Fri, 20 Nov 2026 08:00:00 GMT"},
	} {
		h := respond.Func(func(*http.Request) (any, error) {
			return nil, fmt.Errorf("wrapped: %w", respond.NewProblem(tc.status, "").WithHeader(tc.name, tc.value))
		})
		kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
			t.Helper()
			got := s.Get(t, "/")
			assert.Equal(t, tc.status, got.StatusCode)
			assert.Equal(t, []string{tc.value}, got.Header.Values(tc.name))
		})
		kittest.CheckHeaders(t, h, func() *http.Request { r, _ := get(t); return r })
	}
}

func TestError_started(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "half of ")
		_ = http.NewResponseController(w).Flush()
		respond.Error(w, r, errors.New(secret))
	})
	knows := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(rw.Wrap(w), r) })
	kittest.Serve(t, knows, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got, err := s.TryDo(http.MethodGet, "/", nil, nil)
		require.Error(t, err, "the client sees a truncated response")
		if got != nil {
			assert.Equal(t, "half of ", got.Text)
		}
	})

	r, book := get(t)
	w := rw.Wrap(httptest.NewRecorder())
	w.WriteHeader(http.StatusEarlyHints)
	assert.NotPanics(t, func() { respond.Error(w, r, respond.NewProblem(404, "")) }, "informational")
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() { respond.Error(w, r, errors.New(secret)) })
	assert.Equal(t, []string{"respond: response broken off method=GET path=/articles/7 error=" + secret}, book.all())
	for _, v := range []any{"x", article{}, nil, respond.Found("/"), strings.NewReader("x")} {
		assert.EqualError(t, respond.Write(w, r, v), "respond: the response has started already")
	}
}

func TestError_recordedCause(t *testing.T) {
	t.Parallel()
	r, book := get(t)
	inner := errors.New(secret)
	outer := rw.Wrap(httptest.NewRecorder())
	outer.CollectCause()
	respond.Error(foreign{outer}, r, respond.NewProblem(503, "later").WithCause(inner))
	assert.Empty(t, book.all(), "whoever collects the cause logs it")
	require.ErrorContains(t, outer.Cause(), "503 Service Unavailable: later: "+secret)
	require.ErrorIs(t, outer.Cause(), inner)
}

type foreign struct{ http.ResponseWriter }

func (f foreign) Unwrap() http.ResponseWriter { return f.ResponseWriter }

var errTaken = respond.NewProblem(409, "taken").WithHeader("Allow", "GET").With("limit", 5)

// TestProblem_sentinel fails under the race detector if a shared problem is changed.
func TestProblem_sentinel(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	before := fmt.Sprintf("%+v", *errTaken)
	for range 8 {
		wg.Go(func() {
			for i := range 50 {
				w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Allow", "HEAD")
					respond.Error(w, r, fmt.Errorf("%d: %w", i, errTaken))
					w.Header()["Allow"][0] = "changed"
				})
				assert.Equal(t, 409, w.Code)
				mine := respond.AsProblem(errTaken).With("mine", i)
				mine.Extensions["limit"] = i
				_ = errTaken.WithHeader("Allow", "POST").WithCause(io.EOF)
			}
		})
	}
	wg.Wait()
	assert.Equal(t, before, fmt.Sprintf("%+v", *errTaken))
}
