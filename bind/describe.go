package bind

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"sync"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/internal/shape"
)

// Describe returns what the binder reads, for the packages of this module. Do not change it.
func (b *Binder[T]) Describe() *describe.Input { return b.plan.description() }

// Describe returns what the binder reads, for the packages of this module. Do not change it.
func (b *TypeBinder) Describe() *describe.Input { return b.plan.description() }

// DescribeType returns what a binder of the type would read, for the packages of this module.
// No option has to provide the value fields. The error has the faults of the type.
func DescribeType(t reflect.Type) (*describe.Input, error) {
	p, err := compileAlone(t)
	if err != nil {
		return nil, err
	}
	return p.description(), nil
}

// compileAlone compiles a type without options. No option has to provide the value fields.
func compileAlone(t reflect.Type) (*plan, error) {
	config := newConfig(option.Lists[Option]())
	config.isDescribed = true
	return compile(t, config)
}

// GuardValue is [Value] for the packages of this module. If isOptional is set, the field must
// be a pointer or an [Opt]; otherwise it must not be one.
func GuardValue[T any](name string, isOptional bool, f func(r *http.Request) (T, error)) Option {
	if isOptional {
		return provide(name, maybeAbsent, f)
	}
	return provide(name, alwaysPresent, f)
}

// A description is made when somebody asks for it: a program that only answers does not link
// what makes it.
type description struct {
	of     reflect.Type
	config *config
	once   sync.Once
	input  *describe.Input
}

// description returns what the plan reads.
func (p *plan) description() *describe.Input {
	d := p.told
	d.once.Do(func() { d.input = p.describe(d.of, d.config) })
	return d.input
}

func (p *plan) describe(t reflect.Type, config *config) *describe.Input {
	in := &describe.Input{In: p.in, Strict: config.strict, InvalidStatus: config.invalidStatus, Address: p.address(t, config)}
	if p.body != nil {
		in.Body = p.body.describe()
	}
	isTold := func(v shape.Value) bool {
		isConditional := reflect.PointerTo(v.Type.Base).Implements(reflect.TypeFor[describe.Conditional]())
		return len(v.Reads) > 0 && !isConditional
	}
	in.Refuses = len(p.in.Params) > 0 || slices.ContainsFunc(p.in.Values, isTold) || in.Body != nil || len(p.structs) > 0 || len(config.validate) > 0 || config.strict
	return in
}

func (p *body) describe() *describe.Body {
	// An empty body is a valid form if no field is required and the body can only be a form.
	isRequired := func(f shape.Param) bool { return f.IsRequired }
	mayBeEmpty := p.of.IsOptional || p.of.IsForm() && !slices.ContainsFunc(p.of.Fields, isRequired)
	b := &describe.Body{Required: !mayBeEmpty}
	modes := p.modes
	for _, kind := range p.of.Kinds {
		n := 1
		switch kind {
		case shape.KindJSON:
			n = p.values
		case shape.KindForm:
			n = len(p.form.modes()) // urlencoded and, in most cases, multipart
		}
		c := describe.Content{Kind: kind}
		for _, m := range modes[:n] {
			c.MediaTypes = append(c.MediaTypes, p.mediaTypes(m)...)
			b.Typed = b.Typed || m.types != ""
		}
		b.Content, modes = append(b.Content, c), modes[n:]
	}
	return b
}

// mediaTypes returns what chooses the mode m.
func (p *body) mediaTypes(m mode) []string {
	switch {
	case p.of.MediaType == "*" || p.of.MediaType == "" && m.types == "":
		return nil
	case p.of.MediaType != "":
		return []string{p.of.MediaType}
	}
	return []string{m.types}
}

// An addressee is the working space in which an address is bound.
type addressee struct {
	request

	path map[string]string
}

// address returns the function that checks the path values and the query of an address as Bind
// does. It calls only the Validate methods that see nothing but these.
func (p *plan) address(t reflect.Type, config *config) func(path map[string]string, query string) error {
	seen := *p
	seen.structs, seen.values, seen.body = nil, nil, nil
	for _, s := range p.structs {
		if p.isOfAddress(s.index) {
			seen.structs = append(seen.structs, s)
		}
	}
	pool := sync.Pool{New: func() any {
		c, a := *config, &addressee{}
		c.validate = nil
		c.pathValue = func(_ *http.Request, name string) string { return a.path[name] }
		a.config, a.in, a.r = &c, reflect.New(t).Elem(), &http.Request{URL: &url.URL{}}
		return a
	}}
	return func(path map[string]string, query string) error {
		a, _ := pool.Get().(*addressee)
		a.path, a.r.URL.RawQuery = path, query
		a.paths(&p.path)
		a.query(&p.query)
		err := a.refusal()
		if err == nil {
			err = seen.validate(&a.request, nil)
		}
		a.in.SetZero()
		a.gathered.reset()
		a.gathered.forget()
		a.checked = 0
		a.path, a.errs = nil, collector{}
		pool.Put(a)
		return err
	}
}

// isOfAddress reports whether nothing but the path and the query fills the struct at index in
// In.
func (p *plan) isOfAddress(index []int) bool {
	others := slices.Clone(p.in.Requests)
	for _, v := range p.in.Values {
		others = append(others, v.Index)
	}
	sources := []*source{&p.header, &p.cookie}
	if p.body != nil && p.body.form != nil && len(p.body.of.Index) == 0 {
		sources = append(sources, &p.body.form.source)
	} else if p.body != nil {
		others = append(others, p.body.of.Index)
	}
	for _, s := range sources {
		for _, param := range s.params {
			others = append(others, param.index)
		}
	}
	return !slices.ContainsFunc(others, func(at []int) bool {
		return len(at) >= len(index) && slices.Equal(at[:len(index)], index)
	})
}
