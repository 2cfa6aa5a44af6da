package compress

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
)

// New returns middleware that compresses response bodies in the coding that the client
// prefers: zstd, gzip, or one of [Coding]. The package documentation says which bodies
// are compressed. New panics if an option is wrong. The middleware may be used around
// several handlers and by many requests at once, which share its encoders.
func New(opts ...Option) func(http.Handler) http.Handler {
	c := configure(opts)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.serve(w, r, next) })
	}
}

// config holds the options. It does not change after New.
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
		if status < http.StatusOK && status != http.StatusSwitchingProtocols {
			return true // the final one is classified
		}
		h := w.Header()
		if c.classify(w, h, status) >= unchanged {
			if vary := varyOf(h); vary != "" {
				h["Vary"] = w.FieldValue(vary)
			}
		}
		return true
	}
	return c
}

// offer puts a coding before the others, or replaces the one of its name.
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
	if accepted := r.Header["Accept-Encoding"]; len(accepted) > 0 && !noTransform(r.Header) {
		wanted, mustCode = c.negotiate(accepted)
	}
	seen := c.translate(r, wanted)
	if seen != r {
		rw.RecordCopy(w, seen)
		defer rw.BringBack(r, seen)
	}
	if wanted == nil {
		rw.Wrap(w).Around(next, r, seen, c.varies)
		return
	}
	x := newWriter(w)
	x.config, x.request, x.coding, x.mustCode = c, r, wanted, mustCode
	defer x.breakOff()
	next.ServeHTTP(x, seen)
	x.finish()
}

// Option changes what [New] compresses, and how. The zero value changes nothing.
type Option struct{ apply func(*config) }

// MinSize sets the smallest size in bytes of a body that is compressed. The default is
// 1024. Zero compresses every body that is not empty. A body that is flushed before it
// reaches the size is compressed, and so is every body for a client that refuses identity
// (identity;q=0). A negative size is a fault.
func MinSize(size int) Option {
	return Option{func(c *config) {
		if size < 0 {
			c.faults = append(c.faults, fmt.Sprintf("MinSize: %d is negative: give a size in bytes, 0 or more", size))
		}
		c.minSize = max(size, 1)
	}}
}

// Types replaces the media types that are compressed. The default is [DefaultTypes]. Each
// one is a media type such as text/html, a top-level type such as text/*, or a structured
// syntax suffix such as +json. An event stream is compressed only if text/event-stream is
// named: text/* does not include it. Anything else is a fault, and so is an empty list.
func Types(types ...string) Option {
	types = slices.Clone(types)
	return Option{func(c *config) {
		if len(types) == 0 {
			c.faults = append(c.faults, "Types: no type: give at least one, such as text/*")
		}
		c.types = make(typeSet, len(types))
		for _, name := range types {
			if !c.types.add(name) {
				c.faults = append(c.faults, fmt.Sprintf("Types: %q: give a media type such as text/html, text/* or +json", name))
			}
		}
	}}
}

// Balanced compresses at the default level of gzip and of zstd. Without it they use the
// fastest one.
func Balanced() Option { return Option{func(c *config) { c.level = balanced }} }

// Smallest compresses at the level of gzip and of zstd with the smallest bodies, which is
// the slowest. Without it they use the fastest one.
func Smallest() Option { return Option{func(c *config) { c.level = smallest }} }

// Coding adds a content coding such as br, or another implementation of gzip or zstd. If
// the client has no preference, it comes before the codings that were added earlier.
// newEncoder is called on the goroutine of a request if no encoder of an earlier response
// is free; Reset gives the encoder its writer. A name that is not valid for a coding and
// a nil function are faults.
func Coding(name string, newEncoder func() Encoder) Option {
	return Option{func(c *config) {
		switch {
		case !header.IsToken(name), name == "*", strings.EqualFold(name, "identity"):
			c.faults = append(c.faults, fmt.Sprintf("Coding: %q is not the name of a content coding: give one such as br", name))
		case newEncoder == nil:
			c.faults = append(c.faults, "Coding: "+name+" has a nil function: give it one that returns an encoder")
		}
		c.offer(strings.ToLower(name), newEncoder)
	}}
}
