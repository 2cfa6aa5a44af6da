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

// Mount registers the routes on m, an [http.ServeMux] or another that takes its
// patterns. A router of chi is told by its method Method(method, pattern string,
// h [http.Handler]), and gets the patterns in its own syntax: the routes answer the
// same there, with the path values and the r.Pattern that ServeMux sets.
//
// Each pattern is registered for its method, never without one, so that the
// routes stand beside a "/" or "GET /" of the caller. A route for GET answers
// HEAD too. For the path of a route and another method the router answers 405
// with Allow, but a "/" without a method takes that too. Nothing is registered for
// OPTIONS: a handler of the caller for it wins, whether it is registered before or
// after, and without one the router answers 405. Middleware RouterErrors makes that
// a 204 with Allow, and gives the router's 404 and other 405 the form of other
// failures.
//
// Mount panics with all that [Routes.Check] finds before it registers anything,
// and with every route that m cannot take beside what it has, naming both; the
// others are mounted then.
//
// # On chi
//
// chi does not clean paths, and a path that ServeMux would redirect for that
// may be 404. Where a path has escapes that it does not need, such as %61, and
// where it has an escaped slash, chi compares literal segments as they were sent.
// Of two handlers for one pattern chi takes the last and says nothing, so that
// only conflicts within the table are reported; that holds for the HEAD and the
// redirects that Mount adds as well. A host, a literal segment with one of the
// characters *{}, and a method that chi does not know are reported.
func (rs Routes) Mount(m Muxer) {
	if option.IsNil(m) {
		panic("tenon: Mount on a nil router: give it one, such as http.NewServeMux()")
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

// mountMux registers the routes on a router that takes patterns of ServeMux. A
// conflict does not end it, so that all of them are reported.
func (rs Routes) mountMux(m Muxer) routeFaults {
	var faults routeFaults
	for i := range rs {
		if err := nethttp.Register(m.Handle, rs[i].String(), rs[i].Handler()); err != nil {
			faults.add(&rs[i], "%s", foreignConflict(err))
		}
	}
	return faults
}

// foreignConflict words the conflict of a route with one that the mux has.
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
