// Package json is the one JSON engine of this module: encoding/json/v2, from
// the standard library where the toolchain has it and from its upstream module
// github.com/go-json-experiment/json on Go 1.26. Both write the same bytes.
//
// The rules on the wire:
//
//	names                 case-sensitive; a repeated name is an error
//	strings               invalid UTF-8 is an error; < > & are not escaped
//	nil slice, nil map    [] and {}
//	map keys              sorted
//	time.Duration         nanoseconds
//	time.Time             RFC 3339; package encode knows the tag format of a field
//	RawMessage            its value; white space and needless escapes are dropped
//	[N]byte, []byte       base64
//	encoding/json.Number  a JSON number, as a map key its text
//	end of the document   no newline
//
// One difference remains: a struct that embeds [encoding/json.Number] takes over
// that type's methods, which it has on Go 1.27 alone. Such a struct is a number
// there, and a struct or an error on Go 1.26. Give the field a name.
//
// The other packages import this one and neither engine, so that the choice
// is made here alone. Answers are written by package encode, which has the same
// verdict and the same bytes.
package json
