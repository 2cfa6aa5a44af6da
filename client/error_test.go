package client_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/respond"
)

type credit struct {
	Balance int    `json:"balance"`
	Note    string `json:"note"`
}

var outOfCredit = respond.ProblemType[credit]{URI: "https://example.com/credit", Title: "Out of credit", Status: http.StatusForbidden}

// failing returns an Op whose route fails with err, and the route.
func failing(err error) (tenon.Op[tenon.None, article], http.Handler) {
	op := tenon.Op[tenon.None, article]{Method: "GET", Pattern: "/x"}
	return op, mounted(op.Route(func(context.Context, tenon.None) (article, error) { return article{}, err }))
}

// The text of an error names at most five fields.
func TestError_fields(t *testing.T) {
	t.Parallel()
	e := &client.Error{Status: 400, Problem: respond.NewProblem(400, "7 fields are invalid")}
	e.Problem.Errors = []respond.FieldError{{In: "query", Name: "n", Detail: "must be an integer"}, {In: "body", Detail: "a body is required"}}
	require.EqualError(t, e, `client: : 400 Bad Request: 7 fields are invalid: query "n": must be an integer; body: a body is required`)
	for len(e.Problem.Errors) < 7 {
		e.Problem.Errors = append(e.Problem.Errors, respond.FieldError{In: "body", Pointer: "#/a", Detail: "is required"})
	}
	require.EqualError(t, e, `client: : 400 Bad Request: 7 fields are invalid: query "n": must be an integer; body: a body is required; `+
		"body #/a: is required; body #/a: is required; body #/a: is required; and 2 more")
}

func TestError(t *testing.T) {
	t.Parallel()
	problem := outOfCredit.New("the balance is 30", credit{Balance: 30, Note: "x"}).WithHeader("Retry-After", "5")
	problem.Instance = "/accounts/1"
	problem.Errors = []respond.FieldError{{In: "body", Pointer: "#/a", Code: "minimum", Limit: "5", Detail: "must be at least 5"}}
	op, h := failing(problem)
	over(t, h, client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		_, err := client.Call(t.Context(), c, op, tenon.None{})
		require.EqualError(t, err, "client: GET /x: 403 Out of credit: the balance is 30: body #/a: must be at least 5")
		failure, ok := errors.AsType[*client.Error](err)
		require.True(t, ok)
		assert.Equal(t, http.StatusForbidden, failure.Status)
		assert.Equal(t, "5", failure.Header.Get("Retry-After"))
		got := failure.Problem
		assert.Equal(t, problem.Type, got.Type)
		assert.Equal(t, problem.Title, got.Title)
		assert.Equal(t, problem.Detail, got.Detail)
		assert.Equal(t, problem.Instance, got.Instance)
		assert.Equal(t, problem.Errors, got.Errors)
		assert.Equal(t, map[string]any{"balance": 30.0, "note": "x"}, got.Extensions)
		ext, ok := outOfCredit.From(fmt.Errorf("wrapped: %w", err))
		require.True(t, ok)
		assert.Equal(t, credit{Balance: 30, Note: "x"}, ext)
		_, ok = respond.ProblemType[credit]{URI: "https://example.com/other"}.From(err)
		assert.False(t, ok)
	})
}

// A form of the service's own may tell no title.
func TestError_text(t *testing.T) {
	t.Parallel()
	type told struct {
		Title string `json:"title"`
		Words string `json:"words"`
	}
	form := respond.NewErrorBody("application/json", func(p *respond.Problem) told { return told{p.Type, p.Detail} }).
		Read(func(_ int, v told) *respond.Problem { return &respond.Problem{Title: v.Title, Detail: v.Words} })
	for _, test := range []struct {
		status                int
		title, detail, answer string
	}{
		{404, "", "there is no such note", "client: GET /x: 404 Not Found: there is no such note"},
		{404, "", "", "client: GET /x: 404 Not Found"},
		{404, "No note", "", "client: GET /x: 404 No note"},
		{404, "No note", "7", "client: GET /x: 404 No note: 7"},
		{499, "", "you left", "client: GET /x: 499: you left"},
		{499, "", "", "client: GET /x: 499"},
	} {
		op, h := failing(&respond.Problem{Type: test.title, Status: test.status, Detail: test.detail})
		c := client.InProcess(form.Middleware(h), client.Options{ErrorBody: form})
		_, err := client.Call(t.Context(), c, op, tenon.None{})
		require.EqualError(t, err, test.answer)
	}
}

