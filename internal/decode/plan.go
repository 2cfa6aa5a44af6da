package decode

import (
	"reflect"
	"sync"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A Plan decodes JSON into values of one type. It is a tree of nodes, with cycles where the
// type refers to itself, is not changed once compiled and serves many goroutines.
type Plan struct {
	root node
	// reach holds the nodes at or below which there is a Validate method; nil where there
	// is none.
	reach map[node]bool
	pool  sync.Pool // of *decoding
	desks int

	byEngine bool
}

// Options say how a plan reads.
type Options struct {
	// Strict refuses members that a struct has no field for.
	Strict bool
	// Open marks an Opt as set and returns the value in it; Null makes it null. They are
	// given the addressable Opt, whose own methods for this are not exported.
	Open Open
	Null func(opt reflect.Value)
	// Sent says that Check is for values that a client is about to send: what the encoder
	// leaves out counts as absent, and it is wrong if a reader would have another value.
	Sent bool
	// Patch says that the plan is for [Plan.Merge]. What a patch cannot be merged into is a
	// fault then.
	Patch bool
	// Engine makes the engine read the tokens. It is the reference for tests, and what
	// the build tag tenon_engine asks for everywhere.
	Engine bool
}

// A Report takes what is wrong with a value.
type Report interface {
	// Wrong takes what is wrong at a place, and reports whether it would take more.
	Wrong(pointer string, wrong *text.Wrong) (more bool)
	// Invalid takes the error of the Validate method of the value at a place. It counts
	// where nothing is wrong in the end.
	Invalid(pointer string, err error)
	// IsSound reports whether a Validate method is still worth calling: nothing is wrong
	// so far, and Invalid would take its error.
	IsSound() bool
}

// A node decodes and checks the values of one type under one set of rules.
type node interface {
	// read reads the next JSON value into dst, which is settable and zero. What is wrong
	// with the value goes to the report of d; the error ends the decoding.
	read(d *decoding, dst reflect.Value) error
	// walk does what w is for on the stored value v, which is addressable and was not read
	// by read, and on the values inside.
	walk(w *walk, v reflect.Value)
	// nested returns the nodes of the values inside.
	nested() []node
}

// Compile compiles the plan that decodes JSON into values of s, and returns what is wrong
// with the declaration; a plan with faults is not to be used.
func Compile(s shape.Site, options Options) (*Plan, shape.Faults) {
	c := &compiler{Options: options, nodes: map[shape.Key]node{}}
	p := &Plan{root: c.compile(s), byEngine: options.Engine}
	p.reach, p.desks = c.reach(), c.desks
	return p, c.faults
}

// Read reads the one JSON value in body into dst, which is settable and zero. What is wrong
// goes to the report. The error is the engine's own, where the text is not JSON: it may
// quote the text and is not for the client. What is stored shares no memory with body.
// Read writes to the first 16 bytes of the capacity behind body; without them it makes a
// copy.
func (p *Plan) Read(body []byte, dst reflect.Value, to Report) error {
	return p.reading(body, to, func(d *decoding) error { return p.root.read(d, dst) })
}

// reading calls read with the working space of a body.
func (p *Plan) reading(body []byte, to Report, read func(d *decoding) error) error {
	d, _ := p.pool.Get().(*decoding)
	if d == nil {
		d = newDecoding(p)
	}
	d.start(body, to)
	err := d.finish(read(d))
	if d.release() {
		p.pool.Put(d)
	}
	return err
}

// A Reader is a [Plan] with the working space for one body at a time and one place that it
// reads them into. It finds the fields of a struct there once, and not for each body.
type Reader struct {
	plan *Plan
	dst  reflect.Value
	work *decoding // nil before the first body, and after one for which it has grown too large
}

// Into returns the Reader of values into dst, which is settable.
func (p *Plan) Into(dst reflect.Value) *Reader { return &Reader{plan: p, dst: dst} }

// Read is [Plan.Read] into the place of r, which is zero.
func (r *Reader) Read(body []byte, to Report) error {
	if r.work == nil {
		r.work = newDecoding(r.plan)
		if n := r.plan.rootObject(); n != nil && n.desk >= 0 {
			r.work.desks[n.desk] = newDesk(n, r.dst, true)
		}
	}
	d := r.work
	d.start(body, to)
	err := d.finish(r.plan.root.read(d, r.dst))
	if !d.release() {
		r.work = nil
	}
	return err
}

// rootObject returns the node of the struct that a whole body is read into, or nil.
func (p *Plan) rootObject() *object {
	switch n := p.root.(type) {
	case *object:
		return n
	case *validated:
		of, _ := n.node.(*object)
		return of
	}
	return nil
}

// Check checks every rule on the value v, which something else than Read has stored. A zero
// value of a field that may be absent counts as absent.
func (p *Plan) Check(v reflect.Value, to Report) { p.root.walk(&walk{report: to}, v) }

// Validate calls the Validate methods of v and of the values in it, the inner ones first,
// where something else than Read has stored them.
func (p *Plan) Validate(v reflect.Value, to Report) {
	if p.reach != nil {
		p.root.walk(&walk{report: to, reach: p.reach}, v)
	}
}

// A compiler builds the nodes of a plan. A node is registered before the nodes inside it are
// built, so that recursive types end.
type compiler struct {
	Options

	faults shape.Faults
	nodes  map[shape.Key]node
	desks  int // how many objects have one
}

// compile returns the node of s.
func (c *compiler) compile(s shape.Site) node {
	if n := c.nodes[s.Key()]; n != nil {
		return n
	}
	if s.Type.IsWrapped() {
		return c.build(s)
	}
	calls := c.validations(s)
	if len(calls) == 0 {
		return c.build(s)
	}
	n := &validated{calls: calls}
	c.nodes[s.Key()] = n
	c.build(s)
	return n
}

func (c *compiler) validations(s shape.Site) []shape.Validation {
	calls, faults := s.Validations()
	c.faults.Append(faults...)
	return calls
}

// build makes the node of s.
func (c *compiler) build(s shape.Site) node {
	switch {
	case s.Type.IsEndless:
		return c.refuse(s, "has type %s, a pointer that only points to itself: use another type", s.Type.Go)
	case s.Type.IsWrapped():
		return c.wrapper(s)
	}
	switch s.Type.Reads {
	case shape.Bool:
		return c.add(s, &boolean{c.leaf(s, "must be true or false")})
	case shape.Int, shape.Uint:
		return c.integer(s)
	case shape.Float:
		return c.float(s)
	case shape.Number:
		return c.number(s)
	case shape.String:
		return c.add(s, &str{c.leaf(s, "must be a string")})
	case shape.Time:
		return c.time(s)
	case shape.Text:
		return c.text(s)
	case shape.Self:
		return c.self(s)
	case shape.Any:
		return c.any(s)
	case shape.Bytes:
		return c.bytes(s)
	case shape.List:
		return c.list(s)
	case shape.Array:
		return c.array(s)
	case shape.Map:
		return c.mapping(s)
	case shape.Struct:
		return c.object(s)
	case shape.Upload:
		return c.refuse(s, `is a bind.File, which comes with a form: write form:"..." on it and on the fields beside it`)
	}
	return c.refuse(s, `has type %s, which no JSON value can be read into: use another type, or write json:"-"`, s.Type.Base)
}

// refuse adds a fault, and a node that stands in.
func (c *compiler) refuse(s shape.Site, words string, args ...any) node {
	c.faults.Add(s.Path, words, args...)
	return c.add(s, &str{})
}

// add registers the node of s, behind its Validate method if there is one.
func (c *compiler) add(s shape.Site, n node) node {
	if v, ok := c.nodes[s.Key()].(*validated); ok {
		v.node = n
		return n
	}
	c.nodes[s.Key()] = n
	return n
}

// reach returns the nodes at or below which there is a Validate method, or nil.
func (c *compiler) reach() map[node]bool {
	var reach map[node]bool
	for _, n := range c.nodes {
		if reachesMethod(n, map[node]bool{}) {
			if reach == nil {
				reach = map[node]bool{}
			}
			reach[n] = true
		}
	}
	return reach
}

func reachesMethod(n node, seen map[node]bool) bool {
	switch n := n.(type) {
	case *validated:
		return true
	case *mapping:
		if len(n.keyCalls) > 0 {
			return true
		}
	}
	if seen[n] {
		return false
	}
	seen[n] = true
	for _, inner := range n.nested() {
		if reachesMethod(inner, seen) {
			return true
		}
	}
	return false
}
