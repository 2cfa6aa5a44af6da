package bind

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/method"
	"github.com/tenonkit/tenon/internal/shape"
)

// A RequestUnmarshaler reads itself from a request. A field of this type needs no tag. The
// method has a pointer receiver:
//
//	type Locale struct{ Tag string }
//
//	func (l *Locale) UnmarshalRequest(r *http.Request) error
//
// It is called for fields of In and of structs embedded in In, on a zero value. In a body the
// type is an ordinary value. An In cannot have the method itself.
//
// The method runs when the parameters are valid and before the body is read. It must not
// read the body, which ParseForm and FormValue of the request do. It checks what it
// reads: a Validate method of the type is not called. Its error is the whole answer, by
// the rules of [respond.Error]: a plain error is a 500. If it returns [ErrAbsent], a
// pointer or an [Opt] stays absent.
//
// Two more methods are optional. RequestParameters() any returns a struct with path,
// query, header and cookie tags: it tells a document what the type reads, and [Strict]
// its names. MarshalRequest(*http.Request) error writes the value into the requests and
// addresses that are made from an In.
type RequestUnmarshaler interface {
	UnmarshalRequest(r *http.Request) error
}

// ErrAbsent says that a request does not have a value. A function of [Value] and the
// method of a [RequestUnmarshaler] return it. A field that is a pointer or an [Opt] then
// stays absent; any other field is a 500.
var ErrAbsent = errors.New("bind: the request does not have the value")

// Value fills the fields of In with the tag value:"name" from f, for example with the current
// user:
//
//	struct {
//		ID   int  `path:"id"`
//		User `value:"user"`
//	}
//
// The field has the type T, a pointer to T, an [Opt] of T, or an interface that T implements.
// Nothing that the client sends gets into it, and its Validate method is not called.
//
// f is called once for each request, when the parameters are valid and before the body is
// read, in the order of the fields. It must not read the body, as [RequestUnmarshaler]
// says. Its error is the whole answer, by the rules of [respond.Error]: a plain error is
// a 500. If f returns [ErrAbsent], a pointer or an Opt stays absent.
//
// These are faults: a field whose name no option provides, a T that does not fit the field, a
// nil f, and one name twice in one list of options. f is not called if no field has its name.
func Value[T any](name string, f func(r *http.Request) (T, error)) Option {
	return provide(name, presenceUnknown, f)
}

// A presence is what is known at start-up of whether requests have a value.
type presence int

const (
	presenceUnknown presence = iota // f decides
	alwaysPresent
	maybeAbsent
)

func provide[T any](name string, known presence, f func(r *http.Request) (T, error)) Option {
	p := &provider{name: name, typ: reflect.TypeFor[T](), presence: known}
	p.get = func(r *http.Request) (reflect.Value, error) {
		v, err := f(r)
		return reflect.ValueOf(&v).Elem(), failure.WithoutNils(err)
	}
	return Option{apply: func(c *config) {
		switch {
		case name == "":
			c.faults.Add("bind.Value", "has no name: give it the name of a value tag, such as user")
		case f == nil:
			c.faults.Add("bind.Value", "has a nil function for %q: give it one that returns the value", name)
			c.provide(*p)
		default:
			c.provide(*p)
		}
	}}
}

// A provider is what [Value] gives.
type provider struct {
	name     string
	typ      reflect.Type
	get      func(r *http.Request) (reflect.Value, error)
	presence presence
	list     int // that the option stands in
}

// provide adds p, which replaces one of its name in an earlier list.
func (c *config) provide(p provider) {
	p.list = c.list
	i := slices.IndexFunc(c.values, func(other provider) bool { return other.name == p.name })
	switch {
	case i < 0:
		c.values = append(c.values, p)
	case c.values[i].list == p.list:
		c.faults.Add("bind.Value", "provides %q twice in one list of options: remove one", p.name)
	default:
		c.values[i] = p
	}
}

// A value fills a field, or all fields of one name.
type value interface{ read(b *request) error }

// readValues fills the fields that the request as a whole fills, if the parameters are
// valid.
func (p *plan) readValues(b *request) error {
	if err := b.refusal(); err != nil {
		return err
	}
	if err := p.validateParams(b); err != nil {
		return err
	}
	for _, v := range p.values {
		if err := v.read(b); err != nil {
			return err
		}
	}
	return nil
}

