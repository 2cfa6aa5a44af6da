package compress

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
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
		if status < http.StatusOK && status != http.StatusSwitchingProtocols {
			return true // the final one is classified
		}
		h := w.Header()
		if c.classify(w, status) >= unchanged {
			if vary := varyOf(h); vary != "" {
				h["Vary"] = w.FieldValue(vary)
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

// MinSize sets the size in bytes below which a body is sent as it is. Without it
// that is 1024; 0 is any size but an empty body. A body that is flushed before
// it has reached the size is taken for a long one, and for a client that refuses
// to go without a coding (identity;q=0) every size is large enough. A negative
// size is a fault.
func MinSize(size int) Option {
	return Option{func(c *config) {
		if size < 0 {
			c.faults = append(c.faults, fmt.Sprintf("MinSize: %d is negative", size))
		}
		c.minSize = max(size, 1)
	}}
}

// Types replaces the media types that are compressed, which without it are those
// of [DefaultTypes]. Each is a media type, such as text/html, a whole top-level
// type, text/*, or a structured syntax suffix, +json. An event stream,
// text/event-stream, is compressed only if it is named: text/* leaves it out.
// Anything else is a fault, and no type at all too.
func Types(types ...string) Option {
	types = slices.Clone(types)
	return Option{func(c *config) {
		if len(types) == 0 {
			c.faults = append(c.faults, "Types: no type")
		}
		c.types = make(typeSet, len(types))
		for _, name := range types {
			if !c.types.add(name) {
				c.faults = append(c.faults, fmt.Sprintf("Types: %q is not a media type, nor like text/* or +json", name))
			}
		}
	}}
}

// Balanced compresses at the default level of gzip and of zstd, in place of the
// fastest.
func Balanced() Option { return Option{func(c *config) { c.level = balanced }} }

// Smallest compresses at the level of gzip and of zstd that gives the smallest
// bodies and takes the longest, in place of the fastest.
func Smallest() Option { return Option{func(c *config) { c.level = smallest }} }

// Coding offers a content coding besides gzip and zstd, such as br, or another
// implementation of one of these. Where the client has no preference it comes
// before the codings that were offered earlier. newEncoder is called by the
// goroutines of requests when no encoder is left over from an earlier response;
// the encoder gets its writer by Reset. A name that cannot be that of a coding is
// a fault, and so is a nil function.
func Coding(name string, newEncoder func() Encoder) Option {
	return Option{func(c *config) {
		switch {
		case !header.IsToken(name), name == "*", strings.EqualFold(name, "identity"):
			c.faults = append(c.faults, fmt.Sprintf("Coding: %q is not the name of a content coding", name))
		case newEncoder == nil:
			c.faults = append(c.faults, "Coding: "+name+" has no function")
		}
		c.offer(strings.ToLower(name), newEncoder)
	}}
}
