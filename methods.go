package tenon

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/respond"
)

// Methods is a handler that takes each method to a handler of its own, for one
// path on a router that does not look at methods. The keys are methods in upper
// case. GET takes HEAD, unless HEAD has a handler. OPTIONS answers 204 with
// Allow, unless it has a handler. Any other method is answered by
// [respond.Error] with 405 and Allow (RFC 9110, section 15.5.6), also by the nil
// Methods. A nil handler is none.
//
// Methods may serve many requests at once as long as nobody changes the map.
type Methods map[string]http.Handler

// ServeHTTP implements [http.Handler].
func (m Methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := m[r.Method]
	if h == nil && r.Method == http.MethodHead {
		h = m[http.MethodGet]
	}
	switch {
	case h != nil:
		h.ServeHTTP(w, r)
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", m.allow())
		w.WriteHeader(http.StatusNoContent)
	default:
		respond.Error(w, r, respond.NewProblem(http.StatusMethodNotAllowed, "").WithHeader("Allow", m.allow()))
	}
}

// allow returns the value of Allow: the methods in the order of the alphabet,
// as [http.ServeMux] lists them.
func (m Methods) allow() string {
	allowed := []string{http.MethodOptions}
	for _, method := range slices.Sorted(maps.Keys(m)) {
		if m[method] == nil {
			continue
		}
		allowed = append(allowed, method)
		if method == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
	}
	slices.Sort(allowed)
	return strings.Join(slices.Compact(allowed), ", ")
}
