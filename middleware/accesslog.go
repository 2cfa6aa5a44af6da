package middleware

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
)

// AccessLog writes one record to logger for every request, after it is answered. The
// message is "request", and the attributes are:
//
//	method, path  of the request; the path unescaped, as the client sent it
//	pattern       of the route, as in http.Request.Pattern; absent if no router has set one
//	status        the status that was sent
//	bytes         of the body that were handed to the server
//	duration      from the call of AccessLog to the return of its handler
//	request_id    of RequestID; absent without it
//	remote        address of the client: http.Request.RemoteAddr, or by AccessLogRemote
//	error         the cause of a 5xx or of a response that was broken off; absent without one
//	aborted       true if the client did not get the whole response, as far as the server knows;
//	              else absent
//	hijacked      true if the handler took over the connection; else absent
//
// The level is Error for a status from 500 on, and for a response that is broken off with
// an error. Otherwise it is Info. If logger does not have the level enabled, AccessLog
// does nothing. The causes appear only here: [github.com/tenonkit/tenon/respond.Error]
// does not log them a second time.
//
// Special statuses:
//
//	200  the handler sent none, so net/http sends 200
//	101  the handler hijacked the connection
//	499  the client left before there was a status; it is not sent (nginx uses this code too)
//	0    the handler broke the connection off before it sent a status
//
// A context that the server cancels without a cause looks as if the client had left: use
// [context.WithCancelCause].
//
// The response is aborted in these cases: the handler broke it off, a write failed, the
// body is not as long as its Content-Length, or the client left before the handler
// returned and before the whole Content-Length was written. A client that leaves an event
// stream does not abort it, because the stream has no end.
//
// A nil logger is [slog.Default], looked up for each request. A panic passes through
// AccessLog after the record is written. logger must be safe for concurrent use.
// AccessLog panics if an option is faulty, and names all faults at once.
func AccessLog(logger *slog.Logger, opts ...AccessLogOption) func(http.Handler) http.Handler {
	c := &accessLog{logger: logger, remote: remoteAddr}
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(c)
		}
	}
	c.faults.refuse("AccessLog")
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			logger := c.loggerFor()
			if !logger.Enabled(r.Context(), slog.LevelError) {
				next.ServeHTTP(w, r)
				return
			}
			own := rw.Wrap(w)
			own.CollectCause()
			e := exchange{w: own, r: r, method: r.Method, path: r.URL.Path, start: time.Now(), aborted: true}
			defer c.log(r.Context(), logger, &e)
			next.ServeHTTP(own, r)
			e.aborted = false
		})
	}
}

// An AccessLogOption changes what [AccessLog] writes. The zero AccessLogOption changes
// nothing.
type AccessLogOption struct{ apply func(*accessLog) }

// AccessLogRemote sets the function that returns the address of the client, in place of
// [http.Request.RemoteAddr], which behind a proxy is the address of the proxy. A function
// that reads X-Forwarded-For must know which proxies to trust. The middleware
// ClientIPFromXFF of chi does; put it outside AccessLog. An empty address is left out.
// address must be safe for concurrent use. A nil function is a fault.
func AccessLogRemote(address func(r *http.Request) string) AccessLogOption {
	return AccessLogOption{func(c *accessLog) {
		if address == nil {
			c.faults.add("AccessLogRemote has a nil function: pass one that returns the address of the client")
		}
		c.remote = address
	}}
}

func remoteAddr(r *http.Request) string { return r.RemoteAddr }

type accessLog struct {
	logger *slog.Logger
	remote func(*http.Request) string
	faults faults
}

func (c *accessLog) loggerFor() *slog.Logger {
	if c.logger == nil {
		return slog.Default()
	}
	return c.logger
}

// An exchange is a request and its response.
type exchange struct {
	w       *rw.Writer
	r       *http.Request
	method  string // both as they came: a handler may change them
	path    string
	start   time.Time
	aborted bool
}

// log is deferred, because a response that is broken off panics.
func (c *accessLog) log(ctx context.Context, logger *slog.Logger, e *exchange) {
	status := e.status(ctx)
	level := slog.LevelInfo
	if status >= http.StatusInternalServerError || e.aborted && e.w.Cause() != nil {
		level = slog.LevelError
	}
	if !logger.Enabled(ctx, level) {
		return
	}
	now := time.Now()
	var room [11]slog.Attr
	attrs := append(room[:0], slog.String("method", e.method), slog.String("path", e.path))
	attrs = appendText(attrs, "pattern", cmp.Or(e.r.Pattern, e.w.Pattern()))
	attrs = append(attrs, slog.Int("status", status), slog.Int64("bytes", e.bytes()),
		slog.Duration("duration", now.Sub(e.start)))
	id := e.w.RequestID()
	if id == "" {
		id = RequestIDFrom(ctx)
	}
	attrs = appendText(attrs, "request_id", id)
	attrs = appendText(attrs, "remote", c.remote(e.r))
	if cause := e.w.Cause(); cause != nil {
		attrs = append(attrs, slog.Any("error", cause))
	}
	if e.isAborted(ctx, status) {
		attrs = append(attrs, slog.Bool("aborted", true))
	}
	// A writer of somebody else has to hijack in order to break off.
	if e.w.Hijacked() && (!e.aborted || e.w.Status() == 0) {
		attrs = append(attrs, slog.Bool("hijacked", true))
	}
	// Without the place in the source, which would always be this one.
	record := slog.NewRecord(now, level, "request", 0)
	record.AddAttrs(attrs...)
	_ = logger.Handler().Handle(ctx, record)
}

func appendText(attrs []slog.Attr, key, text string) []slog.Attr {
	if text == "" {
		return attrs
	}
	return append(attrs, slog.String(key, text))
}

const statusClientLeft = 499

func (e *exchange) status(ctx context.Context) int {
	sent := e.w.Status()
	switch {
	case e.w.Left():
		return statusClientLeft
	case sent != 0:
		return sent
	case e.w.Hijacked():
		return http.StatusSwitchingProtocols
	case failure.Left(ctx):
		return statusClientLeft
	case e.aborted:
		return 0
	}
	return http.StatusOK
}

// isAborted reports whether the client did not get the whole response.
func (e *exchange) isAborted(ctx context.Context, status int) bool {
	switch {
	case e.aborted, e.w.Broken(), status == statusClientLeft:
		return true
	case e.w.Hijacked():
		return false
	}
	h := e.w.Header()
	declared := int64(-1) // there is no body, or its end is what net/http sends at last
	if e.method != http.MethodHead && status != http.StatusNoContent && status != http.StatusNotModified {
		declared = header.Length(h)
	}
	if declared >= 0 {
		return e.w.Bytes() != declared // HTTP/2 does not refuse at once what is too much
	}
	left := failure.Left(ctx)
	return left && !strings.HasPrefix(h.Get("Content-Type"), "text/event-stream")
}

// bytes returns the number of bytes of the body, without those that the server does not
// send or that no client gets.
func (e *exchange) bytes() int64 {
	if e.method == http.MethodHead || e.w.Left() {
		return 0
	}
	return e.w.Bytes()
}
