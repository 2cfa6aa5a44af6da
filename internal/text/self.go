package text

import (
	"encoding"
	"errors"
	"fmt"
	"net/url"
	"reflect"
)

// selves returns the codec of types that read themselves. The format is how an
// error calls the text.
func selves(format string) (func(reflect.Value, string) *Wrong, func(reflect.Value) (string, error)) {
	wrong := &Wrong{Code: "format", Detail: "is not valid"}
	if format != "" {
		wrong.Detail = "must be a valid " + format
	}
	parse := func(dst reflect.Value, s string) *Wrong {
		u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](dst.Addr())
		if !ok || u.UnmarshalText([]byte(s)) != nil {
			return wrong
		}
		return nil
	}
	return parse, formatSelf
}

// formatSelf writes a value by the method that is the reverse of UnmarshalText,
// or by String, which many a type has alone. Through a pointer all methods can be
// called.
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

// formatURL refuses a URL that its own text does not lead back to, such as one
// whose host has a space.
func formatURL(v reflect.Value) (string, error) {
	u, _ := reflect.TypeAssert[url.URL](v)
	s := u.String()
	if back, err := url.Parse(s); err != nil || back.String() != s {
		return "", errors.New("is a URL that its own text does not lead back to")
	}
	return s, nil
}
