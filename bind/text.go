package bind

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// A parse stores the value that a text stands for in dst, which is settable and
// zero, or returns what is wrong with the text.
type parse func(dst reflect.Value, s string) *text.Wrong

// textParse compiles the reader of one value of type t, off which pointers and
// Opts are already taken. Of the tags, the format chooses how a time is written and
// the words of an error, and the lengths hold for a type with UnmarshalText.
func textParse(t reflect.Type, tags reflect.StructTag) (parse, error) {
	codec, err := text.Of(t, fieldFormat(tags))
	if err != nil || codec.Form != text.Self {
		return codec.Parse, err
	}
	lengths := textLengths(t, tags)
	return func(dst reflect.Value, s string) *text.Wrong {
		if wrong := lengths.Check(s); wrong != nil {
			return wrong
		}
		return codec.Parse(dst, s)
	}, nil
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
