package openapi

import (
	"reflect"
	"slices"
)

// A use says on which side of the exchange a type is met. It grows as routes
// are read.
type use struct {
	in, out bool
	// lax: an input in which unknown names are passed over.
	lax bool
}

func (u use) with(other use) use {
	return use{u.in || other.in, u.out || other.out, u.lax || other.lax}
}

// closed reports whether no name that the type lacks may come.
func (u use) closed() bool { return u.in && !u.lax }

// A component is a type with a schema of its own, which others refer to.
type component struct {
	typ    reflect.Type
	use    use
	schema *schema
	refs   []*schema
	name   string
	// What refers to it: operations by their id, and other components.
	operations []string
	around     []*component
}

// firstOperation returns the first id, by the alphabet, of the operations that have
// the type, be it inside others.
func (c *component) firstOperation() string {
	var ids []string
	seen := map[*component]bool{}
	var visit func(*component)
	visit = func(c *component) {
		if !seen[c] {
			seen[c] = true
			ids = append(ids, c.operations...)
			for _, outer := range c.around {
				visit(outer)
			}
		}
	}
	visit(c)
	return slices.Min(ids)
}

// A registry has the components of a document.
type registry struct {
	byType map[reflect.Type]*component
	all    []*component // in the order in which they were met
	queue  []*component // whose schema is out of date
	// What is being described: a component, or else the operation of this id.
	within    *component
	operation string
}

// refer returns a reference to the component of t, which it makes if need be.
func (g *registry) refer(t reflect.Type, u use) *schema {
	c := g.byType[t]
	if c == nil {
		c = &component{typ: t}
		g.byType[t] = c
		g.all = append(g.all, c)
	}
	if g.within == nil {
		c.operations = append(c.operations, g.operation)
	} else {
		c.around = append(c.around, g.within)
	}
	if wider := c.use.with(u); wider != c.use || c.schema == nil {
		c.use, c.schema = wider, &schema{}
		g.queue = append(g.queue, c)
	}
	// The name is not known before all types are.
	ref := &schema{Ref: "#"}
	c.refs = append(c.refs, ref)
	return ref
}

// settle builds the schemas of all components, with the uses that they have in
// the end, and names them.
func (b *builder) settle() ordered[*schema] {
	g := &b.registry
	for len(g.queue) > 0 {
		c := g.queue[0]
		g.queue = g.queue[1:]
		g.within = c
		c.schema = b.define(c.typ, c.use)
	}
	b.nameAll(g.all)
	schemas := make(ordered[*schema], 0, len(g.all))
	for _, c := range g.all { // build sorts them
		for _, ref := range c.refs {
			ref.Ref = "#/components/schemas/" + c.name
		}
		schemas = append(schemas, member[*schema]{c.name, c.schema})
	}
	return schemas
}
