package client

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"sync"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/nethttp"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/internal/params"
	"github.com/tenonkit/tenon/internal/pattern"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/respond"
)

// An operation is a compiled [tenon.Op]: how to write its In and read its Out. Each
// client compiles it once. It does not change afterwards and is safe for concurrent use.
type operation struct {
	method, pattern string
	fault           error // of the declaration

	check    func(in reflect.Value) error // what package bind would refuse
	in       *shape.In
	host     string // of the pattern
	segments []pattern.Segment
	body     *body // nil if no body is sent
	accept   string
	answers  []*answer // the outcomes, those with a fixed status first
	unread   error     // why the Out cannot be read
	scratch  sync.Pool // of *scratch
}

// An opKey identifies an operation. The options of an Op are in a variable of the
// program, so the address of the first one identifies them.
type opKey struct {
	method, pattern string
	in, out         reflect.Type
	options         *tenon.Option
	n               int
}

// maxOperations limits the operations that are kept. A program declares fewer Ops, unless
// it makes them at run time.
const maxOperations = 10_000

// operationOf returns the compiled op.
func operationOf[In, Out any](c *Client, op *tenon.Op[In, Out]) *operation {
	key := opKey{op.Method, op.Pattern, reflect.TypeFor[In](), reflect.TypeFor[Out](), nil, len(op.Options)}
	if key.n > 0 {
		key.options = &op.Options[0]
	}
	return c.operation(&key, op.Options)
}

// operation returns the compiled Op for the key and the options.
func (c *Client) operation(key *opKey, opts []tenon.Option) *operation {
	c.mu.RLock()
	known := c.operations[*key]
	c.mu.RUnlock()
	if known != nil {
		return known
	}
	o := newOperation(key, opts)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.operations) < maxOperations {
		c.operations[*key] = o
	}
	return o
}

func newOperation(key *opKey, opts []tenon.Option) *operation {
	o := &operation{method: key.method, pattern: key.pattern, segments: pattern.Parse(key.pattern)}
	o.host, _ = pattern.Split(key.pattern)
	o.scratch.New = func() any { return new(scratch) }
	set := option.Lists(opts)
	in, check, inErr := bind.CompileCheck(key.in, set)
	responder, outErr := respond.CompileType(key.out, set)
	if o.fault = errors.Join(o.target(), inErr, outErr); o.fault != nil {
		o.fault = o.failed(o.fault)
		if inErr == nil {
			o.body, _ = newBody(in.Body) // refused closes it
		}
		return o
	}
	o.check, o.in = check, in
	if o.body, o.fault = newBody(o.in.Body); o.fault != nil {
		o.fault = o.failed(o.fault)
	}
	o.answers, o.unread = answersOf(responder.Describe(key.out))
	if media, ok := streamTypeOf(key.out); ok {
		o.accept = acceptOfStream(media)
	} else {
		o.accept = acceptOf(responder.Describe(key.out))
	}
	return o
}

// target returns the fault of the method or the pattern.
func (o *operation) target() error {
	if _, err := http.NewRequest(o.method, "/", http.NoBody); err != nil || o.method == "" { //nolint:noctx // it is not sent
		return fmt.Errorf("the Op has the invalid method %q: write one, such as GET", o.method)
	}
	if err := nethttp.Register(http.NewServeMux().Handle, o.method+" "+o.pattern, http.NotFoundHandler()); err != nil {
		return fmt.Errorf("the Op has the invalid pattern %q: %s", o.pattern, nethttp.PatternFault(err))
	}
	return nil
}

// failed returns err preceded by the operation. It does not unwrap to err, so a handler
// that returns it does not answer with the status of err.
func (o *operation) failed(err error) error {
	return fmt.Errorf("client: %s %s: %w", o.method, o.pattern, &opaque{err})
}

// An opaque is an error that unwraps to nothing.
type opaque struct{ inner error }

func (e *opaque) Error() string { return e.inner.Error() }

// A scratch is the working space for writing one request.
type scratch struct {
	address params.Address
	form    params.Pairs
	texts   []string
	text    []byte
}

func (s *scratch) reset() {
	s.address.Reset()
	s.form.Reset()
	clear(s.texts)
	s.texts, s.text = s.texts[:0], s.text[:0]
}
