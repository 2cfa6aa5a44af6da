package rw

import "net/http"

// A Limit is the time that a handler has. A handler that flushes, hijacks or sets
// deadlines of its own minds the time itself, and lifts it.
type Limit interface {
	// Begin is called before the first final status is passed on.
	Begin()
	// Lift takes the limit off, and those around it.
	Lift()
	// Exceeded reports whether the time is over.
	Exceeded() bool
}

// SetLimit gives w the limit to lift and returns the one it had, which is that of
// the middleware further out, or nil.
func (w *Writer) SetLimit(limit Limit) (outer Limit) {
	outer, w.limit = w.limit, limit
	return outer
}

func (w *Writer) lift() {
	if w.limit != nil {
		w.limit.Lift()
	}
}

// Exceeded reports whether the time of a [Limit] in the chain of w is over.
func Exceeded(w http.ResponseWriter) bool {
	for found := Find(w); found != nil; found = Find(found.below) {
		if found.limit != nil && found.limit.Exceeded() {
			return true
		}
	}
	return false
}
