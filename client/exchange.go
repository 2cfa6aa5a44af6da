package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenonkit/tenon/internal/nethttp"
)

// An exchange is one request that is answered in the process. It is the response writer of the
// handler and the body that the client reads. As net/http does, it holds back the start of the
// body, so that a short answer is complete when the client gets it. A longer one goes through a
// buffer.
type exchange struct {
	method string
	leave  context.CancelFunc // ends the context of the handler
	sent   io.ReadCloser      // the body of the request, nil if there is none
	closed atomic.Bool        // sent is closed

	// Only the goroutine of the handler uses these.
	header   http.Header
	status   int
	length   int64 // the declared Content-Length, or -1
	written  int64
	returned bool

	ready    chan struct{} // closed when there is a response or a failure
	response *http.Response
	stop     func() bool // stops watching the context of the caller

	mu       sync.Mutex
	cond     sync.Cond
	held     []byte // written and not yet read
	read     int    // of held
	handed   bool   // the response is handed over
	err      error  // ends the body; [io.EOF] if it is complete
	left     bool   // the client has closed the body, or its context has ended
	deadline *time.Timer
	late     bool // the deadline has passed
}

const (
	// holdBack is the size of the largest body that is held back.
	holdBack = nethttp.LengthLimit
	// sniffed is how many bytes [http.DetectContentType] reads.
	sniffed = 512
	// maxHeld limits the bytes that the client has not read yet.
	maxHeld = 256 << 10
)

// Header returns the header of the response.
func (x *exchange) Header() http.Header { return x.header }

// WriteHeader sets the status. Informational ones are left out, as they are by most
// clients.
func (x *exchange) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic("client: invalid WriteHeader code " + strconv.Itoa(status)) // as net/http does
	}
	if x.status != 0 || status < http.StatusOK && status != http.StatusSwitchingProtocols {
		return
	}
	x.status = status
	x.length = -1
	if declared := x.header.Get("Content-Length"); declared != "" {
		if n, err := strconv.ParseInt(declared, 10, 64); err == nil && n >= 0 {
			x.length = n
		} else {
			x.header.Del("Content-Length")
		}
	}
	x.response = &http.Response{
		StatusCode: status, Status: strconv.Itoa(status) + " " + http.StatusText(status),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: sentHeader(x.header), ContentLength: x.length,
	}
}

// sentHeader returns a copy of h. Later changes by the handler are not sent.
func sentHeader(h http.Header) http.Header {
	n := 0
	for _, values := range h {
		n += len(values)
	}
	all := make([]string, 0, n) // one array for all of them
	sent := make(http.Header, len(h)+2)
	for name, values := range h {
		if name == "Transfer-Encoding" || name == "Connection" {
			continue
		}
		start := len(all)
		all = append(all, values...)
		sent[name] = all[start:len(all):len(all)]
	}
	return sent
}

// Write writes a part of the body.
func (x *exchange) Write(p []byte) (int, error) { return write(x, p) }

// WriteString is Write for a string.
func (x *exchange) WriteString(s string) (int, error) { return write(x, s) }

func write[T string | []byte](x *exchange, p T) (int, error) {
	if x.status == 0 {
		x.WriteHeader(http.StatusOK)
	}
	if len(p) == 0 {
		return 0, nil
	}
	switch {
	case !x.hasBody():
		return 0, http.ErrBodyNotAllowed
	case x.length >= 0 && x.written+int64(len(p)) > x.length:
		return 0, http.ErrContentLength
	}
	x.written += int64(len(p))
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.method == http.MethodHead {
		x.held = append(x.held, p[:min(len(p), sniffed-len(x.held))]...)
		return len(p), nil
	}
	for x.handed && len(x.held)-x.read >= maxHeld && x.failed() == nil {
		x.cond.Wait()
	}
	if err := x.failed(); err != nil {
		return 0, err
	}
	if x.read > 0 && x.read == len(x.held) {
		x.held, x.read = x.held[:0], 0
	}
	x.held = append(x.held, p...)
	if len(x.held) > holdBack {
		x.handOver()
	}
	x.cond.Broadcast()
	return len(p), nil
}

// hasBody reports whether the status may have a body.
func (x *exchange) hasBody() bool {
	return x.status >= http.StatusOK && x.status != http.StatusNoContent && x.status != http.StatusNotModified
}

var errGone = errors.New("client: nobody reads the answer")

// failed returns why nothing more can be written.
func (x *exchange) failed() error {
	switch {
	case x.left:
		return errGone
	case x.late:
		return os.ErrDeadlineExceeded
	}
	return nil
}

// Flush hands over what is held back.
func (x *exchange) Flush() { _ = x.FlushError() }

