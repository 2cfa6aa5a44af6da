package header

import "strings"

// Quality returns the weight, 0 to 1000, that the most specific media range in
// the lines of an Accept field gives to m (RFC 9110, section 12.5.1), or -1 if
// no range covers it. Among equally specific ranges the highest weight counts. An
// element that breaks the grammar is skipped; valid reports whether any does not.
//
// After the weight of an element nothing counts: RFC 9110 has dropped the
// extensions that older clients may send there.
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

// How precisely a range names a media type; its parameters are added.
const (
	anyType     = 1
	anySubtype  = 1 << 10
	fullType    = 1 << 20
	fullQuality = 1000
)

// match reads one element of an Accept field. The precision is 0 if the range
// does not cover m, and ok is false if the element breaks the grammar.
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
