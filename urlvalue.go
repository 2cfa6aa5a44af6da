package tenon

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// errEmpty is the fault of a value whose text is empty, which package bind
// takes for an absent one unless it is a string.
var errEmpty = errors.New("has a value of empty text, which counts as absent")

// add adds the value of a parameter, with the pointers and Opts around it.
func (a *address) add(p *shape.Param, v reflect.Value) error {
	v, present, err := shape.Open(v)
	switch {
	case err != nil:
	case !present && p.Default != nil:
		err = errors.New("is absent, and would be bound to its default")
	case !present:
	case p.Source == shape.FromPath:
		err = a.addPath(p, v)
	case p.Type.IsTextList():
		err = a.addList(p, v)
	case p.Type.IsTextMap() && p.IsDeep:
		err = a.addMap(p, v)
	default:
		err = a.addScalar(p, v)
	}
	if err != nil {
		return fmt.Errorf("%s %q %w", p.Source, p.Name, err)
	}
	return nil
}

// addPath sets the value of a wildcard.
func (a *address) addPath(p *shape.Param, v reflect.Value) error {
	plain, err := textOf(p, v)
	if err == nil && plain == "" && !p.IsRequired {
		err = errEmpty
	}
	a.path[p.Name] = plain
	return err
}

// addScalar adds a single query value, unless it is what an absent one is bound to.
func (a *address) addScalar(p *shape.Param, v reflect.Value) error {
	if !p.IsRequired && p.Default == nil && !p.Type.IsWrapped() && v.IsZero() {
		return nil
	}
	plain, err := presentText(p, v)
	if err != nil {
		return err
	}
	if p.Default == nil || plain != p.Default.Text {
		a.pair(p.Name, url.QueryEscape(plain))
	}
	return nil
}

func (a *address) pair(name, escaped string) {
	a.query = append(a.query, url.QueryEscape(name)+"="+escaped)
}

// addList adds the values of a slice, one pair each or, as csv, in one. Commas
// are split before unescaping, so that one in a value is %2C.
func (a *address) addList(p *shape.Param, v reflect.Value) error {
	texts := make([]string, 0, v.Len())
	plains := make([]string, 0, v.Len())
	for i := range v.Len() {
		plain, err := elementText(p, v.Index(i))
		if err != nil {
			return err
		}
		plains = append(plains, plain)
		texts = append(texts, url.QueryEscape(plain))
	}
	switch {
	case len(texts) == 0 && (p.Default != nil && p.Default.Text != "" || p.Type.IsWrapped()):
		return errors.New("is an empty list, which counts as absent")
	case len(texts) == 0, p.Default != nil && strings.Join(plains, ",") == p.Default.Text:
	case p.IsCSV:
		a.pair(p.Name, strings.Join(texts, ","))
	default:
		for _, escaped := range texts {
			a.pair(p.Name, escaped)
		}
	}
	return nil
}

// addMap adds the entries of a deep map as name[key]=value, in the order of the
// keys.
func (a *address) addMap(p *shape.Param, v reflect.Value) error {
	if v.Type().Key().Kind() != reflect.String {
		return fmt.Errorf("has the type %s, whose keys are no strings", v.Type())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	if len(keys) == 0 && p.Type.IsWrapped() {
		return errors.New("is an empty map, which counts as absent")
	}
	for _, key := range keys {
		switch key := key.String(); {
		case key == "" || strings.ContainsAny(key, "[]"):
			return fmt.Errorf("has the key %q, which is empty or has a bracket", key)
		case !utf8.ValidString(key):
			return fmt.Errorf("has the key %q, which is not valid UTF-8", key)
		}
		plain, err := elementText(p, v.MapIndex(key))
		if err != nil {
			return err
		}
		a.pair(p.Name+"["+key.String()+"]", url.QueryEscape(plain))
	}
	return nil
}

// elementText returns the text of an element, which cannot be absent.
func elementText(p *shape.Param, v reflect.Value) (string, error) {
	v, present, err := shape.Open(v)
	if err != nil {
		return "", err
	}
	if !present {
		return "", errors.New("has an element that is absent")
	}
	return presentText(p, v)
}

// presentText returns the text of a value that has to be there.
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
