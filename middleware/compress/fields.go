package compress

import (
	"net/http"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// keepHeader remembers the header if the handler goes on while the response is
// held back.
func (x *writer) keepHeader() {
	if x.state == undecided {
		x.header.Take(x.below.Header())
	}
}

// describe turns the header fields of the plain body into those of the coded
// one. The values of all fields are in one array, each cut to capacity 1.
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
		x.setTag(h, x.coding.codedTag(tags[0]))
	}
}

// addVary tells caches that the answer depends on Accept-Encoding (RFC 9110,
// section 12.5.5).
func (x *writer) addVary(h http.Header) {
	if vary := varyOf(h); vary != "" {
		x.values[2] = vary
		h["Vary"] = x.values[2:3:3]
	}
}

// varyOf returns what Vary has to be, or "" if it is that already.
func varyOf(h http.Header) string {
	const name = "Accept-Encoding"
	lines := h["Vary"]
	switch {
	case len(lines) == 0:
		return name
	case header.HasMember(lines, name), header.HasMember(lines, "*"):
		return ""
	}
	return strings.Join(lines, ", ") + ", " + name
}

// restoreTag gives the client back the entity tag that it knows, and reports
// whether that is one of an encoded body.
func (x *writer) restoreTag(h http.Header) bool {
	tags := h["Etag"]
	if len(tags) == 0 {
		return false
	}
	known := x.config.clientTag(x.request, x.coding, tags[0])
	if known == tags[0] {
		return false
	}
	x.setTag(h, known)
	return true
}

func (x *writer) setTag(h http.Header, tag string) {
	x.values[3] = tag
	h["Etag"] = x.values[3:4:4]
}
