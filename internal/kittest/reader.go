package kittest

import (
	"io"
	"sync/atomic"
)

// A Broken is a body that ends in a failure. One goroutine reads it; any may
// close it and ask whether it was closed.
type Broken struct {
	rest   string
	err    error
	closed atomic.Bool
}

var _ io.ReadCloser = (*Broken)(nil)

// BrokenReader returns a body that yields data and then fails with err, on
// this read and every later one.
func BrokenReader(data string, err error) *Broken { return &Broken{rest: data, err: err} }

// Read yields what is left of the data, then the error.
func (b *Broken) Read(p []byte) (int, error) {
	if b.rest == "" {
		return 0, b.err
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// Close records the call and returns nil.
func (b *Broken) Close() error {
	b.closed.Store(true)
	return nil
}

// Closed reports whether Close has been called.
func (b *Broken) Closed() bool { return b.closed.Load() }