// The members of a problem that another service has may be of any type.
func TestError_foreign(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ media, body, want string }{
		{"application/problem+json", `{"title":5,"detail":"d","errors":{"a":["b"]},"status":"x"}`, `{"type":"about:blank","title":"Conflict","status":409,"detail":"d"}`},
		{"Application/Problem+JSON; charset=utf-8", `{"title":"t"}`, `{"type":"about:blank","title":"t","status":409}`},
		{"application/problem+json", `{"title":`, ``},
		{"application/problem+json", `null`, ``},
		{"application/problem+json", `[]`, ``},
		{"application/json", `{"title":"t"}`, ``},
		{"", ``, ``},
	} {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", test.media)
			w.WriteHeader(http.StatusConflict)
			_, _ = io.WriteString(w, test.body)
		})
		op, _ := failing(nil)
		_, err := client.Call(t.Context(), client.InProcess(h, client.Options{}), op, tenon.None{})
		failure, ok := errors.AsType[*client.Error](err)
		require.True(t, ok, err)
		assert.Equal(t, test.body, string(failure.Body))
		if test.want == "" {
			assert.Nil(t, failure.Problem, test.body)
			continue
		}
		extensions := failure.Problem.Extensions
		failure.Problem.Extensions = nil
		text, err := failure.Problem.MarshalJSON()
		require.NoError(t, err)
		assert.JSONEq(t, test.want, string(text))
		if strings.Contains(test.body, "errors") {
			assert.Equal(t, map[string]any{"errors": map[string]any{"a": []any{"b"}}}, extensions)
		}
	}
}

func TestOptions_ErrorBody(t *testing.T) {
	t.Parallel()
	type apiError struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	form := respond.NewErrorBody("application/vnd.error+json", func(p *respond.Problem) apiError {
		return apiError{p.Status, cmp.Or(p.Detail, p.Title)}
	})
	op, h := failing(respond.NotFound("there is none"))
	reader := form.Read(func(status int, v apiError) *respond.Problem {
		return respond.NewProblem(status, fmt.Sprint(v.Code, " ", v.Message))
	})
	over(t, form.Middleware(h), client.Options{ErrorBody: reader}, func(t *testing.T, c *client.Client) {
		t.Helper()
		_, err := client.Call(t.Context(), c, op, tenon.None{})
		failure, ok := errors.AsType[*client.Error](err)
		require.True(t, ok, err)
		require.NotNil(t, failure.Problem)
		assert.Equal(t, "404 there is none", failure.Problem.Detail)
	})
}

const secret = "s3cr3t"

// leaky answers with a secret in every part of the answer.
func leaky(status int, media string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, name := range []string{"X-" + secret, "WWW-Authenticate", "Retry-After", "Location", "Set-Cookie", "Content-Language", "ETag", "Allow"} {
			w.Header().Set(name, secret)
		}
		w.Header().Set("Content-Type", media)
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"type":%[1]q,"title":%[1]q,"detail":%[1]q,"instance":%[1]q,"status":418,"errors":[{"in":%[1]q,"name":%[1]q,"code":%[1]q,"detail":%[1]q}],%[1]q:%[1]q}`, secret)
	})
}

// A handler that returns what Call failed with answers 502, and nothing of the upstream.
func TestError_proxied(t *testing.T) {
	t.Parallel()
	for _, upstream := range []http.Handler{
		leaky(http.StatusUnauthorized, "application/problem+json"), leaky(http.StatusNotFound, "text/plain"), leaky(http.StatusFound, "text/html"),
		leaky(http.StatusOK, "text/html"), leaky(http.StatusOK, "application/json"), leaky(http.StatusInternalServerError, "application/problem+json"),
		leaky(http.StatusRequestEntityTooLarge, "application/problem+json"), leaky(http.StatusNotModified, ""), leaky(http.StatusCreated, "application/json"),
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"title":"`+secret)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}),
	} {
		over(t, upstream, client.Options{}, func(t *testing.T, c *client.Client) {
			t.Helper()
			op := tenon.Op[tenon.None, struct {
				Title int `json:"title"`
			}]{Method: "GET", Pattern: "/x"}
			var seen error
			h := tenon.Handle(func(ctx context.Context, _ tenon.None) (string, error) {
				_, seen = client.Call(ctx, c, op, tenon.None{})
				return "", seen
			})
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
			require.Error(t, seen)
			assert.Equal(t, http.StatusBadGateway, w.Code, seen)
			var whole bytes.Buffer
			require.NoError(t, w.Result().Write(&whole))
			assert.NotContains(t, whole.String(), secret)
			assert.JSONEq(t, `{"type":"about:blank","title":"Bad Gateway","status":502}`, w.Body.String())
			var (
				problem  *respond.Problem
				refused  *bind.Error
				tooLarge *http.MaxBytesError
			)
			assert.False(t, errors.As(seen, &problem) || errors.As(seen, &refused) || errors.As(seen, &tooLarge))
		})
	}
}

