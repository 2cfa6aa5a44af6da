package main

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/tenonkit/tenon"
)

// MountEcho mounts routes on echo. A wildcard at the end of an echo pattern also matches
// slashes, which http.ServeMux does not: such a request is answered as one without a
// route. If two routes match the same requests, the last one counts.
func MountEcho(e *echo.Echo, routes tenon.Routes) {
	for _, route := range routes {
		rest := ""
		pattern, names := wildcards(route.Pattern,
			func(name string) string { return ":" + name },
			func(name string) string { rest = name; return "*" })
		h := route.Handler()
		handle := func(c echo.Context) error {
			r := c.Request()
			for _, name := range names {
				value := c.Param(name)
				switch {
				case name == rest:
					value = c.Param("*")
				case strings.Contains(value, "/"):
					return echo.ErrNotFound
				}
				// echo matches the path as it was sent only if it has escapes to keep.
				if hasEscapes(r.URL) {
					value = unescaped(value)
				}
				r.SetPathValue(name, value)
			}
			r.Pattern = route.String()
			h.ServeHTTP(c.Response(), r)
			return nil
		}
		e.Add(route.Method, pattern, handle)
		if route.Method == http.MethodGet {
			e.Add(http.MethodHead, pattern, handle)
		}
	}
}
