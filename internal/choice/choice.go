// Package choice finds the one field that is set in a struct that embeds a marker such as
// respond.OneOf. It is for events: the type of an event is the name of that field. Package
// shape knows which fields are allowed.
package choice

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/shape"
)

// Choices are the fields of a type. They may be used by many goroutines at once.
type Choices struct {
	typ  reflect.Type // of the struct
	list []field
}

type field struct {
	shape.Choice

	name  string
	codec encode.Codec
}

// known has the choices of each type that the program uses.
var known sync.Map //nolint:gochecknoglobals // a cache that no caller can tell from none

type key struct{ typ, marker reflect.Type }

type found struct {
	choices *Choices
	faults  shape.Faults
}

// Of returns the choices of t, a struct that embeds the marker or a pointer to one, and the
// faults of its fields. It returns nil for other types.
func Of(t, marker reflect.Type) (*Choices, shape.Faults) {
	cached, ok := known.Load(key{t, marker})
	if !ok {
		choices, faults := of(t, marker)
		cached, _ = known.LoadOrStore(key{t, marker}, found{choices, faults})
	}
	x, _ := cached.(found)
	return x.choices, slices.Clone(x.faults)
}

func of(t, marker reflect.Type) (*Choices, shape.Faults) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if !shape.Embeds(t, marker) {
		return nil, nil
	}
	choices, faults := shape.Choices(t, marker)
	c := &Choices{typ: t}
	for _, choice := range choices {
		inner := choice.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		c.list = append(c.list, field{choice, t.Field(choice.Index).Name, encode.Toward(shape.Answer, inner)})
	}
	return c, faults
}

// Each calls f for the name and type of each field, without its pointer.
func (c *Choices) Each(f func(name, path string, t reflect.Type)) {
	for _, x := range c.list {
		t := x.Type
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		f(x.name, x.Path, t)
	}
}

// Set returns the name of the field that is set in v, the struct or a pointer to it, and a
// pointer to its value. A struct must be addressable. It returns an error unless exactly one field is set.
func (c *Choices) Set(v reflect.Value) (name string, p any, err error) {
	x, p, err := c.set(v)
	if err != nil {
		return "", nil, err
	}
	return x.name, p, nil
}

// Append appends the JSON of the field that is set in v to buf, and returns its name. V is as
// in [Choices.Set].
func (c *Choices) Append(buf *bytes.Buffer, v reflect.Value) (name string, err error) {
	x, p, err := c.set(v)
	if err != nil {
		return "", err
	}
	return x.name, x.codec.Encode(buf, p)
}

// Read sets v, the struct or a pointer to it, to the field of that name with the value of
// the JSON text. It reports false for a name that no field has.
func (c *Choices) Read(name string, text []byte, v reflect.Value) (known bool, err error) {
	i := slices.IndexFunc(c.list, func(x field) bool { return x.name == name })
	if i < 0 {
		return false, nil
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(c.typ))
		v = v.Elem()
	}
	to := v.Field(c.list[i].Index)
	if to.Kind() != reflect.Pointer {
		return true, c.list[i].codec.Decode(text, to.Addr().Interface())
	}
	to.Set(reflect.New(to.Type().Elem()))
	return true, c.list[i].codec.Decode(text, to.Interface())
}

func (c *Choices) set(v reflect.Value) (x *field, p any, err error) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	count := 0
	if v.IsValid() {
		for i := range c.list {
			of := v.Field(c.list[i].Index)
			if of.IsNil() {
				continue
			}
			x, p, count = &c.list[i], of.Interface(), count+1
			if of.Kind() == reflect.Interface {
				p = of.Addr().Interface()
			}
		}
	}
	if count != 1 {
		return nil, nil, fmt.Errorf("%s has %d fields set: set exactly one", c.typ, count)
	}
	return x, p, nil
}
