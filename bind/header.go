package bind

import (
	"net/http"

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
	lines := b.r.Header[p.name]
	if len(lines) == 0 && p.name == "Host" {
		lines = hostLine(b.r, &b.host)
	}
	if !p.list {
		for _, line := range lines {
			if !p.isAbsent(line) {
				return b.gathered.one(p, b.in, line)
			}
		}
		return p.absent(b.in)
	}
	b.gathered.freshTexts()
	for _, line := range lines {
		b.gathered.texts = appendList(b.gathered.texts, line, min(p.items.Max, maxPairs))
	}
	if len(b.gathered.texts) > maxPairs {
		return &text.Wrong{Code: "maxItems", Detail: "must have at most 10000 items"}
	}
	return b.gathered.all(p, b.in, b.gathered.texts)
}

// hostLine returns the Host field, which net/http takes out of the header.
func hostLine(r *http.Request, line *[1]string) []string {
	if r.Host == "" {
		return nil
	}
	line[0] = r.Host
	return line[:]
}

// appendList appends the elements of a list-based field (RFC 9110, section
// 5.6.1): separated by commas outside quoted strings, empty ones left out. It
// stops behind limit elements.
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
