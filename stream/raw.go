package stream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"reflect"
	"sync"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/option"
)

// Text answers with strings, as text/plain; charset=utf-8, piece by piece.
type Text struct {
	// Seq yields the pieces and ends with its first error. Nil means no pieces. It runs on the
	// goroutine of the handler. After the client has left, yield returns false and the context
	// of the request is canceled.
	Seq iter.Seq2[string, error]
	// Options may change how the stream is sent. Zero fields mean the defaults.
	Options Options
}

// ServeHTTP sends the stream by the rules of the package.
func (s Text) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	serveHTTP(w, r, &plainText, &s.Options, rawItems(s.Seq))
}

// Serve sends the stream and returns what ended it, as [SSE.Serve] does.
func (s Text) Serve(w http.ResponseWriter, r *http.Request) error {
	return serve(w, r, &plainText, &s.Options, rawItems(s.Seq))
}

// StreamType describes the body, as [SSE.StreamType] does.
func (Text) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{textType}, reflect.TypeFor[string]()
}

// Items returns the pieces, as [SSE.Items] does.
func (s Text) Items() iter.Seq2[string, error] { return itemsOf(s.Seq) }

// Bytes answers with bytes, as application/octet-stream, piece by piece.
type Bytes struct {
	// Seq yields the pieces and ends with its first error. Nil means no pieces. yield copies a
	// piece before it returns. Seq runs on the goroutine of the handler. After the client has
	// left, yield returns false and the context of the request is canceled.
	Seq iter.Seq2[[]byte, error]
	// Options may change how the stream is sent. Zero fields mean the defaults.
	Options Options
}

// ServeHTTP sends the stream by the rules of the package.
func (s Bytes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	serveHTTP(w, r, &octets, &s.Options, rawItems(s.Seq))
}

// Serve sends the stream and returns what ended it, as [SSE.Serve] does.
func (s Bytes) Serve(w http.ResponseWriter, r *http.Request) error {
	return serve(w, r, &octets, &s.Options, rawItems(s.Seq))
}

// StreamType describes the body, as [SSE.StreamType] does.
func (Bytes) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{bytesType}, reflect.TypeFor[[]byte]()
}

// Items returns the pieces, as [SSE.Items] does.
func (s Bytes) Items() iter.Seq2[[]byte, error] { return itemsOf(s.Seq) }

// Body answers with the bytes of a reader, as application/octet-stream, each piece as
// soon as it has been read: the output of a command, or an answer from another server.
// For a file, or if all bytes are there already, return the reader itself or use package
// fileserve.
type Body struct {
	// Reader is read once, so use a Body for one response. A second response is a 500 if
	// the reader says that it is closed. Nil means no bytes, and a nil pointer is a 500.
	// If Reader is an [io.Closer], it is closed at the end, or as soon as the client
	// leaves: Close must then end a Read that waits.
	Reader io.Reader
	// Options may change how the stream is sent. Zero fields mean the defaults.
	Options Options
}

// ServeHTTP sends the stream by the rules of the package.
func (b Body) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer b.closing(r.Context())()
	serveHTTP(w, r, &octets, &b.Options, b.items)
}

// Serve sends the stream and returns what ended it, as [SSE.Serve] does.
func (b Body) Serve(w http.ResponseWriter, r *http.Request) error {
	defer b.closing(r.Context())()
	return serve(w, r, &octets, &b.Options, b.items)
}

// StreamType describes the body, as [SSE.StreamType] does.
func (Body) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{bytesType}, reflect.TypeFor[[]byte]()
}

// Items returns the pieces as they are read, as [SSE.Items] does. It does not close the
// Reader.
func (b Body) Items() iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if err := b.pieces(func(piece []byte) bool { return yield(bytes.Clone(piece), nil) }); err != nil {
			yield(nil, err)
		}
	}
}

// closing closes the reader when the client leaves, and returns the function that closes
// it otherwise.
func (b Body) closing(ctx context.Context) func() {
	closer, ok := b.Reader.(io.Closer)
	if !ok || option.IsNil(closer) {
		return func() {}
	}
	closeOnce := sync.OnceFunc(func() { _ = closer.Close() }) // all that was wanted has been read
	stop := context.AfterFunc(ctx, closeOnce)
	return func() {
		stop()
		closeOnce()
	}
}

const (
	readSize = 16 << 10
	// maxEmptyReads is how many reads in a row may return no bytes.
	maxEmptyReads = 100
)

// items feeds what the reader yields.
func (b Body) items(p *pump) error {
	return b.pieces(func(piece []byte) bool { return put(p, piece) })
}

var errNilReader = errors.New("stream: the Reader of a Body is a nil pointer: leave the field nil for no bytes")

// pieces yields what is read, until yield returns false.
func (b Body) pieces(take func(piece []byte) bool) error {
	switch {
	case b.Reader == nil:
		return nil
	case option.IsNil(b.Reader):
		return errNilReader
	}
	buf := make([]byte, readSize)
	for empty := 0; empty < maxEmptyReads; empty++ {
		n, err := b.Reader.Read(buf)
		if n > 0 {
			empty = 0
			if !take(buf[:n]) {
				return nil
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return io.ErrNoProgress
}

// rawItems feeds the items of seq as they are.
func rawItems[T string | []byte](seq iter.Seq2[T, error]) feed {
	return func(p *pump) error {
		if seq == nil {
			return nil
		}
		for v, err := range seq {
			if err = failure.WithoutNils(err); err != nil {
				return err
			}
			if !put(p, v) {
				break
			}
		}
		return nil
	}
}

func frameRaw(_ *format, buf *bytes.Buffer, v any, _ bool) error {
	switch v := v.(type) {
	case string:
		buf.WriteString(v)
	case []byte:
		buf.Write(v)
	default:
		return fmt.Errorf("stream: %T is neither a string nor bytes", v)
	}
	return nil
}
