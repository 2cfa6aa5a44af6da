package conformance

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

// An ability is something that net/http can do, and how to see it done.
type ability struct {
	name  string
	serve http.HandlerFunc
	check func(t *testing.T, path string)
}

// exchange is how the abilities reach a member of the table.
type exchange struct {
	*kittest.Server

	outside *probe // nil behind a neighbor
	member  Member
}

// abilities returns those that a writer which hides some of net/http's cannot
// keep, and contents.
func abilities(t *testing.T, c *exchange) []ability {
	t.Helper()
	return append(contents(c),
		c.file(t), c.firstEvent(), c.flushOfNothing(), c.flushFails(), c.hijack(), c.deadlines(), c.duplex(), c.clientLeaves(),
		c.earlyHints(), c.trailers(), c.undeclaredTrailers(), c.brokenOff(), c.brokenOffSmall(), c.brokenOffOld(),
		c.serverEnds(), c.serverEndsEvents(),
	)
}

// patience is how long an exchange may take: a writer that loses an ability often
// leaves both sides waiting for each other, and that has to end as a failure.
const patience = kittest.Patience

// open sends a request whose answer is read while the handler runs.
func (c *exchange) open(t *testing.T, method, path string, body io.Reader) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	if pipe, ok := body.(*io.PipeReader); ok {
		// A transport waits for the reading of the body to end before it fails.
		context.AfterFunc(ctx, func() { _ = pipe.CloseWithError(ctx.Err()) })
	}
	r, err := http.NewRequestWithContext(ctx, method, c.URL+path, body)
	require.NoError(t, err)
	response, err := c.Client.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// wait fails t if ch is not closed in time.
func wait(t *testing.T, ch <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-ch:
	case <-time.After(patience):
		t.Error(what)
	}
}

// file has to reach the ReadFrom of net/http, which is where sendfile(2) is.
func (c *exchange) file(t *testing.T) ability {
	t.Helper()
	path := bigFile(t)
	return ability{"file", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, path) }, func(t *testing.T, path string) {
		t.Helper()
		c.outside.files()
		got := c.Get(t, path)
		assert.Equal(t, 200, got.StatusCode)
		assert.Len(t, got.Text, bigSize)
		c.outside.end(path) <- c.outside.pattern(path) // the handler has returned
		if c.Proto == "HTTP/1.1" {
			assert.GreaterOrEqual(t, c.outside.files(), int64(bigSize-512))
		}
	}}
}

// firstEvent of a stream has to arrive while the handler waits.
func (c *exchange) firstEvent() ability {
	arrived := make(chan struct{})
	serve := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: 1\n\n")
		if http.NewResponseController(w).Flush() != nil {
			return
		}
		select {
		case <-arrived:
			_, _ = io.WriteString(w, "data: 2\n\n")
		case <-r.Context().Done():
		}
	}
	return ability{"first event", serve, func(t *testing.T, path string) {
		t.Helper()
		body := c.open(t, http.MethodGet, path, nil).Body
		first := make([]byte, len("data: 1\n\n"))
		_, err := io.ReadFull(body, first)
		require.NoError(t, err)
		assert.Equal(t, "data: 1\n\n", string(first))
		close(arrived)
		rest, err := io.ReadAll(body)
		require.NoError(t, err)
		assert.Equal(t, "data: 2\n\n", string(rest))
	}}
}

// flushOfNothing sends the header, which is all a client may wait for.
func (c *exchange) flushOfNothing() ability {
	arrived := make(chan struct{})
	serve := func(w http.ResponseWriter, r *http.Request) {
		flusher, ok := w.(http.Flusher)
		if !ok {
			http.Error(w, "no http.Flusher", http.StatusNotImplemented)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(http.StatusAccepted)
		flusher.Flush()
		select {
		case <-arrived:
		case <-r.Context().Done():
		}
	}
	return ability{"flush of nothing", serve, func(t *testing.T, path string) {
		t.Helper()
		assert.Equal(t, 202, c.open(t, http.MethodGet, path, nil).StatusCode)
		close(arrived)
	}}
}

// flushFails tells the handler of a stream that nobody reads it anymore.
func (c *exchange) flushFails() ability {
	failed := make(chan error, 1)
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: 1\n\n")
		failed <- http.NewResponseController(w).Flush()
	}
	return ability{"flush that fails", serve, func(t *testing.T, path string) {
		t.Helper()
		require.Equal(t, "data: 1\n\n", c.Get(t, path+"?"+failingFlush).Text)
		assert.ErrorIs(t, <-failed, errFlush)
	}}
}

