package header

import (
	"iter"
	"strings"
)

// AnyCoding is the element of Accept-Encoding that stands for every coding that
// no other names (RFC 9110, section 12.5.3).
const AnyCoding = "*"

// Codings yields the elements of the lines of an Accept-Encoding field: the name
// of a content coding as it was sent, or [AnyCoding], and its weight, 0 to 1000.
// An element that breaks the grammar is skipped. A range over it allocates
// nothing.
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

// CodingWeight returns the weight, 0 to 1000, that the lines of an
// Accept-Encoding field give to a content coding, or -1 if they do not speak of
// it. [AnyCoding] speaks of every coding that no element names, identity too. Of
// several elements that name the coding the highest weight counts.
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

// IsCoding reports whether name, which a client has sent, is the name of a
// content coding, in any case of letters. x-gzip is gzip (RFC 9110, section
// 8.4.1.3).
func IsCoding(name, coding string) bool {
	return strings.EqualFold(name, coding) || strings.EqualFold(name, "x-gzip") && strings.EqualFold(coding, "gzip")
}
