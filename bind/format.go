package bind

import (
	"errors"
	"reflect"
	"time"

	"github.com/tenonkit/tenon/internal/format"
)

// formatCheck compiles the constraint format on a string.
func formatCheck(name string) (check, error) {
	holds, ok := format.Named(name)
	if !ok {
		return nil, errors.New("is not a known format")
	}
	return matches(holds, &violation{"format", "must be a valid " + name}), nil
}

func layout(layout string) func(string) (time.Time, error) { return format.Layout(layout) }

func rfc3339(text string) (time.Time, error) { return format.RFC3339(text) }

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// fieldFormat returns the format of a field: how the text of a time is read, or
// the name that an error gives to a type which reads itself.
func fieldFormat(tag reflect.StructTag) string { return tag.Get("format") }
