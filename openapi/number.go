package openapi

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"strconv"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/tag"
)

const (
	numberPattern  = `^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`
	integerPattern = `^-?(0|[1-9][0-9]*)$`
	naturalPattern = `^(0|[1-9][0-9]*)$`

	// An integer in a string is any number with an integral value. That one with
	// an exponent has such a value, its format says.
	quotedInteger = `^-?(0|[1-9][0-9]*)` + integralEnd
	quotedNatural = `^(-?0|[1-9][0-9]*)` + integralEnd
	integralEnd   = `(\.0+|(\.[0-9]+)?[eE][-+]?[0-9]+)?$`
)

func isSigned(t reflect.Type) bool { return reflect.Int <= t.Kind() && t.Kind() <= reflect.Int64 }

func isUnsigned(t reflect.Type) bool { return reflect.Uint <= t.Kind() && t.Kind() <= reflect.Uintptr }

func isFloat(t reflect.Type) bool { return t.Kind() == reflect.Float32 || t.Kind() == reflect.Float64 }

// number returns the schema of a number, or nil for another type. Integers of 64
// bits have no limits but 0: many a tool reads them as floats, of which the
// largest integer is not one. Their format says as much.
func number(t reflect.Type) *schema {
	switch {
	case isSigned(t):
		x := formatted("integer", "int"+strconv.Itoa(t.Bits()))
		if t.Bits() < 64 {
			largest := int64(math.MaxInt64) >> (64 - t.Bits())
			x.Minimum, x.Maximum = integer(-largest-1), integer(largest)
		}
		return x
	case isUnsigned(t):
		x := formatted("integer", "uint"+strconv.Itoa(t.Bits()))
		x.Minimum = "0"
		if t.Bits() < 64 {
			x.Maximum = integer(int64(1)<<t.Bits() - 1)
		}
		return x
	case t.Kind() == reflect.Float32:
		return formatted("number", "float")
	case t.Kind() == reflect.Float64:
		return formatted("number", "double")
	}
	return nil
}

func integer(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

// annotate gives s a format of the author. The limits that the
// format of a number has said until then become those of the schema.
func (s *schema) annotate(name string) {
	if s.Format == name {
		return
	}
	switch s.Format {
	case "int64":
		s.limit("-9223372036854775808", "9223372036854775807")
	case "uint64":
		s.limit("0", "18446744073709551615")
	case "float":
		s.limit("-3.4028235e+38", "3.4028235e+38")
	case "double":
		s.limit("-1.7976931348623157e+308", "1.7976931348623157e+308")
	}
	s.Format = name
}

// limit states the limits of a type, unless there are narrower ones.
func (s *schema) limit(minimum, maximum json.Number) {
	if s.Minimum == "" && s.ExclusiveMinimum == "" {
		s.Minimum = minimum
	}
	if s.Maximum == "" && s.ExclusiveMaximum == "" {
		s.Maximum = maximum
	}
}

// bigInteger returns the schema of a [big.Int]. No keyword is about the digits of
// a number.
func bigInteger(s site) *schema {
	x := typed("integer")
	if !s.use.in {
		return x
	}
	longest := cmp.Or(s.tags.Get("maxLength"), strconv.Itoa(tag.MaxBigLength))
	x.Description = "At most " + longest + " characters"
	return x.orNull() // its method passes over null
}

// quote returns the schema of a number that is written in a string. The limits of
// the number cannot be said of a string.
func quote(x *schema) *schema {
	quoted := &schema{Type: typeList{"string"}, Format: x.Format, Pattern: numberPattern}
	if x.Type[0] == "integer" {
		quoted.Pattern = quotedInteger
		if x.Minimum == "0" {
			quoted.Pattern = quotedNatural
		}
	}
	for _, value := range x.Enum {
		quoted.Enum = append(quoted.Enum, json.RawMessage(`"`+string(value)+`"`))
	}
	return quoted
}

// isQuoted reports whether s is the schema of a number in a string.
func (s *schema) isQuoted() bool {
	switch s.Pattern {
	case quotedInteger, quotedNatural, numberPattern:
		return slices.Contains(s.Type, "string")
	}
	return false
}

// jsonNumber returns the schema of a [json.Number], which requests may write in
// a string too.
func jsonNumber(s site) *schema {
	switch {
	case s.quoted:
		return &schema{Type: typeList{"string"}, Pattern: numberPattern}
	case s.use.in:
		return &schema{Type: typeList{"number", "string"}, Pattern: numberPattern}
	}
	return typed("number")
}
