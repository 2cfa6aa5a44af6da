package compress

import (
	"net/http"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
)

// A class is what the status and the header of a response say about its content.
type class int

const (
	fixed     class = iota // it is the same for every Accept-Encoding, as far as is known
	unchanged              // another Accept-Encoding might have changed the content of the 200
	open                   // it may be compressed, by its type if it has one, unless isBound
)

// classify looks at the response of w, whose header is h. If it is encoded already, the
// handler or a server behind it chose the coding for this Accept-Encoding.
func (c *config) classify(w *rw.Writer, h http.Header, status int) class {
	values, typed := h["Content-Type"]
	media := ""
	if len(values) > 0 {
		media = values[0]
	}
	if status == http.StatusNotModified && !typed {
		// If it is unknown whether the 200 has Vary, the 304 has none: with it, a cache would
		// take its body for one of several. Leaving out a Vary that the 200 has is harmless,
		// because the cache keeps it.
		s := w.Selected()
		media, typed = s.Media, s.Typed || !s.Known
	}
	switch {
	case len(h["Content-Encoding"]) > 0 && h["Content-Encoding"][0] != "":
		return unchanged
	case noTransform(h):
		return fixed
	case status == http.StatusPartialContent && strings.HasPrefix(media, "multipart/"):
		return unchanged // by whatever type the parts have
	case typed && !c.types.has(media):
		return fixed
	}
	switch status {
	case http.StatusSwitchingProtocols, http.StatusNoContent, http.StatusResetContent, http.StatusRequestedRangeNotSatisfiable:
		return fixed
	case http.StatusPartialContent, http.StatusNotModified:
		return unchanged
	}
	return open
}

// isBound reports whether a field of the response is about its exact bytes: a range, or a
// digest of the content or of the representation (RFC 9530).
func isBound(h http.Header) bool {
	return len(h["Content-Range"]) > 0 || len(h["Content-Digest"]) > 0 || len(h["Repr-Digest"]) > 0 || len(h["Digest"]) > 0 ||
		len(h["Content-Md5"]) > 0
}

// noTransform reports whether Cache-Control forbids to transform the content
// (RFC 9111, sections 5.2.1.6 and 5.2.2.6).
func noTransform(h http.Header) bool { return header.HasMember(h["Cache-Control"], "no-transform") }

// DefaultTypes returns the media types that are compressed without the option [Types]:
// text except event streams, JSON, XML and types built on them, and uncompressed fonts,
// images and programs. The caller owns the slice.
func DefaultTypes() []string {
	return []string{
		"text/*", "+json", "+xml", "+text", "+yaml",
		"application/json", "application/xml", "application/javascript", "application/ecmascript", "application/x-javascript",
		"application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-seq",
		"application/yaml", "application/toml", "application/sql", "application/graphql", "application/rtf",
		"application/wasm", "application/vnd.ms-fontobject", "application/x-sh", "application/x-tar",
		"font/ttf", "font/otf", "font/sfnt", "font/collection",
		"image/bmp", "image/vnd.microsoft.icon", "image/x-icon", "image/x-ms-bmp",
	}
}

const eventStream = "text/event-stream"

// A typeSet holds media types, top-level types with their slash, and suffixes
// with their plus sign, all in lower case.
type typeSet map[string]struct{}

// add reports false for a name of another form.
func (s typeSet) add(name string) bool {
	name = strings.ToLower(name)
	suffix, isSuffix := strings.CutPrefix(name, "+")
	major, minor, _ := strings.Cut(name, "/")
	switch {
	case isSuffix && header.IsToken(suffix):
	case header.IsToken(major) && minor == "*" && major != "*":
		name = major + "/"
	case header.IsToken(major) && header.IsToken(minor) && !strings.Contains(name, "*"):
	default:
		return false
	}
	s[name] = struct{}{}
	return true
}

// has reports whether the value of a Content-Type field is one of the set.
func (s typeSet) has(contentType string) bool {
	name, _, _ := strings.Cut(contentType, ";")
	if _, ok := s[name]; ok {
		return true // it is in lower case, as most are
	}
	name = strings.ToLower(header.Trim(name))
	if _, ok := s[name]; ok || name == eventStream {
		return ok
	}
	slash := strings.IndexByte(name, '/')
	if slash <= 0 {
		return false
	}
	if _, ok := s[name[:slash+1]]; ok {
		return true
	}
	plus := strings.LastIndexByte(name, '+')
	if plus < slash {
		return false
	}
	_, ok := s[name[plus:]]
	return ok
}
