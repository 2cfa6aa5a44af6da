package bind

import (
	"net/http"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// headers binds the header fields.
func (b *request) headers(s *source) {
	for _, p := range s.params {
		if wrong := b.header(p); wrong != nil {
			b.errs.add(shape.FromHeader, p.name, "", wrong)
		}
	}
}

func (b *request) header(p *param) *text.Wrong {
	if !p.list {
		sent, isSent := p.headerText(b.r)
		return b.one(p, sent, isSent)
	}
	b.gathered.freshTexts()
	for _, line := range fieldLines(b.r, p.name) {
		b.gathered.texts = appendList(b.gathered.texts, line, min(p.items.Max, maxPairs))
	}
	if len(b.gathered.texts) > maxPairs {
		return &text.Wrong{Code: "maxItems", Detail: "must have at most 10000 items", Limit: "10000"}
	}
	return b.gathered.all(p, b.in, b.gathered.texts)
}

// headerText returns the first line of the field that is a value of p.
func (p *param) headerText(r *http.Request) (sent string, isSent bool) {
	for _, line := range fieldLines(r, p.name) {
		if !p.isAbsent(line) {
			return line, true
		}
	}
	return "", false
}

// fieldLines returns the lines of a header field.
func fieldLines(r *http.Request, name string) []string {
	lines := r.Header[name]
	if len(lines) == 0 && name == "Host" && r.Host != "" {
		return []string{r.Host} // net/http takes it out of the header
	}
	return lines
}

// appendList appends the elements of a list-based field (RFC 9110, section
// 5.6.1): separated by commas outside quoted strings, without empty ones. It stops one element
// after limit.
func appendList(list []string, line string, limit int) []string {
	for more := true; more && len(list) <= limit; {
		var item string
		item, line, more = header.Cut(line, ',')
		if item = header.Trim(item); item != "" {
			list = append(list, item)
		}
	}
	return list
}

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
				return b.one(p, value, true)
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

// cookieValue returns the text of part if it is a cookie of this name. Like net/http, it
// skips a cookie whose value is not valid.
func cookieValue(part, name string) (value string, ok bool) {
	raw, ok := header.CookieValue(part, name)
	if !ok {
		return "", false
	}
	return header.CookieText(raw)
}