// values compiles the fields that the request as a whole fills.
func (c *compiler) values(p *plan) {
	named := map[string]*providedValue{}
	for _, of := range c.in.Values {
		if of.Name == "" {
			p.values = append(p.values, &selfValue{of: of, field: fieldOf(of, len(of.Type.Wraps))})
			p.query.others = append(p.query.others, of.Reads...)
			continue
		}
		field, from := c.provided(of)
		switch known := named[of.Name]; {
		case from == nil:
		case known != nil:
			known.fields = append(known.fields, field)
		default:
			named[of.Name] = &providedValue{from, []valueField{field}}
			p.values = append(p.values, named[of.Name])
		}
	}
}

// provided returns how the value of a name gets into its field, and its provider, which is nil
// for a fault.
func (c *compiler) provided(of shape.Value) (valueField, *provider) {
	i := slices.IndexFunc(c.config.values, func(p provider) bool { return p.name == of.Name })
	if i < 0 {
		if !c.config.isDescribed {
			c.faults.Add(of.Path, "has value:%q, which no option provides: %s", of.Name, c.known())
		}
		return valueField{}, nil
	}
	from := &c.config.values[i]
	depth := depthOf(of.Type, from.typ)
	field := fieldOf(of, max(depth, 0))
	switch {
	case depth < 0:
		c.faults.Add(of.Path, "has value:%q and the type %s, but the value has the type %[3]s: use %[3]s", of.Name, of.Type.Go, from.typ)
	case from.presence == maybeAbsent && !field.mayBeAbsent:
		c.faults.Add(of.Path, "has value:%q, which may be absent: use *%s or bind.Opt[%[2]s]", of.Name, from.typ)
	case from.presence == alwaysPresent && depth > 0:
		c.faults.Add(of.Path, "has value:%q, which is never absent: use %s, or make the guard Optional", of.Name, from.typ)
	default:
		return field, from
	}
	return field, nil
}

// known says which values the options provide.
func (c *compiler) known() string {
	if len(c.config.values) == 0 {
		return "add bind.Value, or a guard, of this name"
	}
	names := make([]string, 0, len(c.config.values))
	for _, p := range c.config.values {
		names = append(names, p.name)
	}
	return "the options provide " + strings.Join(names, ", ")
}

// depthOf returns how many pointers and Opts around a t are opened for a value of the type
// to be stored, -1 where it does not fit.
func depthOf(t shape.Type, typ reflect.Type) int {
	if typ.AssignableTo(t.Go) {
		return 0
	}
	for i, w := range t.Wraps {
		if typ.AssignableTo(w.Inner) {
			return i + 1
		}
	}
	return -1
}

// A valueField is where a value goes.
type valueField struct {
	path        string
	index       []int
	open        open // through the pointers and Opts around the value
	mayBeAbsent bool
}

func fieldOf(of shape.Value, depth int) valueField {
	t := of.Type
	t.Wraps = t.Wraps[:depth]
	return valueField{of.Path, of.Index, openOf(t), of.Type.IsWrapped()}
}

// set stores v, or treats the failure to get it.
func (f *valueField) set(b *request, v reflect.Value, err error) error {
	switch {
	case err == nil:
		f.open.into(b.in.FieldByIndex(f.index)).Set(v)
	case !errors.Is(err, ErrAbsent):
		return err
	case !f.mayBeAbsent:
		// The rest of the error could be an answer for the client, and this is a 500.
		return fmt.Errorf("bind: %s is neither a pointer nor a bind.Opt: %w", f.path, ErrAbsent)
	}
	return nil
}

// A providedValue fills the fields of one name.
type providedValue struct {
	from   *provider
	fields []valueField
}

func (v *providedValue) read(b *request) error {
	got, err := v.from.get(b.r)
	for i := range v.fields {
		if err := v.fields[i].set(b, got, err); err != nil {
			return err
		}
	}
	return nil
}

// A selfValue fills the field of a [RequestUnmarshaler].
type selfValue struct {
	of    shape.Value
	field valueField
}

func (v *selfValue) read(b *request) error {
	made := reflect.New(v.of.Type.Base)
	method.Make(made.Elem(), v.of.Ready)
	self, ok := reflect.TypeAssert[RequestUnmarshaler](made)
	if !ok {
		return fmt.Errorf("bind: %s has no UnmarshalRequest", v.of.Path)
	}
	return v.field.set(b, made.Elem(), failure.WithoutNils(self.UnmarshalRequest(b.r)))
}
