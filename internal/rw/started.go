package rw

import "net/http"

// A Layer is a writer in front of a [Writer] that transforms a response or holds
// it back.
type Layer interface {
	http.ResponseWriter
	unwrapper
	// Started reports whether a final status or a part of the body was written,
	// be it held back, or the connection was taken over.
	Started() bool
	// Restart drops what is held back, for the response to begin anew. The
	// writers below have not started, or are restarted already.
	Restart()
}

// Started reports whether the response of w has started, as far as the layers in
// the chain can tell.
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

// Restart makes the response of w one that has not started. It reports false if
// that cannot be: a part of it was passed on, or was seen by a writer of
// somebody else.
func Restart(w http.ResponseWriter) bool { return restart(w, false) }

// restart is Restart, below a writer that has or has not passed something on.
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

// Started reports whether a final status or a part of the body has been passed
// on, or the connection was taken over.
func (w *Writer) Started() bool { return w.status != 0 || w.hijacked }
