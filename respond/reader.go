package respond

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/nethttp"
	"github.com/tenonkit/tenon/internal/rw"
)

// peekSize is the size up to which net/http finds the length of a body on HTTP/2. On HTTP/1 it
// is half of that.
const peekSize = nethttp.HeldBack

// sendReader answers with the bytes of p, an [io.Reader] or [io.WriterTo]. It always closes an
// [io.Closer]. If the length is not known, it holds the first bytes back. A body that ends
// within them gets its length, also for HEAD. One that fails within them is a clean 500.
func sendReader(w http.ResponseWriter, r *http.Request, env *envelope, p any) error {
	if closer, ok := p.(io.Closer); ok {
		defer func() { _ = closer.Close() }() // all that was wanted has been read
	}
	if !bodyAllowed(env.status) {
		return sendNothing(w, r, env)
	}
	src, ok := p.(io.Reader)
	if !ok {
		to, _ := p.(io.WriterTo)
		return sendHeld(w, r, env, to)
	}
	length := lengthOf(src)
	if length < 0 {
		return sendHeld(w, r, env, readerTo{src})
	}
	// sendfile(2) needs the length at any size.
	if err := start(w, r, env, content{media: bytesType, length: length, declare: true}); err != nil {
		return refuse(w, r, err)
	}
	if r.Method == http.MethodHead || length == 0 {
		return nil
	}
	n, err := copyReader(w, src, length)
	if err == nil && n < length {
		err = io.ErrUnexpectedEOF
	}
	return endBody(w, r, err, n > 0 || env.status > http.StatusOK)
}

// lengthOf returns how many bytes src has left, or -1 if it cannot tell.
func lengthOf(src io.Reader) int64 {
	switch x := src.(type) {
	case interface{ Len() int }:
		return int64(x.Len())
	case interface {
		io.Seeker
		Size() int64
	}:
		return remaining(x, x.Size())
	case interface {
		io.Seeker
		Stat() (fs.FileInfo, error)
	}:
		if info, err := x.Stat(); err == nil && info.Mode().IsRegular() {
			return remaining(x, info.Size())
		}
	}
	return -1
}

func remaining(s io.Seeker, size int64) int64 {
	offset, err := s.Seek(0, io.SeekCurrent)
	if err != nil {
		return -1
	}
	return max(size-offset, 0)
}

// copyReader copies length bytes. net/http uses sendfile(2) for a file and for a limited
// reader of a file. A source with a method Len writes itself.
func copyReader(w io.Writer, src io.Reader, length int64) (int64, error) {
	if _, ok := src.(interface{ Len() int }); ok {
		return io.Copy(w, src)
	}
	return io.Copy(w, io.LimitReader(src, length))
}

// endBody ends a response whose body ended with err. If the response has not started, the
// answer is a 500. Otherwise the client must see a truncated body. A client that has left
// needs neither, and may be the reason for err.
func endBody(w http.ResponseWriter, r *http.Request, err error, started bool) error {
	switch {
	case err == nil:
		return nil
	case !started:
		return refuse(w, r, fmt.Errorf("respond: body: %w", err))
	case failure.Left(r.Context()) && rw.Cut(w, r):
		return &sentError{err}
	case !failure.Left(r.Context()):
		if cause := failure.Cause(r.Context()); cause != nil {
			err = &failure.Ended{Err: err, Cause: cause}
		}
		logAbort(w, r, err)
	}
	rw.Abort(w, r)
	return nil
}

// readerTo adds a method WriteTo to a reader.
type readerTo struct{ io.Reader }

func (x readerTo) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, x.Reader) }

// sendHeld answers with a source of unknown length.
func sendHeld(w http.ResponseWriter, r *http.Request, env *envelope, src io.WriterTo) error {
	held := &heldWriter{w: w, r: r, env: *env}
	_, err := src.WriteTo(held)
	switch {
	case held.refused != nil:
		return refuse(w, r, held.refused)
	case held.started && r.Method == http.MethodHead:
		return nil
	case held.started, err != nil:
		return endBody(w, r, err, held.started)
	}
	return sendBytes(w, r, env, bytesType, held.bytes)
}

// heldWriter holds the first bytes back. It starts the response when there are more than
// peekSize.
type heldWriter struct {
	w       http.ResponseWriter
	r       *http.Request
	env     envelope
	bytes   []byte
	started bool
	refused error
}

// errHeadersOnly stops the source of an answer to HEAD once the header is known.
var errHeadersOnly = errors.New("respond: HEAD needs no more of the body")

// Write holds p back, or passes it on.
func (x *heldWriter) Write(p []byte) (int, error) {
	if x.started {
		return x.w.Write(p)
	}
	if len(x.bytes)+len(p) <= peekSize {
		x.bytes = append(x.bytes, p...)
		return len(p), nil
	}
	if err := x.start(); err != nil {
		return 0, err
	}
	return x.w.Write(p)
}

// ReadFrom passes the rest of src on in one piece once the response has
// started.
func (x *heldWriter) ReadFrom(src io.Reader) (int64, error) {
	head := make([]byte, peekSize+1-len(x.bytes))
	n, err := io.ReadFull(src, head)
	if n > 0 {
		if _, werr := x.Write(head[:n]); werr != nil {
			return int64(n), werr
		}
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return int64(n), nil
	case err != nil:
		return int64(n), err
	}
	rest, err := io.Copy(x.w, src)
	return int64(n) + rest, err
}

func (x *heldWriter) start() error {
	if err := start(x.w, x.r, &x.env, content{media: bytesType, length: -1}); err != nil {
		x.refused = err
		return err
	}
	x.started = true
	if x.r.Method == http.MethodHead {
		return errHeadersOnly
	}
	if len(x.bytes) == 0 {
		return nil
	}
	_, err := x.w.Write(x.bytes)
	return err
}
