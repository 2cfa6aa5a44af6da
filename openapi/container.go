package openapi

import (
	"reflect"
	"time"

	"github.com/tenonkit/tenon/internal/json"
)

// list returns the schema of a slice or an array. The engine writes a nil slice
// as [], and package bind reads null as one.
func (b *builder) list(s site) *schema {
	x := typed("array")
	x.Items = b.json(s.inside(s.typ.Elem()))
	b.lengths(s, x)
	if s.typ.Kind() == reflect.Array {
		n := int64(s.typ.Len())
		x.MinItems, x.MaxItems = &n, &n
		return x
	}
	if s.use.in && (x.MinItems == nil || *x.MinItems == 0) {
		return x.orNull()
	}
	return x
}

// byteText returns the schema of bytes (RFC 4648, section 4).
func byteText(s site) *schema {
	x := &schema{Type: typeList{"string"}, ContentEncoding: "base64"}
	if s.tags.Get("format") == "byte" {
		x.Format = "byte"
	}
	if s.typ.Kind() == reflect.Array {
		n := int64((s.typ.Len() + 2) / 3 * 4)
		x.MinLength, x.MaxLength = &n, &n
		return x
	}
	if s.use.in {
		return x.orNull()
	}
	return x
}

// mapping returns the schema of a map. The engine writes a nil map as {}, and
// package bind reads null as one.
func (b *builder) mapping(s site) *schema {
	x := typed("object")
	x.AdditionalProperties = b.json(s.inside(s.typ.Elem()))
	x.PropertyNames = keys(s.typ.Key(), s.use)
	if s.use.in {
		return x.orNull()
	}
	return x
}

// keys returns the schema of the names that the keys of a map have, nil for any
// name.
func keys(t reflect.Type, u use) *schema {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return &schema{Format: "date-time"}
	case t == reflect.TypeFor[json.Number](), isFloat(t) && ownForm(t, u) == formKind:
		return &schema{Pattern: numberPattern}
	case ownForm(t, u) != formKind:
		return nil
	case isSigned(t):
		return &schema{Pattern: integerPattern}
	case isUnsigned(t):
		return &schema{Pattern: naturalPattern}
	}
	return nil
}
