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
	requests                    [][]int          // fields of type *http.Request
	body                        *body            // nil where nothing is read from the body
	structs                     []*checkedStruct // what checks itself, other than single values and the body
	isEmpty                     bool             // nothing is read or checked
	onlyPath                    bool             // no more than path values is read or checked
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
	c := &compiler{faults: &faults{}, config: config, typ: t}
	c.in(t)
	c.faults.panicIfAny(t)
	p := &c.plan
	p.onlyPath = p.body == nil && len(p.query.params)+len(p.header.params)+len(p.cookie.params)+len(p.requests) == 0 &&
		len(p.structs)+len(config.validate) == 0 && !config.strict &&
		!slices.ContainsFunc(p.path.params, func(p *param) bool { return p.noted })
	p.isEmpty = p.onlyPath && len(p.path.params) == 0
	return p
}

type compiler struct {
	faults *faults
	config *config
	typ    reflect.Type // the In
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
	fromSources := base.Kind() == reflect.Struct && hasSources(base, nil)
	switch {
	case t.Kind() == reflect.Struct && t.NumField() == 0:
		c.checked(t)
	case fromSources && base != t:
		c.faults.add(t.String(), "is not bound as a whole: use %s", base)
	case fromSources:
		c.compileAll(c.fields(t, goPath(t), nil), c.field)
		c.checked(t)
		c.finish()
	default:
		c.bodies = []bodyField{{path: goPath(t), typ: t, kinds: []string{"json"}}}
		c.finish()
	}
}

// checked notes that the In type t checks itself, if it does.
func (c *compiler) checked(t reflect.Type) {
	if self := selfChecks(c.faults, goPath(t), t, false); len(self) > 0 {
		c.plan.structs = append(c.plan.structs, &checkedStruct{self: self, always: true})
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

// A declared is a field with a source tag, before it is known to be visible, or
// one without that is at fault.
type declared struct {
	tag.Field
	path   string
	index  []int
	field  reflect.StructField
	faults []string
	broken bool // it cannot be compiled
}

func newDeclared(path string, index []int, f reflect.StructField, d tag.Field, wrong []string) declared {
	return declared{d, path, index, f, append(wrong, tag.NearMisses(f)...), len(wrong) > 0}
}

// fields collects the fields with a source of the struct t, which stands at index
// in In, and of the structs embedded in it.
func (c *compiler) fields(t reflect.Type, path string, index []int) (all []declared) {
	for f := range t.Fields() {
		fieldPath := path + "." + f.Name
		at := append(slices.Clip(index), f.Index...)
		d, wrong := tag.Read(f)
		switch {
		case d.Source != "":
			all = append(all, newDeclared(fieldPath, at, f, d, wrong))
		case isRequest(f):
			c.plan.requests = append(c.plan.requests, at)
		case isEmbedded(f) && hasSources(f.Type, nil):
			all = append(all, c.fields(f.Type, fieldPath, at)...)
		case isEmbeddedPointer(f) && hasSources(f.Type.Elem(), nil):
			all = append(all, atFault(fieldPath, "is an embedded pointer: embed the struct itself"))
		default:
			all = append(all, unbound(fieldPath, f)...)
		}
	}
	return all
}

func atFault(path, words string) declared {
	return declared{path: path, faults: []string{words}, broken: true}
}

// unbound returns what is wrong with a field without a source that looks bound,
// if it does. It may be a struct, embedded for fields that look so.
func unbound(path string, f reflect.StructField) []declared {
	if words := tag.Unbound(f); words != "" {
		return []declared{atFault(path, words)}
	}
	if !isEmbedded(f) && !isEmbeddedPointer(f) || f.Tag.Get("json") == "-" {
		return nil
	}
	inner := f.Type
	if inner.Kind() == reflect.Pointer {
		inner = inner.Elem()
	}
	name := looksBound(inner, nil)
	if name == "" {
		return nil
	}
	return []declared{atFault(path, "is embedded beside fields that have a source, and no request fills its field "+name+
		`, which looks bound: give the embedded struct a name and the tag body:"json", or write json:"-"`)}
}

// looksBound returns the name of the first field of t, or of a struct embedded in
// it, that looks bound by its tags; "" if there is none.
func looksBound(t reflect.Type, outer []reflect.Type) string {
	if slices.Contains(outer, t) {
		return ""
	}
	outer = append(slices.Clip(outer), t)
	for f := range t.Fields() {
		if f.IsExported() && tag.Unbound(f) != "" {
			return f.Name
		}
		if !isEmbedded(f) && !isEmbeddedPointer(f) {
			continue
		}
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if name := looksBound(inner, outer); name != "" {
			return name
		}
	}
	return ""
}

// compileAll compiles the fields that no other one hides.
func (c *compiler) compileAll(all []declared, compile func(declared)) {
	place := func(f declared) (string, int) { return f.Key(), len(f.index) }
	for _, f := range tag.Visible(all, place) {
		for _, words := range f.faults {
			c.faults.add(f.path, "%s", words)
		}
		if !f.broken {
			compile(f)
		}
	}
}

// field compiles one field with a source.
func (c *compiler) field(f declared) {
	if f.Source == tag.Body {
		c.bodies = append(c.bodies, bodyField{f.path, f.index, f.field.Type, f.field.Tag, f.Kinds})
		return
	}
	if f.Deep && tag.IsGroup(f.field.Type) {
		c.deep(f)
		return
	}
	if f.Source == tag.Form && c.upload(f.path, f.index, f.field, f.Field) {
		return
	}
	if p := c.param(f.path, f.index, f.field, f.Field); p != nil {
		c.put(f.path, p)
	}
}

// deep compiles a struct whose fields are the parameters name[field], by their
// query names.
func (c *compiler) deep(f declared) {
	known, faulty, t := len(c.plan.query.params), len(c.faults.list), f.field.Type
	c.compileAll(deepFields(t, f.path, f.index), func(inner declared) {
		if p := c.param(inner.path, inner.index, inner.field, f.Inside(inner.Field)); p != nil {
			c.put(inner.path, p)
		}
	})
	params := c.plan.query.params[known:]
	if len(params) == 0 && len(c.faults.list) == faulty {
		c.faults.add(f.path, "has the option deep and no field with a query tag")
	}
	self := selfChecks(c.faults, f.path, t, false)
	if len(self) == 0 {
		return
	}
	s := &checkedStruct{index: f.index, self: self}
	for _, p := range params {
		p.noted = true
		s.always = s.always || p.fallback != nil
	}
	c.plan.structs = append(c.plan.structs, s)
}

// deepFields is fields for the struct t of a parameter with the option deep.
func deepFields(t reflect.Type, path string, index []int) (all []declared) {
	for f := range t.Fields() {
		fieldPath, at := path+"."+f.Name, append(slices.Clip(index), f.Index...)
		d, wrong := tag.Read(f)
		switch {
		case d.Source == "" && isEmbedded(f) && tag.IsTagged(f.Type):
			all = append(all, deepFields(f.Type, fieldPath, at)...)
		case d.Source == "":
			all = append(all, unbound(fieldPath, f)...)
		default:
			if d.Source != tag.Query || d.Deep {
				wrong = append(wrong, "needs a query tag without deep")
			}
			all = append(all, newDeclared(fieldPath, at, f, d, wrong))
		}
	}
	return all
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
