package middleware

import (
	"cmp"
	"net/http"
	"reflect"
	"runtime"
	"strings"

	"github.com/tenonkit/tenon/internal/rw"
)

// A router is what a middleware stands next to, as far as that can be determined.
type router struct {
	http.Handler

	// sure is whether the request comes to a router as it is. Then one without a
	// pattern has no route, or knows says whether it has one for the method.
	sure  bool
	knows func(r *http.Request, method string) bool
}

// routerAt determines what h is. A router of chi copies the request unless it is called
// from the inside, by the function that is the last handler of its Use.
func routerAt(h http.Handler) *router {
	switch x := h.(type) {
	case muxer:
		return &router{Handler: h, sure: true}
	case http.HandlerFunc:
		name := runtime.FuncForPC(reflect.ValueOf(x).Pointer()).Name()
		return &router{Handler: h, sure: strings.HasPrefix(name, "github.com/go-chi/chi/") && strings.HasSuffix(name, ".(*Mux).routeHTTP-fm")}
	}
	knows := matcher(h)
	return &router{Handler: h, sure: knows != nil, knows: knows}
}

// matcher returns the answer of the method Match of a router of chi, as
// [TrailingSlashMatch] asks it, or nil if h has no such method.
func matcher(h http.Handler) func(r *http.Request, method string) bool {
	match := reflect.ValueOf(h).MethodByName("Match")
	if !match.IsValid() {
		return nil
	}
	text, t := reflect.TypeFor[string](), match.Type()
	if t.NumIn() != 3 || t.In(0).Kind() != reflect.Pointer || t.In(1) != text || t.In(2) != text ||
		t.NumOut() != 1 || t.Out(0) != reflect.TypeFor[bool]() {
		return nil
	}
	return func(r *http.Request, method string) bool {
		found := match.Call([]reflect.Value{reflect.New(t.In(0).Elem()), reflect.ValueOf(method), reflect.ValueOf(routedPath(r))})
		return found[0].Bool()
	}
}

// routedPath returns the path that chi routes by.
func routedPath(r *http.Request) string { return cmp.Or(r.URL.RawPath, r.URL.Path) }

// unrouted is the pattern of a request that no router has seen yet. A router that gets
// this request overwrites it. [http.ServeMux] does so even if it finds nothing.
const unrouted = "(no router yet)"

// serve serves the request with a hook of answers. It keeps the pattern of the route for
// the middleware further out.
func (to *router) serve(w http.ResponseWriter, r *http.Request, answer rw.Hook) {
	own, outer := rw.Wrap(w), r.Pattern
	before := own.EnterRouter(outer)
	mark := own.Hook(r, answer)
	// A router of chi that finds nothing leaves the pattern of the router around it.
	r.Pattern = ""
	if !to.sure {
		r.Pattern = unrouted
	}
	defer func() {
		found := r.Pattern
		if found == "" || found == unrouted {
			r.Pattern = outer
			return
		}
		rw.RecordPattern(own, found)
	}()
	to.ServeHTTP(own, r)
	own.Unhook(mark)
	own.LeaveRouter(before)
}

// answers returns a hook that calls answer for the 404 and the 405 of the router itself.
func (to *router) answers(answer rw.Hook) rw.Hook {
	return func(w *rw.Writer, r *http.Request, status int) bool {
		return !to.isOwn(w, r, status) || answer(w, r, status)
	}
}

// isOwn reports whether the response is a 404 or 405 of the router itself.
func (to *router) isOwn(w *rw.Writer, r *http.Request, status int) bool {
	if status != http.StatusNotFound && status != http.StatusMethodNotAllowed || w.Pattern() != "" {
		return false
	}
	media := w.Header()["Content-Type"]
	if len(media) > 0 && media[0] != "text/plain; charset=utf-8" {
		return false
	}
	return w.Routed(r).Pattern == "" && (to.knows == nil || !to.knows(r, r.Method))
}

// methods returns the methods for which the router has a route, if it can be asked.
func (to *router) methods(r *http.Request) (found []string) {
	for _, method := range []string{
		http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodPatch, http.MethodPost, http.MethodPut, http.MethodTrace,
	} {
		if to.knows(r, method) {
			found = append(found, method)
		}
	}
	return found
}
