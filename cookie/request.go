package cookie

import (
	"iter"
	"net/http"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// maxTried is how many cookies of one name are looked at.
const maxTried = 8

// candidates yields the values of the cookies of this name as they were sent, at
// most eight. Pairs that are no cookies do not hide them. A request with more
// cookies than net/http reads has none.
func candidates(r *http.Request, name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		lines := r.Header["Cookie"]
		if header.TooManyCookies(lines) {
			return
		}
		tried := 0
		for _, line := range lines {
			for line != "" {
				var part string
				part, line, _ = strings.Cut(line, ";")
				raw, ok := header.CookieValue(part, name)
				if !ok {
					continue
				}
				if tried++; tried > maxTried || !yield(raw) {
					return
				}
			}
		}
	}
}
