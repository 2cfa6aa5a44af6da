package text

import (
	"encoding"
	"errors"
	"fmt"
	"net/url"
	"reflect"

	"github.com/tenonkit/tenon/internal/method"
)

// selves returns the codec of a type that reads itself. ready is the index path of the embedded
// pointers that have to be allocated first. format is the name of the text in errors.
func selves(ready []int, format string) Codec {
	wrong := NotValid(format)
	parse := func(dst reflect.Value, s string) *Wrong {
		if len(ready) > 0 {
			method.Make(dst, ready)
		}
		u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](dst.Addr())
		if !ok || u.UnmarshalText([]byte(s)) != nil {
			return wrong
		}
		return nil
	}
	return Codec{parse, func(v reflect.Value) (string, error) {
		if !method.Reaches(v, ready) {
			return "", errors.New("has a nil embedded field that its text comes from")
		}
		return formatSelf(v)
	}}
}

// NotValid returns what is wrong with a text that the type which reads it refuses. format is the
// name of the text, or "".
func NotValid(format string) *Wrong {
	if format == "" {
		return &Wrong{Code: "format", Detail: "is not valid"}
	}
	return &Wrong{Code: "format", Detail: "must be a valid " + format, Limit: format}
}

// Missing returns what is wrong with a required value that was not sent.
func Missing() *Wrong { return &Wrong{Code: "required", Detail: "is required"} }

// formatSelf writes a value by MarshalText or AppendText, or by String if the type has neither.
// It calls them through a pointer, which has all methods.
func formatSelf(v reflect.Value) (string, error) {
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	switch x := p.Interface().(type) {
	case encoding.TextAppender:
		b, err := x.AppendText(nil)
		return string(b), err
	case encoding.TextMarshaler:
		b, err := x.MarshalText()
		return string(b), err
	case fmt.Stringer:
		return x.String(), nil
	}
	return "", fmt.Errorf("has type %s, which reads text and has no MarshalText", v.Type())
}

func parseURL(dst reflect.Value, s string) *Wrong {
	u, err := url.Parse(s)
	stored, ok := reflect.TypeAssert[*url.URL](dst.Addr())
	if err != nil || !ok {
		return &Wrong{Code: "type", Detail: "must be a URL"}
	}
	*stored = *u
	return nil
}

// formatURL refuses a URL whose text would be read as another URL, such as one with a space in
// its host.
func formatURL(v reflect.Value) (string, error) {
	u, _ := reflect.TypeAssert[url.URL](v)
	s := u.String()
	if back, err := url.Parse(s); err != nil || back.String() != s {
		return "", errors.New("is a URL whose text would be read as another URL")
	}
	return s, nil
}
