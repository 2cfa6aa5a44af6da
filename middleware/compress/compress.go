package compress

import (
	"net/http"
	"strings"

	"github.com/tenonkit/tenon/internal/rw"
)

// New returns middleware that compresses response bodies in the coding that the
// client prefers: zstd, gzip, or one added by [Coding]. See the package comment
// for which bodies those are. It panics if an option is at fault.
//
// What it returns may be used around any number of handlers, by any number of
// requests at once, and they share its encoders.
func New(opts ...Option) func(http.Handler) http.Handler {
	c := configure(opts)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.serve(w, r, next) })
	}
}

// config is what the options come to. It does not change once New has returned.
type config struct {
	minSize int // at least 1
	types   typeSet
	level   level
	codings []*coding // the preferred one first
	varies  rw.Hook   // adds Vary to a response that is not compressed
	faults  []string
}

const defaultMinSize = 1024

func configure(opts []Option) *config {
	c := &config{}
	c.offer("gzip", func() Encoder { return c.level.newGzip() })
	c.offer("zstd", func() Encoder { return c.level.newZstd() })
	for _, opt := range append([]Option{MinSize(defaultMinSize), Types(DefaultTypes()...)}, opts...) {
		if opt.apply != nil {
			opt.apply(c)
		}
	}
	if len(c.faults) > 0 {
		panic("compress: " + strings.Join(c.faults, "\ncompress: "))
	}
	c.varies = func(w *rw.Writer, _ *http.Request, status int) bool {
		h := w.Header()
		if c.classify(w, status) >= unchanged {
			if vary := varyOf(h); vary != "" {
				h["Vary"] = []string{vary}
			}
		}
		return true
	}
	return c
}

// offer puts a coding before the others, or in the place of its namesake.
func (c *config) offer(name string, newEncoder func() Encoder) {
	added := newCoding(name, newEncoder)
	for i, other := range c.codings {
		if other.name == name {
			c.codings[i] = added
			return
		}
	}
	c.codings = append([]*coding{added}, c.codings...)
}

func (c *config) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if r.Method == http.MethodConnect {
		next.ServeHTTP(w, r) // what follows is another protocol
		return
	}
	var wanted *coding
	var mustCode bool
	if !noTransform(r.Header) {
		wanted, mustCode = c.negotiate(r.Header["Accept-Encoding"])
	}
	seen := c.translate(r, wanted)
	if seen != r {
		rw.RecordCopy(w, seen)
		defer rw.BringBack(r, seen)
	}
	own := rw.Wrap(w)
	if wanted != nil {
		x := &writer{below: own, config: c, request: r, coding: wanted, mustCode: mustCode, declared: -1}
		defer x.breakOff()
		next.ServeHTTP(x, seen)
		x.finish(r)
		return
	}
	mark := own.Hook(r, c.varies)
	next.ServeHTTP(own, seen)
	own.Unhook(mark)
	if !own.Started() {
		c.varies(own, r, http.StatusOK)
	}
}
