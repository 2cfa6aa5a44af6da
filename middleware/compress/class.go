package compress

import (
	"net/http"
	"strings"

	"github.com/tenonkit/tenon/internal/rw"
)

// A class is what the status and the header of a response say of its content.
type class int

const (
	fixed     class = iota // it is the same for every Accept-Encoding, as far as is known
	unchanged              // another Accept-Encoding might have changed the content of the 200
	open                   // it may be compressed, by its type if it has one, unless isBound
)

// classify looks at the response of w. One that comes encoded was made so for this
// Accept-Encoding, by the handler or by a server behind it.
func (c *config) classify(w *rw.Writer, status int) class {
	h := w.Header()
	values, typed := h["Content-Type"]
	media := ""
	if len(values) > 0 {
		media = values[0]
	}
	if status == http.StatusNotModified && !typed {
		media, typed = selected(w)
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

// selected returns the Content-Type that the 200 would have in place of a 304
// without one, as far as middleware further in has told. Where nobody has, the 304
// must not have a Vary that its 200 may be without: a cache that is told so takes
// what it has for one of several. To leave out one that the 200 has does no harm,
// since the cache has it.
func selected(w *rw.Writer) (media string, typed bool) {
	s := w.Selected()
	return s.Media, s.Typed || !s.Known
}

// isBound reports whether a field of the response holds for its very bytes: a
// range, or a digest of the content or of the representation (RFC 9530).
func isBound(h http.Header) bool {
	return len(h["Content-Range"]) > 0 || len(h["Content-Digest"]) > 0 || len(h["Repr-Digest"]) > 0 || len(h["Digest"]) > 0 ||
		len(h["Content-Md5"]) > 0
}
