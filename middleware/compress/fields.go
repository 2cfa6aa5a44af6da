package compress

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// keepHeader remembers the header as the response began with it, since the
// handler may go on to change it, if only to set trailers.
func (x *writer) keepHeader() {
	if x.state == undecided && x.begun && x.header == nil {
		x.header = x.below.Header().Clone()
	}
}

// recallHeader makes h what it was when the response began, and returns the
// fields that the handler has changed since.
func (x *writer) recallHeader(h http.Header) (late http.Header) {
	if x.header == nil || maps.EqualFunc(h, x.header, slices.Equal) {
		return nil
	}
	late = maps.Clone(h)
	maps.DeleteFunc(late, func(name string, values []string) bool { return slices.Equal(values, x.header[name]) })
	clear(h)
	maps.Copy(h, x.header)
	return late
}

// describe turns the header fields of the plain body into those of the coded
// one. One array backs the values, each cut to capacity 1.
func (x *writer) describe(h http.Header) {
	if _, typed := h["Content-Type"]; !typed {
		x.values[0] = x.media
		h["Content-Type"] = x.values[0:1:1]
	}
	x.values[1] = x.coding.name
	h["Content-Encoding"] = x.values[1:2:2]
	delete(h, "Content-Length")
	delete(h, "Accept-Ranges")
	if tags := h["Etag"]; len(tags) > 0 {
		h["Etag"] = []string{x.coding.codedTag(tags[0])}
	}
}

// addVary tells caches that the answer depends on Accept-Encoding (RFC 9110,
// section 12.5.5).
func addVary(h http.Header) {
	const name = "Accept-Encoding"
	lines := h["Vary"]
	switch {
	case len(lines) == 0:
		h["Vary"] = []string{name}
	case !header.HasMember(lines, name) && !header.HasMember(lines, "*"):
		h["Vary"] = []string{strings.Join(lines, ", ") + ", " + name}
	}
}

// restoreTag gives the client back the entity tag that it knows.
func (x *writer) restoreTag(h http.Header) {
	if tags := h["Etag"]; len(tags) > 0 {
		if known := x.config.clientTag(x.request, x.coding, tags[0]); known != tags[0] {
			h["Etag"] = []string{known}
		}
	}
}
