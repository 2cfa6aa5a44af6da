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

// TrailingSlash redirects a request whose path the router does not know to the
// same path with one slash more or less at its end, where the router knows that
// one. Around an [http.ServeMux] it asks that; elsewhere give it the router by
// [TrailingSlashMux], [TrailingSlashMatch] or [TrailingSlashFunc]. Without a router to ask it redirects every
// path with a final slash that ends in a 404, so also /nope/ to /nope, which is a
// 404 as well.
//
// GET and HEAD with 302, other methods with 307, so that the client sends
// the body again. The query is kept and an escaped slash stays escaped. OPTIONS,
// which browsers do not let be redirected, CONNECT, the path / and paths that
// [http.ServeMux] would clean are left alone. The target is relative, "../a" or
// "./a/", so it cannot lead to another host, and it is right as well where
// [http.StripPrefix] or a proxy further out has taken a prefix from the path.
//
// The router is asked before it serves. It is the one given by [TrailingSlashMux],
// [TrailingSlashMatch] or [TrailingSlashFunc], else the handler around which TrailingSlash is put if
// that has the method Handler of [http.ServeMux], whose own redirects to a slash
// are then answered here, by the rules above.
//
// Where there is nobody to ask, only a path that ends in a slash is redirected,
// to the one without, whether or not there is such a route, and only if the router
// answers 404 by itself, which is told as [RouterErrors] tells it. The other
// direction would send a client in circles.
//
// Put it next to the router, inside of RouterErrors, unless it has a router to
// ask. In a sub-router of chi ask the outermost router.
//
// TrailingSlash panics, with all the faults at once, if an option is at fault.
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

// A TrailingSlashOption tells [TrailingSlash] which router to ask. Options are
// read once, and the last one counts. The zero TrailingSlashOption changes
// nothing.
type TrailingSlashOption struct{ apply func(*slashConfig) }

type slashConfig struct {
	known  func(*http.Request) bool
	faults faults
}

// slashFault is an option that is at fault.
func slashFault(text string) TrailingSlashOption {
	return TrailingSlashOption{func(c *slashConfig) { c.faults.add("%s", text) }}
}

type muxer interface {
	Handler(r *http.Request) (h http.Handler, pattern string)
}

// TrailingSlashMux asks a router that has the method of [http.ServeMux]: a path is known
// if it has a pattern. A nil mux is a fault.
func TrailingSlashMux(mux interface {
	Handler(r *http.Request) (h http.Handler, pattern string)
},
) TrailingSlashOption {
	if option.IsNil(mux) {
		return slashFault("TrailingSlashMux of nil: give it the router")
	}
	return TrailingSlashFunc(muxKnows(mux))
}

// TrailingSlashMatch asks a router that has the method of chi's, the outermost one: each
// question gets a new context of type C. HEAD is known where GET is. A nil
// router is a fault.
func TrailingSlashMatch[C any](router interface {
	Match(rctx *C, method, path string) bool
},
) TrailingSlashOption {
	if option.IsNil(router) {
		return slashFault("TrailingSlashMatch of nil: give it the router")
	}
	return TrailingSlashFunc(func(r *http.Request) bool {
		routed := routedPath(r)
		return router.Match(new(C), r.Method, routed) ||
			r.Method == http.MethodHead && router.Match(new(C), http.MethodGet, routed)
	})
}

// TrailingSlashFunc asks a function whether the router has a handler for the method and
// the URL of a request, which it may not change. Many requests call it at once.
// A nil function is a fault.
func TrailingSlashFunc(known func(r *http.Request) bool) TrailingSlashOption {
	if known == nil {
		return slashFault("TrailingSlashFunc of nil: give it a function that asks the router")
	}
	return TrailingSlashOption{func(c *slashConfig) { c.known = known }}
}

// muxKnows does not count as known what the mux would only redirect to the form
// with a slash. It does so with a pattern, as if it were a route.
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

// canRedirect reports whether the path of r has another form, which a browser
// takes for a path of the same host: a second slash, and the backslash that it
// takes for one, would begin the name of another. Encoded ones count too, for
// what decodes a target before it looks.
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

// otherForm returns a request like r, but for the slash at the end of its path.
// Its URL is what parsing its target would give: RawPath is set only where it
// differs from the usual spelling of Path.
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

// redirectTo sends the client of r to the path and the query of u, which is the
// other form of its own. No part of a path can be taken for a scheme or a host
// after the dots.
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
