package tenon

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// errEmpty is the fault of a value whose text is empty, which package bind
// takes for an absent one unless it is a string.
var errEmpty = errors.New("has a value of empty text, which counts as absent")

// addScalar adds a single query value, unless it is what an absent one is bound to.
func (a *address) addScalar(in *input, v reflect.Value) error {
	if !in.isRequired && !in.isDefault && !in.isIndirect && v.IsZero() {
		return nil
	}
	plain, err := valueText(v, in.format)
	if err != nil {
		return err
	}
	if !in.isDefault || plain != in.fallback {
		a.pair(in.name, url.QueryEscape(plain))
	}
	return nil
}

func (a *address) pair(name, escaped string) {
	a.query = append(a.query, url.QueryEscape(name)+"="+escaped)
}

// addList adds the values of a slice, one pair each or, as csv, in one. Commas
// are split before unescaping, so that one in a value is %2C.
func (a *address) addList(in *input, v reflect.Value) error {
	texts := make([]string, 0, v.Len())
	plains := make([]string, 0, v.Len())
	for i := range v.Len() {
		plain, err := elementText(v.Index(i), in.format)
		if err != nil {
			return err
		}
		plains = append(plains, plain)
		texts = append(texts, url.QueryEscape(plain))
	}
	switch {
	case len(texts) == 0 && (in.isDefault && in.fallback != "" || in.isIndirect):
		return errors.New("is an empty list, which counts as absent")
	case len(texts) == 0, in.isDefault && strings.Join(plains, ",") == in.fallback:
	case in.CSV:
		a.pair(in.name, strings.Join(texts, ","))
	default:
		for _, escaped := range texts {
			a.pair(in.name, escaped)
		}
	}
	return nil
}

// addMap adds the entries of a deep map as name[key]=value, in the order of the
// keys.
func (a *address) addMap(in *input, v reflect.Value) error {
	if v.Type().Key().Kind() != reflect.String {
		return fmt.Errorf("has the type %s, whose keys are no strings", v.Type())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	if len(keys) == 0 && in.isIndirect {
		return errors.New("is an empty map, which counts as absent")
	}
	for _, key := range keys {
		if key.String() == "" || strings.ContainsAny(key.String(), "[]") {
			return fmt.Errorf("has the key %q, which is empty or has a bracket", key.String())
		}
		if wrong := text.UTF8(key.String()); wrong != nil {
			return fmt.Errorf("has the key %q, which %s", key.String(), wrong.Detail)
		}
		plain, err := elementText(v.MapIndex(key), in.format)
		if err != nil {
			return err
		}
		a.pair(in.name+"["+key.String()+"]", url.QueryEscape(plain))
	}
	return nil
}

// elementText returns the text of an element, which cannot be absent.
func elementText(v reflect.Value, format string) (string, error) {
	v, present, err := shape.Open(v)
	if err != nil {
		return "", err
	}
	if !present {
		return "", errors.New("has an element that is absent")
	}
	return valueText(v, format)
}

// valueText returns the text of a value that has to be there.
func valueText(v reflect.Value, format string) (string, error) {
	plain, err := textOf(v, format)
	if err == nil && plain == "" && v.Kind() != reflect.String {
		err = errEmpty
	}
	return plain, err
}
