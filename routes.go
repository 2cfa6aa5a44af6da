package tenon

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/pattern"
)

// Routes are the routes of a service or of a part of it. Its methods return
// changed copies, so that one table may be mounted in several ways; tables are
// joined by append.
type Routes []Route

// Prefix returns the routes with p before each path. p begins with a slash and
// may hold wildcards, which the In of every typed route then has to bind; a slash
// at its end is dropped. The empty pattern becomes p itself. A name that was made
// of method and pattern follows. Prefix panics if p does not begin with a slash.
func (rs Routes) Prefix(p string) Routes {
	if !strings.HasPrefix(p, "/") {
		panic("tenon: Prefix: " + p + " does not begin with a slash")
	}
	p = strings.TrimRight(p, "/")
	changed := slices.Clone(rs)
	for i := range changed {
		r := &changed[i]
		hasDefaultName := r.Name == defaultName(r.Method, r.Pattern)
		if r.Pattern != "" && !strings.Contains(r.Pattern, "/") {
			continue // it is for Check to report
		}
		host, path := pattern.Split(r.Pattern)
		r.Pattern = host + p + path
		if hasDefaultName {
			r.Name = defaultName(r.Method, r.Pattern)
		}
	}
	return changed
}

// With returns the routes behind the middleware, of which the first is the
// outermost, as in alice. It sees requests of the routes alone, not OPTIONS, and
// not what the router answers by itself: middleware that has to see every request,
// such as CORS, belongs around the router. With panics if one of mw is nil.
func (rs Routes) With(mw ...func(http.Handler) http.Handler) Routes {
	if slices.ContainsFunc(mw, func(m func(http.Handler) http.Handler) bool { return m == nil }) {
		panic("tenon: With: nil middleware")
	}
	changed := slices.Clone(rs)
	for i := range changed {
		if changed[i].Handler == nil {
			continue
		}
		for _, m := range slices.Backward(mw) {
			changed[i].Handler = m(changed[i].Handler)
		}
	}
	return changed
}

// Tag returns the routes with the tags added to the Doc of each, where they are
// not yet.
func (rs Routes) Tag(tags ...string) Routes {
	changed := slices.Clone(rs)
	for i := range changed {
		all := slices.Clone(changed[i].Doc.Tags)
		for _, tag := range tags {
			if !slices.Contains(all, tag) {
				all = append(all, tag)
			}
		}
		changed[i].Doc.Tags = all
	}
	return changed
}

// Lookup returns the route of a name, and whether there is one.
func (rs Routes) Lookup(name string) (Route, bool) {
	if name == "" {
		return Route{}, false
	}
	i := slices.IndexFunc(rs, func(r Route) bool { return r.Name == name })
	if i < 0 {
		return Route{}, false
	}
	return rs[i], true
}
