// Package header reads and checks the values of HTTP fields (RFC 9110, section 5). A function
// that reads allocates only if its comment says so.
package header

import (
	"net/textproto"
	"strings"
)

// IsToken reports whether s is a token (RFC 9110, section 5.6.2), such as a field name, a
// method or the name of a parameter.
func IsToken(s string) bool {
	for i := range len(s) {
		if !isTokenByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func isTokenByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

// IsHex reports whether c is a hexadecimal digit.
func IsHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// AppendPercent appends c percent-encoded: %XX (RFC 3986, section 2.1).
func AppendPercent(b []byte, c byte) []byte {
	const digits = "0123456789ABCDEF"
	return append(b, '%', digits[c>>4], digits[c&15])
}

// IsValue reports whether s can be sent as a field value: the tab is its only control character
// (RFC 9110, section 5.5).
func IsValue(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// Cut splits s at the first sep that is not inside a quoted string (RFC 9110,
// section 5.6.4). A quoted string without its end reaches to the end of s.
func Cut(s string, sep byte) (before, after string, found bool) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == sep && !quoted:
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// Trim removes optional whitespace (RFC 9110, section 5.6.3) from both ends of
// s.
func Trim(s string) string {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' }

// HasMember reports whether the comma-separated lists in values have a member
// that is token, in any case of letters.
func HasMember(values []string, token string) bool {
	for _, list := range values {
		for more := true; more; {
			var member string
			member, list, more = Cut(list, ',')
			if strings.EqualFold(Trim(member), token) {
				return true
			}
		}
	}
	return false
}

// isQuoted reports whether s is one complete quoted string.
func isQuoted(s string) bool {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' || !IsValue(s) {
		return false
	}
	for i := 1; i < len(s)-1; i++ {
		switch s[i] {
		case '\\':
			i++
			if i == len(s)-1 {
				return false
			}
		case '"':
			return false
		}
	}
	return true
}

// equalValue compares a parameter value as it was sent, a token or a quoted
// string, with plain text in lower case.
func equalValue(sent, lower string) bool {
	if sent == "" || sent[0] != '"' {
		return strings.EqualFold(sent, lower)
	}
	n := 0
	for i := 1; i < len(sent)-1; i++ {
		if sent[i] == '\\' {
			i++
		}
		if n == len(lower) || lowerByte(sent[i]) != lower[n] {
			return false
		}
		n++
	}
	return n == len(lower)
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// maxCookies is the number of cookies that a request may send, which is
// net/http's own limit. net/http returns no cookie at all above it.
const maxCookies = 3000

// TooManyCookies reports whether the lines of the Cookie field have more than 3000 cookies. It
// counts them only if the lines are long enough.
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

// CookieValue returns the value of part, the text between two semicolons of a Cookie field, if
// part is a cookie of this name. The value is as it was sent. It is empty for a name without an
// equals sign.
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

// CookieText returns the text of a value as net/http reads it: without one pair of quotes. It
// reports false for a value with a byte that RFC 6265, section 4.1.1 excludes. Like net/http,
// it allows space and comma.
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
