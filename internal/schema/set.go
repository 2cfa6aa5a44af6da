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
	all    []*component // in the order of first use
	queue  []*component // their schemas are not built yet
	taken  map[string]bool
	// patterns has the pattern of a tag by the pattern in the document.
	patterns map[string]string
	// The component that is being described, or nil and the id of the operation.
	within    *component
	operation string
	// usesBase means that a schema refers to the Base.
	usesBase bool
}

// A Config has what a [Set] is given.
type Config struct {
	// Stated has the schemas that are stated for types, as JSON.
	Stated map[reflect.Type]string
	// Base is a type that others extend.
	Base Base
	// Fault takes the faults of types.
	Fault func(words string)
}

// A Base is a component with a given schema. Other types extend it by embedding it.
type Base struct {
	Type reflect.Type
	// Name is the name of the component, and Schema its schema as JSON.
	Name, Schema string
	// Members are the names that no extension can have.
	Members []string
	// IsExtended reports whether a type embeds a Base.
	IsExtended func(reflect.Type) bool
}

// NewSet returns an empty Set.
func NewSet(c Config) *Set {
	return &Set{Config: c, byType: map[componentKey]*component{}, taken: map[string]bool{c.Base.Name: true}, patterns: map[string]string{}}
}

// A Use says where a type is used. The zero Use is an answer.
type Use struct {
	// Request means that a request has the values.
	Request bool
	// Lax means that a request may have unknown names, which are skipped. If one use of a
	// component is Lax, the component is.
	Lax bool
}

// A componentKey tells components apart.
type componentKey struct {
	typ       reflect.Type
	isRequest bool
	isPatch   bool // the component is of merge patches, which only requests have
}

// A component is a type with a schema of its own, in requests or in answers.
type component struct {
	componentKey

	use    Use
	schema *Schema
	refs   []*Schema
	name   string
	// The ids of operations and the components that refer to it.
	operations []string
	around     []*component
}

// Begin starts the operation with this id. The schemas that follow belong to it.
func (x *Set) Begin(operation string) { x.operation = operation }

// Refer returns a reference to the component of t, and adds the component if it is new.
func (x *Set) Refer(t reflect.Type, u Use) *Schema {
	return x.refer(componentKey{typ: t, isRequest: u.Request}, u)
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
	// The name is known only after all types are.
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

// Settle builds and names the schemas of all components, and returns them in no particular
// order. Call it once, after all other methods.
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

// Patterns returns the patterns of tags by the patterns of the schemas.
func (x *Set) Patterns() map[string]string { return x.patterns }

func (x *Set) fault(format string, args ...any) { x.Fault(fmt.Sprintf(format, args...)) }

// Calling runs call, which calls code of the user. A panic is a fault that begins with words.
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

// overridden returns the schema that a type states, or that is stated for it. It is a
// reference if the type has a name.
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

// override returns the text of the schema that t states by its own method. A method that comes
// from an embedded field does not count.
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
