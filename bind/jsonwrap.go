package bind

import "reflect"

// A jsonWrapper reads a value behind a pointer or in an Opt, either of which
// holds null itself.
type jsonWrapper struct {
	open open
	elem jsonNode
}

func (c *jsonCompiler) wrapper(key jsonKey, path string) jsonNode {
	n := &jsonWrapper{}
	c.add(key, n)
	elem, open := unwrapOne(key.typ)
	n.open = open
	seen := map[reflect.Type]bool{key.typ: true}
	for t, step := elem, open; step != nil; t, step = unwrapOne(t) {
		if seen[t] {
			c.faults.add(path, "has type %s, which points to nothing but itself", key.typ)
			n.elem = &jsonString{}
			return n
		}
		seen[t] = true
	}
	n.elem = c.compile(path, elem, key.constraints, key.quoted)
	return n
}

func (n *jsonWrapper) read(d *decoding, dst reflect.Value) error {
	if d.dec.PeekKind() != 'n' {
		return n.elem.read(d, n.open(dst))
	}
	if o, ok := reflect.TypeAssert[opt](dst.Addr()); ok {
		o.setNull()
	}
	return d.dec.SkipValue()
}

// inside returns the value in v, if there is one.
func (n *jsonWrapper) inside(v reflect.Value) (reflect.Value, bool) {
	if v.Kind() == reflect.Pointer {
		return v.Elem(), !v.IsNil()
	}
	o, ok := reflect.TypeAssert[interface {
		IsSet() bool
		IsNull() bool
	}](v.Addr())
	if !ok || !o.IsSet() || o.IsNull() {
		return v, false
	}
	return n.open(v), true
}

func (n *jsonWrapper) check(w *walk, v reflect.Value) {
	if inner, ok := n.inside(v); ok {
		n.elem.check(w, inner)
	}
}

func (n *jsonWrapper) validate(w *walk, v reflect.Value) {
	if inner, ok := n.inside(v); ok && w.reach[n.elem] {
		n.elem.validate(w, inner)
	}
}

func (n *jsonWrapper) nested() []jsonNode { return []jsonNode{n.elem} }
