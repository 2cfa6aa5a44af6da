package main

import (
	"net/http"
	"strings"

	"github.com/julienschmidt/httprouter"

	"github.com/tenonkit/tenon"
)

// MountHTTPRouter mounts routes on a router of httprouter. It matches the
// unescaped path, so that %2F in a segment is a slash and the route is not found:
// this router cannot carry it. In the rest of a path it can. Two routes of one
// method with a literal and a wildcard at the same place make it panic.
func MountHTTPRouter(m *httprouter.Router, routes tenon.Routes) {
	for _, route := range routes {
		rest := ""
		pattern, names := wildcards(route.Pattern,
			func(name string) string { return ":" + name },
			func(name string) string { rest = name; return "*" + name })
		h := route.Handler()
		handle := func(w http.ResponseWriter, r *http.Request, params httprouter.Params) {
			for _, name := range names {
				value := params.ByName(name)
				if name == rest {
					value = strings.TrimPrefix(value, "/")
				}
				r.SetPathValue(name, value)
			}
			r.Pattern = route.String()
			h.ServeHTTP(w, r)
		}
		m.Handle(route.Method, pattern, handle)
		if route.Method == http.MethodGet {
			m.Handle(http.MethodHead, pattern, handle)
		}
	}
}
