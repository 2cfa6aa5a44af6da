package openapi

import (
	"errors"

	"github.com/tenonkit/tenon/internal/json"
)

// An ordered is a JSON object whose members keep their order: a document reads
// better in the order of the declarations, and is the same each time.
type ordered[V any] []member[V]

type member[V any] struct {
	name  string
	value V
}

// get returns the value of a name, and whether there is one.
func (o ordered[V]) get(name string) (V, bool) {
	for i := range o {
		if o[i].name == name {
			return o[i].value, true
		}
	}
	return *new(V), false
}

// set puts value under name, in place of what is there.
func (o *ordered[V]) set(name string, value V) {
	for i := range *o {
		if (*o)[i].name == name {
			(*o)[i].value = value
			return
		}
	}
	*o = append(*o, member[V]{name, value})
}

// MarshalJSON writes the members in their order.
func (o ordered[V]) MarshalJSON() ([]byte, error) {
	text := []byte{'{'}
	for i := range o {
		if i > 0 {
			text = append(text, ',')
		}
		var err error
		if text, err = json.AppendQuote(text, o[i].name); err != nil {
			return nil, err
		}
		value, err := json.Marshal(&o[i].value)
		if err != nil {
			return nil, err
		}
		text = append(append(text, ':'), value...)
	}
	return append(text, '}'), nil
}

// UnmarshalJSONFrom reads the members in their order.
func (o *ordered[V]) UnmarshalJSONFrom(dec *json.Decoder) error {
	if dec.PeekKind() != '{' {
		return errors.New("openapi: not an object")
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		m := member[V]{name: name.String()}
		if err := json.DecodeFrom(dec, &m.value); err != nil {
			return err
		}
		*o = append(*o, m)
	}
	_, err := dec.ReadToken()
	return err
}
