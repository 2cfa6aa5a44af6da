package openapi

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/schema"
)

// A documentedRoute is the operation of a route. It is a handler because a ServeMux finds it by
// its pattern.
type documentedRoute struct {
	label     string
	operation *operation // nil if an Edit has removed it
}

// ServeHTTP implements [http.Handler].
func (*documentedRoute) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusNotFound)
}

// Verify returns middleware that compares responses with doc. It calls report with an error
// for each difference. The error names the route and says what is wrong:
//
//   - a status that doc does not declare
//   - a media type that doc does not declare for the status
//   - a required header field that is missing
//   - a body that doc does not declare, or none where doc declares one
//   - a body that breaks its schema; in a stream, the first line or event that does
//
// A failure (4xx or 5xx) that the route does not declare is not reported if its body has the
// form of the failures of doc: each typed function declares such failures under "default". To
// have them reported, verify against a document of the tests whose [Edit] deletes "default"
// from the responses of the operations. Declare failures by Errors and Responses of
// [tenon.Doc] or by [tenon.Fails].
//
// The response is sent unchanged. Verify calls report after the response is complete, or
// when the handler panics; the panic continues. Many goroutines call report at once.
//
// Put Verify around the router, in tests and on a staging server: it reads every JSON body a
// second time. A body of more than 1 MiB is not compared with its schema, and neither is
// such a line of a stream.
//
// Verify ignores requests for routes that are not in doc, and the 404 and 405 of the router.
// It also ignores a 304 for a conditional request, because middleware or a cache may send it
// in place of any 200 (RFC 9110, section 15.4.5). Verify panics if doc or report is nil, and
// names both faults.
func Verify(doc *Document, report func(error)) func(http.Handler) http.Handler {
	var faults []string
	if doc == nil {
		faults = append(faults, "the document is nil: make it with New")
	}
	if report == nil {
		faults = append(faults, "report is nil: write a function, such as one that fails the test")
	}
	if len(faults) > 0 {
		panic("openapi: Verify: " + strings.Join(faults, "; "))
	}
	v := verifier{doc, schema.NewChecker(doc.model.Components.Schemas, doc.patterns), report}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { v.serve(w, r, next) })
	}
}

// A verifier holds what [Verify] was given.
type verifier struct {
	doc     *Document
	checker *schema.Checker
	report  func(error)
}

func (v *verifier) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	found, _ := v.doc.routes.Handler(r)
	route, ok := found.(*documentedRoute)
	if !ok || route.operation == nil {
		next.ServeHTTP(w, r)
		return
	}
	watched := &watchedWriter{ResponseWriter: w, isHead: r.Method == http.MethodHead}
	watched.begin = func(status int, h http.Header) *verdict { return newVerdict(v.checker, route.operation, r, status, h) }
	completed := false
	// Deferred, because a broken stream ends with a panic of the handler.
	defer func() {
		for _, fault := range watched.end(completed) {
			v.report(fmt.Errorf("openapi: %s: %w", route.label, fault))
		}
	}()
	next.ServeHTTP(watched, r)
	completed = true
}

// A verdict has the faults of one response.
type verdict struct {
	checker     *schema.Checker
	status      int
	declared    *response // nil if the status is not declared
	contentType string
	isCoded     bool // the response has a content coding
	faults      []error
	isOpen      bool // the body has begun
	body        bodyCheck
}

func newVerdict(c *schema.Checker, op *operation, r *http.Request, status int, h http.Header) *verdict {
	v := &verdict{
		checker:     c,
		status:      status,
		declared:    op.responseOf(status),
		contentType: essence(h.Get("Content-Type")),
		isCoded:     h.Get("Content-Encoding") != "",
	}
	switch {
	case v.declared == nil && status == http.StatusNotModified && isConditional(r):
		return v
	case v.declared == nil:
		v.add("the status %d is not declared", status)
		return v
	}
	for _, m := range v.declared.Headers {
		if m.Value.Required && h.Get(m.Name) == "" {
			v.add("the response of status %d lacks the required header %s", status, m.Name)
		}
	}
	return v
}

// isConditional reports whether the request may be answered with 304 (RFC 9110, sections
// 13.1.2 and 13.1.3).
func isConditional(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		(len(r.Header["If-None-Match"]) > 0 || len(r.Header["If-Modified-Since"]) > 0)
}

func (v *verdict) add(format string, args ...any) {
	v.faults = append(v.faults, fmt.Errorf(format, args...))
}

// open checks the media type of a response whose body begins with p.
func (v *verdict) open(p []byte) {
	v.isOpen = true
	sent := v.contentType
	switch {
	case v.declared == nil:
		return
	case len(v.declared.Content) == 0:
		v.add("the response of status %d has a body, and none is declared", v.status)
		return
	case sent == "" && !v.isCoded:
		sent = essence(http.DetectContentType(p)) // as net/http does
	}
	m := v.declared.contentOf(sent)
	switch {
	case m == nil:
		var known []string
		for _, content := range v.declared.Content {
			known = append(known, content.Name)
		}
		v.add("the media type %s is not declared for the status %d, only %s", cmp.Or(sent, `""`), v.status, strings.Join(known, ", "))
	case !v.isCoded:
		v.body = newBodyCheck(v.checker, sent, m.Schema)
	}
}

