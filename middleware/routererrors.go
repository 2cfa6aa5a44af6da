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
// methods in Allow. Allow is one line then, and OPTIONS is in it. Around a router of
// chi also the 405 to a method that chi does not know has an Allow, or is the 404
// of a path without a route. Everything else
// passes untouched, the redirects of a router and its routes for OPTIONS as well.
//
// Put it next to the router: around an [http.ServeMux] or a router of chi, or into
// a router of chi by the method Use, as the last of its arguments, and in each of
// its sub-routers again.
//
// An answer is the router's own if the router has found no [http.Request.Pattern],
// and the content, if it has a type, is the plain text of [http.Error]. A handler's
// own 404 is left alone. Other middleware of this module may stand between; what
// else copies the request on the way to the router, such as [http.StripPrefix],
// hides what the router has found, and what stands between this and a router of chi
// hides the router: then every answer passes untouched.
func RouterErrors() func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		to := routerAt(next)
		answer := to.answers(func(w *rw.Writer, r *http.Request, status int) bool {
			return answerRouter(w, r, to.namesMethods(w.Header(), r, status))
		})
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { to.serve(w, r, answer) })
	}
}

// namesMethods sets the Allow that a 405 has to have (RFC 9110, section 15.5.6) and
// that of chi to an unknown method has not. It returns the status: without a route
// for any other method either that is a 404.
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

// joinMethods makes one line of several, in the order of [http.ServeMux].
func joinMethods(lines []string) string {
	var methods []string
	for method := range strings.SplitSeq(strings.Join(lines, ","), ",") {
		methods = append(methods, strings.TrimSpace(method))
	}
	slices.Sort(methods)
	return strings.Join(slices.Compact(methods), ", ")
}
