package tenon

import (
	"net/http"
	"slices"
)

// Routes is a table of routes, of a whole service or of a part of it. Its methods return
// changed copies, so one table may be mounted in several ways. Join tables with append.
// The order of the calls of Options, With and Tag makes no difference.
type Routes []Route

// Prefix returns the routes with p before each path, as [Route.Prefix] does.
func (rs Routes) Prefix(p string) Routes {
	return rs.each(func(r Route) Route { return r.Prefix(p) })
}

// With returns the routes inside the middleware mw. The first of mw is the outermost, as
// in alice. Each function of mw is called once for each route, when the handler of the
// route is made. A nil element is a fault.
//
// The middleware sees only the requests of these routes. It does not see OPTIONS or what
// the router answers by itself, such as 404. Put middleware that must see every request,
// such as CORS, around the router.
func (rs Routes) With(mw ...func(http.Handler) http.Handler) Routes {
	return rs.each(func(r Route) Route { return r.With(mw...) })
}

// Tag returns the routes with the tags added to the Doc of each, as [Route.Tag] does.
func (rs Routes) Tag(tags ...string) Routes {
	return rs.each(func(r Route) Route { return r.Tag(tags...) })
}

// Options returns the routes with opts as defaults for each, as [Route.Options] does:
//
//	routes.Options(bind.Strict(), respond.Formats(respond.XML()))
func (rs Routes) Options(opts ...Option) Routes {
	return rs.each(func(r Route) Route { return r.Options(opts...) })
}

// each returns the routes, each changed by change.
func (rs Routes) each(change func(Route) Route) Routes {
	changed := slices.Clone(rs)
	for i := range changed {
		changed[i] = change(changed[i])
	}
	return changed
}

// Lookup returns the route with the name, and whether there is one.
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
