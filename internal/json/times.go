package json

import (
	"encoding"
	"errors"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// A timeForms makes the engine write and read the times of struct fields in the
// form that the tag format chooses. The engine asks it at every value.
type timeForms struct {
	options Options   // without it
	known   *sync.Map // of *memberForms, by the type of the struct, nil for none
	// Of the struct that is being written or read:
	members *memberForms
	depth   int // of the struct in the document
}

// memberForms are the forms of the times in the members of a struct.
type memberForms struct {
	byName map[string]*text.TimeForm // nil for a member without
	rest   *text.TimeForm            // of the members that the struct has no field for
}

func (f timeForms) intercept() Options { return intercepted(f.options, f.write, f.read) }

// inside returns the forms for what is inside a struct at depth.
func (f timeForms) inside(members *memberForms, depth int) Options {
	f.members, f.depth = members, depth
	return f.intercept()
}

// write writes *p where it is a time with a form, or a struct that has such.
func (f timeForms) write(enc *Encoder, p any) error {
	depth := enc.StackDepth()
	if f.members != nil && depth == f.depth {
		return errors.ErrUnsupported // the struct itself
	}
	t, ok := p.(*time.Time)
	if !ok {
		typ := reflect.TypeOf(p).Elem()
		members := f.of(typ)
		if members == nil || writesItself(typ) {
			return errors.ErrUnsupported
		}
		return encodeWith(enc, p, f.inside(members, depth))
	}
	kind, count := enc.StackIndex(depth)
	form := f.at(kind, count, enc.StackPointer)
	if form == nil {
		return errors.ErrUnsupported
	}
	text, err := appendTime(enc.AvailableBuffer(), *form, *t)
	if err != nil {
		return err
	}
	return enc.WriteValue(text)
}

// read is the reverse of write.
func (f timeForms) read(dec *Decoder, p any) error {
	depth := dec.StackDepth()
	if f.members != nil && depth == f.depth {
		return errors.ErrUnsupported
	}
	t, ok := p.(*time.Time)
	if !ok {
		typ := reflect.TypeOf(p).Elem()
		members := f.of(typ)
		if members == nil || readsItself(typ) {
			return errors.ErrUnsupported
		}
		return decodeWith(dec, p, f.inside(members, depth))
	}
	kind, count := dec.StackIndex(depth)
	form := f.at(kind, count, dec.StackPointer)
	if form == nil {
		return errors.ErrUnsupported
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	*t, err = parseTime(raw, *form)
	return err
}

// at returns the form of the time that is next in an object or array of this kind
// with so many names and values, nil if it has none.
func (f timeForms) at(kind Kind, count int64, pointer func() Pointer) *text.TimeForm {
	if f.members == nil || kind == '{' && count%2 == 0 { // the key of a map
		return nil
	}
	tokens := strings.Split(string(pointer()), "/")
	if len(tokens) <= f.depth+1 {
		return nil
	}
	name := strings.NewReplacer("~1", "/", "~0", "~").Replace(tokens[f.depth+1])
	if form, ok := f.members.byName[name]; ok {
		return form
	}
	return f.members.rest
}

// of returns the forms of the times in the fields of the struct type t, nil if
// there are none.
func (f timeForms) of(t reflect.Type) *memberForms {
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return nil
	}
	if known, ok := f.known.Load(t); ok {
		members, _ := known.(*memberForms)
		return members
	}
	members := memberFormsOf(t)
	f.known.Store(t, members)
	return members
}

func memberFormsOf(t reflect.Type) *memberForms {
	found := false
	formOf := func(m *tag.Member) *text.TimeForm {
		form, ok := timeForm(m.Field)
		if !ok {
			return nil
		}
		found = true
		return &form
	}
	members := tag.MembersOf(t)
	forms := memberForms{byName: make(map[string]*text.TimeForm, len(members.List))}
	for i := range members.List {
		m := &members.List[i]
		forms.byName[m.Name] = formOf(m)
	}
	if members.Rest != nil {
		forms.rest = formOf(members.Rest)
	}
	if !found {
		return nil
	}
	return &forms
}

// timeForm returns the form of the times in a field, if they are not written as
// the engine writes them.
func timeForm(field reflect.StructField) (text.TimeForm, bool) {
	name := tag.TimeFormat(field)
	if name == "" {
		return text.TimeForm{}, false
	}
	return text.TimeFormOf(name)
}

// writesItself reports whether the methods of a t write it.
func writesItself(t reflect.Type) bool {
	return implements[MarshalerTo](t) || implements[Marshaler](t) || implements[encoding.TextAppender](t) || implements[encoding.TextMarshaler](t)
}

// readsItself reports whether the methods of a t read it.
func readsItself(t reflect.Type) bool {
	return implements[UnmarshalerFrom](t) || implements[Unmarshaler](t) || implements[encoding.TextUnmarshaler](t)
}

// appendTime appends the JSON value of a time in the form.
func appendTime(b []byte, form text.TimeForm, t time.Time) ([]byte, error) {
	if form.IsNumber {
		return form.Append(b, t)
	}
	b, err := form.Append(append(b, '"'), t)
	return append(b, '"'), err
}

var errTime = errors.New("json: is no time in its form")

// parseTime reads the JSON value of a time in the form. Null is the zero time, as
// it is for the engine.
func parseTime(raw RawMessage, form text.TimeForm) (time.Time, error) {
	text := string(raw)
	switch {
	case raw.Kind() == 'n':
		return time.Time{}, nil
	case form.IsNumber != (raw.Kind() == '0'):
		return time.Time{}, errTime
	case !form.IsNumber:
		plain, err := AppendUnquote(nil, raw)
		if err != nil {
			return time.Time{}, err
		}
		text = string(plain)
	}
	t, err := form.Parse(text)
	if err != nil {
		return time.Time{}, errTime
	}
	return t, nil
}