// FlushError is Flush that returns an error if nobody reads the answer.
func (x *exchange) FlushError() error {
	if x.status == 0 {
		x.WriteHeader(http.StatusOK)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.failed(); err != nil {
		return err
	}
	x.handOver()
	return nil
}

// SetWriteDeadline makes writes fail from a time on. The zero time means no deadline.
func (x *exchange) SetWriteDeadline(at time.Time) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.deadline != nil {
		x.deadline.Stop()
		x.deadline = nil
	}
	x.late = false
	switch wait := time.Until(at); {
	case at.IsZero():
	case wait > 0:
		var timer *time.Timer
		timer = time.AfterFunc(wait, func() {
			x.mu.Lock()
			defer x.mu.Unlock()
			if x.late = x.deadline == timer; x.late {
				x.cond.Broadcast()
			}
		})
		x.deadline = timer
	default:
		x.late = true
		x.cond.Broadcast()
	}
	return nil
}

// SetReadDeadline does nothing, because there is no connection.
func (*exchange) SetReadDeadline(time.Time) error { return nil }

// EnableFullDuplex does nothing, because an exchange is always full duplex.
func (*exchange) EnableFullDuplex() error { return nil }

// handOver gives the client the response before it is complete. x.mu is held.
func (x *exchange) handOver() {
	if x.handed {
		return
	}
	x.handed = true
	x.complete()
	if x.hasBody() && x.method != http.MethodHead {
		x.response.Body = (*answerBody)(x)
	} else {
		x.response.Body = http.NoBody
	}
	close(x.ready)
}

// complete adds to the response what net/http would add.
func (x *exchange) complete() {
	h := x.response.Header
	if _, typed := h["Content-Type"]; !typed && len(x.held) > 0 && len(h["Content-Encoding"]) == 0 {
		h["Content-Type"] = []string{http.DetectContentType(x.held)}
	}
}

// end ends the response. A nil failure means that it is complete.
func (x *exchange) end(failure error) {
	if failure == nil && x.status == 0 {
		x.WriteHeader(http.StatusOK)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.deadline != nil {
		x.deadline.Stop()
	}
	if failure == nil && x.length > x.written && x.method != http.MethodHead && x.hasBody() {
		x.handOver()
		failure = io.ErrUnexpectedEOF
	}
	if x.late {
		failure = io.ErrUnexpectedEOF
	}
	switch {
	case x.left && x.err != nil: // abandon has set the reason
	case failure == nil:
		x.err = io.EOF
	default:
		x.err = failure
	}
	if !x.handed && failure == nil {
		if x.hasBody() && x.length < 0 && (x.method != http.MethodHead || x.written > 0 && x.written <= holdBack) {
			x.response.ContentLength = x.written
			x.response.Header["Content-Length"] = []string{strconv.FormatInt(x.written, 10)}
		}
		x.handOver()
	} else if !x.handed {
		x.handed = true
		close(x.ready)
	}
	x.cond.Broadcast()
}

// failure returns why there is no response.
func (x *exchange) failure() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.err != nil && !errors.Is(x.err, io.EOF) && (x.response == nil || x.response.Body == nil) {
		return x.err
	}
	return nil
}

// isWhole reports whether the response has ended.
func (x *exchange) isWhole() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.err != nil
}

// closeSent closes the body of the request, once.
func (x *exchange) closeSent() {
	if x.sent != nil && x.closed.CompareAndSwap(false, true) {
		_ = x.sent.Close() // the sender does not need the error
	}
}

// abandon tells the handler that the client has left. Later reads fail with err. A handler that
// reads the request body stops waiting.
func (x *exchange) abandon(err error) {
	x.mu.Lock()
	if x.err == nil || x.read < len(x.held) {
		x.err, x.held, x.read = err, nil, 0
	}
	x.left = true
	x.cond.Broadcast()
	x.mu.Unlock()
	x.leave()
	x.closeSent()
}

// An answerBody is the body of the response.
type answerBody exchange

// Read reads what the handler has written.
func (b *answerBody) Read(p []byte) (int, error) {
	x := (*exchange)(b)
	x.mu.Lock()
	defer x.mu.Unlock()
	for x.read == len(x.held) && x.err == nil {
		x.cond.Wait()
	}
	if x.read < len(x.held) {
		n := copy(p, x.held[x.read:])
		x.read += n
		x.cond.Broadcast()
		return n, nil
	}
	return 0, x.err
}

// Close tells the handler that the client reads no more.
func (b *answerBody) Close() error {
	x := (*exchange)(b)
	if x.stop != nil {
		x.stop()
	}
	x.abandon(http.ErrBodyReadAfterClose)
	return nil
}
