package encode

import (
	"bytes"
	"errors"
	"reflect"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
)

// visible is what a direction leaves of a struct that the engine writes. The engine knows
// no tag for that, and is given the members one by one.
type visible struct {
	list []single
	rest *single // the members that the struct has no field for, nil without
}

func visibleOf(members *shape.Members, to shape.Direction) *visible {
	x := &visible{list: singles(members.List, to)}
	if rest := members.Rest; rest != nil {
		of := shape.Member{Index: rest.Index, Other: embed}
		of.Type, of.Rules.Format = shape.Of(rest.Type), rest.Values.Rules.Format
		x.rest = &single{index: rest.Index, alone: aloneWith(&of)}
	}
	return x
}

var errNested = errors.New("json: a value is nested too deep, or refers to itself")

// writeVisible writes the struct v by what is visible of it.
func (f fieldTags) writeVisible(enc *json.Encoder, x *visible, v reflect.Value) error {
	if f.parts++; f.parts > maxDepth {
		return errNested
	}
	f.members, f.depth = nil, 0
	options := f.options()
	write := func(buf *bytes.Buffer, p any) error { return json.Encode(buf, p, options) }
	text := []byte{'{'}
	for i := range x.list {
		m := &x.list[i]
		field, err := v.FieldByIndexErr(m.index)
		if err != nil {
			continue // behind a nil pointer
		}
		value, err := m.of(field, write)
		if err != nil {
			return err
		}
		if value == nil {
			continue
		}
		if text, err = json.AppendQuote(text, m.name); err != nil {
			return err
		}
		text = append(append(append(text, ':'), value...), ',')
	}
	text, err := x.appendRest(text, v, write)
	if err != nil {
		return err
	}
	if last := len(text) - 1; text[last] == ',' {
		text = text[:last]
	}
	return enc.WriteValue(append(text, '}'))
}

// appendRest appends the members that v has no field for, each with a comma behind it.
func (x *visible) appendRest(text []byte, v reflect.Value, write func(buf *bytes.Buffer, p any) error) ([]byte, error) {
	if x.rest == nil {
		return text, nil
	}
	field, err := v.FieldByIndexErr(x.rest.index)
	if err == nil && field.Kind() == reflect.Pointer {
		field = field.Elem()
	}
	if err != nil || !field.IsValid() {
		return text, nil //nolint:nilerr // behind a nil pointer
	}
	var buf bytes.Buffer
	alone := reflect.New(x.rest.alone)
	alone.Elem().Field(0).Set(field)
	if err := write(&buf, alone.Interface()); err != nil {
		return text, err
	}
	if inner := buf.Bytes(); len(inner) > len("{}") {
		text = append(append(text, inner[1:len(inner)-1]...), ',')
	}
	return text, nil
}
