package bind

import (
	"net/textproto"
	"strings"

	"github.com/tenonkit/tenon/internal/tag"
)

// maxCookies is the number of cookies that a request may send, which is
// net/http's own limit. net/http returns no cookie at all above it.
const maxCookies = 3000

// cookies binds the cookies. It looks at names before values, so that cookies
// of other programs cost little.
func (b *request) cookies(s *source) {
	lines := b.r.Header["Cookie"]
	if tooManyCookies(lines) {
		b.errs.add(tag.Cookie, "", "", &violation{"cookies", "has more than 3000 cookies"})
		return
	}
	for _, p := range s.params {
		if wrong := b.cookie(p, lines); wrong != nil {
			b.errs.add(tag.Cookie, p.name, "", wrong)
		}
	}
}

func (b *request) cookie(p *param, lines []string) *violation {
	b.gathered.texts = b.gathered.texts[:0]
	for _, line := range lines {
		for line != "" {
			var part string
			part, line, _ = strings.Cut(line, ";")
			value, ok := cookieValue(part, p.name)
			switch {
			case !ok || p.isAbsent(value):
			case !p.list:
				return p.one(b.in, value)
			case len(b.gathered.texts) <= p.items.max:
				b.gathered.texts = append(b.gathered.texts, value)
			}
		}
	}
	if len(b.gathered.texts) == 0 {
		return p.absent(b.in)
	}
	return p.all(b.in, b.gathered.texts)
}

// tooManyCookies counts only where the lines are long enough to hold so many.
func tooManyCookies(lines []string) bool {
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

// cookieValue returns the value of part if that is a cookie of this name with a
// valid value, as net/http reads it: one pair of quotes is taken off, and a
// value with a byte that RFC 6265, section 4.1.1 excludes is passed over. Like
// net/http, it lets space and comma pass.
func cookieValue(part, name string) (value string, ok bool) {
	rest, ok := strings.CutPrefix(textproto.TrimString(part), name)
	if !ok {
		return "", false
	}
	if rest != "" && rest[0] != '=' {
		rest = textproto.TrimString(rest)
	}
	value, ok = strings.CutPrefix(rest, "=")
	if !ok && rest != "" {
		return "", false
	}
	if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
		value = value[1 : len(value)-1]
	}
	for i := range len(value) {
		if c := value[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' {
			return "", false
		}
	}
	return value, true
}
