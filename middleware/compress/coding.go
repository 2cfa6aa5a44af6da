package compress

import (
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/tenonkit/tenon/internal/header"
)

// Encoder compresses what is written to it. It serves one response at a time, and is used
// again for later ones.
type Encoder interface {
	// Close writes the rest and the end of the compressed body. It does not close the
	// underlying writer.
	io.WriteCloser
	// Flush writes everything so far, so that the client can decode it.
	Flush() error
	// Reset makes the encoder write a new body to w. It is called before the first Write, and
	// with nil after the last use.
	Reset(w io.Writer)
}

// A coding is a content coding with the encoders that wait for a response.
type coding struct {
	name   string
	suffix string // the end of an entity tag, with its quotation mark
	pool   sync.Pool
}

// codec is what is pooled: an encoder with the buffer that readers are copied
// through.
type codec struct {
	Encoder

	buffer []byte
}

func newCoding(name string, newEncoder func() Encoder) *coding {
	return &coding{
		name:   name,
		suffix: "-" + name + `"`,
		pool:   sync.Pool{New: func() any { return &codec{Encoder: newEncoder()} }},
	}
}

func (c *coding) get(w io.Writer) *codec {
	enc, _ := c.pool.Get().(*codec)
	enc.Reset(w)
	return enc
}

// put keeps enc for another response. An encoder that has failed in any way is
// not put back.
func (c *coding) put(enc *codec) {
	enc.Reset(nil)
	c.pool.Put(enc)
}

// copyBufferSize is that of [io.Copy].
const copyBufferSize = 32 << 10

// readFrom compresses all of src. It hides the encoder's own ReadFrom: that of
// zstd reads into a block whose rest is from an earlier response, and a reader
// that panics would leave it like that.
func (enc *codec) readFrom(src io.Reader) (int64, error) {
	if enc.buffer == nil {
		enc.buffer = make([]byte, copyBufferSize)
	}
	return io.CopyBuffer(enc, src, enc.buffer)
}

// level chooses among the levels of both built-in codings.
type level int

const (
	fastest level = iota
	balanced
	smallest
)

func (l level) newGzip() Encoder {
	of := [...]int{fastest: gzip.BestSpeed, balanced: gzip.DefaultCompression, smallest: gzip.BestCompression}
	enc, err := gzip.NewWriterLevel(nil, of[l])
	if err != nil {
		panic(err) // the levels above are valid
	}
	return enc
}

// zstdWindow bounds the memory of an encoder and of the client's decoder. RFC
// 9659 allows up to 8 MiB.
const zstdWindow = 128 << 10

func (l level) newZstd() Encoder {
	of := [...]zstd.EncoderLevel{fastest: zstd.SpeedFastest, balanced: zstd.SpeedDefault, smallest: zstd.SpeedBestCompression}
	enc, err := zstd.NewWriter(nil,
		zstd.WithEncoderLevel(of[l]),
		zstd.WithWindowSize(zstdWindow),
		// With one goroutine the handler's own does the work, and an encoder that is
		// never closed leaks nothing.
		zstd.WithEncoderConcurrency(1),
		zstd.WithLowerEncoderMem(true),
		// A body that was flushed but stayed empty is a frame too.
		zstd.WithZeroFrames(true),
	)
	if err != nil {
		panic(err) // the options above are valid
	}
	return enc
}

// unnamed is the weight of a coding that the client does not name.
const unnamed = -1

// negotiate returns the coding that the client prefers, or nil for none. mustCode reports
// that the client refuses identity.
func (c *config) negotiate(lines []string) (best *coding, mustCode bool) {
	var room [8]int
	named := room[:0]
	for range c.codings {
		named = append(named, unnamed)
	}
	identity, star := unnamed, unnamed
	for name, weight := range header.Codings(lines) {
		switch i := c.index(name); {
		case i >= 0:
			named[i] = max(named[i], weight)
		case name == header.AnyCoding:
			star = max(star, weight)
		case header.IsCoding(name, "identity"):
			identity = max(identity, weight)
		}
	}
	var highest wish
	for i, offered := range c.codings {
		if wish := wishFor(offered, named[i], star); wish.weight > 0 && wish.exceeds(highest) {
			best, highest = offered, wish
		}
	}
	if identity > highest.weight {
		return nil, false
	}
	return best, best != nil && (identity == 0 || identity == unnamed && star == 0)
}

// index returns the place of a coding that is offered, or -1.
func (c *config) index(name string) int {
	for i, offered := range c.codings {
		if header.IsCoding(name, offered.name) {
			return i
		}
	}
	return -1
}

// A wish is the preference of a client for a coding. The rank decides between equal
// weights: first a coding that the client names, then gzip, which a client that sends "*"
// most likely has, then the others.
type wish struct{ weight, rank int }

const (
	others = iota
	gzips
	byName
)

func wishFor(offered *coding, named, star int) wish {
	switch {
	case named != unnamed:
		return wish{named, byName}
	case offered.name == "gzip":
		return wish{star, gzips}
	}
	return wish{star, others}
}

func (w wish) exceeds(other wish) bool {
	return w.weight > other.weight || w.weight == other.weight && w.rank > other.rank
}
