package idempotency

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

const (
	defaultTTL       = 24 * time.Hour
	defaultMaxAnswer = 256 << 10
)

// New returns middleware that runs a POST or PATCH with an Idempotency-Key once, and
// gives the same request the same answer again. The package comment has the rules. Other
// methods pass. A request without a key passes too, unless there is [Require].
//
// scope returns the owner of the keys of a request: the user, the tenant or the API key.
// Scopes never see the answers of other scopes. New calls scope only for requests with a
// key. An empty scope is answered 401. So put the middleware inside the authentication,
// and inside compress.
//
// The middleware may be used around several handlers and is safe for concurrent use. New
// panics if store or scope is nil or an option is faulty, and names all faults at once.
func New(store Store, scope func(*http.Request) string, opts ...Option) func(http.Handler) http.Handler {
	c := config{store: store, scope: scope, ttl: defaultTTL, maxAnswer: defaultMaxAnswer}
	if option.IsNil(store) {
		c.fault("the store is nil: pass one, such as NewMemory(0)")
	}
	if scope == nil {
		c.fault("the scope is nil: pass a function that returns the user of a request")
	}
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(&c)
		}
	}
	if len(c.faults) > 0 {
		panic("idempotency: New: " + strings.Join(c.faults, "; "))
	}
	return func(next http.Handler) http.Handler { return &handler{config: c, next: next} }
}

// A config has the arguments of New.
type config struct {
	store     Store
	scope     func(*http.Request) string
	ttl       time.Duration
	maxAnswer int
	required  bool
	faults    []string
}

func (c *config) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

// An Option changes what [New] requires and keeps. The zero Option changes nothing.
type Option struct{ apply func(*config) }

// TTL sets how long an answer is kept after it is complete. The default is 24 hours.
// Later the same key runs again, so d must be longer than clients retry. A d that is not
// positive is a fault.
func TTL(d time.Duration) Option {
	return Option{func(c *config) {
		if d <= 0 {
			c.fault("TTL is %v: pass a positive duration", d)
		}
		c.ttl = d
	}}
}

// MaxAnswer sets how many bytes of a body are held back and kept. The default is 256 KiB.
// A longer body is sent as it comes and is not kept. With 0 only answers without a body
// are kept. A negative n is a fault.
func MaxAnswer(n int) Option {
	return Option{func(c *config) {
		if n < 0 {
			c.fault("MaxAnswer is %d: pass a number of bytes, 0 or more", n)
		}
		c.maxAnswer = n
	}}
}

// Require answers a POST or PATCH without a key with 400.
func Require() Option { return Option{func(c *config) { c.required = true }} }

// KeyFrom returns the key of the request of ctx, without quotation marks. It is "" if the
// request has no key, or if this middleware does not run it. A unique column for the
// scope and the key protects a handler that runs twice for one key: see the package
// comment.
func KeyFrom(ctx context.Context) string {
	if of, ok := ctx.Value(contextKey{}).(*operation); ok {
		return of.key
	}
	return ""
}

type contextKey struct{}

// An operation is the value in a context.
type operation struct{ key, storeKey string }

type handler struct {
	config

	next http.Handler
}

// ServeHTTP implements [http.Handler].
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	lines := r.Header[keyField]
	if !isTouched(r.Method) || len(lines) == 0 && !h.required {
		h.next.ServeHTTP(w, r)
		return
	}
	key, err := parseKey(lines)
	if err != nil {
		respond.Error(w, r, err)
		return
	}
	scope := h.scope(r)
	if scope == "" {
		respond.Error(w, r, respond.NewProblem(http.StatusUnauthorized, "a request with an "+keyField+" needs an authenticated client"))
		return
	}
	of := &operation{key, storeKey(scope, r, key)}
	if outer, ok := r.Context().Value(contextKey{}).(*operation); ok && *outer == *of {
		h.next.ServeHTTP(w, r) // the same middleware further out has it running
		return
	}
	b := newBody(r)
	l, known, err := claim(r.Context(), h.store, of.storeKey, b)
	switch {
	case err != nil:
		respond.Error(w, r, respond.NewProblem(http.StatusServiceUnavailable,
			"it is not known whether this request has run: send it again later, with the same "+keyField).
			WithCause(err).WithHeader("Retry-After", retryAfter))
	case known != nil:
		known.again(w, r)
	default:
		h.run(w, r, of, l)
	}
}

// isTouched reports whether the method is not idempotent by itself (RFC 9110, section
// 9.2.2).
func isTouched(method string) bool { return method == http.MethodPost || method == http.MethodPatch }

// DescribeMiddleware implements [describe.Middleware].
func (h *handler) DescribeMiddleware(method string) describe.Around {
	if !isTouched(method) {
		return describe.Around{}
	}
	return describe.Around{
		Fields: []describe.Field{{
			Name:     keyField,
			Doc:      "A text that is new for every operation, such as a UUID: the same request with the same key runs once, and is answered again.",
			Required: h.required,
		}},
		Failures: []int{http.StatusBadRequest, http.StatusConflict, http.StatusUnprocessableEntity},
	}
}

// run calls the handler, and stores its answer before that is sent.
func (h *handler) run(w http.ResponseWriter, r *http.Request, of *operation, l *lease) {
	inner := r.WithContext(context.WithValue(r.Context(), contextKey{}, of))
	if l.body.whole.Load() == nil {
		inner.Body = l.body
	}
	x := newWriter(w, h.maxAnswer)
	rw.RecordCopy(x, inner)
	defer rw.BringBack(r, inner)
	returned := false
	defer func() { //nolint:contextcheck // it is that of r
		if !returned { // it has panicked, or broken its answer off
			h.report(w, r, l.release(r.Context()))
		}
	}()
	h.next.ServeHTTP(x, inner)
	returned = true
	rec, late := x.finish(r, l.body)
	if rec == nil {
		h.report(w, r, l.release(r.Context()))
	} else {
		h.report(w, r, l.keep(r.Context(), rec, h.ttl))
	}
	if x.state == holds {
		x.send(late)
	}
}

// report logs what a store could not do for a request that has run.
func (*handler) report(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		rw.ReportCause(w, r, "idempotency: the store could not be told what has happened", err)
	}
}
