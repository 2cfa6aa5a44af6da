package bind

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"

	"github.com/tenonkit/tenon/internal/tag"
)

// A plan is the compiled declaration of an In type: what to read from where,
// found once at start-up.
type plan struct {
	path, query, header, cookie source
	requests                    [][]int // fields of type *http.Request
	body                        *body   // nil where nothing is read from the body
	validators                  [][]int // structs with a Validate method that the body has not called
	isEmpty                     bool    // nothing is read or checked
	onlyPath                    bool    // no more than path values is read or checked
}

// A source is the parameters of one source, in the order of declaration.
type source struct {
	params []*param
	names  names
}

func (s *source) add(p *param) {
	s.params = append(s.params, p)
	s.names.add(p.name)
}

// compile returns the plan of t, or panics with every fault of t.
func compile(t reflect.Type, config *config) *plan {
	c := &compiler{faults: &faults{}, config: config}
	c.in(t)
	c.faults.panicIfAny(t)
	p := &c.plan
	p.onlyPath = p.body == nil && len(p.query.params)+len(p.header.params)+len(p.cookie.params)+len(p.requests) == 0 &&
		len(p.validators)+len(config.validate) == 0 && !config.strict
	p.isEmpty = p.onlyPath && len(p.path.params) == 0
	return p
}

type compiler struct {
	faults *faults
	config *config
	plan   plan
	form   source // form fields, read from the body
	bodies []bodyField
}

// A bodyField is a field that holds a whole body, or In itself.
type bodyField struct {
	path  string
	index []int
	typ   reflect.Type
	tag   reflect.StructTag
	kinds []string
}

// in compiles the In type t. Without a source in any field it is the JSON body
// itself; without fields it reads nothing.
func (c *compiler) in(t reflect.Type) {
	base, _ := unwrap(t)
	isStruct := base.Kind() == reflect.Struct && !tag.ReadsText(base)
	switch {
	case t.Kind() == reflect.Struct && t.NumField() == 0:
		c.validator(t, nil)
	case isStruct && hasSources(base, nil) && base != t:
		c.faults.add(t.String(), "is not bound as a whole: use %s", base)
	case isStruct && hasSources(base, nil):
		c.fields(t, goPath(t), nil)
		c.validator(t, nil)
		c.finish()
	default:
		c.bodies = []bodyField{{path: goPath(t), typ: t, kinds: []string{"json"}}}
		c.finish()
	}
}

// goPath is where the Go field paths of an In of type t start.
func goPath(t reflect.Type) string {
	if t.Kind() == reflect.Struct {
		return cmp.Or(t.Name(), "struct")
	}
	return t.String()
}

// hasSources reports whether a field of t, or of a struct embedded in it, comes
// from a source. A struct among the outer ones, which embed a pointer to it, has
// been looked at.
func hasSources(t reflect.Type, outer []reflect.Type) bool {
	if slices.Contains(outer, t) {
		return false
	}
	outer = append(outer, t)
	for f := range t.Fields() {
		switch {
		case tag.HasSource(f), isRequest(f):
			return true
		case isEmbedded(f) && hasSources(f.Type, outer):
			return true
		case isEmbeddedPointer(f) && hasSources(f.Type.Elem(), outer):
			return true
		}
	}
	return false
}

func isRequest(f reflect.StructField) bool {
	return f.Type == reflect.TypeFor[*http.Request]() && f.IsExported()
}

func isEmbedded(f reflect.StructField) bool {
	return f.Anonymous && f.Type.Kind() == reflect.Struct
}

func isEmbeddedPointer(f reflect.StructField) bool {
	return f.Anonymous && f.Type.Kind() == reflect.Pointer && f.Type.Elem().Kind() == reflect.Struct
}

// validator notes that the struct t at index checks itself.
func (c *compiler) validator(t reflect.Type, index []int) {
	if hasValidate(t) {
		c.plan.validators = append(c.plan.validators, index)
	}
}

// embedded notes that f, embedded in the struct t, checks itself, unless t has
// overridden the method or inherits it.
func (c *compiler) embedded(path string, index []int, t reflect.Type, f reflect.StructField) {
	switch {
	case hasValidate(t) || !hasValidate(f.Type):
	case !f.IsExported():
		c.faults.add(path, "has a Validate method that cannot be called from outside: give %s one that calls it", t)
	default:
		c.validator(f.Type, index)
	}
}

