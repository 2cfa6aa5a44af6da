package bind

import (
	"errors"
	"math"
	"reflect"
	"strconv"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// items are the constraints on the length and the elements of a slice.
type items struct {
	max    int // maxItems; a reader stops there
	tooBig *text.Wrong
	checks []check // minItems and uniqueItems, on the whole slice
}

func (l *items) check(list reflect.Value) *text.Wrong { return decode.Checks(l.checks).Check(list) }

// itemKeywords are the constraints on a slice as a whole.
func itemKeywords() []string { return tag.ItemKeywords() }

// itemChecks compiles minItems, maxItems and uniqueItems for a field whose type,
// without pointers and Opts, is t.
func itemChecks(f *faults, path string, t reflect.Type, of reflect.StructTag) items {
	list := items{max: math.MaxInt}
	isList := t.Kind() == reflect.Slice || t.Kind() == reflect.Array
	minimum := 0
	for _, key := range itemKeywords() {
		arg, ok := of.Lookup(key)
		if !ok {
			continue
		}
		if !isList || tag.ReadsText(t) {
			f.add(path, "has %s:%q: %v", key, arg, errKeywordKind)
			continue
		}
		if err := list.add(key, arg, t, &minimum); err != nil {
			f.add(path, "has %s:%q: %v", key, arg, err)
		}
	}
	if minimum > list.max {
		f.add(path, "has minItems above maxItems")
	}
	return list
}

func (l *items) add(key, arg string, t reflect.Type, minimum *int) error {
	if key == "uniqueItems" {
		unique, err := strconv.ParseBool(arg)
		switch {
		case err != nil:
			return numError(err)
		case !isPlain(t.Elem()):
			return errors.New("needs elements that are strings, numbers or bools")
		case unique:
			l.checks = append(l.checks, uniqueItems)
		}
		return nil
	}
	n, err := strconv.ParseUint(arg, 10, 31)
	if err != nil {
		return numError(err)
	}
	limit := int(n)
	if key == "maxItems" {
		l.max, l.tooBig = limit, &text.Wrong{Code: key, Detail: "must have at most " + count(limit, "item")}
		return nil
	}
	*minimum = limit
	wrong := &text.Wrong{Code: key, Detail: "must have at least " + count(limit, "item")}
	l.checks = append(l.checks, func(v reflect.Value) *text.Wrong {
		if v.Len() < limit {
			return wrong
		}
		return nil
	})
	return nil
}

// isPlain reports whether values of type t are equal when their text is:
// uniqueItems compares with ==, which pointers and times do not bear.
func isPlain(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Bool:
		return true
	case reflect.Array:
		return isPlain(t.Elem())
	}
	return isSigned(t) || isUnsigned(t) || isFloat(t)
}

// smallList is the length up to which comparing each pair is cheaper than a
// map.
const smallList = 16

func uniqueItems(v reflect.Value) *text.Wrong {
	n := v.Len()
	if n <= smallList {
		for i := range n {
			for j := range i {
				if v.Index(i).Equal(v.Index(j)) {
					return repeated()
				}
			}
		}
		return nil
	}
	seen := make(map[any]struct{}, n)
	for i := range n {
		seen[v.Index(i).Interface()] = struct{}{}
	}
	if len(seen) < n {
		return repeated()
	}
	return nil
}

func repeated() *text.Wrong {
	return &text.Wrong{Code: "uniqueItems", Detail: "must not repeat an item"}
}
