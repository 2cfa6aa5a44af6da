// Package choice finds the field that is set in a struct that embeds respond.OneOf. It is for
// events: the name of the field is the type of the event. Package shape knows which fields are
// allowed.
package choice

import (
	"bytes"
	"reflect"
	"slices"
	"sync"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/shape"
)

// Choices are the fields of a struct of which one is set. Many goroutines may use them at
// once.
type Choices struct {
	typ    reflect.Type // of the struct
	list   []shape.Choice
	codecs []encode.Codec // of the values of list, without their pointers
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
	c := &Choices{typ: t, list: choices}
	for _, x := range choices {
		c.codecs = append(c.codecs, encode.Toward(shape.Answer, pointed(x.Type)))
	}
	return c, faults
}

func pointed(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// Each calls f for each field with its name, its path in Go, and its type without the pointer.
func (c *Choices) Each(f func(name, path string, t reflect.Type)) {
	for _, x := range c.list {
		f(x.Name, x.Path, pointed(x.Type))
	}
}

// Set returns the name of the field that is set in v, the struct or a pointer to it, and a
// pointer to its value. A struct must be addressable. It returns an error unless exactly one field is set.
func (c *Choices) Set(v reflect.Value) (name string, p any, err error) {
	at, p, err := c.chosen(v)
	if err != nil {
		return "", nil, err
	}
	return c.list[at].Name, p, nil
}

// Append appends the JSON of the field that is set in v to buf, and returns its name. V is as
// in [Choices.Set].
func (c *Choices) Append(buf *bytes.Buffer, v reflect.Value) (name string, err error) {
	at, p, err := c.chosen(v)
	if err != nil {
		return "", err
	}
	return c.list[at].Name, c.codecs[at].Encode(buf, p)
}

// Read sets the field called name of v, the struct or a pointer to it, to the value of the
// JSON text. It reports false if no field has the name.
func (c *Choices) Read(name string, text []byte, v reflect.Value) (known bool, err error) {
	i := slices.IndexFunc(c.list, func(x shape.Choice) bool { return x.Name == name })
	if i < 0 {
		return false, nil
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(c.typ))
		v = v.Elem()
	}
	to := v.Field(c.list[i].Index)
	if to.Kind() != reflect.Pointer {
		return true, c.codecs[i].Decode(text, to.Addr().Interface())
	}
	to.Set(reflect.New(to.Type().Elem()))
	return true, c.codecs[i].Decode(text, to.Interface())
}

// chosen returns the place of the field that is set in v, and a pointer to its value.
func (c *Choices) chosen(v reflect.Value) (at int, p any, err error) {
	if v.Kind() == reflect.Pointer {
		if v = v.Elem(); !v.IsValid() {
			v = reflect.Zero(c.typ)
		}
	}
	if at, err = shape.Chosen(v, c.list); err != nil {
		return 0, nil, err
	}
	field := v.Field(c.list[at].Index)
	if field.Kind() == reflect.Interface {
		field = field.Addr()
	}
	return at, field.Interface(), nil
}
