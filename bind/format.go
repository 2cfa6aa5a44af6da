package bind

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/format"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/text"
)

// formatCheck compiles the constraint format on a string or number of type t, nil
// for a format that only annotates.
func formatCheck(name string, t reflect.Type) (check, error) {
	switch {
	case isBytes(t) && name == "byte":
		return nil, nil
	case t == reflect.TypeFor[json.Number]():
		t = reflect.TypeFor[float64]()
	}
	if t.Kind() != reflect.String && !isSigned(t) && !isUnsigned(t) && !isFloat(t) {
		return nil, errKeywordKind
	}
	if err := format.Fits(name, t); err != nil {
		return nil, err
	}
	holds, ok := format.Named(name)
	if !ok || t.Kind() != reflect.String {
		return nil, nil
	}
	return matches(holds, &text.Wrong{Code: "format", Detail: "must be a valid " + name}), nil
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// fieldFormat returns the format of a field: how a time is written, or the name
// that an error gives to what a type with UnmarshalText reads.
func fieldFormat(tag reflect.StructTag) string { return tag.Get("format") }
