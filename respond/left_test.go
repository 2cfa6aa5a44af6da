package respond_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// TestError_clientLeft holds that whatever the leaving of a client has led to is
// no failure of the server. The answer is for whoever is there all the same.
func TestError_clientLeft(t *testing.T) {
	t.Parallel()
	for _, tc := range []failure{
		{"plain", context.Canceled, 503, "", false},
		{"wrapped", fmt.Errorf("query: %w", context.Canceled), 503, "", false},
		{"alike", masks{context.Canceled}, 503, "", false},
		{"both", errors.Join(context.DeadlineExceeded, context.Canceled), 503, "", false},
		{"driver", errors.New(secret), 503, "", false},
		{"status of the server", coded(502), 503, "", false},
		{"problem of the server", respond.NewProblem(500, secret), 503, "", false},
		{"nothing", nil, 503, "", false},
		// They are for who has closed its half of the connection.
		{"problem", respond.NewProblem(400, "public"), 400, "public", false},
		{"limit", &http.MaxBytesError{Limit: 1}, 413, "the body is larger than 1 bytes", false},
		{"status", coded(404), 404, "", false},
	} {
		name, err := tc.name, tc.err
		ctx, book := withLog(t.Context())
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
		w := httptest.NewRecorder()
		own := rw.Wrap(w)
		called := respond.UseErrorHandler(func(http.ResponseWriter, *http.Request, error) { t.Error("called") })
		called(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, err) })).ServeHTTP(own, r)
		assert.Empty(t, book.all(), name)
		assert.True(t, own.Left(), name)
		assert.Equal(t, tc.status, w.Code, name)
		want := respond.NewProblem(tc.status, tc.detail)
		text, _ := want.MarshalJSON()
		assert.JSONEq(t, string(text), w.Body.String(), name)

		redirected := httptest.NewRecorder()
		respond.Error(redirected, r, errors.Join(err, respond.Found("/")))
		assert.Equal(t, 302, redirected.Code, "it serves itself")
	}
}

// TestError_serverEnded holds what a failure means once the server has ended the
// context of the request, and says why.
func TestError_serverEnded(t *testing.T) {
	t.Parallel()
	down := errors.New("the server goes down")
	for _, tc := range []failure{
		{"plain", context.Canceled, 503, "", true},
		{"wrapped", fmt.Errorf("query: %w", context.Canceled), 503, "", true},
		{"the cause", down, 503, "", true},
		{"driver", errors.New(secret), 503, "", true},
		{"nothing", nil, 503, "", true},
		{"deadline of its own", context.DeadlineExceeded, 504, "", true},
		{"problem", respond.NewProblem(409, "public"), 409, "public", false},
		{"declared", declares{respond.NewProblem(409, "public")}, 409, "public", false},
		{"too large", &http.MaxBytesError{Limit: 1}, 413, "the body is larger than 1 bytes", false},
		{"status", coded(404), 404, "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ctx, book := withLog(t.Context())
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(fmt.Errorf("stop: %w", down))
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
			w := httptest.NewRecorder()
			own := rw.Wrap(w)
			respond.Error(own, r, tc.err)
			assert.Equal(t, tc.status, w.Code)
			assert.False(t, own.Left())
			assert.NotContains(t, w.Body.String(), down.Error())
			switch {
			case !tc.logged:
				assert.Empty(t, book.all())
			case tc.status == 503:
				require.Len(t, book.all(), 1)
				assert.Contains(t, book.all()[0], down.Error(), "logged as such")
			}

			handed := httptest.NewRecorder()
			respond.UseErrorHandler(respond.Error)(respond.UseErrorHandler(says("own form"))(
				http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, tc.err) }),
			)).ServeHTTP(handed, r)
			assert.Equal(t, tc.status, handed.Code)
			assert.Equal(t, "own form", handed.Body.String())
		})
	}
}

// TestError_deadlineOver holds what a failure means once the time of the request is
// over: an error that does not say so is that of a request which the server ended.
func TestError_deadlineOver(t *testing.T) {
	t.Parallel()
	slow := errors.New("too slow")
	for _, tc := range []failure{
		{"driver", errors.New("pq: canceling statement due to user request"), 503, "", true},
		{"nothing", nil, 503, "", true},
		{"canceled", context.Canceled, 503, "", true},
		{"deadline", context.DeadlineExceeded, 504, "", true},
		{"problem", respond.NewProblem(409, "public"), 409, "public", false},
		{"status", coded(404), 404, "", false},
	} {
		for _, cause := range []error{nil, slow} {
			ctx, book := withLog(t.Context())
			ctx, cancel := context.WithDeadlineCause(ctx, time.Unix(1, 0), cause)
			defer cancel()
			w := httptest.NewRecorder()
			respond.Error(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil), tc.err)
			assert.Equal(t, tc.status, w.Code, tc.name)
			if !tc.logged {
				assert.Empty(t, book.all(), tc.name)
			} else if tc.status == 503 && assert.Len(t, book.all(), 1, tc.name) {
				assert.Contains(t, book.all()[0], context.Cause(ctx).Error(), tc.name)
			}
		}
	}
}

// TestError_endedLogsOnce holds that a failure which a handler passes on is not
// another one.
func TestError_endedLogsOnce(t *testing.T) {
	t.Parallel()
	ctx, book := withLog(t.Context())
	ctx, cancel := context.WithCancelCause(ctx)
	cancel(errors.New("the server goes down"))
	passing := respond.UseErrorHandler(respond.Error)
	passing(passing(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, ctx.Err()) }))).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	assert.Len(t, book.all(), 1)
}

// TestError_causeOfClosedConnection holds that the servers of HTTP/3, which name
// the connection that was closed, have no failure either.
func TestError_causeOfClosedConnection(t *testing.T) {
	t.Parallel()
	ctx, book := withLog(t.Context())
	ctx, cancel := context.WithCancelCause(ctx)
	cancel(fmt.Errorf("idle: %w", net.ErrClosed))
	w := rw.Wrap(httptest.NewRecorder())
	respond.Error(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil), ctx.Err())
	assert.True(t, w.Left())
	assert.Empty(t, book.all())
}