// hijack takes the connection of HTTP/1, and leaves that of HTTP/2 usable.
func (c *exchange) hijack() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		taken, buf, err := http.NewResponseController(w).Hijack()
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotImplemented)
			return
		}
		_, _ = buf.WriteString("HTTP/1.1 299 Hijacked\r\nContent-Length: 3\r\nConnection: close\r\n\r\nraw")
		_ = buf.Flush()
		_ = taken.Close()
	}
	return ability{"hijack", serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path)
		if c.Proto != "HTTP/1.1" {
			assert.Equal(t, 501, got.StatusCode)
			assert.Contains(t, got.Text, http.ErrNotSupported.Error())
			return
		}
		assert.Equal(t, 299, got.StatusCode)
		assert.Equal(t, "raw", got.Text)
	}}
}

// deadlines reach the connection: a deadline in the past ends the reading.
func (c *exchange) deadlines() ability {
	serve := func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		if err := control.SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			http.Error(w, "write deadline: "+err.Error(), http.StatusInternalServerError)
			return
		}
		if err := control.SetReadDeadline(time.Now().Add(-time.Minute)); err != nil {
			http.Error(w, "read deadline: "+err.Error(), http.StatusInternalServerError)
			return
		}
		if _, err := io.ReadAll(r.Body); err == nil {
			http.Error(w, "the deadline did nothing", http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, "ended")
	}
	return ability{"deadlines", serve, func(t *testing.T, path string) {
		t.Helper()
		body, _ := io.Pipe()
		response := c.open(t, http.MethodPost, path, body)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		assert.Equal(t, "ended", string(text))
	}}
}

// duplex answers each line before the next is sent.
func (c *exchange) duplex() ability {
	serve := func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		if err := control.EnableFullDuplex(); err != nil && r.ProtoMajor < 3 { // the streams of HTTP/3 are duplex, and its servers refuse the call
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_ = control.Flush()
		for lines := bufio.NewScanner(r.Body); lines.Scan(); {
			_, _ = io.WriteString(w, "got "+lines.Text()+"\n")
			_ = control.Flush()
		}
	}
	return ability{"full duplex", serve, func(t *testing.T, path string) {
		t.Helper()
		body, client := io.Pipe()
		answers := bufio.NewReader(c.open(t, http.MethodPost, path, body).Body)
		for _, line := range []string{"a\n", "b\n"} {
			_, err := io.WriteString(client, line)
			require.NoError(t, err)
			got, err := answers.ReadString('\n')
			require.NoError(t, err)
			assert.Equal(t, "got "+line, got)
		}
		require.NoError(t, client.Close())
		_, err := answers.ReadByte()
		assert.ErrorIs(t, err, io.EOF)
	}}
}

// earlyHints go out before the final status, which they do not replace.
func (c *exchange) earlyHints() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "created")
	}
	return ability{"early hints", serve, func(t *testing.T, path string) {
		t.Helper()
		var hints []string
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
				assert.Equal(t, http.StatusEarlyHints, code)
				assert.Empty(t, h["Content-Encoding"])
				hints = append(hints, h.Get("Link"))
				return nil
			},
		})
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+path, nil)
		require.NoError(t, err)
		response, err := c.Client.Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		assert.Equal(t, []string{"</style.css>; rel=preload"}, hints)
		assert.Equal(t, 201, response.StatusCode)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		assert.Equal(t, "created", string(text))
	}}
}

func (c *exchange) trailers() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(w, "text")
		w.Header().Set("X-Sum", "4")
	}
	return ability{"trailers", serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path)
		assert.Equal(t, "text", got.Text)
		assert.Equal(t, http.Header{"X-Sum": {"4"}}, got.Trailer)
	}}
}

func (c *exchange) undeclaredTrailers() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "text")
		_ = http.NewResponseController(w).Flush()
		w.Header().Set(http.TrailerPrefix+"X-Sum", "4")
	}
	return ability{"undeclared trailers", serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path)
		assert.Equal(t, "text", got.Text)
		assert.Equal(t, http.Header{"X-Sum": {"4"}}, got.Trailer)
	}}
}
