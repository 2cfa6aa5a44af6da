package tenon

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/pattern"
)

// chiRouter is the method by which a router of chi is told.
type chiRouter interface {
	Method(method, pattern string, h http.Handler)
}

// A chiTable is what is registered on a router of chi.
type chiTable struct {
	router   chiRouter
	routes   Routes
	segments [][]pattern.Segment // of the patterns of routes
}

// mountChi registers the routes on a router of chi, and beside them what
// ServeMux does by itself: HEAD for GET, and the redirect to a final slash.
func (rs Routes) mountChi(c chiRouter) routeFaults {
	var faults routeFaults
	t := &chiTable{router: c, routes: rs}
	for i := range t.routes {
		t.segments = append(t.segments, pattern.Parse(t.routes[i].Pattern))
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

// methods adds HEAD to GET where no route has it.
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

// chiFault returns what a pattern has that chi cannot carry.
func chiFault(path string, segments []pattern.Segment) string {
	if path[0] != '/' {
		return "has a host, which chi does not match"
	}
	for _, s := range segments {
		if s.Kind == pattern.Literal && strings.ContainsAny(s.Text, "*{}") {
			return "has a literal with one of *{}, which chi reads as its own syntax"
		}
	}
	return ""
}

// mount registers one route for one method.
func (t *chiTable) mount(method string, i int) error {
	r, segments := &t.routes[i], t.segments[i]
	err := t.place(method, segments, func() *chiHandler { return newChiHandler(r, segments, r.Handler) })
	if err != nil || !t.redirects(method, segments) {
		return err
	}
	short := segments[:len(segments)-1]
	err = t.place(method, short, func() *chiHandler { return newChiHandler(r, nil, http.HandlerFunc(addSlash)) })
	for j, other := range t.segments {
		if err != nil {
			return err
		}
		if t.takes(j, method) && crosses(other, short) {
			err = t.cross(method, j, short)
		}
	}
	return err
}

// cross gives the paths back that a redirect at short would take from the route
// j: of /{y}/b and a redirect at /a/{x}, chi would look for the latter first.
func (t *chiTable) cross(method string, j int, short []pattern.Segment) error {
	r, segments := &t.routes[j], t.segments[j]
	both := slices.Clone(segments)
	var fixed []string
	for k, s := range segments {
		if s.Kind == pattern.Wildcard && short[k].Kind == pattern.Literal {
			both[k] = short[k]
		}
		if s.Kind == pattern.Wildcard {
			fixed = append(fixed, both[k].Fixed())
		}
	}
	if t.isOvertaken(method, j, both) {
		return nil
	}
	return t.place(method, both, func() *chiHandler {
		h := newChiHandler(r, segments, r.Handler)
		h.fixed = fixed
		return h
	})
}

// isOvertaken reports whether another route goes before the route j at the paths
// of segments: one that is more specific, or for HEAD one of that method.
func (t *chiTable) isOvertaken(method string, j int, segments []pattern.Segment) bool {
	for k, other := range t.segments {
		if k == j || !t.takes(k, method) || !covers(other, segments) {
			continue
		}
		if !covers(other, t.segments[j]) || t.routes[k].Method == method && t.routes[j].Method != method {
			return true
		}
	}
	return false
}

// place registers what newHandler returns at the patterns that chi has for
// segments.
func (t *chiTable) place(method string, segments []pattern.Segment, newHandler func() *chiHandler) error {
	for _, path := range chiPatterns(segments) {
		h := newHandler()
		h.path = path
		if err := register(chiMethod{t.router, method}, path, h); err != nil {
			return err
		}
	}
	return nil
}

// takes reports whether the route i takes requests of the method.
func (t *chiTable) takes(i int, method string) bool {
	m := t.routes[i].Method
	return m == method || m == http.MethodGet && method == http.MethodHead
}

// redirects reports whether paths of a pattern without its final slash are
// redirected, which is where no route takes them all.
func (t *chiTable) redirects(method string, segments []pattern.Segment) bool {
	last := len(segments) - 1
	if last == 0 || segments[last].Kind == pattern.Literal || segments[last].Kind == pattern.Wildcard {
		return false
	}
	exact := append(slices.Clip(segments[:last]), pattern.Segment{Kind: pattern.End})
	for i, other := range t.segments {
		if t.takes(i, method) && (covers(other, segments[:last]) || segments[last].Kind == pattern.Rest && covers(other, exact)) {
			return false
		}
	}
	return true
}

// crosses reports whether two patterns share some of their paths and neither
// has all of the other's. path has neither a rest nor an end.
func crosses(other, path []pattern.Segment) bool {
	meet := slices.EqualFunc(other, path, func(a, b pattern.Segment) bool {
		return a == b || a.Kind == pattern.Wildcard || a.Kind == pattern.Literal && b.Kind == pattern.Wildcard
	})
	return meet && !covers(path, other) && !covers(other, path)
}

// covers reports whether a pattern without a rest matches all the paths that
// the pattern narrow does.
func covers(wide, narrow []pattern.Segment) bool {
	return slices.EqualFunc(wide, narrow, func(w, n pattern.Segment) bool {
		return w.Kind == n.Kind && (w.Kind != pattern.Literal || w.Text == n.Text) && w.Kind != pattern.Rest ||
			w.Kind == pattern.Wildcard && n.Kind == pattern.Literal
	})
}

// A chiMethod registers patterns for one method.
type chiMethod struct {
	router chiRouter
	method string
}

// Handle makes a chiMethod a muxer.
func (m chiMethod) Handle(path string, h http.Handler) { m.router.Method(m.method, path, h) }

// chiPatterns writes a pattern in the syntax of chi. chi compares literals with
// the path as it was sent where that has an escape it needs, and unescaped
// otherwise: a literal that is not the same in both forms takes two patterns.
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
