package main

import (
	"net/url"
	"strings"
)

// wildcards rewrites the segments of a pattern that are more than their text: one
// is called for {name}, rest for {name...} and, as the name "tail", for the final
// slash of a subtree. It returns the names of the first two.
func wildcards(pattern string, one, rest func(name string) string) (translated string, names []string) {
	segments := strings.Split(pattern, "/")
	for i, segment := range segments {
		name := strings.Trim(segment, "{}")
		base, isRest := strings.CutSuffix(name, "...")
		switch {
		case segment == "" && i > 0:
			segments[i] = rest("tail")
			continue
		case segment == name:
			continue
		case name == "$":
			segments[i] = "" // these routers take a final slash for just that
			continue
		case isRest:
			name, segments[i] = base, rest(base)
		default:
			segments[i] = one(name)
		}
		names = append(names, name)
	}
	return strings.Join(segments, "/"), names
}

// unescaped returns a value as http.ServeMux does, from a router that matches
// the path as it was sent.
func unescaped(value string) string {
	if plain, err := url.PathUnescape(value); err == nil {
		return plain
	}
	return value
}

// hasEscapes reports whether a path has escapes to keep.
func hasEscapes(u *url.URL) bool { return u.RawPath != "" }
