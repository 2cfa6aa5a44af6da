package tenon

import (
	"net/http"

	"github.com/tenonkit/tenon/internal/nethttp"
	"github.com/tenonkit/tenon/internal/option"
)

// A Muxer is a router that [Routes.Mount] registers routes on, such as [http.ServeMux].
type Muxer interface {
	Handle(pattern string, h http.Handler)
}

// Mount registers the routes on m. m is an [http.ServeMux], another router that takes its
// patterns, or a router of chi. Mount recognizes chi by the method Method(method, pattern
// string, h [http.Handler]), and translates the patterns. The routes answer the same
// there, with the path values and the r.Pattern of ServeMux.
//
// Each pattern is registered with its method. So the routes may stand beside a "/" or
// "GET /" of your own. These requests have no route of their own:
//
//	HEAD                      the route for GET answers it
//	another method of a path  405 with Allow; a "/" without a method takes the request instead
//	OPTIONS                   405, unless you register a handler for it, before Mount or after
//
// Middleware RouterErrors turns the 405 for OPTIONS into 204 with Allow. It gives the
// router's own 404 and 405 the form of the other failures.
//
// Mount panics with all faults that [Routes.Check] finds, before it registers anything.
// Otherwise it panics with every route that conflicts with what m already has, and names
// both; the other routes are mounted then.
//
// # On chi
//
//   - chi does not clean paths. A path that ServeMux redirects to its clean form may be
//     404.
//   - chi compares literal segments as they were sent if the path has an escaped slash,
//     or an escape that is not needed, such as %61.
//   - chi keeps the last of two handlers for one pattern and reports nothing. So Mount
//     finds only conflicts within the table. This holds for the HEAD routes and the
//     redirects that Mount adds as well.
//   - A host, a literal segment with one of the characters *{}, and a method that chi
//     does not know are faults.
func (rs Routes) Mount(m Muxer) {
	if option.IsNil(m) {
		panic("tenon: Mount: the router is nil: pass one, such as http.NewServeMux()")
	}
	faults := rs.compile()
	if len(faults) == 0 {
		if c, ok := m.(chiRouter); ok {
			faults = rs.mountChi(c)
		} else {
			faults = rs.mountMux(m)
		}
	}
	if err := faults.error(); err != nil {
		panic(err.Error())
	}
}

// mountMux registers the routes on a router that takes patterns of ServeMux. It goes on
// after a conflict, so that all of them are reported.
func (rs Routes) mountMux(m Muxer) routeFaults {
	var faults routeFaults
	for i := range rs {
		if err := nethttp.Register(m.Handle, rs[i].String(), rs[i].Handler()); err != nil {
			faults.add(&rs[i], "%s", foreignConflict(err))
		}
	}
	return faults
}

// foreignConflict describes the conflict of a route with one that the mux already has.
func foreignConflict(err error) string {
	c, ok := nethttp.ConflictOf(err)
	if !ok {
		return "cannot be registered: " + err.Error()
	}
	place := ", registered at " + c.Place
	if c.Place == "" {
		place = ", mounted before"
	}
	return "conflicts with " + c.Pattern + place + ": " + c.Reason
}
