package rw

import "net/http"

// A Layer is a writer around a [Writer] that transforms a response or holds it back.
type Layer interface {
	http.ResponseWriter
	unwrapper
	// Started reports whether the connection is hijacked, or a final status or a part of the
	// body was written. What is held back counts as written.
	Started() bool
	// Restart drops what is held back, so that the response can begin anew. The writers below
	// have not started, or are restarted already.
	Restart()
}

// Started reports whether the response of w has started, as far as the writers of the chain can
// tell.
func Started(w http.ResponseWriter) bool {
	for {
		x, ok := w.(unwrapper)
		if !ok {
			return false
		}
		switch x := x.(type) {
		case *Writer:
			if x.Started() || x.implied {
				return true
			}
		case Layer:
			if x.Started() {
				return true
			}
		}
		w = x.Unwrap()
	}
}

// Restart drops the response of w, so that another one can begin. It reports false if that is
// not possible: a part has been passed on to the server or to a writer of another package.
func Restart(w http.ResponseWriter) bool { return restart(w, false) }

// restart is [Restart]. started says whether a writer further out has passed something on.
func restart(w http.ResponseWriter, started bool) bool {
	switch x := w.(type) {
	case *Writer:
		if x.hijacked || !restart(x.below, started || x.status != 0) {
			return false
		}
		x.status, x.bytes, x.implied, x.muted = 0, 0, false, false
		return true
	case Layer:
		// What a layer has passed on may be held back by one below it.
		if !restart(x.Unwrap(), false) {
			return false
		}
		x.Restart()
		return true
	case unwrapper:
		return !started && restart(x.Unwrap(), false)
	}
	return !started
}

// Started reports whether a final status or a part of the body has been passed on, or the
// connection is hijacked.
func (w *Writer) Started() bool { return w.status != 0 || w.hijacked }
