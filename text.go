package tenon

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/text"
)

// textOf returns the text that package bind reads as v, off which pointers and
// Opts are taken.
func textOf(v reflect.Value, format string) (string, error) {
	codec, err := text.Of(v.Type(), format)
	if err != nil {
		return "", err
	}
	return codec.Format(v)
}