// Whoever wants to pass the problem on returns that.
func TestError_passedOn(t *testing.T) {
	t.Parallel()
	op, upstream := failing(respond.NotFound("there is none"))
	c := client.InProcess(upstream, client.Options{})
	h := tenon.Handle(func(ctx context.Context, _ tenon.None) (string, error) {
		_, err := client.Call(ctx, c, op, tenon.None{})
		if failure, ok := errors.AsType[*client.Error](err); ok && failure.Problem != nil {
			return "", failure.Problem
		}
		return "", err
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	assert.Equal(t, http.StatusNotFound, w.Code)
	assert.Contains(t, w.Body.String(), "there is none")
}

// A request that is refused before it is sent is the program's own failure.
func TestCall_refusedInHandler(t *testing.T) {
	t.Parallel()
	c := client.InProcess(http.NotFoundHandler(), client.Options{})
	op := tenon.Op[article, tenon.None]{Method: "POST", Pattern: "/x"}
	h := tenon.Handle(func(ctx context.Context, _ tenon.None) (tenon.None, error) {
		return client.Call(ctx, c, op, article{})
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.NotContains(t, w.Body.String(), "must have")
}

// The end of the context ends a call, and answers as it would otherwise.
func TestCall_context(t *testing.T) {
	t.Parallel()
	op, _ := failing(nil)
	waits := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("begin") != "" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, "{")
			_ = http.NewResponseController(w).Flush()
		}
		<-r.Context().Done()
	})
	over(t, waits, client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		_, err := client.Call(ctx, c, op, tenon.None{})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		w := httptest.NewRecorder()
		respond.Error(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), err)
		assert.Equal(t, http.StatusGatewayTimeout, w.Code)
		begun := tenon.Op[struct {
			Begin string `query:"begin"`
		}, article]{Method: "GET", Pattern: "/x"}
		ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		_, err = client.Call(ctx, c, begun, struct {
			Begin string `query:"begin"`
		}{"x"})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		ctx, cancel = context.WithCancel(t.Context())
		cancel()
		_, err = client.Call(ctx, c, op, tenon.None{})
		require.ErrorIs(t, err, context.Canceled)
	})
}

// An answer that would be a 200 over a network, of a service that is not there, is an error
// that unwraps to the reason.
func TestCall_unreachable(t *testing.T) {
	t.Parallel()
	op, _ := failing(nil)
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	c, err := client.New(server.URL, client.Options{})
	require.NoError(t, err)
	_, err = client.Call(t.Context(), c, op, tenon.None{})
	require.ErrorContains(t, err, "client: GET /x: ")
	_, isAnswer := errors.AsType[*client.Error](err)
	assert.False(t, isAnswer)
	w := httptest.NewRecorder()
	respond.Error(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), err)
	assert.Equal(t, http.StatusBadGateway, w.Code)
}

// What is not expected and never ends does not hold a call up.
func TestCall_endless(t *testing.T) {
	t.Parallel()
	op, _ := failing(nil)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, ":\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	over(t, h, client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		_, err := client.Call(t.Context(), c, op, tenon.None{})
		require.EqualError(t, err, `client: GET /x: 200 has the media type "text/event-stream", but application/json is expected: ":\n\n"`)
	})
}
