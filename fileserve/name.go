package fileserve

import (
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"runtime"
	"strings"

	"github.com/tenonkit/tenon/respond"
)

// root is the name of the directory itself.
const root = "."

// splitPath returns the name of the path of a URL, in the form of [fs.ValidPath], and
// whether it is the name of a directory. It cleans nothing: a path with an empty element,
// "." or ".." has no name.
func splitPath(urlPath string) (name string, dir, ok bool) {
	name = strings.TrimPrefix(urlPath, "/")
	if name == "" {
		return root, true, true
	}
	name, dir = strings.CutSuffix(name, "/")
	return name, dir, name != root && fs.ValidPath(name)
}

// wellKnown is the only name with a dot at its beginning that a site serves (RFC 8615).
const wellKnown = ".well-known"

// isHidden reports whether an element of name begins with a dot. On Windows an element with a
// tilde is hidden too, because it may be the short form of such a name.
func isHidden(name string) bool {
	if name == root {
		return false
	}
	if rest, ok := strings.CutPrefix(name, wellKnown); ok && (rest == "" || rest[0] == '/') {
		name = strings.TrimPrefix(rest, "/")
	}
	for element := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(element, ".") || runtime.GOOS == "windows" && strings.Contains(element, "~") {
			return true
		}
	}
	return false
}

// redirectToDir redirects to the same path with a slash at its end, so that relative links lead
// into the directory. The target is relative, so that it is right if a prefix was stripped.
func redirectToDir(w http.ResponseWriter, r *http.Request) {
	redirect(w, r, "./"+lastElement(r)+"/")
}

// escapedSlash returns the index of the first %2F in a path, or -1. For the client it is not a
// separator, so relative links would lead to other places than from the directory of the path.
func escapedSlash(escaped string) int {
	upper, lower := strings.Index(escaped, "%2F"), strings.Index(escaped, "%2f")
	if upper < 0 || lower >= 0 && lower < upper {
		return lower
	}
	return upper
}

// redirectToSlashes redirects to the same path with plain slashes in place of escaped ones. The
// target is relative, as in redirectToDir.
func redirectToSlashes(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.EscapedPath()
	first := escapedSlash(asked)
	if first == 0 {
		fail(w, r, fs.ErrNotExist) // a part of the element is in the prefix that was stripped
		return
	}
	rest := asked[strings.LastIndexByte(asked[:first], '/')+1:]
	up := "./"
	if above := strings.Count(rest, "/"); above > 0 {
		up = strings.Repeat("../", above)
	}
	redirect(w, r, up+strings.NewReplacer("%2F", "/", "%2f", "/").Replace(rest))
}

// redirect keeps the query.
func redirect(w http.ResponseWriter, r *http.Request, target string) {
	if r.URL.RawQuery != "" {
		target += "?" + r.URL.RawQuery
	}
	respond.Found(target).ServeHTTP(w, r)
}

// lastElement returns the last element of the path that the client sent, with its
// escapes. For the client a %2F is not a separator.
func lastElement(r *http.Request) string {
	if r.URL.Path == "" {
		// The whole of the path was stripped as a prefix.
		if asked, err := url.ParseRequestURI(r.RequestURI); err == nil {
			return path.Base(asked.EscapedPath())
		}
	}
	return path.Base(r.URL.EscapedPath())
}

// lacksSlash reports whether the whole path was stripped as a prefix, and the path that the
// client sent has no slash at its end.
func lacksSlash(r *http.Request) bool {
	if r.URL.Path != "" {
		return false
	}
	asked, err := url.ParseRequestURI(r.RequestURI)
	return err == nil && asked.Path != "" && !strings.HasSuffix(asked.Path, "/")
}
