package bind

import (
	"bytes"
	"reflect"
	"sync"
)

// A jsonPlan decodes JSON into values of one type. It is a tree of nodes, with
// cycles where the type refers to itself, and is not changed once compiled.
type jsonPlan struct {
	root jsonNode
	// reach holds the nodes at or below which there is a Validate method; nil
	// where there is none.
	reach map[jsonNode]bool
	pool  sync.Pool // of *decoding
}

// A jsonNode decodes and checks the values of one type under one set of
// constraints.
type jsonNode interface {
	// read reads the next JSON value into dst, which is settable and zero. What
	// is wrong with the value is recorded in d; the error ends the decoding.
	read(d *decoding, dst reflect.Value) error
	// check checks the constraints on the stored value v, which is addressable.
	check(w *walk, v reflect.Value)
	// validate calls the Validate methods in v, which is addressable and was not
	// read by read.
	validate(w *walk, v reflect.Value)
	// nested returns the nodes of the values inside.
	nested() []jsonNode
}

// compileJSON compiles the plan that decodes JSON into values of type t. The
// faults of the declaration go to f, with Go field paths that start at path.
func compileJSON(f *faults, path string, t reflect.Type, tag reflect.StructTag, strict bool) *jsonPlan {
	c := &jsonCompiler{faults: f, strict: strict, nodes: map[jsonKey]jsonNode{}}
	p := &jsonPlan{root: c.compile(path, t, tag, false)}
	p.reach = c.reach()
	return p
}

// decode reads the one JSON value in body into dst, which is settable and zero.
// The body stays unread. Every fault is recorded in errs, and in late what Validate
// methods refuse, which counts where errs stays empty. The error is the engine's
// own, where the text is not JSON: it may quote the text and is not for the
// client.
func (p *jsonPlan) decode(body *bytes.Buffer, dst reflect.Value, errs, late *collector) error {
	d, _ := p.pool.Get().(*decoding)
	if d == nil {
		d = new(decoding)
	}
	d.start(body, errs, late)
	err := p.root.read(d, dst)
	if err == nil {
		err = d.end()
	}
	err = d.broken(err)
	if d.release() {
		p.pool.Put(d)
	}
	return err
}

// check checks every constraint on the value v, which something else than decode
// has stored. A zero value of a field that may be absent counts as absent.
func (p *jsonPlan) check(v reflect.Value, errs *collector) {
	p.root.check(&walk{errs: errs}, v)
}

// validate calls the Validate methods of v and of the values in it, the inner
// ones first, where something else than decode has stored them.
func (p *jsonPlan) validate(v reflect.Value, errs *collector) {
	if p.reach != nil {
		p.root.validate(&walk{errs: errs, reach: p.reach}, v)
	}
}
