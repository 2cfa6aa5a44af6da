package decode

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/shape"
)

// A wrapper reads a value behind a pointer or in an Opt, either of which
// holds null itself.
type wrapper struct {
	open Open
	null func(dst reflect.Value) // nil for a pointer
	elem node
	sent bool // an absent Opt is wrong
}

func (c *compiler) wrapper(s shape.Site) node {
	n := &wrapper{}
	c.add(s, n)
	outer := s.Type.Wraps[0]
	n.open = opener(outer, c.Open)
	if outer.IsOpt {
		n.null, n.sent = c.Null, c.Sent
	}
	n.elem = c.compile(s.Inner())
	return n
}

// An Open returns the value inside pointers and Opts, making the pointers and marking the
// Opts as set on its way.
type Open = func(dst reflect.Value) reflect.Value

// opener returns what opens w; opt opens an Opt.
func opener(w shape.Wrap, opt Open) Open {
	if w.IsOpt {
		return opt
	}
	return func(dst reflect.Value) reflect.Value {
		if dst.IsNil() {
			dst.Set(reflect.New(w.Inner))
		}
		return dst.Elem()
	}
}

// Through returns what opens all pointers and Opts of t; opt opens an Opt.
func Through(t shape.Type, opt Open) Open {
	all := make([]Open, 0, len(t.Wraps))
	for _, w := range t.Wraps {
		all = append(all, opener(w, opt))
	}
	return func(dst reflect.Value) reflect.Value {
		for _, open := range all {
			dst = open(dst)
		}
		return dst
	}
}

func (n *wrapper) read(d *decoding, dst reflect.Value) error {
	if d.kind() != 'n' {
		return n.elem.read(d, n.open(dst))
	}
	if n.null != nil {
		n.null(dst)
	}
	return d.skip()
}

// inside returns the value in v, if there is one.
func (n *wrapper) inside(v reflect.Value) (reflect.Value, bool) {
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

func (n *wrapper) walk(w *walk, v reflect.Value) {
	if n.sent && w.isCheck() && isAbsent(v) {
		w.wrong(sentNull())
		return
	}
	if inner, ok := n.inside(v); ok && !w.skips(n.elem) {
		n.elem.walk(w, inner)
	}
}

func (n *wrapper) nested() []node { return []node{n.elem} }

// A skipped is a member that is readOnly: whatever is sent is passed over.
type skipped struct{ _ byte } // of a size, so that two have two addresses

func (*skipped) read(d *decoding, _ reflect.Value) error { return d.skip() }

func (*skipped) walk(*walk, reflect.Value) {}

func (*skipped) nested() []node { return nil }

// A notNull is a member that null is refused for, though its node would read it.
type notNull struct{ node }

func (n *notNull) nested() []node { return []node{n.node} }

func (n *notNull) read(d *decoding, dst reflect.Value) error {
	if d.kind() != 'n' {
		return n.node.read(d, dst)
	}
	return d.mismatch('n', nil)
}

func (n *notNull) walk(w *walk, v reflect.Value) {
	if o, ok := reflect.TypeAssert[interface{ IsNull() bool }](v.Addr()); ok && w.isCheck() && o.IsNull() {
		w.wrong(isNull())
		return
	}
	n.node.walk(w, v)
}
