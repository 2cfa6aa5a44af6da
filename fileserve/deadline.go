package fileserve

import (
	"net/http"
	"sync"
	"time"
)

const (
	// defaultTimeout is how long a client may take nothing.
	defaultTimeout = 30 * time.Second
	// looks is how often a watch looks for progress within the timeout.
	looks = 4
)

// A watch moves the write deadline of a response forward as long as the client
// takes some of it. One sendfile(2) may send all of a large file, so the watch
// looks from outside how far it has come.
type watch struct {
	w       http.ResponseWriter
	timeout time.Duration
	source  interface{ position() int64 }
	// keeps is whether the server sets a deadline for each request.
	keeps bool

	mu    sync.Mutex
	timer *time.Timer
	last  int64
	armed bool
}

// start watches a response that is about to be sent. A timeout of zero is the
// default, and with a negative one there is nothing to watch.
func (x *watch) start(r *http.Request) {
	if x.timeout < 0 {
		return
	}
	if x.timeout == 0 {
		x.timeout = defaultTimeout
	}
	x.last = -1
	if server, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok && server.WriteTimeout > 0 {
		// It runs from when the request was read, and may be over soon.
		x.keeps = true
		x.arm()
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.timer = time.AfterFunc(x.timeout/looks, x.look)
}

// look moves the deadline if there was progress since the last look.
func (x *watch) look() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.timer == nil {
		return
	}
	if now := x.source.position(); now > x.last {
		x.last = now
		x.arm()
	}
	x.timer.Reset(x.timeout / looks)
}

// arm sets the deadline to the timeout after the next look. A writer without
// deadlines has nobody behind it who could be slow.
func (x *watch) arm() {
	deadline := time.Now().Add(x.timeout + x.timeout/looks)
	x.armed = http.NewResponseController(x.w).SetWriteDeadline(deadline) == nil
}

// stop takes the deadline off the connection, for the requests that follow. A
// server with a WriteTimeout sets one for each of them, and until then the last
// one is good for what net/http has yet to send.
func (x *watch) stop() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.timer == nil {
		return
	}
	x.timer.Stop()
	x.timer = nil
	if x.armed && !x.keeps {
		_ = http.NewResponseController(x.w).SetWriteDeadline(time.Time{}) // it could be set before
	}
}
