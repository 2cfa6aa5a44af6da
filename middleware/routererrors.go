package middleware

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// RouterErrors lets [respond.Error] answer in place of the router, if the router has no
// route (404) or none for the method (405). So these failures look like all others.
// Everything else passes unchanged, also redirects of the router and your own routes for
// OPTIONS.
//
//	404             respond.Error
//	405             respond.Error, with the Allow of the router on one line, and OPTIONS in it
//	405 to OPTIONS  204 with that Allow, if the router names the methods
//	405 of chi      to a method that chi does not know: gets an Allow, or is the 404 of a path without
//	                a route
//
// Put it next to the router: around an [http.ServeMux] or a router of chi, or as the last
// argument of Use of a chi router, and again in each of its sub-routers.
//
// An answer is the router's own if [http.Request.Pattern] is not set, and the content has
// no type or is the plain text of [http.Error]. So a handler's own 404 passes unchanged.
// Other middleware of this module may stand between. Middleware of others that copies the
// request, such as [http.StripPrefix], hides the pattern, and anything between
// RouterErrors and a chi router hides the router: then every answer passes unchanged.
func RouterErrors() func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		to := routerAt(next)
		answer := to.answers(func(w *rw.Writer, r *http.Request, status int) bool {
			return answerRouter(w, r, to.namesMethods(w.Header(), r, status))
		})
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { to.serve(w, r, answer) })
	}
}

// namesMethods sets the Allow that a 405 must have (RFC 9110, section 15.5.6) and that
// chi does not send for an unknown method. It returns the status: 404 if there is no
// route for any other method either.
func (to *router) namesMethods(h http.Header, r *http.Request, status int) int {
	if status != http.StatusMethodNotAllowed || len(h["Allow"]) > 0 || to.knows == nil {
		return status
	}
	methods := to.methods(r)
	if len(methods) == 0 {
		return http.StatusNotFound
	}
	h["Allow"] = methods
	return status
}

// answerRouter answers in place of the router.
func answerRouter(w *rw.Writer, r *http.Request, status int) bool {
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

// joinMethods joins several lines into one, in the order of [http.ServeMux].
func joinMethods(lines []string) string {
	var methods []string
	for method := range strings.SplitSeq(strings.Join(lines, ","), ",") {
		methods = append(methods, strings.TrimSpace(method))
	}
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
}
