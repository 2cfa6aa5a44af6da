package header

import (
	"net/http"
	"strconv"
)

// Length returns the Content-Length that a handler has set in h, or -1 if there
// is none or it is no length.
func Length(h http.Header) int64 {
	values := h["Content-Length"]
	if len(values) == 0 {
		return -1
	}
	n, err := strconv.ParseInt(values[0], 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}
