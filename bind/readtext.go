package bind

import (
	"errors"
	"reflect"
)

// ReadText returns the value of type t, addressable, that a parameter with these
// tags reads from text, for package openapi: what a document says of a default
// is what a default is. The error is what is wrong with the text, or with the
// type.
func ReadText(t reflect.Type, tags reflect.StructTag, text string) (reflect.Value, error) {
	parse, err := textParse(t, tags)
	if err != nil {
		return reflect.Value{}, err
	}
	v := reflect.New(t).Elem()
	if wrong := parse(v, text); wrong != nil {
		return v, errors.New("it " + wrong.detail)
	}
	return v, nil
}
