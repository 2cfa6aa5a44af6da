package middleware

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// RouterErrors answers with [respond.Error] where a router answers by itself
// that it has no route, 404, or none for the method, 405, so that these look as
// every other failure does. A 405 to OPTIONS becomes a 204 if the router names the
// methods in Allow. Allow is one line then, and OPTIONS is in it. Everything else
// passes untouched, the redirects of a router and its routes for OPTIONS as well.
//
// Put it around an [http.ServeMux]. In a router of chi give it to the method
// Use, and in each of its sub-routers again.
//
// The mark of a router's own answer is that the router has set no
// [http.Request.Pattern], and that the content, if it has a type, is the plain
// text of [http.Error]. So a handler's own 404 is left alone. But where the
// request is cloned on the way to the router, as [http.StripPrefix] and
// middleware that adds to the context do, its pattern is not seen here: put
// RouterErrors next to the router, inside of them. A route that was mounted on
// chi by [github.com/tenonkit/tenon.Routes] is seen everywhere.
func RouterErrors() func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			serveRouter(next, w, r, answerRouter)
		})
	}
}

// serveRouter serves next with a hook that can tell the answers of a router from
// those of its handlers, by isRouters. It leaves the pattern of the route for
// those further out.
func serveRouter(next http.Handler, w http.ResponseWriter, r *http.Request, hook rw.Hook) {
	own, outer := rw.Wrap(w), r.Pattern
	before := own.EnterRouter(outer)
	mark := own.Hook(r, hook)
	// A router of chi that finds nothing leaves the pattern of the router around
	// it, and http.ServeMux takes that away.
	r.Pattern = ""
	next.ServeHTTP(own, r)
	own.Unhook(mark)
	own.LeaveRouter(before)
	if r.Pattern != "" {
		rw.RecordPattern(own, r.Pattern)
		return
	}
	r.Pattern = outer
}

// isRouters reports, to a hook of serveRouter, whether the response is a 404 or
// 405 of the router itself.
func isRouters(w *rw.Writer, r *http.Request, status int) bool {
	if status != http.StatusNotFound && status != http.StatusMethodNotAllowed || r.Pattern != "" || w.Pattern() != "" {
		return false
	}
	media := w.Header()["Content-Type"]
	return len(media) == 0 || media[0] == "text/plain; charset=utf-8"
}

// answerRouter is an [rw.Hook].
func answerRouter(w *rw.Writer, r *http.Request, status int) bool {
	if !isRouters(w, r, status) {
		return true
	}
	r.Pattern = w.OuterPattern()
	if allow := w.Header()["Allow"]; len(allow) > 0 && status == http.StatusMethodNotAllowed {
		w.Header()["Allow"] = []string{joinMethods(append(slices.Clip(allow), http.MethodOptions))}
		if r.Method == http.MethodOptions {
			dropErrorText(w.Header())
			w.WriteHeader(http.StatusNoContent)
			return false
		}
	}
	respond.Error(w, r, respond.NewProblem(status, ""))
	return false
}

// dropErrorText drops what [http.Error] has set for a text that is not sent.
func dropErrorText(h http.Header) {
	delete(h, "Content-Type")
	delete(h, "X-Content-Type-Options")
}

// joinMethods makes one line of several, in the order of [http.ServeMux].
func joinMethods(lines []string) string {
	var methods []string
	for method := range strings.SplitSeq(strings.Join(lines, ","), ",") {
		methods = append(methods, strings.TrimSpace(method))
	}
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
}
