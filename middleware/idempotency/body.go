package idempotency

import (
	"crypto/sha256"
	"hash"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
)

// A bodySum identifies a body.
type bodySum struct {
	digest [sha256.Size]byte
	length int64
}

// drainLimit is how much is read of what a handler has left of its body. It is the limit
// that package bind has for a whole body.
const drainLimit = 1 << 20

// A body is the body of the request that runs. It is hashed while the handler reads it. A
// late reader, such as the transport of a proxy, may read while it is drained.
type body struct {
	source io.ReadCloser
	closed atomic.Bool
	whole  atomic.Pointer[bodySum] // once it was read to its end

	mu     sync.Mutex
	hash   hash.Hash
	length int64
}

func newBody(r *http.Request) *body {
	b := &body{source: r.Body, hash: sha256.New()}
	if r.Body == nil || r.Body == http.NoBody {
		b.finish()
	}
	return b
}

// Read reads for the handler.
func (b *body) Read(p []byte) (int, error) {
	if b.closed.Load() {
		return 0, http.ErrBodyReadAfterClose
	}
	return b.read(p)
}

// Close ends the reading of the handler. The rest must still be hashed, and net/http
// closes its body by itself.
func (b *body) Close() error {
	b.closed.Store(true)
	return nil
}

func (b *body) read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := b.source.Read(p)
	b.hash.Write(p[:n])
	b.length += int64(n)
	if err == io.EOF && b.whole.Load() == nil {
		b.finish()
	}
	return n, err
}

func (b *body) finish() {
	sum := &bodySum{length: b.length}
	b.hash.Sum(sum.digest[:0])
	b.whole.Store(sum)
}

// drain reads what the handler has left, and returns the sum of the whole body. It is nil
// if the body does not end within the limit, or cannot be read.
func (b *body) drain() *bodySum {
	if b.whole.Load() == nil {
		_, _ = io.Copy(io.Discard, io.LimitReader(drained{b}, drainLimit+1)) // the sum tells
	}
	return b.whole.Load()
}

type drained struct{ *body }

// Read reads even if the handler has closed the body.
func (d drained) Read(p []byte) (int, error) { return d.read(p) }

// matches reads the body of another request and reports whether it has this sum.
func (sum *bodySum) matches(r *http.Request) (bool, error) {
	if r.ContentLength >= 0 && r.ContentLength != sum.length {
		return false, nil
	}
	own := sha256.New()
	length := int64(0)
	if r.Body != nil {
		var err error
		// One byte more shows that the body goes on.
		if length, err = io.Copy(own, io.LimitReader(r.Body, sum.length+1)); err != nil {
			return false, err
		}
	}
	return length == sum.length && [sha256.Size]byte(own.Sum(nil)) == sum.digest, nil
}