// fields compiles the fields of the struct t, which stands at index in In.
func (c *compiler) fields(t reflect.Type, path string, index []int) {
	for f := range t.Fields() {
		fieldPath := path + "." + f.Name
		at := append(slices.Clip(index), f.Index...)
		d, wrong := tag.Read(f)
		for _, words := range wrong {
			c.faults.add(fieldPath, "%s", words)
		}
		switch {
		case d.Source != "":
			if len(wrong) == 0 {
				c.field(fieldPath, at, f, d)
			}
		case isRequest(f):
			c.plan.requests = append(c.plan.requests, at)
		case isEmbedded(f):
			c.fields(f.Type, fieldPath, at)
			c.embedded(fieldPath, at, t, f)
		case isEmbeddedPointer(f) && hasSources(f.Type.Elem(), nil):
			c.faults.add(fieldPath, "is an embedded pointer: embed the struct itself")
		}
	}
}

// field compiles one field with a source.
func (c *compiler) field(path string, index []int, f reflect.StructField, d tag.Field) {
	if d.Source == tag.Body {
		c.bodies = append(c.bodies, bodyField{path, index, f.Type, f.Tag, d.Kinds})
		return
	}
	if d.Deep && f.Type.Kind() == reflect.Struct && !tag.ReadsText(f.Type) {
		known, faulty := len(c.plan.query.params), len(c.faults.list)
		c.deepStruct(path, index, f.Type, d)
		if len(c.plan.query.params) == known && len(c.faults.list) == faulty {
			c.faults.add(path, "has the option deep and no field with a query tag")
		}
		c.validator(f.Type, index)
		return
	}
	if d.Source == tag.Form && c.upload(path, index, f, d) {
		return
	}
	if p := c.param(path, index, f, d); p != nil {
		c.put(path, p)
	}
}

// deepStruct compiles the fields of the struct t as parameters name[field], by
// their query names.
func (c *compiler) deepStruct(path string, index []int, t reflect.Type, d tag.Field) {
	for inner := range t.Fields() {
		innerPath, at := path+"."+inner.Name, append(slices.Clip(index), inner.Index...)
		sub, wrong := tag.Read(inner)
		if sub.Source == "" && isEmbedded(inner) {
			c.deepStruct(innerPath, at, inner.Type, d)
			c.embedded(innerPath, at, t, inner)
		}
		if sub.Source == "" && len(wrong) == 0 {
			continue
		}
		if sub.Source != tag.Query || sub.Deep {
			wrong = append(wrong, "needs a query tag without deep")
		}
		for _, words := range wrong {
			c.faults.add(innerPath, "%s", words)
		}
		if len(wrong) > 0 {
			continue
		}
		if p := c.param(innerPath, at, inner, d.Inside(sub)); p != nil {
			c.put(innerPath, p)
		}
	}
}

// put adds p to its source, where no other field may have its name.
func (c *compiler) put(path string, p *param) {
	if p.source == tag.Header {
		p.name = http.CanonicalHeaderKey(p.name)
	}
	s := c.source(p.source)
	if s.names.find(p.name) >= 0 {
		c.faults.add(path, "reads %s %q, which another field reads already", p.source, p.name)
		return
	}
	s.add(p)
}

func (c *compiler) source(name string) *source {
	switch name {
	case tag.Path:
		return &c.plan.path
	case tag.Query:
		return &c.plan.query
	case tag.Header:
		return &c.plan.header
	case tag.Cookie:
		return &c.plan.cookie
	}
	return &c.form
}

// finish compiles the body once all fields are known.
func (c *compiler) finish() {
	for _, extra := range c.bodies[min(1, len(c.bodies)):] {
		c.faults.add(extra.path, "is a second body: a request has one")
	}
	hasForm := len(c.form.params) > 0
	switch {
	case len(c.bodies) > 0 && hasForm:
		c.faults.add(c.bodies[0].path, "is the body, which form fields read as well")
	case len(c.bodies) > 0:
		c.plan.body = c.wholeBody(c.bodies[0])
	case hasForm:
		c.plan.body = c.formBody()
	}
}
