package bind

import (
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// cookies binds the cookies. It looks at names before values, so that cookies
// of other programs cost little.
func (b *request) cookies(s *source) {
	lines := b.r.Header["Cookie"]
	if header.TooManyCookies(lines) {
		b.errs.add(shape.FromCookie, "", "", &text.Wrong{Code: "cookies", Detail: "has more than 3000 cookies"})
		return
	}
	for _, p := range s.params {
		if wrong := b.cookie(p, lines); wrong != nil {
			b.errs.add(shape.FromCookie, p.name, "", wrong)
		}
	}
}

func (b *request) cookie(p *param, lines []string) *text.Wrong {
	b.gathered.freshTexts()
	for _, line := range lines {
		for line != "" {
			var part string
			part, line, _ = strings.Cut(line, ";")
			value, ok := cookieValue(part, p.name)
			switch {
			case !ok || p.isAbsent(value):
			case !p.list:
				return b.gathered.one(p, b.in, value)
			case len(b.gathered.texts) <= p.items.Max:
				b.gathered.texts = append(b.gathered.texts, value)
			}
		}
	}
	if len(b.gathered.texts) == 0 {
		return p.absent(b.in)
	}
	return b.gathered.all(p, b.in, b.gathered.texts)
}

// cookieValue returns the text of part if that is a cookie of this name. Like
// net/http, it passes over a cookie whose value is not valid.
func cookieValue(part, name string) (value string, ok bool) {
	raw, ok := header.CookieValue(part, name)
	if !ok {
		return "", false
	}
	return header.CookieText(raw)
}
