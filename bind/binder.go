package bind

import (
	"bytes"
	"io"
	"net/http"
	"reflect"
	"sync"

	"github.com/tenonkit/tenon/internal/describe"
)

// A Binder binds requests to values of type T. It is made by [For], is not
// changed afterwards, and serves many goroutines at once.
type Binder[T any] struct {
	plan   *plan
	config *config
	pool   sync.Pool // of *scratch[T]

	description func() *describe.Input
}

// For compiles the declaration of T. It panics with every fault that T has, so
// call it at start-up.
func For[T any](opts ...Option) *Binder[T] {
	b := &Binder[T]{config: newConfig(opts)}
	b.plan = compile(reflect.TypeFor[T](), b.config)
	b.description = b.plan.describer(reflect.TypeFor[T](), b.config)
	b.pool.New = func() any {
		s := new(scratch[T])
		s.request.in = reflect.ValueOf(&s.in).Elem()
		s.config = b.config
		return s
	}
	return b
}

// A scratch is the working space of one request.
type scratch[T any] struct {
	in T
	request
}

// A request is what binding one request needs, whatever the type of In.
type request struct {
	in       reflect.Value // settable, zero at the start
	r        *http.Request
	config   *config
	errs     collector
	late     collector // what the Validate methods of values in the body refuse
	form     *form     // that the body was read as, if its struct checks itself
	gathered gathered
	host     [1]string
	buf      bytes.Buffer
	payload  []byte // the body as far as it was read
	body     bodyReader
	piece    io.LimitedReader // of body
	spool    *spool           // the uploads that did not fit in memory
}

// Bind reads r into a T. The error is an [*Error] with status 400, 413 or 415,
// what OnBodyError or a Validate method chose, the context's error where the
// client left while its body was read, or that of a file system which could not
// store an upload. The value shares no memory with other calls.
func (b *Binder[T]) Bind(r *http.Request) (T, error) {
	if b.plan.isEmpty {
		return *new(T), nil
	}
	s, _ := b.pool.Get().(*scratch[T])
	s.r = r
	err := b.plan.bind(&s.request, &s.in)
	in := s.in
	if err != nil {
		in = *new(T)
		s.spool.close()
	}
	s.in = *new(T)
	s.reset(b.plan)
	b.pool.Put(s)
	return in, err
}

// maxBuffer is the largest buffer that is kept for the next request in any case,
// and maxFull one that this request has used a quarter of: large buffers stay as
// long as bodies are large.
const (
	maxBuffer = 64 << 10
	maxFull   = 2 << 20
)

// reset forgets the request that the plan p has bound.
func (b *request) reset(p *plan) {
	b.r, b.errs = nil, collector{}
	if p.onlyPath {
		return
	}
	b.host[0] = ""
	b.gathered.reset()
	b.gathered.forget()
	if p.body == nil {
		return
	}
	b.body, b.piece.R, b.spool = bodyReader{}, nil, nil
	b.late, b.form = collector{}, nil
	if size := b.buf.Cap(); size > maxBuffer && (size > maxFull || len(b.payload) < size/4) {
		b.buf = bytes.Buffer{}
	}
	b.buf.Reset()
	b.payload = nil
}

// bind runs the plan. What refuses the body unread comes first, so that an
// upload of the wrong kind or size is not read for the sake of other errors.
func (p *plan) bind(b *request, in any) error {
	if p.onlyPath {
		b.paths(&p.path)
		return b.errs.refusal()
	}
	var m *mode
	if p.body != nil {
		var err error
		if m, err = p.body.accept(b); err != nil {
			return err
		}
	}
	b.requests(p.in.Requests)
	b.paths(&p.path)
	b.query(&p.query)
	b.headers(&p.header)
	if len(p.cookie.params) > 0 {
		b.cookies(&p.cookie)
	}
	if p.body != nil {
		if err := p.body.read(b, m); err != nil {
			return err
		}
	}
	if err := b.errs.refusal(); err != nil {
		return err
	}
	return p.validate(b, in)
}
