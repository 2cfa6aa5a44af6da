package header

import (
	"iter"
	"mime"
	"strings"
)

// A MediaType is a media type that a server offers (RFC 9110, section 8.3.1), in
// lower case. The zero value matches nothing.
type MediaType struct {
	Type, Subtype string
	params        []param
}

type param struct{ name, value string }

// ParseMediaType reads a media type with its parameters. It allocates and is meant for
// start-up. It reports false if s is not a media type. A range such as text/* is not one.
func ParseMediaType(s string) (MediaType, bool) {
	essence, params, err := mime.ParseMediaType(s)
	if err != nil {
		return MediaType{}, false
	}
	major, minor, _ := strings.Cut(essence, "/")
	if !IsToken(major) || !IsToken(minor) || strings.ContainsRune(essence, '*') {
		return MediaType{}, false
	}
	m := MediaType{Type: major, Subtype: minor}
	for name, value := range params {
		m.params = append(m.params, param{name, strings.ToLower(value)})
	}
	return m, true
}

// Essence returns m without its parameters: application/json.
func (m MediaType) Essence() string { return m.Type + "/" + m.Subtype }

// Equal reports whether m and other name the same type with the same parameters.
func (m MediaType) Equal(other MediaType) bool {
	if m.Type != other.Type || m.Subtype != other.Subtype || len(m.params) != len(other.params) {
		return false
	}
	for _, p := range other.params {
		if !m.has(p.name, p.value) {
			return false
		}
	}
	return true
}

// has reports whether m has the parameter. The value is as it was sent: a token or a quoted
// string.
func (m MediaType) has(name, sent string) bool {
	for _, p := range m.params {
		if strings.EqualFold(name, p.name) && equalValue(sent, p.value) {
			return true
		}
	}
	return false
}

// Quality returns the weight, 0 to 1000, that the most specific media range in the lines of an
// Accept field gives to m (RFC 9110, section 12.5.1). It returns -1 if no range covers m. Among
// equally specific ranges the highest weight counts. Elements that break the grammar are
// skipped; valid reports whether there is another one.
//
// Parameters after the weight do not count: RFC 9110 has dropped the extensions that older
// clients may send there.
func Quality(lines []string, m MediaType) (weight int, valid bool) {
	weight = -1
	best := 0
	for _, line := range lines {
		for more := true; more; {
			var element string
			element, line, more = Cut(line, ',')
			precision, q, ok := m.match(Trim(element))
			valid = valid || ok
			if precision > best || precision == best && precision > 0 && q > weight {
				best, weight = precision, q
			}
		}
	}
	return weight, valid
}

// The precision with which a range names a media type. Each parameter adds 1.
const (
	anyType     = 1
	anySubtype  = 1 << 10
	fullType    = 1 << 20
	fullQuality = 1000
)

// match compares one element of an Accept field with m. The precision is 0 if the range does
// not cover m. ok is false if the element breaks the grammar.
func (m MediaType) match(element string) (precision, q int, ok bool) {
	full, rest, more := Cut(element, ';')
	precision, ok = m.matchRange(strings.TrimRight(full, " \t"))
	if !ok {
		return 0, 0, false
	}
	q = fullQuality
	covered := precision > 0
	for more {
		var field string
		field, rest, more = Cut(rest, ';')
		field = Trim(field)
		if field == "" {
			continue
		}
		name, value, found := strings.Cut(field, "=")
		if !found || !IsToken(name) || !IsToken(value) && !isQuoted(value) {
			return 0, 0, false
		}
		if strings.EqualFold(name, "q") {
			if q, ok = parseWeight(value); !ok {
				return 0, 0, false
			}
			break
		}
		covered = covered && m.has(name, value)
		precision++
	}
	if !covered {
		precision = 0
	}
	return precision, q, true
}

func (m MediaType) matchRange(full string) (precision int, ok bool) {
	major, minor, _ := strings.Cut(full, "/")
	if !IsToken(major) || !IsToken(minor) || major == "*" && minor != "*" {
		return 0, false
	}
	switch {
	case major == "*":
		return anyType, true
	case !strings.EqualFold(major, m.Type):
		return 0, true
	case minor == "*":
		return anySubtype, true
	case strings.EqualFold(minor, m.Subtype):
		return fullType, true
	}
	return 0, true
}

// parseWeight reads a qvalue (RFC 9110, section 12.4.2) in thousandths.
func parseWeight(s string) (int, bool) {
	if s == "" || len(s) > len("0.000") || s[0] != '0' && s[0] != '1' {
		return 0, false
	}
	weight := int(s[0]-'0') * fullQuality
	if len(s) == 1 {
		return weight, true
	}
	if s[1] != '.' {
		return 0, false
	}
	unit := fullQuality
	for i := 2; i < len(s); i++ {
		unit /= 10
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		weight += int(s[i]-'0') * unit
	}
	return weight, weight <= fullQuality
}

// AnyCoding is the element of Accept-Encoding that stands for every coding that no other
// element names (RFC 9110, section 12.5.3).
const AnyCoding = "*"

// Codings yields the elements in the lines of an Accept-Encoding field. Each has the name of a
// content coding as it was sent, or [AnyCoding], and a weight, 0 to 1000. Elements that break
// the grammar are skipped. A range over it allocates nothing.
func Codings(lines []string) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for _, line := range lines {
			for more := true; more; {
				var element string
				element, line, more = strings.Cut(line, ",")
				if name, weight, ok := parseCoding(element); ok && !yield(name, weight) {
					return
				}
			}
		}
	}
}

// CodingWeight returns the weight, 0 to 1000, that the lines of an Accept-Encoding field give
// to a content coding, or -1 if no element covers it. [AnyCoding] covers every coding that no
// element names, including identity. If several elements name the coding, the highest weight
// counts.
func CodingWeight(lines []string, coding string) int {
	named, others := -1, -1
	for name, weight := range Codings(lines) {
		switch {
		case name == AnyCoding:
			others = max(others, weight)
		case IsCoding(name, coding):
			named = max(named, weight)
		}
	}
	if named >= 0 {
		return named
	}
	return others
}

// parseCoding reads an element of Accept-Encoding: a token and at most a weight.
func parseCoding(element string) (name string, weight int, ok bool) {
	name, field, weighted := strings.Cut(element, ";")
	name = Trim(name)
	if !IsToken(name) {
		return "", 0, false
	}
	if !weighted {
		return name, fullQuality, true
	}
	q, value, _ := strings.Cut(Trim(field), "=")
	if !strings.EqualFold(q, "q") {
		return "", 0, false
	}
	weight, ok = parseWeight(value)
	return name, weight, ok
}

// IsCoding reports whether name, as a client has sent it, is the name of the content coding, in
// any case of letters. x-gzip is gzip (RFC 9110, section 8.4.1.3).
func IsCoding(name, coding string) bool {
	return strings.EqualFold(name, coding) || strings.EqualFold(name, "x-gzip") && strings.EqualFold(coding, "gzip")
}
