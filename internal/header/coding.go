package header

import "strings"

// CodingWeight returns the weight, 0 to 1000, that the lines of an
// Accept-Encoding field give to a content coding (RFC 9110, section 12.5.3), or
// -1 if they do not speak of it. "*" speaks of every coding that no element
// names, identity too. Of several elements that name the coding the highest
// weight counts; x-gzip is gzip. An element that breaks the grammar is skipped.
func CodingWeight(lines []string, coding string) int {
	named, others := CodingWeights(lines, coding)
	if named >= 0 {
		return named
	}
	return others
}

// CodingWeights is [CodingWeight] taken apart: the weight of the elements that
// name the coding, which comes first, and that of "*", each -1 if there is none.
func CodingWeights(lines []string, coding string) (named, others int) {
	named, others = -1, -1
	for _, line := range lines {
		for more := true; more; {
			var element string
			element, line, more = strings.Cut(line, ",")
			name, weight, ok := parseCoding(element)
			switch {
			case !ok:
			case name == "*":
				others = max(others, weight)
			case isCoding(name, coding):
				named = max(named, weight)
			}
		}
	}
	return named, others
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

func isCoding(name, coding string) bool {
	return strings.EqualFold(name, coding) || strings.EqualFold(name, "x-gzip") && strings.EqualFold(coding, "gzip")
}
