package bind

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/method"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// noKeywords records the tags among keys, which mean nothing for the type of the
// field at path.
func (f *faults) noKeywords(path string, tag reflect.StructTag, keys ...string) {
	for _, key := range keys {
		if arg, ok := tag.Lookup(key); ok {
			f.add(path, "has %s:%q, which does not apply to its type", key, arg)
		}
	}
}

// textLengths returns the rules on the length of the text of a t. What is wrong with
// the tags is a fault of the constraints.
func textLengths(t reflect.Type, tags reflect.StructTag) *text.Lengths {
	limit := func(key string) *int {
		n, err := lengthOf(tags.Get(key))
		if err != nil {
			return nil
		}
		return &n
	}
	from := t
	if number := tag.BigIn(t); number != nil {
		from = number
	}
	return text.LengthsOf(from, limit("minLength"), limit("maxLength"))
}

// unwrapOne takes one pointer or one Opt off t; the open is nil where t is
// neither.
func unwrapOne(t reflect.Type) (reflect.Type, open) {
	wraps := shape.Of(t).Wraps
	if len(wraps) == 0 {
		return t, nil
	}
	return wraps[0].Inner, openOne(wraps[0])
}

// selfChecks returns the Validate methods of values of type t in JSON.
func selfChecks(f *faults, path string, t reflect.Type) []shape.Validation {
	calls, wrong := shape.Site{Path: path, Type: shape.Of(t)}.Validations()
	f.list.Append(wrong...)
	return calls
}

// readyForJSON returns what makes the embedded pointers of a zero t through which it has
// the method that reads it, nil where there are none.
func readyForJSON(f *faults, path string, t reflect.Type) func(dst reflect.Value) {
	if t.Kind() == reflect.Interface {
		return nil
	}
	way, err := shape.Of(t).ReadyJSON()
	if err != nil {
		f.add(path, "%v", err)
	}
	if len(way) == 0 {
		return nil
	}
	return func(dst reflect.Value) { method.Make(dst, way) }
}
