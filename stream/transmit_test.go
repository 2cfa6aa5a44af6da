package stream_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonkit/tenon/stream"
)

// poisoned fails the test when it is used by two goroutines at once or after
// the handler has returned.
type poisoned struct {
	http.ResponseWriter

	t    *testing.T
	busy sync.Mutex
	over bool
}

func (p *poisoned) use() func() {
	if !p.busy.TryLock() {
		p.t.Error("two goroutines use the writer")
		return func() {}
	}
	if p.over {
		p.t.Error("the writer is used after ServeHTTP has returned")
	}
	return p.busy.Unlock
}

func (p *poisoned) Write(b []byte) (int, error) { defer p.use()(); return p.ResponseWriter.Write(b) }

func (p *poisoned) WriteHeader(status int) { defer p.use()(); p.ResponseWriter.WriteHeader(status) }

func (p *poisoned) Header() http.Header { defer p.use()(); return p.ResponseWriter.Header() }

func (p *poisoned) FlushError() error {
	defer p.use()()
	return http.NewResponseController(p.ResponseWriter).Flush()
}

// SetWriteDeadline is not counted as a use: it may be called while another
// goroutine writes, and has to be, to end that.
func (p *poisoned) SetWriteDeadline(at time.Time) error {
	if p.over {
		p.t.Error("the deadline is set after ServeHTTP has returned")
	}
	return http.NewResponseController(p.ResponseWriter).SetWriteDeadline(at)
}

// TestWriter_afterwards holds that nothing touches the writer once ServeHTTP
// has returned, whatever ends the stream and whoever writes at that time.
func TestWriter_afterwards(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var wait sync.WaitGroup
		m := serveMemory(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p := &poisoned{ResponseWriter: w, t: t}
			defer func() { p.over = true }()
			length := len(r.URL.Path) // decides how the sequence goes on
			stream.SSE[int]{Seq: func(yield func(int, error) bool) {
				for i := range 300 {
					if length%7 == 0 || length%7 == i%11 {
						time.Sleep(time.Duration(length) * time.Millisecond)
					}
					if !yield(i, nil) {
						break
					}
				}
				switch length % 3 {
				case 0:
					yield(0, io.ErrUnexpectedEOF)
				case 1:
					panic(http.ErrAbortHandler)
				}
			}, Options: stream.Options{Heartbeat: 7 * time.Millisecond, Grace: 5 * time.Millisecond, WriteTimeout: 40 * time.Millisecond}}.ServeHTTP(p, r)
		})})
		for i := range 200 {
			wait.Go(func() {
				conn := m.request(t, "GET /"+strings.Repeat("x", i)+" HTTP/1.1")
				_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
				_, _ = io.CopyN(io.Discard, conn, int64(i*40))
				time.Sleep(time.Duration(i%50) * time.Millisecond)
				_, _ = io.CopyN(io.Discard, conn, int64(i*40))
				_ = conn.Close()
			})
		}
		wait.Wait()
		time.Sleep(time.Minute)
	})
}
