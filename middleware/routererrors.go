package middleware

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// RouterErrors answers with [respond.Error] where a router answers by itself
// that it has no route, 404, or none for the method, 405, so that these look as
// every other failure does. The 405 keeps the methods of Allow, in one line.
// Everything else passes untouched, the redirects of a router as well.
//
// Put it around an [http.ServeMux]. In a router of chi give it to the method
// Use, and in each of its sub-routers again.
//
// The mark of a router's own answer is that the router has set no
// [http.Request.Pattern], and that the content, if it has a type, is the plain
// text of [http.Error]. So a handler's own 404 is left alone. But where the
// request is cloned on the way to the router, as [http.StripPrefix] and
// middleware that adds to the context do, its pattern is not seen here: put
// RouterErrors next to the router, inside of them.
func RouterErrors() func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			routed := &routerWriter{Writer: rw.Wrap(w), r: r, outer: r.Pattern}
			// A router of chi that finds nothing leaves the pattern of the router
			// around it, and http.ServeMux takes that away.
			r.Pattern = ""
			next.ServeHTTP(routed, r)
			routed.restorePattern()
		})
	}
}

// A routerWriter answers in place of the router. Everything else passes.
type routerWriter struct {
	*rw.Writer

	r        *http.Request
	outer    string // the pattern by which a router further out came here
	answered bool
}

// restorePattern gives the request its pattern back where no router has set one.
func (w *routerWriter) restorePattern() {
	if w.r.Pattern == "" {
		w.r.Pattern = w.outer
	}
}

// Unwrap returns the writer that answers.
func (w *routerWriter) Unwrap() http.ResponseWriter { return w.Writer }

// WriteHeader looks whether the status is a router's.
func (w *routerWriter) WriteHeader(status int) {
	if w.answered {
		return
	}
	if w.Started() || !w.isRouters(status) {
		w.Writer.WriteHeader(status)
		return
	}
	w.answered = true
	w.restorePattern()
	if allow := w.Header()["Allow"]; len(allow) > 0 {
		w.Header()["Allow"] = []string{joinMethods(allow)}
	}
	respond.Error(w.Writer, w.r, respond.NewProblem(status, ""))
}

func (w *routerWriter) isRouters(status int) bool {
	if status != http.StatusNotFound && status != http.StatusMethodNotAllowed || w.r.Pattern != "" {
		return false
	}
	media := w.Header().Get("Content-Type")
	return media == "" || media == "text/plain; charset=utf-8"
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

// Write drops the router's text once there is an answer.
func (w *routerWriter) Write(p []byte) (int, error) {
	if w.answered {
		return len(p), nil
	}
	return w.Writer.Write(p)
}

// WriteString is Write for a string.
func (w *routerWriter) WriteString(s string) (int, error) {
	if w.answered {
		return len(s), nil
	}
	return w.Writer.WriteString(s)
}

// ReadFrom is Write for a reader.
func (w *routerWriter) ReadFrom(src io.Reader) (int64, error) {
	if w.answered {
		return io.Copy(io.Discard, src)
	}
	return w.Writer.ReadFrom(src)
}
