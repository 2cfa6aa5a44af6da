package schema

import (
	"fmt"
	"reflect"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/method"
)

// A Set makes the schemas of one document. Its components are the types that have a
// schema of their own, which others refer to.
type Set struct {
	Config

	byType map[componentKey]*component
	all    []*component // in the order in which they were met
	queue  []*component // whose schema is out of date
	taken  map[string]bool
	// patterns are those of tags, by what is written of them.
	patterns map[string]string
	// What is being described: a component, or else the operation of this id.
	within    *component
	operation string
	// usesBase says that something refers to the Base.
	usesBase bool
}

// A Config is what a [Set] cannot know of itself.
type Config struct {
	// Stated has the schemas that are stated for types, as JSON.
	Stated map[reflect.Type]string
	// Base is a type that others extend.
	Base Base
	// Fault notes what keeps a type from being described.
	Fault func(words string)
}

// A Base is a component whose schema is given, and which others extend by embedding it.
type Base struct {
	Type reflect.Type
	// Name is that of the component, and Schema what it is, as JSON.
	Name, Schema string
	// Members are the names that no extension can have.
	Members []string
	// IsExtended reports whether values of a type are a Base by one that is embedded.
	IsExtended func(reflect.Type) bool
}

// NewSet returns an empty Set.
func NewSet(c Config) *Set {
	return &Set{Config: c, byType: map[componentKey]*component{}, taken: map[string]bool{c.Base.Name: true}, patterns: map[string]string{}}
}

// A Use says on which side of the exchange a type is met: In a request, or else in an
// answer.
type Use struct {
	In, Out bool
	// Lax is an input in which unknown names are passed over. It counts for all of a
	// component if it is so in one place.
	Lax bool
}

// A componentKey tells components apart.
type componentKey struct {
	typ     reflect.Type
	isIn    bool
	isPatch bool // the component is of merge patches, which are In
}

// A component is a type with a schema of its own on one side, which others refer to.
type component struct {
	componentKey

	use    Use
	schema *Schema
	refs   []*Schema
	name   string
	// What refers to it: operations by their id, and other components.
	operations []string
	around     []*component
}

// Begin says that what follows belongs to the operation of this id.
func (x *Set) Begin(operation string) { x.operation = operation }

// Refer returns a reference to the component of t, which it makes if need be.
func (x *Set) Refer(t reflect.Type, u Use) *Schema {
	return x.refer(componentKey{typ: t, isIn: u.In}, u)
}

func (x *Set) refer(key componentKey, u Use) *Schema {
	c := x.byType[key]
	if c == nil {
		c = &component{componentKey: key, use: u}
		x.byType[key] = c
		x.all = append(x.all, c)
	}
	if x.within == nil {
		c.operations = append(c.operations, x.operation)
	} else {
		c.around = append(c.around, x.within)
	}
	if wider := c.use.Lax || u.Lax; wider != c.use.Lax || c.schema == nil {
		c.use.Lax, c.schema = wider, &Schema{}
		x.queue = append(x.queue, c)
	}
	// The name is not known before all types are.
	ref := &Schema{Ref: "#"}
	c.refs = append(c.refs, ref)
	return ref
}

// ReferBase returns a reference to the Base.
func (x *Set) ReferBase() *Schema {
	x.usesBase = true
	return &Schema{Ref: componentPrefix + x.Base.Name}
}

// componentPrefix stands before the names of components in references.
const componentPrefix = "#/components/schemas/"

// Settle builds the schemas of all components, with the uses that they have in the end,
// and names them. It is called once, last, and returns them in no particular order.
func (x *Set) Settle() Ordered[*Schema] {
	for len(x.queue) > 0 {
		c := x.queue[0]
		x.queue = x.queue[1:]
		x.within = c
		if c.isPatch {
			c.schema = x.definePatch(c.typ, c.use)
		} else {
			c.schema = x.define(c.typ, c.use)
		}
	}
	x.unite()
	x.nameAll()
	schemas := make(Ordered[*Schema], 0, len(x.all)+1)
	for _, c := range x.all {
		for _, ref := range c.refs {
			ref.Ref = componentPrefix + c.name
		}
		schemas = append(schemas, Member[*Schema]{c.name, c.schema})
	}
	if x.usesBase {
		schemas = append(schemas, Member[*Schema]{x.Base.Name, x.parse(x.Base.Type, x.Base.Schema)})
	}
	return schemas
}

// Patterns returns the patterns of tags by the text that schemas have of them.
func (x *Set) Patterns() map[string]string { return x.patterns }

func (x *Set) fault(format string, args ...any) { x.Fault(fmt.Sprintf(format, args...)) }

// Calling calls methods that a user wrote. Their panic is a fault, whose words begin
// with those given.
func (x *Set) Calling(words string, call func()) {
	defer func() {
		if cause := recover(); cause != nil {
			x.fault("%s: %v", words, cause)
		}
	}()
	call()
}

// A describer is a type that states its own schema, as JSON.
type describer interface{ JSONSchema() string }

// overridden returns the schema that a type states, or that is stated for it: a
// reference, or in place where the type has no name of its own.
func (x *Set) overridden(t reflect.Type, u Use) (*Schema, bool) {
	text, ok := x.override(t)
	if !ok {
		return nil, false
	}
	if t.Name() != "" && t.PkgPath() != "" {
		return x.Refer(t, u), true
	}
	return x.parse(t, text), true
}

// override returns the text of the schema that t states by a method of its own: one that
// comes from an embedded field is about that field.
func (x *Set) override(t reflect.Type) (string, bool) {
	if text, ok := x.Stated[t]; ok {
		return text, true
	}
	states := method.Method{
		By:     reflect.TypeFor[describer](),
		Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("JSONSchema") },
	}
	if t.Kind() == reflect.Interface || len(states.From(t)) > 0 {
		return "", false
	}
	d, ok := reflect.TypeAssert[describer](reflect.New(t))
	if !ok {
		return "", false
	}
	text := "{}"
	x.Calling("the method JSONSchema of "+t.String()+" panics on the zero value", func() { text = d.JSONSchema() })
	return text, true
}

// parse returns the schema in text.
func (x *Set) parse(t reflect.Type, text string) *Schema {
	s := &Schema{}
	if err := json.Unmarshal([]byte(text), s); err != nil {
		x.fault("the schema that %s states is not valid: %v", t, err)
	}
	return s
}
