package client_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/client"
)

// A closing is a body that counts how often it is closed.
type closing struct {
	io.Reader

	closer io.Closer
	times  atomic.Int64
}

func (c *closing) Close() error {
	c.times.Add(1)
	return c.closer.Close()
}

// A handler that waits for a body of which no more comes does not outlive the call.
func TestInProcess_bodyThatBlocks(t *testing.T) {
	t.Parallel()
	type in struct {
		Body io.Reader `body:"stream"`
	}
	op := tenon.Op[in, io.ReadCloser]{Method: "POST", Pattern: "/x"}
	for name, flushes := range map[string]bool{"no answer yet": false, "an answer": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if flushes {
						assert.NoError(t, http.NewResponseController(w).Flush())
					}
					_, err := io.Copy(io.Discard, r.Body)
					assert.Error(t, err)
				})
				from, to := io.Pipe()
				body := &closing{Reader: from, closer: from}
				go func() { _, _ = to.Write([]byte("x")) }()
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				answer, err := client.Raw(ctx, client.InProcess(h, client.Options{}), op, in{body})
				if flushes {
					require.NoError(t, err)
					require.NoError(t, answer.Body.Close())
				} else {
					require.ErrorIs(t, err, context.DeadlineExceeded)
				}
				synctest.Wait()
				assert.Equal(t, int64(1), body.times.Load())
				// The bubble fails where a goroutine stays.
			})
		})
	}
}

// The end of the context ends a call whose body waits for somebody to write it.
func TestCall_bodyThatBlocks(t *testing.T) {
	t.Parallel()
	type in struct {
		Body io.Reader `body:"stream"`
	}
	op := tenon.Op[in, article]{Method: "POST", Pattern: "/x"}
	began := make(chan struct{}, 1)
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		began <- struct{}{}
		_, _ = io.Copy(io.Discard, r.Body)
	})
	over(t, h, client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		from, to := io.Pipe()
		defer to.Close()
		body := &closing{Reader: from, closer: from}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() {
			<-began
			cancel()
		}()
		_, err := client.Call(ctx, c, op, in{body})
		require.ErrorIs(t, err, context.Canceled)
		assert.LessOrEqual(t, body.times.Load(), int64(1)) // HTTP/2 may do it later
	})
}

// A body that would have been streamed is closed also where nothing is sent.
func TestCall_refusedStream(t *testing.T) {
	t.Parallel()
	type in struct {
		Body io.Reader `body:"stream"`
		N    int       `query:"n" minimum:"5"`
		Name string    `path:"name"`
	}
	op := tenon.Op[in, tenon.None]{Method: "POST", Pattern: "/{name}"}
	unread := tenon.Op[in, http.Handler]{Method: "POST", Pattern: "/{name}"}
	fault := tenon.Op[in, tenon.None]{Method: "PO ST", Pattern: "/{name}"}
	c := client.InProcess(http.NotFoundHandler(), client.Options{})
	closed := func(name, content string, call func(body io.Reader) error) {
		body := &closing{Reader: strings.NewReader(content), closer: io.NopCloser(nil)}
		require.Error(t, call(body), name)
		assert.Equal(t, int64(1), body.times.Load(), name)
	}
	call := func(op tenon.Op[in, tenon.None], n int, name string) func(body io.Reader) error {
		return func(body io.Reader) error {
			_, err := client.Call(t.Context(), c, op, in{body, n, name})
			return err
		}
	}
	closed("refused by bind", "x", call(op, 1, "x"))
	closed("a path that cannot be written", "x", call(op, 5, ".."))
	closed("answered by a failure", "x", call(op, 5, "x"))
	closed("no method", "x", call(fault, 5, "x"))
	closed("an Out that cannot be read", "x", func(body io.Reader) error {
		_, err := client.Call(t.Context(), c, unread, in{body, 5, "x"})
		return err
	})
	empty := &sizedClosing{}
	require.Error(t, call(op, 5, "x")(empty))
	assert.True(t, empty.closed)
	var none *sizedClosing
	require.Error(t, call(op, 1, "x")(none), "a nil pointer")
}

// A sizedClosing is a body that says that it is empty.
type sizedClosing struct{ closed bool }

func (*sizedClosing) Len() int                 { return 0 }
func (*sizedClosing) Read([]byte) (int, error) { return 0, io.EOF }
func (c *sizedClosing) Close() error           { c.closed = true; return nil }
