package conformance

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// clientLeaves ends the context of the handler.
func (c *exchange) clientLeaves() ability {
	left := make(chan struct{})
	serve := func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(left)
	}
	return ability{"client leaves", serve, func(t *testing.T, path string) {
		t.Helper()
		require.NoError(t, c.open(t, http.MethodGet, path, nil).Body.Close())
		wait(t, left, "the handler was not told")
	}}
}

// brokenOff responses must be seen as such, with or without a recoverer.
func (c *exchange) brokenOff() ability {
	serve := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 10_000))
		_ = http.NewResponseController(w).Flush()
		if r.URL.RawQuery == "abort" {
			panic(http.ErrAbortHandler)
		}
		panic("planned")
	}
	return ability{"broken off", serve, func(t *testing.T, path string) {
		t.Helper()
		for _, query := range []string{"", "?abort"} {
			got, err := c.TryDo(http.MethodGet, path+query, nil, nil)
			require.Error(t, err)
			if c.Proto == "HTTP/3" && got == nil {
				continue // a stream that is reset may lose what it has brought
			}
			require.NotNil(t, got)
			assert.Equal(t, 200, got.StatusCode)
		}
	}}
}

// brokenOffSmall responses are still in somebody's buffer.
func (c *exchange) brokenOffSmall() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "small")
		panic(http.ErrAbortHandler)
	}
	return ability{"broken off while small", serve, func(t *testing.T, path string) {
		t.Helper()
		_, err := c.TryDo(http.MethodGet, path, nil, nil)
		require.Error(t, err)
	}}
}

// panicBefore the first byte is a clean 500, or at least no answer.
func (c *exchange) panicBefore() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Content-Length", "10")
		w.Header().Set("X-Own", "kept")
		panic("planned")
	}
	return ability{"panic before", serve, func(t *testing.T, path string) {
		t.Helper()
		got, err := c.TryDo(http.MethodGet, path, nil, nil)
		if !c.member.Recovers {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		assert.Equal(t, 500, got.StatusCode)
		assert.JSONEq(t, `{"type":"about:blank","title":"Internal Server Error","status":500}`, got.Text)
		assert.Equal(t, "application/problem+json", got.Header.Get("Content-Type"))
		assert.Equal(t, "kept", got.Header.Get("X-Own"))
	}}
}

func (c *exchange) abortBefore() ability {
	serve := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	return ability{"abort before", serve, func(t *testing.T, path string) {
		t.Helper()
		_, err := c.TryDo(http.MethodGet, path, nil, nil)
		require.Error(t, err)
		assert.NotContains(t, c.Log(), http.ErrAbortHandler.Error())
	}}
}

// brokenSource of a copy: nothing was sent, so there is still a status.
func (c *exchange) brokenSource() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		if n, err := io.Copy(w, kittest.BrokenReader("", errors.New("broken"))); n != 0 || err == nil {
			return
		}
		http.Error(w, "source", http.StatusBadGateway)
	}
	return ability{"broken source", serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path)
		assert.Equal(t, 502, got.StatusCode)
		assert.Equal(t, "source\n", got.Text)
	}}
}

// shortBody is less than its Content-Length: the client has to see that.
func (c *exchange) shortBody() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "4000")
		_, _ = io.WriteString(w, "far less")
	}
	return ability{"less than the length", serve, func(t *testing.T, path string) {
		t.Helper()
		_, err := c.TryDo(http.MethodGet, path, nil, nil)
		require.Error(t, err)
	}}
}

// brokenOffOld is what a client of HTTP/1.0 has to see, to which the end of the
// connection is that of the body. To the others it is broken off as any response.
func (c *exchange) brokenOffOld() ability {
	serve := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 10_000))
		_ = http.NewResponseController(w).Flush()
		rw.Abort(w, r)
	}
	return ability{"broken off for HTTP/1.0", serve, func(t *testing.T, path string) {
		t.Helper()
		if c.Proto != "HTTP/1.1" {
			_, err := c.TryDo(http.MethodGet, path, nil, nil)
			require.Error(t, err)
			return
		}
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(c.URL, "http://"))
		require.NoError(t, err)
		defer conn.Close()
		require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
		var request bytes.Buffer
		request.WriteString("GET " + path + " HTTP/1.0\r\nHost: a\r\n")
		require.NoError(t, c.member.Header.Write(&request))
		request.WriteString("\r\n")
		_, err = conn.Write(request.Bytes())
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, conn)
		require.Error(t, err, "the body looks complete")
		assert.NotErrorIs(t, err, os.ErrDeadlineExceeded)
	}}
}

// serverEnds is the query of a request whose context the handler can end as a
// server does that shuts down. It has a record.
const serverEnds = "server-ends"

var errShutdown = errors.New("the server goes down")

type endKey struct{}

// endContext ends the context of r, and returns when that has come through.
func endContext(r *http.Request) {
	if end, ok := r.Context().Value(endKey{}).(context.CancelCauseFunc); ok {
		end(errShutdown)
		<-r.Context().Done()
	}
}

// records hands each record to whoever waits for it.
type records chan map[string]string

func (r records) Enabled(context.Context, slog.Level) bool { return true }

func (r records) Handle(_ context.Context, record slog.Record) error {
	got := map[string]string{"level": record.Level.String()}
	record.Attrs(func(attr slog.Attr) bool { got[attr.Key] = attr.Value.String(); return true })
	r <- got
	return nil
}

func (r records) WithAttrs([]slog.Attr) slog.Handler { return r }
func (r records) WithGroup(string) slog.Handler      { return r }

func (r records) next(t *testing.T) map[string]string {
	t.Helper()
	select {
	case record := <-r:
		return record
	case <-time.After(patience):
		require.FailNow(t, "no record")
		return nil
	}
}

// serverEnds the context before there is an answer: it is a 503, and the record
// has the reason.
func (c *exchange) serverEnds() ability {
	serve := func(w http.ResponseWriter, r *http.Request) {
		endContext(r)
		respond.Error(w, r, r.Context().Err())
	}
	return ability{"server ends", serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path+"?"+serverEnds)
		assert.Equal(t, 503, got.StatusCode)
		record := c.outside.records.next(t)
		assert.Equal(t, "503", record["status"])
		assert.Equal(t, "ERROR", record["level"])
		assert.Contains(t, record["error"], errShutdown.Error())
		assert.NotContains(t, record, "aborted")
	}}
}

// serverEndsEvents that are being sent: their client takes what it got for whole.
func (c *exchange) serverEndsEvents() ability {
	serve := func(w http.ResponseWriter, r *http.Request) {
		stream.SSE[int]{Seq: func(yield func(int, error) bool) {
			if yield(1, nil) {
				endContext(r)
				yield(2, nil)
			}
		}}.ServeHTTP(w, r)
	}
	return ability{"server ends events", serve, func(t *testing.T, path string) {
		t.Helper()
		response := c.open(t, http.MethodGet, path+"?"+serverEnds, nil)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		assert.Equal(t, 200, response.StatusCode)
		assert.True(t, strings.HasPrefix(string(text), ":\n\ndata: 1\n\n"), "%q", text)
		record := c.outside.records.next(t)
		assert.Equal(t, "200", record["status"])
		assert.Equal(t, "INFO", record["level"])
		assert.NotContains(t, record, "error")
		assert.NotContains(t, record, "aborted")
	}}
}
