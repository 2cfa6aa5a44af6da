package params

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// errEmpty is the fault of a value whose text is empty. Package bind reads an empty text as an
// absent value, unless it is a string.
var errEmpty = errors.New("has a value of empty text, which counts as absent")

// Texts appends the texts of the parameter p of the value v: one, or one for each element of a
// slice. It appends none if an absent parameter is bound to v. For a map use [Entries]. The
// text of an error follows the source and the name of the parameter.
func Texts(texts []string, p *shape.Param, v reflect.Value) ([]string, error) {
	v, present, err := open(p, v)
	switch {
	case err != nil || !present:
		return texts, err
	case p.Type.IsTextList():
		return list(texts, p, v)
	}
	return scalar(texts, p, v)
}

// Name returns err behind the source and the name of p.
func Name(p *shape.Param, err error) error {
	return fmt.Errorf("%s %q %w", p.Source, p.Name, err)
}

// open returns the value inside the pointers and Opts of v.
func open(p *shape.Param, v reflect.Value) (inner reflect.Value, present bool, err error) {
	v, present, err = shape.Open(v)
	if err == nil && !present && p.Default != nil {
		err = errors.New("is absent, which package bind would read as the default: give it a value")
	}
	return v, present, err
}

// scalar appends a single text, unless an absent parameter is bound to the same value.
func scalar(texts []string, p *shape.Param, v reflect.Value) ([]string, error) {
	if !p.IsRequired && p.Default == nil && !p.Type.IsWrapped() && v.IsZero() {
		return texts, nil
	}
	plain, err := presentText(p, v)
	if err != nil || p.Default != nil && plain == p.Default.Text {
		return texts, err
	}
	return append(texts, plain), nil
}

// list appends the texts of a slice.
func list(texts []string, p *shape.Param, v reflect.Value) ([]string, error) {
	start := len(texts)
	for i := range v.Len() {
		plain, err := elementText(p, v.Index(i))
		if err != nil {
			return texts[:start], err
		}
		texts = append(texts, plain)
	}
	isEmpty := len(texts) == start
	switch {
	case isEmpty && (p.Default != nil && p.Default.Text != "" || p.Type.IsWrapped()):
		return texts, errors.New("is an empty list, which counts as absent")
	case p.Default != nil && strings.Join(texts[start:], ",") == p.Default.Text:
		return texts[:start], nil
	}
	return texts, nil
}

// An Entry is one of a map with the option deep.
type Entry struct{ Key, Text string }

// Entries returns the entries of the map v of the parameter p, in the order of the keys. The
// text of an error follows the source and the name of the parameter.
func Entries(p *shape.Param, v reflect.Value) ([]Entry, error) {
	v, present, err := open(p, v)
	if err != nil || !present {
		return nil, err
	}
	if v.Type().Key().Kind() != reflect.String {
		return nil, fmt.Errorf("has the type %s, whose keys are not strings", v.Type())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	if len(keys) == 0 && p.Type.IsWrapped() {
		return nil, errors.New("is an empty map, which counts as absent")
	}
	entries := make([]Entry, 0, len(keys))
	for _, key := range keys {
		switch key := key.String(); {
		case key == "" || strings.ContainsAny(key, "[]"):
			return nil, fmt.Errorf("has the key %q, which is empty or has a bracket", key)
		case !utf8.ValidString(key):
			return nil, fmt.Errorf("has the key %q, which is not valid UTF-8", key)
		}
		plain, err := elementText(p, v.MapIndex(key))
		if err != nil {
			return nil, err
		}
		entries = append(entries, Entry{key.String(), plain})
	}
	return entries, nil
}

// elementText returns the text of an element, which cannot be absent.
func elementText(p *shape.Param, v reflect.Value) (string, error) {
	v, present, err := shape.Open(v)
	if err != nil {
		return "", err
	}
	if !present {
		return "", errors.New("has an element that is absent: remove it")
	}
	return presentText(p, v)
}

// presentText returns the text of a value that may not be absent.
func presentText(p *shape.Param, v reflect.Value) (string, error) {
	plain, err := textOf(p, v)
	if err == nil && plain == "" && v.Kind() != reflect.String {
		err = errEmpty
	}
	return plain, err
}

// textOf returns the text that package bind reads as v in the format of p.
func textOf(p *shape.Param, v reflect.Value) (string, error) {
	if p.Text.Format != nil {
		return p.Text.Format(v)
	}
	codec, err := text.Of(v.Type(), p.Rules.Format)
	if err != nil {
		return "", err
	}
	return codec.Format(v)
}
