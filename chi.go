package tenon

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/tenonkit/tenon/internal/nethttp"
	"github.com/tenonkit/tenon/internal/pattern"
	"github.com/tenonkit/tenon/internal/rw"
)

// chiRouter is the method that identifies a router of chi.
type chiRouter interface {
	Method(method, pattern string, h http.Handler)
}

// A chiTable is what is registered on a router of chi.
type chiTable struct {
	router   chiRouter
	routes   Routes
	segments [][]pattern.Segment // of the patterns of routes
	mux      *http.ServeMux      // with the patterns of routes
	strange  string              // a segment that no pattern has
}

// mountChi registers the routes on a router of chi. It adds what ServeMux does by itself:
// HEAD for GET, and the redirect to a final slash.
func (rs Routes) mountChi(c chiRouter) routeFaults {
	var faults routeFaults
	t := &chiTable{router: c, routes: rs, mux: http.NewServeMux(), strange: "x"}
	for i := range t.routes {
		r := &t.routes[i]
		t.segments = append(t.segments, pattern.Parse(r.Pattern))
		_ = register(t.mux, r.String()) // it has been checked
		t.strange += strings.Repeat("x", max(0, len(r.Pattern)-len(t.strange)))
	}
	for i := range t.routes {
		r := &t.routes[i]
		if words := chiFault(r.Pattern, t.segments[i]); words != "" {
			faults.add(r, "%s", words)
			continue
		}
		for _, method := range t.methods(i) {
			if err := t.mount(method, i); err != nil {
				faults.add(r, "cannot be registered: %v", err)
			}
		}
	}
	return faults
}

// methods adds HEAD to GET if no route has it.
func (t *chiTable) methods(i int) []string {
	method, same := t.routes[i].Method, pattern.Shape(t.segments[i])
	for j := range t.routes {
		if t.routes[j].Method == http.MethodHead && pattern.Shape(t.segments[j]) == same {
			return []string{method}
		}
	}
	if method == http.MethodGet {
		return []string{http.MethodGet, http.MethodHead}
	}
	return []string{method}
}

// chiFault returns what chi cannot express in a pattern, or "".
func chiFault(path string, segments []pattern.Segment) string {
	if path[0] != '/' {
		return "has a host, which chi does not match: mount it on an http.ServeMux"
	}
	for _, s := range segments {
		if s.Kind == pattern.Literal && strings.ContainsAny(s.Text, "*{}") {
			return "has a literal with one of *{}, which chi reads as its own syntax: mount it on an http.ServeMux"
		}
	}
	return ""
}

// mount registers one route for one method.
func (t *chiTable) mount(method string, i int) error {
	r, segments := &t.routes[i], t.segments[i]
	err := t.place(method, segments, func() *chiHandler { return newChiHandler(r, segments, r.Handler()) })
	last := len(segments) - 1
	if err != nil || last == 0 || t.serving(method, segments[:last]) != (served{r.String(), true}) {
		return err
	}
	short := segments[:last]
	err = t.place(method, short, func() *chiHandler { return newChiHandler(r, nil, http.HandlerFunc(nethttp.AddSlash)) })
	for j := range t.routes {
		if err == nil {
			err = t.giveBack(method, j, short)
		}
	}
	return err
}

// served is what a ServeMux with the table does with some paths: it serves them by a
// pattern, or redirects them to the path with a final slash.
type served struct {
	pattern   string
	redirects bool
}

// serving asks the mux of the table about the paths that match segments and no narrower
// pattern.
func (t *chiTable) serving(method string, segments []pattern.Segment) served {
	var path strings.Builder
	for _, s := range segments {
		text := t.strange
		if s.Kind == pattern.Literal {
			text = url.PathEscape(s.Text)
		}
		path.WriteString("/" + text)
	}
	found, redirects := nethttp.Match(t.mux, method, path.String())
	return served{found, redirects}
}

