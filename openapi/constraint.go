package openapi

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/ecma"
	"github.com/tenonkit/tenon/internal/format"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/tag"
)

// constrained adds the constraints on one value to x, the schema of its type.
func (b *builder) constrained(s site, x *schema) *schema {
	for _, key := range tag.ValueKeywords() {
		arg, ok := s.tags.Lookup(key)
		if !ok {
			continue
		}
		if err := constrain(x, s.typ, key, arg); err != nil {
			b.fault("%s has %s:%q: %v", s.path, key, arg, err)
		}
	}
	return x
}

// constrain adds one constraint on values of type t.
func constrain(x *schema, t reflect.Type, key, arg string) (err error) {
	switch key {
	case "minLength":
		x.MinLength, err = length(arg)
	case "maxLength":
		x.MaxLength, err = length(arg)
	case "pattern":
		x.Pattern, err = ecma.Pattern(arg)
		x.matched = arg
	case "format":
		err = formatFault(t, arg)
		x.annotate(arg)
	case "enum":
		for word := range strings.SplitSeq(arg, ",") {
			value, err := literal(t, word)
			if err != nil {
				return err
			}
			x.Enum = append(x.Enum, value)
		}
	case "minimum":
		err = limit(&x.Minimum, t, arg)
	case "maximum":
		err = limit(&x.Maximum, t, arg)
	case "exclusiveMinimum":
		err = limit(&x.ExclusiveMinimum, t, arg)
	case "exclusiveMaximum":
		err = limit(&x.ExclusiveMaximum, t, arg)
	case "multipleOf":
		err = limit(&x.MultipleOf, t, arg)
	}
	return err
}

// formatFault returns why values of type t cannot have a format. A type that is
// written or read by its methods may have one of its own.
func formatFault(t reflect.Type, name string) error {
	if ownForm(t, use{in: true}) != formKind || ownForm(t, use{out: true}) != formKind {
		return nil
	}
	if t == reflect.TypeFor[json.Number]() {
		t = reflect.TypeFor[float64]()
	}
	return format.Fits(name, t)
}

func length(arg string) (*int64, error) {
	n, err := strconv.ParseUint(arg, 10, 31)
	if err != nil {
		return nil, strconv.ErrSyntax
	}
	return new(int64(n)), nil
}

// limit stores arg, which may be more or less than the limit of the type: the
// type cannot exceed the latter, so that the former replaces it.
func limit(dst *json.Number, t reflect.Type, arg string) error {
	value, err := literal(t, arg)
	if err != nil {
		return err
	}
	*dst = json.Number(value)
	return nil
}

// lengths adds the constraints on a slice as a whole.
func (b *builder) lengths(s site, x *schema) {
	for _, key := range tag.ItemKeywords() {
		arg, ok := s.tags.Lookup(key)
		if !ok {
			continue
		}
		var err error
		switch key {
		case "minItems":
			x.MinItems, err = length(arg)
		case "maxItems":
			x.MaxItems, err = length(arg)
		case "uniqueItems":
			x.UniqueItems, err = strconv.ParseBool(arg)
		}
		if err != nil {
			b.fault("%s has %s:%q: %v", s.path, key, arg, err)
		}
	}
}

// literal returns the JSON value that the text of a tag stands for, in a field of
// type t.
func literal(t reflect.Type, text string) (json.RawMessage, error) {
	var n string
	var err error
	switch {
	case t == reflect.TypeFor[time.Duration]():
		d, wrong := time.ParseDuration(text)
		if wrong == nil {
			return json.RawMessage(strconv.FormatInt(int64(d), 10)), nil
		}
		fallthrough
	case isSigned(t):
		var i int64
		i, err = strconv.ParseInt(text, 10, t.Bits())
		n = strconv.FormatInt(i, 10)
	case isUnsigned(t):
		var u uint64
		u, err = strconv.ParseUint(text, 10, t.Bits())
		n = strconv.FormatUint(u, 10)
	case isFloat(t):
		var f float64
		f, err = strconv.ParseFloat(text, t.Bits())
		n = strconv.FormatFloat(f, 'g', -1, t.Bits())
	case t.Kind() == reflect.Bool:
		var truth bool
		truth, err = strconv.ParseBool(text)
		n = strconv.FormatBool(truth)
	default:
		return json.AppendQuote(nil, text)
	}
	if err != nil || !json.RawMessage(n).IsValid() {
		return nil, fmt.Errorf("%q is no %s", text, t)
	}
	return json.RawMessage(n), nil
}
