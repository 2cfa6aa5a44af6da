package rw

import (
	"cmp"
	"errors"
	"iter"
	"log/slog"
	"net/http"
)

// What middleware further in, a router or a handler leaves for the middleware
// further out goes to every Writer between them, so that it passes the writers
// of others. It costs less than a value in the context, and shows to those
// outside as well.

// chain returns the Writers of w, the outermost first.
func chain(w http.ResponseWriter) iter.Seq[*Writer] {
	return func(yield func(*Writer) bool) {
		for found := Find(w); found != nil && yield(found); found = Find(found.below) {
		}
	}
}

// CollectCause makes w keep the cause of a server error for the caller, who
// then logs it with the request. Without it the cause is logged where it arises.
func (w *Writer) CollectCause() { w.collects = true }

// Cause returns the causes that [RecordCause] handed over, or nil.
func (w *Writer) Cause() error {
	if w.rare == nil {
		return nil
	}
	return w.rare.cause
}

// RecordCause hands the cause of a server error to the writer in the chain of w
// that collects it, beside those that it has. It reports false if there is none, and
// then the caller logs the cause.
func RecordCause(w http.ResponseWriter, cause error) bool {
	for found := range chain(w) {
		if found.collects {
			own := found.have()
			if own.cause != nil {
				cause = errors.Join(own.cause, cause)
			}
			own.cause = cause
			return true
		}
	}
	return false
}

// ReportCause is [RecordCause] that logs the cause with the message if nobody
// collects it.
func ReportCause(w http.ResponseWriter, r *http.Request, message string, cause error) {
	if !RecordCause(w, cause) {
		slog.LogAttrs(r.Context(), slog.LevelError, message,
			slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Any("error", cause))
	}
}

// RecordLeft leaves for those further out that the client left before there was
// an answer: whatever is sent now, nobody has asked for any more.
func RecordLeft(w http.ResponseWriter) {
	for found := range chain(w) {
		found.left = true
	}
}

// Left reports whether [RecordLeft] was called.
func (w *Writer) Left() bool { return w.left }

// Pattern returns what [RecordPattern] has left, or "".
func (w *Writer) Pattern() string { return w.pattern }

// A Routing is what a Writer knows of the pattern between two routers.
type Routing struct {
	recorded, outer string
	inner           *http.Request
}

// EnterRouter forgets what [RecordPattern] has left, and keeps outer, the pattern
// that the request has so far, for OuterPattern. What it returns is for
// LeaveRouter.
func (w *Writer) EnterRouter(outer string) Routing {
	before := Routing{w.pattern, w.OuterPattern(), w.inner}
	w.pattern, w.inner = "", nil
	w.setOuter(outer)
	return before
}

// LeaveRouter brings back what was known before EnterRouter, but for a pattern
// that was recorded meanwhile.
func (w *Writer) LeaveRouter(before Routing) {
	w.inner = before.inner
	w.setOuter(before.outer)
	if w.pattern == "" {
		w.pattern = before.recorded
	}
}

// OuterPattern returns the pattern that the request had outside of the innermost
// router that was entered.
func (w *Writer) OuterPattern() string {
	if w.rare == nil {
		return ""
	}
	return w.rare.outer
}

func (w *Writer) setOuter(pattern string) {
	if pattern != w.OuterPattern() {
		w.have().outer = pattern
	}
}

// RecordPattern leaves the pattern of the route for those who do not see it in
// their request, because it was cloned on the way to the router.
func RecordPattern(w http.ResponseWriter, pattern string) {
	for found := range chain(w) {
		found.pattern = pattern
	}
}

// A Selected is what is known of the representation that a 304 stands for, which
// the 304 itself does not say. The zero Selected is that nothing is known.
type Selected struct {
	Known bool
	Typed bool   // its 200 has a Content-Type, be it an empty one
	Media string // that Content-Type
}

// RecordSelected leaves what is known to those further out, from the header that a
// 200 would have had.
func RecordSelected(w http.ResponseWriter, media []string, typed bool) {
	s := Selected{Known: true, Typed: typed}
	if len(media) > 0 {
		s.Media = media[0]
	}
	for found := range chain(w) {
		found.have().selected = s
	}
}

// Selected returns what [RecordSelected] has left.
func (w *Writer) Selected() Selected {
	if w.rare == nil {
		return Selected{}
	}
	return w.rare.selected
}

// RecordUnmissed takes back that a part of the body could not be passed on: the
// client has left a response without an end, and has missed nothing of it.
func RecordUnmissed(w http.ResponseWriter) {
	for found := range chain(w) {
		found.broken = false
	}
}

// RequestID returns what [RecordRequestID] has left, or "".
func (w *Writer) RequestID() string { return w.requestID }

// RecordRequestID leaves the ID of the request for those who are outside of the
// context that has it.
func RecordRequestID(w http.ResponseWriter, id string) {
	for found := range chain(w) {
		found.requestID = id
	}
}

// SetPage says whether what the handler sends is the body of a failure, whatever
// the method of the request, and returns what was said before.
func (w *Writer) SetPage(page bool) (before bool) {
	before, w.page = w.page, page
	return before
}

// IsPage returns what [Writer.SetPage] has said to the innermost Writer of w.
func IsPage(w http.ResponseWriter) bool {
	own := Find(w)
	return own != nil && own.page
}

// Middleware that gives the handler a copy of the request, for another context,
// body or header, calls RecordCopy before the handler and BringBack after it,
// deferred: net/http knows only its own request.

// RecordCopy tells the middleware further out of the copy of their request that
// the handler gets. It is theirs to look at while the handler runs.
func RecordCopy(w http.ResponseWriter, inner *http.Request) {
	for found := range chain(w) {
		found.inner = inner
	}
}

// Routed returns the copy of r that a router further in sees, as far as
// [RecordCopy] has told, or r itself.
func (w *Writer) Routed(r *http.Request) *http.Request { return cmp.Or(w.inner, r) }

// BringBack gives r what routers and handlers have left on inner, the copy of r
// that they were given: the pattern, and the form. net/http removes the temporary
// files of the form that it finds on its own request.
func BringBack(r, inner *http.Request) {
	r.Pattern = inner.Pattern
	r.Form, r.PostForm, r.MultipartForm = inner.Form, inner.PostForm, inner.MultipartForm
}
