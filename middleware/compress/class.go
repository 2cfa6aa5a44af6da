package compress

import (
	"net/http"
	"strconv"
	"strings"
)

// A class is what the status and the header of a response say of its content.
type class int

const (
	fixed     class = iota // it is the same for every Accept-Encoding
	unchanged              // another Accept-Encoding might have changed the content of the 200
	open                   // it may be compressed, by its type if it has one
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
	if len(h["Content-Range"]) > 0 || hasDigest(h) {
		return fixed
	}
	return open
}

// hasDigest reports whether the handler vouches for the bytes of the content, or
// of the representation (RFC 9530).
func hasDigest(h http.Header) bool {
	return len(h["Content-Digest"]) > 0 || len(h["Repr-Digest"]) > 0 || len(h["Digest"]) > 0 || len(h["Content-Md5"]) > 0
}

func contentLength(h http.Header) int64 {
	if values := h["Content-Length"]; len(values) > 0 {
		if n, err := strconv.ParseInt(values[0], 10, 64); err == nil && n >= 0 {
			return n
		}
	}
	return -1
}