// giveBack returns to the route j the paths that a redirect at short would take from it.
// With /{y}/b and a redirect at /a/{x}, chi would prefer the redirect for /a/b.
func (t *chiTable) giveBack(method string, j int, short []pattern.Segment) error {
	r, segments := &t.routes[j], t.segments[j]
	both := common(segments, short)
	if both == nil || slices.Equal(both, segments) || t.serving(method, both) != (served{r.String(), false}) {
		return nil
	}
	var fixed []string
	for k, s := range segments {
		if s.Kind == pattern.Wildcard {
			fixed = append(fixed, both[k].Fixed())
		}
	}
	return t.place(method, both, func() *chiHandler {
		h := newChiHandler(r, segments, r.Handler())
		h.fixed = fixed
		return h
	})
}

// common returns the pattern of the paths that two patterns share, with the wildcards of
// the first, or nil if they share none. The second pattern has neither a rest nor an end.
func common(segments, path []pattern.Segment) []pattern.Segment {
	if len(segments) != len(path) {
		return nil
	}
	both := slices.Clone(segments)
	for i, s := range path {
		switch {
		case segments[i].Kind == pattern.Wildcard && s.Kind == pattern.Literal:
			both[i] = s
		case segments[i] == s, segments[i].Kind <= pattern.Wildcard && s.Kind == pattern.Wildcard:
		default:
			return nil
		}
	}
	return both
}

// place registers what newHandler returns at the chi patterns for segments.
func (t *chiTable) place(method string, segments []pattern.Segment, newHandler func() *chiHandler) error {
	handle := func(path string, h http.Handler) { t.router.Method(method, path, h) }
	for _, path := range chiPatterns(segments) {
		h := newHandler()
		h.path = path
		if err := nethttp.Register(handle, path, h); err != nil {
			return err
		}
	}
	return nil
}

// chiPatterns writes a pattern in the syntax of chi. chi compares literals with the path
// as it was sent if the path has an escape that it needs, and with the unescaped path
// otherwise. A literal that differs between both forms takes two patterns.
func chiPatterns(segments []pattern.Segment) []string {
	var plain, escaped strings.Builder
	for _, s := range segments {
		text, sent := "", ""
		switch s.Kind {
		case pattern.Wildcard:
			text = "{" + s.Text + "}"
			sent = text
		case pattern.Rest:
			text, sent = "*", "*"
		case pattern.Literal:
			text, sent = s.Text, s.Escaped()
			if strings.Contains(text, "/") {
				text = sent
			}
		case pattern.End:
		}
		plain.WriteString("/" + text)
		escaped.WriteString("/" + sent)
	}
	if plain.String() == escaped.String() {
		return []string{plain.String()}
	}
	return []string{plain.String(), escaped.String()}
}

// A chiHandler serves a route on chi as ServeMux would serve it.
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
	if !nethttp.IsClean(sent) {
		nethttp.RedirectToClean(w, r)
		return
	}
	h.setValues(r)
	h.next.ServeHTTP(w, r)
}

// setValues sets the path values as ServeMux does: unescaped, and the rest of the path
// under its name.
func (h *chiHandler) setValues(r *http.Request) {
	for i, name := range h.names {
		if i < len(h.fixed) && h.fixed[i] != "" {
			r.SetPathValue(name, h.fixed[i])
			continue
		}
		isRest, isEscaped := h.rest && i == len(h.names)-1, r.URL.RawPath != ""
		if !isRest && !isEscaped {
			continue // chi has set it
		}
		sent := name
		if isRest {
			sent = "*"
		}
		value := r.PathValue(sent)
		if isEscaped {
			if plain, err := url.PathUnescape(value); err == nil {
				value = plain
			}
		}
		r.SetPathValue(name, value)
	}
	if h.star {
		r.SetPathValue("*", "")
	}
}

// A shownPattern is the pattern that chi has set, and the one that replaces it.
type shownPattern struct{ chi, own string }

// shown returns the pattern of the route, after the patterns of the routers that this one
// is mounted in. It caches the last result, which rarely changes.
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
