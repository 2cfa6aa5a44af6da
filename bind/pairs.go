package bind

import (
	"net/url"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/text"
)

// maxPairs is the number of pairs that a query or an urlencoded body may have,
// which is net/url's own limit.
const maxPairs = 10_000

// pairs walks name=value pairs from left to right. It copies nothing: names
// and values are parts of the text, still escaped.
type pairs struct {
	rest string
	n    int
	pair // the current one
}

// A pair is one name=value pair.
type pair struct {
	name, value               string
	escapedName, escapedValue bool
	bare                      bool // a name without =
}

func tooManyPairs() *text.Wrong {
	return &text.Wrong{Code: "pairs", Detail: "has more than 10000 pairs"}
}

// next goes to the next pair. ok is false at the end and if something is wrong.
func (p *pairs) next() (ok bool, wrong *text.Wrong) {
	for p.rest != "" {
		p.n++
		if p.n > maxPairs {
			return false, tooManyPairs()
		}
		if !p.cut() {
			return false, &text.Wrong{Code: "syntax", Detail: "has a malformed escape or a semicolon"}
		}
		if p.name != "" || p.value != "" || !p.bare {
			return true, nil
		}
	}
	return false, nil
}

// cut takes the text up to the next & off rest. ok is false if the text is malformed. Like
// net/url, it refuses a semicolon.
func (p *pairs) cut() (ok bool) {
	text, equals, escaped, escapedName := p.rest, -1, false, false
	end := len(text)
scan:
	for i := range len(text) {
		c := text[i]
		if c > '=' {
			continue // Most bytes are letters, which stand behind all that matters.
		}
		switch c {
		case '&':
			end = i
			break scan
		case '=':
			if equals < 0 {
				equals, escapedName, escaped = i, escaped, false
			}
		case '+':
			escaped = true
		case '%':
			if i+2 >= len(text) || !header.IsHex(text[i+1]) || !header.IsHex(text[i+2]) {
				return false
			}
			escaped = true
		case ';':
			return false
		}
	}
	p.rest = text[min(end+1, len(text)):]
	p.bare = equals < 0
	if p.bare {
		p.name, p.escapedName, p.value, p.escapedValue = text[:end], escaped, "", false
		return true
	}
	p.name, p.escapedName = text[:equals], escapedName
	p.value, p.escapedValue = text[equals+1:end], escaped
	return true
}

// unescape returns the text of a name or value whose escapes are well formed.
func unescape(text string, escaped bool) string {
	if !escaped {
		return text
	}
	return unescaped(text)
}

func unescaped(text string) string {
	plain, err := url.QueryUnescape(text)
	if err != nil {
		return text
	}
	return plain
}