// passes reports whether the bytes of the body need no check.
func (v *verdict) passes() bool {
	switch {
	case v.isOpen:
		return v.body == nil
	case v.declared == nil:
		return true
	case v.contentType == "":
		return false
	}
	m := v.declared.contentOf(v.contentType)
	return m != nil && (v.isCoded || newBodyCheck(v.checker, v.contentType, m.Schema) == nil)
}

// write checks bytes of the body.
func (v *verdict) write(p []byte) {
	if len(p) == 0 {
		return
	}
	if !v.isOpen {
		v.open(p)
	}
	if v.body != nil {
		v.failed(v.body.write(p))
	}
}

// close checks the complete body. The answer to a HEAD request has only the header of one.
func (v *verdict) close(isHead bool) {
	switch {
	case isHead && v.contentType != "":
		v.open(nil)
	case isHead:
	case v.body != nil:
		v.failed(v.body.close())
	case !v.isOpen && v.declared != nil && v.declared.needsBody():
		v.add("the response of status %d has no body, and one is declared", v.status)
	}
}

// needsBody reports whether the response may not be empty under any of its media types.
func (x *response) needsBody() bool {
	for _, m := range x.Content {
		if m.Name != jsonType && m.Name != problemType && !m.Value.isNeverEmpty {
			return false
		}
	}
	return len(x.Content) > 0 && !x.mayBeEmpty
}

// failed adds a fault of the body.
func (v *verdict) failed(err error) {
	if err != nil {
		v.faults = append(v.faults, fmt.Errorf("the body of status %d breaks its schema: %w", v.status, err))
	}
}

// responseOf returns the declared response of a status, nil if there is none. New writes a
// default for failures, and for handlers that it knows nothing about. Only the second one
// covers statuses below 400.
func (op *operation) responseOf(status int) *response {
	code := strconv.Itoa(status)
	for _, key := range []string{code, code[:1] + "XX"} {
		if x, ok := op.Responses.Get(key); ok {
			return x
		}
	}
	x, ok := op.Responses.Get("default")
	if !ok {
		return nil
	}
	_, isOpaque := x.Content.Get(anyType)
	if status >= http.StatusBadRequest || isOpaque {
		return x
	}
	return nil
}

// contentOf returns the declared content of a media type, nil if there is none.
func (x *response) contentOf(sent string) *mediaType {
	for _, m := range x.Content {
		if strings.EqualFold(m.Name, sent) {
			return m.Value
		}
	}
	known, _ := x.Content.Get(anyType)
	return known
}

// essence returns a media type without its parameters.
func essence(contentType string) string {
	name, _, _ := strings.Cut(contentType, ";")
	return strings.ToLower(strings.TrimSpace(name))
}

// A watchedWriter passes a response on and shows it to a verdict. Like the writers of
// internal/rw it keeps the abilities of the writer below.
type watchedWriter struct {
	http.ResponseWriter

	begin      func(status int, h http.Header) *verdict
	verdict    *verdict
	isHead     bool
	isHijacked bool
}

// Unwrap lets [http.ResponseController] reach what is below.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// started makes the verdict once the status is known. Header fields that are set later are
// not sent.
func (w *watchedWriter) started(status int) *verdict {
	if w.verdict == nil {
		w.verdict = w.begin(status, w.Header())
	}
	return w.verdict
}

// WriteHeader implements [http.ResponseWriter].
func (w *watchedWriter) WriteHeader(status int) {
	if status >= http.StatusOK {
		w.started(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (w *watchedWriter) Write(p []byte) (int, error) {
	v := w.started(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	if !w.isHead {
		v.write(p[:max(n, 0)])
	}
	return n, err
}

// ReadFrom implements [io.ReaderFrom]. A body that needs no check is copied to the writer
// below, which may use sendfile(2). As in net/http, an empty src does not begin the response.
func (w *watchedWriter) ReadFrom(src io.Reader) (int64, error) {
	v := w.verdict
	if v == nil {
		v = w.begin(http.StatusOK, w.Header())
	}
	if !w.isHead && !v.passes() {
		return io.Copy(struct{ io.Writer }{w}, src)
	}
	n, err := io.Copy(w.ResponseWriter, src)
	if n > 0 {
		w.verdict = v
	}
	return n, err
}

// Flush implements [http.Flusher].
func (w *watchedWriter) Flush() { _ = w.FlushError() }

// FlushError is for [http.ResponseController]. If no writer below can flush, the response
// does not begin.
func (w *watchedWriter) FlushError() error {
	h := w.Header().Clone()
	err := http.NewResponseController(w.ResponseWriter).Flush()
	if w.verdict == nil && !errors.Is(err, http.ErrNotSupported) {
		w.verdict = w.begin(http.StatusOK, h)
	}
	return err
}

// Hijack implements [http.Hijacker]. What follows is not an HTTP response.
func (w *watchedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buf, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.isHijacked = w.isHijacked || err == nil
	return conn, buf, err
}

// end returns the faults, after the handler has returned or panicked. An incomplete response
// is not checked for a missing body.
func (w *watchedWriter) end(completed bool) []error {
	if completed && !w.isHijacked {
		w.started(http.StatusOK).close(w.isHead)
	}
	if w.verdict == nil {
		return nil
	}
	return w.verdict.faults
}
