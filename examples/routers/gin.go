package main

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/tenonkit/tenon"
)

// MountGin mounts routes on gin and changes three settings. Without UseRawPath, %2F in a
// segment is a slash and the route is not found. With UnescapePathValues, + is a space.
// Without HandleMethodNotAllowed, another method is 404. A program that cannot change
// them cannot use %2F in a segment.
func MountGin(e *gin.Engine, routes tenon.Routes) {
	e.UseRawPath, e.UnescapePathValues, e.HandleMethodNotAllowed = true, false, true
	for _, route := range routes {
		rest := ""
		pattern, names := wildcards(route.Pattern,
			func(name string) string { return ":" + name },
			func(name string) string { rest = name; return "*" + name })
		h := route.Handler()
		handle := func(c *gin.Context) {
			for _, name := range names {
				value := c.Param(name)
				if name == rest {
					value = strings.TrimPrefix(value, "/")
				}
				// gin matches the path as it was sent only if it has escapes to keep.
				if hasEscapes(c.Request.URL) {
					value = unescaped(value)
				}
				c.Request.SetPathValue(name, value)
			}
			c.Request.Pattern = route.String()
			h.ServeHTTP(c.Writer, c.Request)
		}
		e.Handle(route.Method, pattern, handle)
		if route.Method == http.MethodGet {
			e.Handle(http.MethodHead, pattern, handle)
		}
	}
}
