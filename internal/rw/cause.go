package rw

import "net/http"

// CollectCause makes w keep the cause of a server error for the caller, who
// then logs it with the request. Without it the cause is logged where it arises.
func (w *Writer) CollectCause() { w.collects = true }

// Cause returns the cause that [RecordCause] handed over, or nil.
func (w *Writer) Cause() error { return w.cause }

// RecordCause hands the cause of a server error to the writer in the chain of w
// that collects it. It reports false if there is none, and then the caller logs
// the cause.
func RecordCause(w http.ResponseWriter, cause error) bool {
	for found := Find(w); found != nil; found = Find(found.below) {
		if found.collects {
			found.cause = cause
			return true
		}
	}
	return false
}
