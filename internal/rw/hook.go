package rw

import (
	"net/http"
	"slices"
)

// A Hook is called before the Writer w passes the final status on. It may change
// the header. It returns true to let the response go on; if it has called
// WriteHeader of w, that status takes the place of the one that was to be passed
// on. It returns false if it has answered r with w itself: then the rest of what
// the handler writes is dropped, until the hook is taken off. It has to be static,
// or to belong to something that the request has allocated anyway, for it to cost
// nothing.
//
// A status below 200, but for 101, is one that is passed on before the final one:
// the hook is called for each of them too, stays on, and what it returns does not
// count. It may then keep header fields by [Writer.Keep].
type Hook func(w *Writer, r *http.Request, status int) bool

// hook is a Hook and the request of the middleware that has put it on.
type hook struct {
	run Hook
	r   *http.Request
}

// Hook puts a hook on, for the time until Unhook is called with what it returns.
// The hook runs once, also where the body or a flush implies the status, and again
// if the body was a reader that had nothing; it does not if there is no response at
// all or the connection is taken over. Of several
// the last one, which is the innermost in the chain, runs first. The hooks of the
// middleware further out also run for the answer of one that answers itself.
func (w *Writer) Hook(r *http.Request, run Hook) (mark int) {
	mark = len(w.hooks)
	if mark == 0 {
		w.hooks = w.room[:0]
	}
	w.hooks = append(w.hooks, hook{run, r})
	return mark
}

// Unhook takes the hook off that was put on at mark, and those put on later that
// a panic has left there.
func (w *Writer) Unhook(mark int) {
	if len(w.hooks) > mark {
		w.hooks = w.hooks[:mark]
	}
	if w.muted && mark <= w.rare.answerer {
		w.muted = false
	}
}

// Around lets next answer inner, the request r or a copy of it, with the hook put on. Where
// next sends nothing, the hook runs at its end, for the 200 that net/http is going to send.
func (w *Writer) Around(next http.Handler, r, inner *http.Request, run Hook) {
	mark := w.Hook(r, run)
	next.ServeHTTP(w, inner)
	w.Unhook(mark)
	if !w.Started() {
		run(w, r, http.StatusOK)
	}
}

// runHooks runs the hooks that have not run, and reports whether none of them
// has answered.
func (w *Writer) runHooks(status int) bool {
	for last := len(w.hooks) - 1; last >= 0; last = len(w.hooks) - 1 {
		h := w.hooks[last]
		w.hooks = w.hooks[:last]
		if !h.run(w, h.r, status) {
			w.muted, w.have().answerer = true, last
			return false
		}
	}
	return true
}

// inform tells the hooks that have not run of an informational status.
func (w *Writer) inform(status int) {
	if w.status != 0 {
		return
	}
	for _, h := range slices.Backward(w.hooks) {
		h.run(w, h.r, status)
	}
}

// Keep makes a field that was set before the handler ran last over an informational
// response: what passes one on for a server behind it, as
// [net/http/httputil.ReverseProxy] does, empties the header after it, and does not
// mean to delete what it has not set. Without values the field is not kept.
func (w *Writer) Keep(name string, values []string) {
	bottom := w
	for found := range chain(w) {
		bottom = found // the first to see that the header is empty
	}
	own := bottom.have()
	if len(values) == 0 {
		delete(own.kept, name)
		return
	}
	if own.kept == nil {
		own.kept = make(http.Header)
	}
	own.kept[name] = slices.Clone(values)
}

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
	for found := range chain(w) {
		if found.limit != nil && found.limit.Exceeded() {
			return true
		}
	}
	return false
}
