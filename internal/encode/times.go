package encode

import (
	"errors"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// An engine is the engine with what it does not know of tags: the forms of times, and what
// a direction leaves out. Asking for them costs it several times the time, so that only
// values which hold such fields pay.
type engine struct {
	to     shape.Direction
	plain  json.Options
	tagged json.Options // fields are written as their tags ask
	types  sync.Map     // of shape.Holding, by reflect.Type: of fields that the engine has to be told of
}

func newEngine(plain json.Options, to shape.Direction) *engine {
	tags := fieldTags{plain: plain, to: to, known: new(sync.Map)}
	return &engine{to: to, plain: plain, tagged: tags.options()}
}

// reading returns the options for reading into a t. What is read into an interface
// has no fields.
func (e *engine) reading(t reflect.Type) json.Options {
	if e.of(t) == shape.HoldsSome {
		return e.tagged
	}
	return e.plain
}

// writing returns the options for writing v.
func (e *engine) writing(v reflect.Value) json.Options {
	if e.found(v, 0) {
		return e.tagged
	}
	return e.plain
}

// found reports whether v holds such fields, or is nested so deep that it may
// be a cycle.
func (e *engine) found(v reflect.Value, depth int) bool {
	if held := e.of(v.Type()); held != shape.HoldsAny || depth > maxDepth {
		return held != shape.HoldsNone
	}
	depth++
	switch v.Kind() {
	case reflect.Interface:
		if v.CanInterface() {
			return e.foundIn(v.Interface(), depth)
		}
		return !v.IsNil() && e.found(v.Elem(), depth)
	case reflect.Pointer:
		return !v.IsNil() && e.found(v.Elem(), depth)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if e.found(v.Index(i), depth) {
				return true
			}
		}
	case reflect.Map:
		for all := v.MapRange(); all.Next(); {
			if e.found(all.Value(), depth) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() { //nolint:modernize // v.Fields would allocate
			if e.found(v.Field(i), depth) {
				return true
			}
		}
	}
	return false
}

// foundIn is found for what an interface holds, without reflection for what JSON
// is read into.
func (e *engine) foundIn(v any, depth int) bool {
	switch v := v.(type) {
	case nil, string, bool, float64, int, int64, time.Time:
		return false
	case map[string]any:
		for _, elem := range v {
			if depth > maxDepth || e.foundIn(elem, depth+1) {
				return true
			}
		}
		return false
	case []any:
		for _, elem := range v {
			if depth > maxDepth || e.foundIn(elem, depth+1) {
				return true
			}
		}
		return false
	}
	return e.found(reflect.ValueOf(v), depth)
}

func (e *engine) of(t reflect.Type) shape.Holding {
	if known, ok := e.types.Load(t); ok {
		held, _ := known.(shape.Holding)
		return held
	}
	held := e.holdingOf(t, map[reflect.Type]bool{})
	e.types.Store(t, held)
	return held
}

// holdingOf looks at what the engine walks by itself.
func (e *engine) holdingOf(t reflect.Type, seen map[reflect.Type]bool) shape.Holding {
	if seen[t] {
		return shape.HoldsNone
	}
	seen[t] = true
	x := shape.Of(t)
	if e.to.UnreachableIn(x.Base) != "" {
		return shape.HoldsSome
	}
	form := x.Writes
	if form == shape.Self || form == shape.Text {
		form = x.Reads // methods may be for one direction alone
	}
	switch form {
	case shape.Any:
		return shape.HoldsAny
	case shape.List, shape.Array, shape.Map:
		return e.holdingOf(x.Base.Elem(), seen)
	case shape.Struct:
		return e.holdingOfMembers(shape.WrittenMembers(x.Base, nil), seen)
	}
	return shape.HoldsNone
}

func (e *engine) holdingOfMembers(members shape.Members, seen map[reflect.Type]bool) shape.Holding {
	held := shape.HoldsNone
	for i := range members.List {
		m := &members.List[i]
		if _, ok := timeForm(m.Site); ok || e.to.LeavesOutMember(m) {
			return shape.HoldsSome
		}
		held = max(held, e.holdingOf(m.Type.Go, seen))
	}
	if members.Rest == nil || members.Rest.IsRaw {
		return held
	}
	if _, ok := timeForm(members.Rest.Values); ok {
		return shape.HoldsSome
	}
	return max(held, e.holdingOf(members.Rest.Values.Type.Go, seen))
}

// A fieldTags makes the engine write and read the times of struct fields in the form that
// the tag format chooses, and write no field that the direction leaves out. The engine asks
// it at every value.
type fieldTags struct {
	plain json.Options // the engine without it
	to    shape.Direction
	known *sync.Map // of *memberForms, by the type of the struct, nil for none
	parts int       // how many structs around are written member by member
	// Of the struct that is being written or read:
	members *memberForms
	depth   int // of the struct in the document
}

// memberForms are the forms of the times in the members of a struct, and what is left of it
// in the direction.
type memberForms struct {
	fault   error    // of a type that writes itself, with fields that are left out
	visible *visible // the members that are left; nil where nothing is left out

	byName map[string]*text.TimeForm // nil for a member without
	rest   *text.TimeForm            // of the members that the struct has no field for
	// Whether the engine writes and reads the struct by its members, and not by methods.
	isWritten, isRead bool
}

// options returns those of the engine with the forms.
func (f fieldTags) options() json.Options { return json.Asking(f.plain, f.write, f.read) }

// inside returns the forms for what is inside a struct at depth.
func (f fieldTags) inside(members *memberForms, depth int) json.Options {
	f.members, f.depth = members, depth
	return f.options()
}

// write writes *p where it is a time with a form, or a struct that has such.
func (f fieldTags) write(enc *json.Encoder, p any) error {
	depth := enc.StackDepth()
	if f.members != nil && depth == f.depth {
		return errors.ErrUnsupported // the struct itself
	}
	t, ok := p.(*time.Time)
	if !ok {
		members := f.of(reflect.TypeOf(p).Elem())
		switch {
		case members == nil || !members.isWritten:
			return errors.ErrUnsupported
		case members.fault != nil:
			return members.fault
		case members.visible != nil:
			return f.writeVisible(enc, members.visible, reflect.ValueOf(p).Elem())
		}
		return json.EncodeTo(enc, p, f.inside(members, depth))
	}
	kind, count := enc.StackIndex(depth)
	form := f.at(kind, count, enc.StackPointer)
	if form == nil {
		return errors.ErrUnsupported
	}
	value, err := appendTime(enc.AvailableBuffer(), *form, *t)
	if err != nil {
		return err
	}
	return enc.WriteValue(value)
}

// read is the reverse of write.
func (f fieldTags) read(dec *json.Decoder, p any) error {
	depth := dec.StackDepth()
	if f.members != nil && depth == f.depth {
		return errors.ErrUnsupported
	}
	t, ok := p.(*time.Time)
	if !ok {
		members := f.of(reflect.TypeOf(p).Elem())
		if members == nil || !members.isRead {
			return errors.ErrUnsupported
		}
		return json.DecodeFrom(dec, p, f.inside(members, depth))
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
func (f fieldTags) at(kind json.Kind, count int64, pointer func() json.Pointer) *text.TimeForm {
	if f.members == nil || kind == '{' && count%2 == 0 { // the key of a map
		return nil
	}
	tokens := slices.Collect(pointer().Tokens())
	if len(tokens) <= f.depth {
		return nil
	}
	if form, ok := f.members.byName[tokens[f.depth]]; ok {
		return form
	}
	return f.members.rest
}

// of returns what the engine has to know of the type t, nil if there is nothing.
func (f fieldTags) of(t reflect.Type) *memberForms {
	if t.Kind() != reflect.Struct && (f.to == shape.Storage || t.Kind() == reflect.Pointer) || t == reflect.TypeFor[time.Time]() {
		return nil
	}
	if known, ok := f.known.Load(t); ok {
		members, _ := known.(*memberForms)
		return members
	}
	members := memberFormsOf(t, f.to)
	f.known.Store(t, members)
	return members
}

func memberFormsOf(t reflect.Type, to shape.Direction) *memberForms {
	x, found := shape.Of(t), false
	if x.IsWrapped() {
		return nil // an Opt writes itself
	}
	if words := to.UnreachableIn(t); words != "" {
		return &memberForms{fault: errors.New("json: " + t.String() + " " + words), isWritten: true}
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	formOf := func(s shape.Site) *text.TimeForm {
		form, ok := timeForm(s)
		if !ok {
			return nil
		}
		found = true
		return &form
	}
	members := shape.WrittenMembers(t, nil)
	forms := memberForms{
		byName:    make(map[string]*text.TimeForm, len(members.List)),
		isWritten: x.Writes == shape.Struct,
		isRead:    x.Reads == shape.Struct,
	}
	for i := range members.List {
		m := &members.List[i]
		forms.byName[m.Name] = formOf(m.Site)
		if to.LeavesOutMember(m) && forms.visible == nil && forms.isWritten {
			forms.visible, found = visibleOf(&members, to), true
		}
	}
	if members.Rest != nil {
		forms.rest = formOf(members.Rest.Values)
	}
	if !found {
		return nil
	}
	return &forms
}

// maxNesting bounds what is around a time: a type may hold itself.
const maxNesting = 16

// timeForm returns the form of the times at a site, if they are not written as the
// engine writes them.
func timeForm(s shape.Site) (text.TimeForm, bool) {
	if s.Rules.Format == "" || s.Rules.Format == "date-time" {
		return text.TimeForm{}, false
	}
	x := s.Type
	for range maxNesting {
		if x.Writes == shape.Time {
			return text.TimeFormOf(s.Rules.Format)
		}
		if !x.IsContainer() {
			break
		}
		x = x.Elem()
	}
	return text.TimeForm{}, false
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
func parseTime(raw json.RawMessage, form text.TimeForm) (time.Time, error) {
	plain := string(raw)
	switch {
	case raw.Kind() == 'n':
		return time.Time{}, nil
	case form.IsNumber != (raw.Kind() == '0'):
		return time.Time{}, errTime
	case !form.IsNumber:
		unquoted, err := json.AppendUnquote(nil, raw)
		if err != nil {
			return time.Time{}, err
		}
		plain = string(unquoted)
	}
	t, err := form.Parse(plain)
	if err != nil {
		return time.Time{}, errTime
	}
	return t, nil
}
