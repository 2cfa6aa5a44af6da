package header

import (
	"net/textproto"
	"strings"
)

// maxCookies is the number of cookies that a request may send, which is
// net/http's own limit. net/http returns no cookie at all above it.
const maxCookies = 3000

// TooManyCookies reports whether the Cookie fields in lines hold more than 3000
// cookies. It counts only where they are long enough to hold so many.
func TooManyCookies(lines []string) bool {
	size, count := 0, 0
	for _, line := range lines {
		size += len(line) + 1
	}
	if size <= maxCookies {
		return false
	}
	for _, line := range lines {
		count += strings.Count(line, ";") + 1
	}
	return count > maxCookies
}

// CookieValue returns the value of part, a piece of a Cookie field between
// semicolons, if that is a cookie of this name. The value is as it was sent; a
// name without an equals sign has an empty one.
func CookieValue(part, name string) (raw string, ok bool) {
	rest, ok := strings.CutPrefix(textproto.TrimString(part), name)
	if !ok {
		return "", false
	}
	if rest != "" && rest[0] != '=' {
		rest = textproto.TrimString(rest)
	}
	raw, ok = strings.CutPrefix(rest, "=")
	return raw, ok || rest == ""
}

// CookieText returns the text of a value as net/http reads it: one pair of
// quotes is taken off, and a value with a byte that RFC 6265, section 4.1.1
// excludes is refused. Like net/http, it lets space and comma pass.
func CookieText(raw string) (text string, ok bool) {
	if len(raw) > 1 && raw[0] == '"' && raw[len(raw)-1] == '"' {
		raw = raw[1 : len(raw)-1]
	}
	for i := range len(raw) {
		if c := raw[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			return "", false
		}
	}
	return raw, true
}
