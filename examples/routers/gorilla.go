package main

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/tenonkit/tenon"
)

// MountGorilla mounts routes on a router of gorilla/mux. The router has to match
// the path as it was sent, by UseEncodedPath, to carry %2F in a segment; a literal
// beyond ASCII is then not found. It answers 405 without Allow and takes the first
// of two routes for one path, so that a literal has to come before a wildcard in
// the table.
func MountGorilla(m *mux.Router, routes tenon.Routes) {
	m.UseEncodedPath()
	for _, route := range routes {
		pattern, names := wildcards(route.Pattern,
			func(name string) string { return "{" + name + "}" },
			func(name string) string { return "{" + name + ":.*}" })
		methods := []string{route.Method}
		if route.Method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
		h := route.Handler()
		m.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			vars := mux.Vars(r)
			for _, name := range names {
				r.SetPathValue(name, unescaped(vars[name]))
			}
			r.Pattern = route.String()
			h.ServeHTTP(w, r)
		}).Methods(methods...)
	}
}
