package schema

import (
	"math"
	"reflect"
	"slices"
	"strconv"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

const (
	numberPattern  = `^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`
	integerPattern = `^-?(0|[1-9][0-9]*)$`
	naturalPattern = `^(0|[1-9][0-9]*)$`

	// An integer in a string is any number with an integral value. A pattern cannot check
	// the value of a number with an exponent; the format does.
	quotedInteger = `^-?(0|[1-9][0-9]*)` + integralEnd
	quotedNatural = `^(-?0|[1-9][0-9]*)` + integralEnd
	integralEnd   = `(\.0+|(\.[0-9]+)?[eE][-+]?[0-9]+)?$`
)

// numberSchema returns the schema of a number. An integer of 64 bits has no maximum: many
// tools read limits as floats, which cannot hold it. Its format implies the limits.
func numberSchema(t reflect.Type) *Schema {
	zero := reflect.Zero(t)
	switch {
	case zero.CanInt():
		x := Formatted("integer", "int"+strconv.Itoa(t.Bits()))
		if t.Bits() < 64 {
			largest := int64(math.MaxInt64) >> (64 - t.Bits())
			x.Minimum, x.Maximum = integer(-largest-1), integer(largest)
		}
		return x
	case zero.CanUint():
		x := Formatted("integer", "uint"+strconv.Itoa(t.Bits()))
		x.Minimum = "0"
		if t.Bits() < 64 {
			x.Maximum = integer(int64(1)<<t.Bits() - 1)
		}
		return x
	case t.Bits() == 32:
		return Formatted("number", "float")
	}
	return Formatted("number", "double")
}

func integer(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

// annotate gives s a format of the author. The limits that the earlier format of a number
// implied become limits of the schema.
func (s *Schema) annotate(name string) {
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

// limit sets limits, unless s has some already.
func (s *Schema) limit(minimum, maximum json.Number) {
	if s.Minimum == "" && s.ExclusiveMinimum == "" {
		s.Minimum = minimum
	}
	if s.Maximum == "" && s.ExclusiveMaximum == "" {
		s.Maximum = maximum
	}
}

// bigInteger returns the schema of a [big.Int]. JSON Schema has no keyword for the number of
// digits, so the description has it.
func bigInteger(s shape.Site, u Use) *Schema {
	x := Typed("integer")
	if !u.Request {
		return x
	}
	if n := s.Rules.MaxLength; n != nil {
		x.Description = "At most " + strconv.Itoa(*n) + " characters"
	}
	return x.orNull() // its method passes over null
}

// quote returns the schema of a number that is written in a string. JSON Schema cannot limit
// the number in a string.
func quote(x *Schema) *Schema {
	quoted := &Schema{Type: TypeList{"string"}, Format: x.Format, Pattern: numberPattern}
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
func (s *Schema) isQuoted() bool {
	switch s.Pattern {
	case quotedInteger, quotedNatural, numberPattern:
		return slices.Contains(s.Type, "string")
	}
	return false
}

// jsonNumber returns the schema of a [json.Number], which requests may write in
// a string too.
func jsonNumber(s shape.Site, u Use) *Schema {
	switch {
	case s.Quoted:
		return &Schema{Type: TypeList{"string"}, Pattern: numberPattern}
	case u.Request:
		return &Schema{Type: TypeList{"number", "string"}, Pattern: numberPattern}
	}
	return Typed("number")
}

// textSchema returns the schema of a type with text methods.
func textSchema(t reflect.Type) *Schema {
	x := Typed("string")
	if t.Name() == "UUID" && t.Size() == 16 {
		x.Format = "uuid"
	}
	return x
}

// durationPattern matches the texts that [time.ParseDuration] reads.
const durationPattern = `^[-+]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`

const (
	clockPattern = `([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$`
	datePattern  = `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T`
)

// timeSchema returns the schema of a time in the form of its format. The format time has no
// offset here, unlike that of JSON Schema, so the schema has a pattern. An unknown format is a
// fault of the rules.
func timeSchema(s shape.Site) *Schema {
	switch name := s.Rules.Format; name {
	case "date":
		return Formatted("string", "date")
	case "time":
		return &Schema{Type: TypeList{"string"}, Pattern: "^" + clockPattern}
	case "date-time-local":
		return &Schema{Type: TypeList{"string"}, Format: name, Pattern: datePattern + clockPattern}
	case "http":
		return Formatted("string", "http-date")
	case "unix":
		x := Formatted("integer", "int64")
		x.Minimum, x.Maximum = "-62167219200", "253402300799"
		return x
	}
	return Formatted("string", "date-time")
}

// Text returns the schema of one value that package bind reads from text: in a path, a query,
// a header field, a cookie or a form.
func (x *Set) Text(s shape.Site) *Schema {
	t := s.Type.Base
	if stated, ok := x.override(t); ok {
		return x.parse(t, stated)
	}
	switch s.Type.Text {
	case text.Time:
		return timeSchema(s)
	case text.Duration:
		return &Schema{Type: TypeList{"string"}, Pattern: durationPattern}
	case text.URL:
		return Formatted("string", "uri-reference")
	case text.Self:
		return x.ruled(s, textSchema(t))
	case text.String, text.Number:
		return x.ruled(s, Typed("string"))
	case text.Bool:
		return Typed("boolean")
	case text.Int, text.Uint, text.Float:
		return x.ruled(s, numberSchema(t))
	}
	x.fault("%s has type %s, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText", s.Path, t)
	return &Schema{}
}

// Param returns the schema of a parameter or a form field, with its description, default and
// example. If the schema is a string, so are default and example.
func (x *Set) Param(s shape.Site, standard *shape.Literal) *Schema {
	var param, one *Schema
	switch {
	case s.Type.IsTextList():
		one = x.Text(s.Elem())
		param = List(s, one)
	case s.Type.IsTextMap():
		one = x.Text(s.Elem())
		param = Typed("object")
		param.AdditionalProperties = one
	default:
		one = x.Text(s)
		param = one
	}
	if slices.Contains(one.Type, "string") {
		s.Type = shape.Of(reflect.TypeFor[string]())
		if param.Items != nil {
			s.Type = shape.Of(reflect.TypeFor[[]string]())
		}
	}
	return x.noted(s, standard, param)
}
