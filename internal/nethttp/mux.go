package nethttp

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"reflect"
	"runtime"
	"strconv"
	"strings"
)

// Register calls handle, the method Handle of a mux, which panics with what it cannot
// take. Register returns that as an error.
func Register(handle func(pattern string, h http.Handler), pattern string, h http.Handler) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v", fault)
		}
	}()
	handle(pattern, h)
	return nil
}

// PatternFault returns what [http.ServeMux] says of a pattern that is not well formed,
// without the function and the offset that it puts before.
func PatternFault(err error) string {
	text := err.Error()
	if _, after, ok := strings.Cut(text, ": at offset "); ok {
		_, text, _ = strings.Cut(after, ": ")
	}
	return text
}

// A Conflict is what [http.ServeMux] says of a pattern that it cannot take beside one
// that it has.
type Conflict struct {
	// Pattern is the one that it has.
	Pattern string
	// Place is the file and line of its registration, empty where that was Register.
	Place string
	// Reason is a sentence.
	Reason string
}

// ConflictOf reads the error of [Register], and reports whether it is about a conflict.
// Reason is the first line of any error.
func ConflictOf(err error) (c Conflict, ok bool) {
	c.Reason, _, _ = strings.Cut(err.Error(), "\n")
	_, rest, _ := strings.Cut(err.Error(), " conflicts with pattern ")
	quoted, wrong := strconv.QuotedPrefix(rest)
	if wrong != nil {
		return c, false
	}
	registered, explained, ok := strings.Cut(rest[len(quoted):], "):\n")
	place, found := strings.CutPrefix(registered, " (registered at ")
	if !ok || !found {
		return c, false
	}
	c.Pattern, _ = strconv.Unquote(quoted) // it is quoted
	c.Reason, _, _ = strings.Cut(explained, "\n")
	if _, here, _, known := runtime.Caller(0); !known || !strings.HasPrefix(place, here+":") {
		c.Place = place
	}
	return c, true
}

// IsRedirect reports whether h is what [http.RedirectHandler] returns, with which
// [http.ServeMux] also redirects by itself.
func IsRedirect(h http.Handler) bool {
	return reflect.TypeOf(h) == reflect.TypeOf(http.RedirectHandler("/", http.StatusFound))
}

// Match returns the pattern by which mux serves an escaped path, or the path with one
// slash more to which it redirects. No handler of mux is a redirect.
func Match(mux *http.ServeMux, method, path string) (pattern string, redirects bool) {
	plain, err := url.PathUnescape(path)
	if err != nil {
		return "", false
	}
	r := &http.Request{Method: method, URL: &url.URL{Path: plain, RawPath: path}}
	h, pattern := mux.Handler(r)
	if !IsRedirect(h) {
		return pattern, false
	}
	// The pattern of a redirect is a path for CONNECT.
	r.URL = &url.URL{Path: plain + "/", RawPath: path + "/"}
	_, pattern = mux.Handler(r)
	return pattern, true
}

// IsClean reports whether [http.ServeMux] serves an escaped path as it is.
func IsClean(p string) bool {
	if p == "" || p[0] != '/' {
		return false
	}
	if !mayBeUnclean(p) {
		return true
	}
	clean := path.Clean(p)
	if len(p) > 1 && p[len(p)-1] == '/' {
		return len(p) == len(clean)+1 && strings.HasPrefix(p, clean) && p != "//"
	}
	return p == clean
}

// mayBeUnclean reports whether a segment of p begins with a dot, or is empty and not the
// last. Most paths are told by that: BenchmarkMount.
func mayBeUnclean(p string) bool {
	for i := 1; i < len(p); i++ {
		if p[i-1] == '/' && (p[i] == '/' || p[i] == '.') {
			return true
		}
	}
	return false
}

// RedirectToClean answers a request whose path is not clean as [http.ServeMux] does. A
// mux without routes does so too.
func RedirectToClean(w http.ResponseWriter, r *http.Request) {
	h, _ := http.NewServeMux().Handler(r)
	h.ServeHTTP(w, r)
}

// AddSlash redirects to the path, which is clean, with a slash more, as [http.ServeMux]
// does. An escaped slash stays one, which it does from Go 1.27 on.
func AddSlash(w http.ResponseWriter, r *http.Request) {
	target := r.URL.EscapedPath() + "/"
	if r.URL.RawQuery != "" {
		target += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, target, http.StatusTemporaryRedirect) //nolint:gosec // a clean path has no second slash, so no host
}
