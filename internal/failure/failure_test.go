package failure_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/respond"
)

type (
	coded    int
	extends  struct{ *respond.Problem }
	declares struct{ problem *respond.Problem }
	converts struct{ problem *respond.Problem }
	alike    struct{ to error }
)

func (c coded) Error() string   { return "coded" }
func (c coded) StatusCode() int { return int(c) }

func (declares) Error() string               { return "declares" }
func (d declares) Problem() *respond.Problem { return d.problem }

func (converts) Error() string { return "converts" }
func (c converts) As(target any) bool {
	p, ok := target.(**respond.Problem)
	if ok {
		*p = c.problem
	}
	return ok
}

func (alike) Error() string          { return "alike" }
func (a alike) Is(target error) bool { return target == a.to }

// TestAnswers holds which errors are an answer, and so are not the text of a
// refusal.
func TestAnswers(t *testing.T) {
	t.Parallel()
	problem := respond.NewProblem(500, "")
	for _, tc := range []struct {
		name string
		err  error
		want bool
	}{
		{"nil", nil, false},
		{"text", errors.New("too late"), false},
		{"typed nil", (*respond.Problem)(nil), false},
		{"typed nil of a status", (*http.MaxBytesError)(nil), false},
		{"problem", problem, true},
		{"problem, wrapped", fmt.Errorf("a: %w", problem), true},
		{"problem, joined", errors.Join(io.EOF, problem), true},
		{"problem, embedded", extends{problem}, true},
		{"no problem, embedded", extends{}, true},
		{"declared", declares{problem}, true},
		{"declares none", declares{}, false},
		{"declares none, wraps one", errors.Join(declares{}, problem), true},
		{"converted", converts{problem}, true},
		{"limit", fmt.Errorf("a: %w", &http.MaxBytesError{Limit: 1}), true},
		{"redirect", respond.Found("/"), true},
		{"canceled", fmt.Errorf("a: %w", context.Canceled), true},
		{"deadline", alike{context.DeadlineExceeded}, true},
		{"status", coded(422), true},
		{"no status", coded(200), false},
	} {
		assert.Equal(t, tc.want, failure.Answers[*respond.Problem](tc.err), tc.name)
	}
}

// TestInspect holds that the first of a kind counts, and that visit ends the walk.
func TestInspect(t *testing.T) {
	t.Parallel()
	end := errors.New("end")
	var seen []string
	var m failure.Meaning
	m.Inspect(errors.Join(
		(*respond.Problem)(nil),
		fmt.Errorf("a: %w", coded(404)),
		coded(409),
		fmt.Errorf("%w: %w", end, &http.MaxBytesError{Limit: 7}),
		&failure.Panic{Value: respond.Found("/")},
		respond.Found("/a"), respond.Found("/b"),
	), func(err error) bool {
		seen = append(seen, fmt.Sprintf("%T", err))
		return false
	})
	assert.Equal(t, failure.Meaning{Status: 404, TooLarge: &http.MaxBytesError{Limit: 7}, Panicked: true, Handler: respond.Found("/a")}, m)
	assert.NotContains(t, seen, "*respond.Problem", "a typed nil")

	m = failure.Meaning{}
	m.Inspect(&failure.Ended{Err: coded(404), Cause: end}, func(error) bool { return true })
	assert.Equal(t, failure.Meaning{Ended: true, Canceled: true}, m)
}

func TestEnded(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	require.EqualError(t, &failure.Ended{Err: io.EOF, Cause: down}, "EOF: down")
	require.EqualError(t, &failure.Ended{Err: fmt.Errorf("a: %w", down), Cause: down}, "a: down", "once")
	require.ErrorIs(t, &failure.Ended{Err: io.EOF, Cause: down}, down)
	require.ErrorIs(t, &failure.Ended{Err: io.EOF, Cause: down}, io.EOF)
}

func TestLeft(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	base, end := context.WithCancel(t.Context())
	end()
	caused := func(cause error) context.Context {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		return ctx
	}
	late, stop := context.WithTimeoutCause(t.Context(), 0, down)
	defer stop()
	for _, tc := range []struct {
		name  string
		ctx   context.Context
		left  bool
		cause error
	}{
		{"alive", t.Context(), false, nil},
		{"canceled", base, true, nil},
		{"below a canceled one", context.WithValue(base, http.ServerContextKey, 1), true, nil},
		{"without a cause", caused(nil), true, nil},
		{"cause", caused(down), false, down},
		{"the cause of a cause", caused(fmt.Errorf("stop: %w", context.Canceled)), false, context.Canceled},
		{"closed connection", caused(fmt.Errorf("idle: %w", net.ErrClosed)), true, nil},
		{"uncomparable", caused(causes{down}), false, down},
		{"deadline", late, false, nil},
		{"detached", context.WithoutCancel(base), false, nil},
	} {
		assert.Equal(t, tc.left, failure.Left(tc.ctx), tc.name)
		if tc.cause == nil {
			assert.NoError(t, failure.Cause(tc.ctx), tc.name)
		} else {
			assert.ErrorIs(t, failure.Cause(tc.ctx), tc.cause, tc.name)
		}
	}
}

// causes cannot be compared.
type causes []error

func (causes) Error() string     { return "several" }
func (c causes) Unwrap() []error { return c }

// TestInspect_disconnect holds that the error by which the HTTP/2 of net/http
// tells that the connection is lost is known, whatever wraps it.
func TestInspect_disconnect(t *testing.T) {
	t.Parallel()
	begun, failed := make(chan struct{}), make(chan error, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(begun)
		_, err := io.ReadAll(r.Body)
		failed <- err
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	body, writer := io.Pipe()
	defer writer.Close()
	go func() {
		response, err := server.Client().Post(server.URL, "text/plain", body)
		if err == nil {
			_ = response.Body.Close()
		}
	}()
	<-begun
	server.CloseClientConnections()
	err := fmt.Errorf("store: %w", <-failed)
	var m failure.Meaning
	m.Inspect(err, func(error) bool { return false })
	assert.True(t, m.Disconnected, "%v", err)
}
