package compress

import (
	"net/http"
	"strings"
)

// A class is what the status and the header of a response say of its content.
type class int

const (
	fixed     class = iota // it is the same for every Accept-Encoding
	unchanged              // another Accept-Encoding might have changed the content of the 200
	open                   // it may be compressed, by its type if it has one, unless isBound
)

func (c *config) classify(h http.Header, status int) class {
	media, typed := h["Content-Type"]
	switch {
	case len(h["Content-Encoding"]) > 0 && h["Content-Encoding"][0] != "", noTransform(h):
		return fixed
	case status == http.StatusPartialContent && len(media) > 0 && strings.HasPrefix(media[0], "multipart/"):
		return unchanged // by whatever type the parts have
	case typed && (len(media) == 0 || !c.types.has(media[0])):
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

// isBound reports whether a field of the response holds for its very bytes: a
// range, or a digest of the content or of the representation (RFC 9530).
func isBound(h http.Header) bool {
	return len(h["Content-Range"]) > 0 || len(h["Content-Digest"]) > 0 || len(h["Repr-Digest"]) > 0 || len(h["Digest"]) > 0 ||
		len(h["Content-Md5"]) > 0
}
