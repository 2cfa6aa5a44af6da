package tenon

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// chiRouter is the method by which a router of chi is told.
type chiRouter interface {
	Method(method, pattern string, h http.Handler)
}

// A chiTable is what is registered on a router of chi.
type chiTable struct {
	router   chiRouter
	routes   Routes
	segments [][]segment // of the patterns of routes
}

// mountChi registers the routes on a router of chi, and beside them what
// ServeMux does by itself: HEAD for GET, and the redirect to a final slash.
func (rs Routes) mountChi(c chiRouter) routeFaults {
	var faults routeFaults
	t := &chiTable{router: c, routes: rs}
	for i := range t.routes {
		_, path := splitHost(t.routes[i].Pattern)
		t.segments = append(t.segments, segmentsOf(path))
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
	method, same := t.routes[i].Method, shape(t.segments[i])
	for j := range t.routes {
		if t.routes[j].Method == http.MethodHead && shape(t.segments[j]) == same {
			return []string{method}
		}
	}
	if method == http.MethodGet {
		return []string{http.MethodGet, http.MethodHead}
	}
	return []string{method}
}

// chiFault returns what a pattern has that chi cannot carry.
func chiFault(pattern string, segments []segment) string {
	if pattern[0] != '/' {
		return "has a host, which chi does not match"
	}
	for _, s := range segments {
		if s.kind == literal && strings.ContainsAny(s.text, "*{}") {
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
func (t *chiTable) cross(method string, j int, short []segment) error {
	r, segments := &t.routes[j], t.segments[j]
	both := slices.Clone(segments)
	var fixed []string
	for k, s := range segments {
		if s.kind == wildcard && short[k].kind == literal {
			both[k] = short[k]
		}
		if s.kind == wildcard {
			fixed = append(fixed, both[k].fixed())
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
func (t *chiTable) isOvertaken(method string, j int, segments []segment) bool {
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
func (t *chiTable) place(method string, segments []segment, newHandler func() *chiHandler) error {
	for _, pattern := range chiPatterns(segments) {
		h := newHandler()
		h.path = pattern
		if err := register(chiMethod{t.router, method}, pattern, h); err != nil {
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
func (t *chiTable) redirects(method string, segments []segment) bool {
	last := len(segments) - 1
	if last == 0 || segments[last].kind == literal || segments[last].kind == wildcard {
		return false
	}
	exact := append(slices.Clip(segments[:last]), segment{kind: end})
	for i, other := range t.segments {
		if t.takes(i, method) && (covers(other, segments[:last]) || segments[last].kind == rest && covers(other, exact)) {
			return false
		}
	}
	return true
}

// crosses reports whether two patterns share some of their paths and neither
// has all of the other's. path has neither a rest nor an end.
func crosses(other, path []segment) bool {
	meet := slices.EqualFunc(other, path, func(a, b segment) bool {
		return a == b || a.kind == wildcard || a.kind == literal && b.kind == wildcard
	})
	return meet && !covers(path, other) && !covers(other, path)
}

// covers reports whether a pattern without a rest matches all the paths that
// the pattern narrow does.
func covers(wide, narrow []segment) bool {
	return slices.EqualFunc(wide, narrow, func(w, n segment) bool {
		return w.kind == n.kind && (w.kind != literal || w.text == n.text) && w.kind != rest ||
			w.kind == wildcard && n.kind == literal
	})
}

// A chiMethod registers patterns for one method.
type chiMethod struct {
	router chiRouter
	method string
}

// Handle makes a chiMethod a muxer.
func (m chiMethod) Handle(pattern string, h http.Handler) { m.router.Method(m.method, pattern, h) }

// chiPatterns writes a pattern in the syntax of chi. chi compares literals with
// the path as it was sent where that has an escape it needs, and unescaped
// otherwise: a literal that is not the same in both forms takes two patterns.
func chiPatterns(segments []segment) []string {
	var plain, escaped strings.Builder
	for _, s := range segments {
		text, sent := "", ""
		switch s.kind {
		case wildcard:
			text = "{" + s.text + "}"
			sent = text
		case rest:
			text, sent = "*", "*"
		case literal:
			text, sent = s.text, (&url.URL{Path: s.text}).EscapedPath()
			if strings.Contains(text, "/") {
				sent = url.PathEscape(text)
				text = sent
			}
		case end:
		}
		plain.WriteString("/" + text)
		escaped.WriteString("/" + sent)
	}
	if plain.String() == escaped.String() {
		return []string{plain.String()}
	}
	return []string{plain.String(), escaped.String()}
}
