package rw

import "net/http"

// Middleware that gives the handler a copy of the request, for another context,
// body or header, calls RecordCopy before the handler and BringBack after it,
// deferred: net/http knows only its own request.

// RecordCopy tells the middleware further out of the copy of their request that
// the handler gets. It is theirs to look at while the handler runs.
func RecordCopy(w http.ResponseWriter, inner *http.Request) {
	for found := Find(w); found != nil; found = Find(found.below) {
		found.inner = inner
	}
}

// Routed returns the copy of r that a router further in sees, as far as
// [RecordCopy] has told, or r itself.
func (w *Writer) Routed(r *http.Request) *http.Request {
	if w.inner != nil {
		return w.inner
	}
	return r
}

// BringBack gives r what routers and handlers have left on inner, the copy of r
// that they were given: the pattern, and the form. net/http removes the temporary
// files of the form that it finds on its own request.
func BringBack(r, inner *http.Request) {
	r.Pattern = inner.Pattern
	r.Form, r.PostForm, r.MultipartForm = inner.Form, inner.PostForm, inner.MultipartForm
}
