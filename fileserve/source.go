package fileserve

import (
	"errors"
	"io"
	"io/fs"
	"sync/atomic"
	"syscall"
)

// A source is what a body is sent from.
type source struct {
	// Reader is the body itself if the system can send it, which it does for files
	// that net/http recognizes. Else it is the source, which counts.
	io.Reader

	body   io.Reader
	n      atomic.Int64
	failed bool
}

// systemFile is a file whose own position tells how far it has been sent.
type systemFile interface {
	io.ReadSeeker
	syscall.Conn
}

func (x *source) init(body io.Reader) {
	x.body, x.Reader = body, body
	if _, ok := body.(systemFile); !ok {
		x.Reader = counted{x}
	}
}

// position returns how far the body has been read, while that goes on.
func (x *source) position() int64 {
	if file, ok := x.body.(systemFile); ok {
		if at, err := file.Seek(0, io.SeekCurrent); err == nil {
			return at
		}
	}
	return x.n.Load()
}

// isOwn reports whether it was the body that failed with err, and not the
// connection.
func (x *source) isOwn(err error) bool {
	_, ok := errors.AsType[*fs.PathError](err)
	return ok || x.failed
}

// counted counts what is read from a source, and remembers whether it failed.
type counted struct{ *source }

// Read reads and counts.
func (c counted) Read(p []byte) (int, error) {
	n, err := c.body.Read(p)
	c.n.Add(int64(n))
	if err != nil && !errors.Is(err, io.EOF) {
		c.failed = true
	}
	return n, err
}
