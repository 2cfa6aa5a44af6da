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
// answers the same request again with what it has answered then; see the package comment
// for the rules. Methods other than these two pass, and so does a request without a key,
// unless there is [Require].
//
// scope returns whose keys those of a request are: the user, the tenant, the API key. Two
// scopes never see the answers of one another. It is asked for requests with a key alone,
// and its "" refuses the request with 401. So the middleware stands inside of what finds
// out who sends a request, and inside of compress.
//
// What New returns may be used around any number of handlers, by any number of requests
// at once. New panics, with everything that is wrong at once, if store or scope is nil or
// an option is at fault.
func New(store Store, scope func(*http.Request) string, opts ...Option) func(http.Handler) http.Handler {
	c := config{store: store, scope: scope, ttl: defaultTTL, maxAnswer: defaultMaxAnswer}
	if option.IsNil(store) {
		c.fault("the store is nil; give it that of NewMemory, or another one")
	}
	if scope == nil {
		c.fault("the scope is nil; give it a function that returns who sends a request")
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

// config is what the arguments come to.
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

// An Option changes what [New] asks for and keeps. The zero Option changes nothing.
type Option struct{ apply func(*config) }

// TTL is how long an answer is kept, from its end on: 24 hours without it. Later the key is
// a new one, so d has to be longer than clients go on with their retries. A d that is not
// positive is a fault.
func TTL(d time.Duration) Option {
	return Option{func(c *config) {
		if d <= 0 {
			c.fault("TTL of %v, which has to be positive", d)
		}
		c.ttl = d
	}}
}

// MaxAnswer is how many bytes of a body are kept, and held back until the handler has
// returned: 256 KiB without it. A longer body is sent as it comes and is not kept. With 0
// only answers without a body are kept. A negative n is a fault.
func MaxAnswer(n int) Option {
	return Option{func(c *config) {
		if n < 0 {
			c.fault("MaxAnswer of %d bytes, where 0 is the least", n)
		}
		c.maxAnswer = n
	}}
}

// Require refuses a POST or PATCH without a key with 400.
func Require() Option { return Option{func(c *config) { c.required = true }} }

// KeyFrom returns the key of the request whose context ctx is, without quotation marks: ""
// if it has none, or is not one that this middleware has let run. A unique column for it,
// together with the scope, makes a handler that runs twice for one key change something
// once; see the package comment.
func KeyFrom(ctx context.Context) string {
	if of, ok := ctx.Value(contextKey{}).(*operation); ok {
		return of.key
	}
	return ""
}

type contextKey struct{}

// An operation is what a context has.
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
		respond.Error(w, r, respond.NewProblem(http.StatusUnauthorized, "an "+keyField+" needs a client that is known"))
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

// isTouched reports whether requests of the method are not idempotent by themselves (RFC
// 9110, section 9.2.2).
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

// run lets the handler answer, and keeps its answer before that is sent.
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
