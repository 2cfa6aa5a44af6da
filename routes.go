package tenon

import (
	"net/http"
	"slices"
)

// Routes are the routes of a service or of a part of it. Its methods return
// changed copies, so that one table may be mounted in several ways; tables are
// joined by append. The order of calls of Options, With and Tag makes no difference
// to one another.
type Routes []Route

// Prefix returns the routes with p before each path, as [Route.Prefix] does.
func (rs Routes) Prefix(p string) Routes {
	return rs.each(func(r Route) Route { return r.Prefix(p) })
}

// With returns the routes behind the middleware, of which the first is the
// outermost, as in alice. It sees requests of the routes alone, not OPTIONS, and
// not what the router answers by itself: middleware that has to see every request,
// such as CORS, belongs around the router. Each function of mw is called once for
// each route, when the handler of the route is made. A nil one is a fault.
func (rs Routes) With(mw ...func(http.Handler) http.Handler) Routes {
	return rs.each(func(r Route) Route { return r.With(mw...) })
}

// Tag returns the routes with the tags added to the Doc of each, where they are
// not yet.
func (rs Routes) Tag(tags ...string) Routes {
	return rs.each(func(r Route) Route { return r.Tag(tags...) })
}

// Options returns the routes with one policy beneath the options of each, as
// [Route.Options] does:
//
//	routes.Options(bind.Strict(), respond.Formats(respond.XML()))
func (rs Routes) Options(opts ...Option) Routes {
	return rs.each(func(r Route) Route { return r.Options(opts...) })
}

// each returns the routes as change returns them.
func (rs Routes) each(change func(Route) Route) Routes {
	changed := slices.Clone(rs)
	for i := range changed {
		changed[i] = change(changed[i])
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
