package shape

import (
	"net/http"
	"strings"
	"unicode"
)

// derive returns the wire name of a field whose tag has none: Dash-Case for a
// header, snake_case for the rest.
func derive(source, goName string) string {
	if source == FromHeader {
		return http.CanonicalHeaderKey(join(goName, '-'))
	}
	return strings.ToLower(join(goName, '_'))
}

// Words returns the words of a Go name with spaces between.
func Words(goName string) string { return join(goName, ' ') }

// join puts sep between the words of a Go name: before an upper-case letter
// that follows a lower-case one or a digit, and before the last upper-case
// letter of an initialism that a lower-case letter follows. The s of a plural
// such as IDs belongs to its initialism.
func join(goName string, sep rune) string {
	runes := []rune(goName)
	var b strings.Builder
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) {
			afterLower := !unicode.IsUpper(runes[i-1]) && runes[i-1] != '_'
			beforeLower := unicode.IsUpper(runes[i-1]) && startsWord(runes[i+1:])
			if afterLower || beforeLower {
				b.WriteRune(sep)
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// startsWord reports whether rest, which follows an upper-case letter, makes a
// word with it.
func startsWord(rest []rune) bool {
	if len(rest) == 0 || !unicode.IsLower(rest[0]) {
		return false
	}
	isPlural := rest[0] == 's' && (len(rest) == 1 || unicode.IsUpper(rest[1]))
	return !isPlural
}
