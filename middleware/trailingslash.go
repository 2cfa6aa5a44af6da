package middleware

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/tenonkit/tenon/internal/nethttp"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// TrailingSlash redirects a request whose path the router does not know, if the router
// knows the path with one slash more or less at its end. GET and HEAD are redirected with
// 302, and other methods with 307, so that the client sends the body again.
//
// The router that it asks is, in this order:
//
//	the one of an option      TrailingSlashMux, TrailingSlashMatch or TrailingSlashFunc
//	the handler it is around  if it has the method Handler of http.ServeMux
//	none                      a path with a slash at its end that ends in the router's own 404 is redirected
//	                          to the path without the slash, even if that has no route
//
// The redirects of [http.ServeMux] to a slash are replaced by these. Without a router to
// ask, only slashes are removed, because adding them too would send a client in circles.
//
// The query is kept, and an escaped slash stays escaped. The target is relative, "../a"
// or "./a/". So it cannot lead to another host, and it works behind [http.StripPrefix]
// and proxies that remove a prefix. These requests are never redirected: OPTIONS, because
// browsers do not follow, CONNECT, the path /, and paths that [http.ServeMux] would
// clean.
//
// Put TrailingSlash next to the router, inside RouterErrors. With an option it may stand
// elsewhere. In a sub-router of chi, ask the outermost router.
//
// TrailingSlash panics if an option is faulty, and names all faults at once.
func TrailingSlash(opts ...TrailingSlashOption) func(http.Handler) http.Handler {
	var c slashConfig
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(&c)
		}
	}
	c.faults.refuse("TrailingSlash")
	return func(next http.Handler) http.Handler {
		known := c.known
		if mux, ok := next.(muxer); ok && known == nil {
			known = muxKnows(mux)
		}
		if known == nil {
			return dropsSlash(next)
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if canRedirect(r) && !known(r) {
				if other := otherForm(r); known(other) {
					redirectTo(other.URL, w, r)
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// A TrailingSlashOption says which router [TrailingSlash] asks. If there are several, the
// last one counts. The zero TrailingSlashOption changes nothing.
type TrailingSlashOption struct{ apply func(*slashConfig) }

type slashConfig struct {
	known  func(*http.Request) bool
	faults faults
}

// slashFault is an option that reports a fault.
func slashFault(text string) TrailingSlashOption {
	return TrailingSlashOption{func(c *slashConfig) { c.faults.add("%s", text) }}
}

type muxer interface {
	Handler(r *http.Request) (h http.Handler, pattern string)
}

// TrailingSlashMux asks a router that has the method Handler of [http.ServeMux]. A path
// is known if the router returns a pattern. A nil mux is a fault.
func TrailingSlashMux(mux interface {
	Handler(r *http.Request) (h http.Handler, pattern string)
},
) TrailingSlashOption {
	if option.IsNil(mux) {
		return slashFault("TrailingSlashMux has a nil router: pass the router")
	}
	return TrailingSlashFunc(muxKnows(mux))
}

// TrailingSlashMatch asks a router that has the method Match of chi. Pass the outermost
// router. Each question gets a new context of type C. HEAD is known if GET is. A nil
// router is a fault.
func TrailingSlashMatch[C any](router interface {
	Match(rctx *C, method, path string) bool
},
) TrailingSlashOption {
	if option.IsNil(router) {
		return slashFault("TrailingSlashMatch has a nil router: pass the router")
	}
	return TrailingSlashFunc(func(r *http.Request) bool {
		routed := routedPath(r)
		return router.Match(new(C), r.Method, routed) ||
			r.Method == http.MethodHead && router.Match(new(C), http.MethodGet, routed)
	})
}

// TrailingSlashFunc asks a function whether the router has a handler for the method and
// the URL of a request. The function must not change the request, and must be safe for
// concurrent use. A nil function is a fault.
func TrailingSlashFunc(known func(r *http.Request) bool) TrailingSlashOption {
	if known == nil {
		return slashFault("TrailingSlashFunc has a nil function: pass one that asks the router")
	}
	return TrailingSlashOption{func(c *slashConfig) { c.known = known }}
}

// muxKnows returns a function for a mux. A path that the mux would only redirect to its
// form with a slash is not known, although the mux returns a pattern for it.
func muxKnows(mux muxer) func(*http.Request) bool {
	return func(r *http.Request) bool {
		h, pattern := mux.Handler(r)
		if pattern == "" || !nethttp.IsRedirect(h) || strings.HasSuffix(r.URL.EscapedPath(), "/") {
			return pattern != ""
		}
		// A redirect that is a route of its own serves both paths or has another
		// pattern.
		slashed, other := mux.Handler(otherForm(r))
		return pattern != other || h == slashed
	}
}

// canRedirect reports whether the path of r has another form that a browser resolves to
// the same host. A second slash at its start, or a backslash, would begin the name of
// another host. Encoded ones count too, because some clients decode a target first.
func canRedirect(r *http.Request) bool {
	if r.Method == http.MethodOptions || r.Method == http.MethodConnect {
		return false
	}
	if p := r.URL.Path; len(p) < 2 || p[0] != '/' || p[1] == '/' || p[1] == '\\' {
		return false
	}
	escaped := r.URL.EscapedPath()
	return path.Clean(escaped) == strings.TrimSuffix(escaped, "/")
}

// otherForm returns a request like r with the other form of the path. Its URL is what
// parsing its target would give: RawPath is set only if it differs from the usual
// spelling of Path.
func otherForm(r *http.Request) *http.Request {
	u := *r.URL
	escaped, found := strings.CutSuffix(u.EscapedPath(), "/")
	if found {
		u.Path = strings.TrimSuffix(u.Path, "/")
	} else {
		u.Path, escaped = u.Path+"/", escaped+"/"
	}
	u.RawPath = ""
	if u.EscapedPath() != escaped {
		u.RawPath = escaped
	}
	other := *r
	other.URL = &u
	return &other
}

// dropsSlash redirects where the router itself answers 404.
func dropsSlash(next http.Handler) http.Handler {
	to := routerAt(next)
	redirect := to.answers(redirectNotFound)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !canRedirect(r) || !strings.HasSuffix(r.URL.EscapedPath(), "/") {
			next.ServeHTTP(w, r)
			return
		}
		to.serve(w, r, redirect)
	})
}

// redirectNotFound answers in place of the router.
func redirectNotFound(w *rw.Writer, r *http.Request, status int) bool {
	if status != http.StatusNotFound {
		return true
	}
	dropErrorText(w.Header())
	redirectTo(otherForm(r).URL, w, r)
	return false
}

// redirectTo redirects the client of r to the path and the query of u, which is the other
// form of its own. The target begins with dots, so no part of it can be taken for a
// scheme or a host.
func redirectTo(u *url.URL, w http.ResponseWriter, r *http.Request) {
	whole, slash := strings.CutSuffix(u.EscapedPath(), "/")
	target := "../" + path.Base(whole)
	if slash {
		target = "./" + path.Base(whole) + "/"
	}
	if u.RawQuery != "" || u.ForceQuery {
		// Neither belongs into a query, and each would mean something in a target.
		target += "?" + strings.ReplaceAll(strings.ReplaceAll(u.RawQuery, `\`, "%5C"), "#", "%23")
	}
	code := http.StatusTemporaryRedirect
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		code = http.StatusFound
	}
	respond.Redirect{URL: target, Code: code, Local: true}.ServeHTTP(w, r)
}
