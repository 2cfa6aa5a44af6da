package tenon

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync/atomic"

	"github.com/tenonkit/tenon/internal/pattern"
	"github.com/tenonkit/tenon/internal/rw"
)

// A chiHandler serves a route on chi as it is served on ServeMux.
type chiHandler struct {
	next                 http.Handler
	names                []string // of the wildcards
	rest                 bool     // the last of names is a rest, which chi calls *
	star                 bool     // the pattern ends in a *
	fixed                []string // values of names that path has as literals
	path                 string   // the pattern in the syntax of chi
	method, pattern, own string   // those of the route
	last                 atomic.Pointer[shownPattern]
}

func newChiHandler(r *Route, segments []pattern.Segment, next http.Handler) *chiHandler {
	h := &chiHandler{next: next, names: pattern.Names(segments), method: r.Method, pattern: r.Pattern, own: r.String()}
	if n := len(segments); n > 0 && segments[n-1].Kind == pattern.Rest {
		h.star, h.rest = true, segments[n-1].Text != ""
	}
	return h
}

// ServeHTTP implements [http.Handler].
func (h *chiHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Pattern = h.shown(r.Pattern)
	// Outside of chi, which clones the request, it would not be seen.
	rw.RecordPattern(w, r.Pattern)
	sent := r.URL.RawPath
	if sent == "" {
		sent = r.URL.Path
	}
	if !isCleanPath(sent) {
		// A mux without routes redirects to the clean path, as every mux does.
		clean, _ := http.NewServeMux().Handler(r)
		clean.ServeHTTP(w, r)
		return
	}
	h.setValues(r)
	h.next.ServeHTTP(w, r)
}

// setValues sets the path values as ServeMux does: unescaped, and the rest of
// the path under its name.
func (h *chiHandler) setValues(r *http.Request) {
	for i, name := range h.names {
		if i < len(h.fixed) && h.fixed[i] != "" {
			r.SetPathValue(name, h.fixed[i])
			continue
		}
		value := r.PathValue(name)
		isRest := h.rest && i == len(h.names)-1
		if isRest {
			value = r.PathValue("*")
		}
		if r.URL.RawPath != "" {
			if plain, err := url.PathUnescape(value); err == nil {
				value = plain
			}
		} else if !isRest {
			continue
		}
		r.SetPathValue(name, value)
	}
	if h.star {
		r.SetPathValue("*", "")
	}
}

// A shownPattern is the pattern that chi has set, and the one to put in its place.
type shownPattern struct{ chi, own string }

// shown returns the pattern of the route, behind the patterns of the routers
// that this one is mounted in. It remembers the last, which does not change.
func (h *chiHandler) shown(chi string) string {
	inner := strings.TrimSuffix(h.path, "/")
	if chi == inner || inner == "" && chi == "/" {
		return h.own
	}
	if last := h.last.Load(); last != nil && last.chi == chi {
		return last.own
	}
	outer := strings.TrimSuffix(strings.TrimSuffix(chi, inner), "/")
	shown := &shownPattern{chi, h.method + " " + outer + h.pattern}
	h.last.Store(shown)
	return shown.own
}

// isCleanPath reports whether [http.ServeMux] would serve the path as it is.
func isCleanPath(p string) bool {
	if p == "" || p[0] != '/' {
		return false
	}
	clean := path.Clean(p)
	if len(p) > 1 && p[len(p)-1] == '/' {
		return len(p) == len(clean)+1 && strings.HasPrefix(p, clean)
	}
	return p == clean
}

// addSlash redirects to the path with a final slash, with a 307, which keeps the
// method and the body. An escaped slash stays one, as on ServeMux from Go 1.27 on.
func addSlash(w http.ResponseWriter, r *http.Request) {
	target := r.URL.EscapedPath() + "/"
	if r.URL.RawQuery != "" {
		target += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, target, http.StatusTemporaryRedirect) //nolint:gosec // a clean path has no second slash, so no host
}
