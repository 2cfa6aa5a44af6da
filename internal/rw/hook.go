package rw

import (
	"net/http"
	"slices"
)

// A Hook is called before the Writer w passes the final status on. It may change the header. It
// returns true if the response goes on. If it has called WriteHeader of w, that status replaces
// the one of the handler. It returns false if it has answered r with w itself. The rest of what
// the handler writes is then dropped until the hook is removed.
//
// The hook is also called for each informational status, which is below 200 and not 101. The
// hook then stays, and its result does not count. It may call [Writer.Keep].
//
// A Hook costs no allocation if it is a function without captured variables, or a method of
// something that the request has allocated anyway.
type Hook func(w *Writer, r *http.Request, status int) bool

// hook is a Hook and the request of the middleware that has added it.
type hook struct {
	run Hook
	r   *http.Request
}

// Hook adds a hook and returns a mark, with which [Writer.Unhook] removes it. The hook runs
// once, also if the body or a flush implies the status. It runs again if the body was an empty
// reader. It does not run if there is no response or the connection is hijacked. The last hook,
// which is the innermost of the chain, runs first. If a hook answers itself, the hooks of the
// middleware further out run for its answer.
func (w *Writer) Hook(r *http.Request, run Hook) (mark int) {
	mark = len(w.hooks)
	if mark == 0 {
		w.hooks = w.room[:0]
	}
	w.hooks = append(w.hooks, hook{run, r})
	return mark
}

// Unhook removes the hook with the mark, and later ones that a panic has left.
func (w *Writer) Unhook(mark int) {
	if len(w.hooks) > mark {
		w.hooks = w.hooks[:mark]
	}
	if w.muted && mark <= w.rare.answerer {
		w.muted = false
	}
}

// Around lets next answer inner, which is r or a copy of it, under a hook. If next sends
// nothing, the hook runs at the end, for the 200 that net/http then sends.
func (w *Writer) Around(next http.Handler, r, inner *http.Request, run Hook) {
	mark := w.Hook(r, run)
	next.ServeHTTP(w, inner)
	w.Unhook(mark)
	if !w.Started() {
		run(w, r, http.StatusOK)
	}
}

// runHooks runs the hooks that have not run yet, until one of them answers. It reports whether
// none has.
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

// inform calls the hooks that have not run yet for an informational status.
func (w *Writer) inform(status int) {
	if w.status != 0 {
		return
	}
	for _, h := range slices.Backward(w.hooks) {
		h.run(w, h.r, status)
	}
}

// Keep makes a field, which was set before the handler, survive an informational response. A
// proxy such as [net/http/httputil.ReverseProxy] empties the header after it has passed one on,
// and does not mean the fields that others have set. Without values the field is not kept.
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

// A Limit is the time that a handler has. A handler that flushes, hijacks or sets deadlines
// controls the time itself, so the Writer then lifts the limit.
type Limit interface {
	// Begin is called before the first final status is passed on.
	Begin()
	// Lift removes the limit, and those of the middleware further out.
	Lift()
	// Exceeded reports whether the time is over.
	Exceeded() bool
}

// SetLimit sets the limit of w. It returns the earlier limit, which belongs to the middleware
// further out, or nil.
func (w *Writer) SetLimit(limit Limit) (outer Limit) {
	outer, w.limit = w.limit, limit
	return outer
}

func (w *Writer) lift() {
	if w.limit != nil {
		w.limit.Lift()
	}
}

// Exceeded reports whether a [Limit] in the chain of w is exceeded.
func Exceeded(w http.ResponseWriter) bool {
	for found := range chain(w) {
		if found.limit != nil && found.limit.Exceeded() {
			return true
		}
	}
	return false
}
