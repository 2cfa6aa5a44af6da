// Package text reads and writes single values as text: in a path, a query, a header field, a
// cookie, a form field or a struct tag. [Codec.Parse] reads the text that [Codec.Format] writes
// as the same value, except that a time loses what its format has no place for.
//
//	form      Go types                       text
//	String    string kinds                   as it is, valid UTF-8
//	Bool      bool kinds                     the words of strconv.ParseBool, on, off
//	Int       int kinds                      decimal digits, a minus sign before them
//	Uint      uint kinds                     decimal digits
//	Float     float kinds                    decimal, no NaN, infinity or hexadecimal
//	Number    json.Number                    a JSON number
//	Time      time.Time                      by the format: see TimeFormats
//	Duration  time.Duration                  that of time.ParseDuration
//	URL       url.URL                        that of url.Parse
//	Self      a *T that has UnmarshalText    whatever the method reads
//
// The types of package time and [url.URL] come first, then methods, then kinds. Pointers, Opts,
// slices and maps are not single values: package shape removes them.
package text

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/method"
)

// A Form is the way in which a type is read from text.
type Form uint8

// The forms, as in the package documentation. None is the form of a type that cannot be text.
const (
	None Form = iota
	String
	Bool
	Int
	Uint
	Float
	Number
	Time
	Duration
	URL
	Self
)

// FormOf returns the form of t.
func FormOf(t reflect.Type) Form {
	switch t {
	case reflect.TypeFor[time.Time]():
		return Time
	case reflect.TypeFor[time.Duration]():
		return Duration
	case reflect.TypeFor[url.URL]():
		return URL
	}
	switch k := t.Kind(); {
	case k == reflect.String && t.PkgPath() == "encoding/json" && t.Name() == "Number":
		return Number // by its name, because this package cannot import the engine
	case k != reflect.Pointer && k != reflect.Interface && method.UnmarshalText().Has(t):
		return Self // a pointer or an interface may be nil, so its methods do not count
	}
	return Scalar(t)
}

// Scalar returns the form of the kind of t, whatever methods t has: [String], [Bool], [Int],
// [Uint] or [Float], else [None].
func Scalar(t reflect.Type) Form {
	switch k := t.Kind(); {
	case k == reflect.String:
		return String
	case k == reflect.Bool:
		return Bool
	case reflect.Int <= k && k <= reflect.Int64:
		return Int
	case reflect.Uint <= k && k <= reflect.Uintptr:
		return Uint
	case k == reflect.Float32, k == reflect.Float64:
		return Float
	}
	return None
}

// A Codec reads and writes the text of the values of one type. It never changes, and many
// goroutines may use it at once.
type Codec struct {
	// Parse stores the value of s in dst, which is settable and zero. If s does not fit, it
	// returns what is wrong, which must not be changed.
	Parse func(dst reflect.Value, s string) *Wrong
	// Format returns the text that Parse reads as v, or an error if there is none. The words of
	// the error follow the name of the value.
	Format func(v reflect.Value) (string, error)
}

// A Wrong is what is wrong with a value that a client has sent. Requests share it, so it must
// not be changed.
type Wrong struct {
	// Code is the rule that the value breaks, such as type, range or minLength.
	Code string
	// Detail is a sentence about it without its subject, such as "must be an
	// integer". It never repeats the value.
	Detail string
	// Limit is the argument of the rule, the 5 of minimum:"5", or "".
	Limit string
}

// Of returns the codec of the type t. format is the tag format: it chooses the form of a time,
// and names the text of a type that reads itself. The words of the error follow the place of the
// declaration.
func Of(t reflect.Type, format string) (Codec, error) {
	if p, ok := PlainOf(t); ok {
		return Codec{p.Parse, p.format()}, nil
	}
	switch FormOf(t) {
	case Number:
		return Codec{parseNumber, formatNumber}, nil
	case Time:
		form, ok := TimeFormOf(format)
		if !ok {
			return Codec{}, fmt.Errorf("has format:%q, which is not a format of a time: use one of %s", format, strings.Join(TimeFormats(), ", "))
		}
		return form.codec(), nil
	case Duration:
		return Codec{parseDuration, formatDuration}, nil
	case URL:
		return Codec{parseURL, formatURL}, nil
	case Self:
		ready, err := method.UnmarshalText().Ready(t)
		if err != nil {
			return Codec{}, err
		}
		return selves(ready, format), nil
	}
	return Codec{}, fmt.Errorf("has type %s, which cannot be read from text", t)
}
