package rw

import (
	"cmp"
	"errors"
	"iter"
	"log/slog"
	"net/http"
)

// The functions below leave a fact about the request for the middleware further out. They leave
// it at every Writer of the chain, so that writers of other packages between them do not matter.
// This costs less than a value in a context, and a context goes only inward.

// chain returns the Writers of w, the outermost first.
func chain(w http.ResponseWriter) iter.Seq[*Writer] {
	return func(yield func(*Writer) bool) {
		for found := Find(w); found != nil && yield(found); found = Find(found.below) {
		}
	}
}

// CollectCause makes w keep the causes of server errors. The caller logs them with the request.
// Without it a cause is logged where it arises.
func (w *Writer) CollectCause() { w.collects = true }

// Cause returns the causes that [RecordCause] handed over, or nil.
func (w *Writer) Cause() error {
	if w.rare == nil {
		return nil
	}
	return w.rare.cause
}

// RecordCause adds the cause of a server error to those of the Writer in the chain of w that
// collects them. If there is none, it reports false, and the caller logs the cause.
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

// ReportCause is [RecordCause], and logs the cause with the message if no Writer collects it.
func ReportCause(w http.ResponseWriter, r *http.Request, message string, cause error) {
	if !RecordCause(w, cause) {
		slog.LogAttrs(r.Context(), slog.LevelError, message,
			slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Any("error", cause))
	}
}

// RecordLeft records that the client left before it had an answer.
func RecordLeft(w http.ResponseWriter) {
	for found := range chain(w) {
		found.left = true
	}
}

// Left reports whether [RecordLeft] was called.
func (w *Writer) Left() bool { return w.left }

// Pattern returns the pattern of [RecordPattern], or "".
func (w *Writer) Pattern() string { return w.pattern }

// A Routing is what a Writer knows of the pattern before a request enters a router.
type Routing struct {
	recorded, outer string
	inner           *http.Request
}

// EnterRouter forgets the pattern of [RecordPattern]. It keeps outer, the pattern that the
// request has so far, for [Writer.OuterPattern]. The result is for [Writer.LeaveRouter].
func (w *Writer) EnterRouter(outer string) Routing {
	before := Routing{w.pattern, w.OuterPattern(), w.inner}
	w.pattern, w.inner = "", nil
	w.setOuter(outer)
	return before
}

// LeaveRouter restores what was known before [Writer.EnterRouter]. A pattern that was recorded
// meanwhile stays.
func (w *Writer) LeaveRouter(before Routing) {
	w.inner = before.inner
	w.setOuter(before.outer)
	if w.pattern == "" {
		w.pattern = before.recorded
	}
}

// OuterPattern returns the pattern that the request had outside of the innermost router that it
// has entered.
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

// RecordPattern records the pattern of the route, for middleware whose request was cloned on
// the way to the router.
func RecordPattern(w http.ResponseWriter, pattern string) {
	for found := range chain(w) {
		found.pattern = pattern
	}
}

// A Selected is what is known of the representation behind a 304, whose header does not
// describe it. In the zero Selected nothing is known.
type Selected struct {
	Known bool
	Typed bool   // the 200 has a Content-Type, which may be empty
	Media string // the Content-Type
}

// RecordSelected records the Content-Type that a 200 would have. media has its value, and typed
// says whether it has the field at all.
func RecordSelected(w http.ResponseWriter, media []string, typed bool) {
	s := Selected{Known: true, Typed: typed}
	if len(media) > 0 {
		s.Media = media[0]
	}
	for found := range chain(w) {
		found.have().selected = s
	}
}

// Selected returns what [RecordSelected] has recorded.
func (w *Writer) Selected() Selected {
	if w.rare == nil {
		return Selected{}
	}
	return w.rare.selected
}

// RecordUnmissed takes back that a part of the body could not be passed on. A client that
// leaves an endless response misses nothing.
func RecordUnmissed(w http.ResponseWriter) {
	for found := range chain(w) {
		found.broken = false
	}
}

// RequestID returns the ID of [RecordRequestID], or "".
func (w *Writer) RequestID() string { return w.requestID }

// RecordRequestID records the ID of the request, for middleware outside of the context that has
// it.
func RecordRequestID(w http.ResponseWriter, id string) {
	for found := range chain(w) {
		found.requestID = id
	}
}

// SetPage sets whether the handler sends the body of a failure, whatever the method of the
// request. It returns the earlier value.
func (w *Writer) SetPage(page bool) (before bool) {
	before, w.page = w.page, page
	return before
}

// IsPage returns what [Writer.SetPage] has set at the outermost Writer of w.
func IsPage(w http.ResponseWriter) bool {
	own := Find(w)
	return own != nil && own.page
}

// net/http knows only its own request. So middleware that gives the handler a copy, with another
// context, body or header, calls RecordCopy before the handler, and defers BringBack.

// RecordCopy records the copy of the request that the handler gets. Middleware further out may
// read it while the handler runs.
func RecordCopy(w http.ResponseWriter, inner *http.Request) {
	for found := range chain(w) {
		found.inner = inner
	}
}

// Routed returns the copy of r that a router further in gets, if [RecordCopy] has recorded one,
// else r.
func (w *Writer) Routed(r *http.Request) *http.Request { return cmp.Or(w.inner, r) }

// BringBack copies to r what routers and handlers have set on inner, the copy of r: the pattern
// and the forms. net/http removes the temporary files of the form of its own request only.
func BringBack(r, inner *http.Request) {
	r.Pattern = inner.Pattern
	r.Form, r.PostForm, r.MultipartForm = inner.Form, inner.PostForm, inner.MultipartForm
}
