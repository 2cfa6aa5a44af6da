package tenon

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"net/url"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/timetext"
)

// text returns the text that package bind reads as v, off which pointers and
// Opts are taken.
func text(v reflect.Value, format string) (string, error) {
	t := v.Type()
	switch x := v.Interface().(type) {
	case time.Time:
		return timeText(x, format)
	case time.Duration:
		return x.String(), nil
	case url.URL:
		return x.String(), nil
	}
	switch {
	case tag.ReadsText(t):
		return marshaledText(v)
	case t.Kind() == reflect.String:
		return stringText(v.String())
	case t.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), nil
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10), nil
	case v.CanFloat():
		return floatText(v.Float(), t.Bits())
	}
	return "", fmt.Errorf("has the type %s, which no text stands for", t)
}

// stringText refuses what package bind refuses.
func stringText(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", errors.New("is not valid UTF-8")
	}
	return s, nil
}

func floatText(f float64, bits int) (string, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "", errors.New("is no finite number")
	}
	return strconv.FormatFloat(f, 'g', -1, bits), nil
}

// marshaledText returns the text of a type that reads text, by the method that
// is the reverse.
func marshaledText(v reflect.Value) (string, error) {
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	switch x := p.Interface().(type) {
	case encoding.TextMarshaler:
		b, err := x.MarshalText()
		return string(b), err
	case fmt.Stringer:
		return x.String(), nil
	}
	return "", fmt.Errorf("has the type %s, which reads text and has no MarshalText", v.Type())
}

// timeText writes a time in the form that package bind reads.
func timeText(t time.Time, format string) (string, error) {
	form, ok := timetext.Of(format)
	if !ok {
		return "", fmt.Errorf("has the unknown time format %q", format)
	}
	text, err := form.Append(nil, t)
	return string(text), err
}

// opened takes pointers and Opts off v. What is absent is not present.
func opened(v reflect.Value) (inner reflect.Value, present bool, err error) {
	for v.IsValid() {
		switch {
		case v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface:
			v = v.Elem()
		case isOpt(v.Type()):
			o, _ := reflect.TypeAssert[interface{ IsNull() bool }](v)
			if o != nil && o.IsNull() {
				return v, false, errors.New("is null, which no parameter can be")
			}
			got := v.MethodByName("Get").Call(nil)
			if !got[1].Bool() {
				return v, false, nil
			}
			v = got[0]
		default:
			return v, true, nil
		}
	}
	return v, false, nil
}
