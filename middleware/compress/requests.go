package compress

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/nethttp"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// Requests returns middleware that decodes request bodies in zstd and gzip. The handler
// reads a plain body, and its request has neither Content-Encoding nor Content-Length.
// Another coding, or several, is a 415 with Accept-Encoding (RFC 9110, sections 12.5.3
// and 15.5.16). A request without a body passes with any Content-Encoding.
//
// No body may have more than limit bytes, counted after decoding. Reading more returns a
// [*http.MaxBytesError], which [respond.Error] answers with 413. An encoded body may have
// at most twice limit and 64 KiB before it is decoded. If Content-Length is larger than
// allowed, the 413 comes before the handler. Zero allows no body. Requests panics if
// limit is negative.
//
// A body that is not valid in its coding or ends too early is an error of Read, and so is
// a zstd body that needs a window above 8 MiB (RFC 9659) or a dictionary. The StatusCode
// of the error is 400, which respond.Error and package bind answer. The handler may have
// read a part of the body before. Errors of the connection and of outer middleware stay
// as they are.
//
// The body is decoded on the goroutine of the handler, while it reads. A zstd body takes
// the memory of its window, up to 8 MiB. A Content-Digest or a signature is about the
// bytes as they were sent. The middleware may be used around several handlers and by many
// requests at once.
func Requests(limit int64) func(http.Handler) http.Handler {
	if limit < 0 {
		panic(fmt.Sprintf("compress: Requests: the limit %d is negative: give a number of bytes, 0 or more", limit))
	}
	c := &requests{limit: limit, sent: 2*limit + sentSlack}
	if c.sent < limit {
		c.sent = limit // the sum has overflown: nobody sends as much
	}
	c.zstd = decoding{name: "zstd", pool: sync.Pool{New: func() any { return newZstdDecoder() }}}
	// The gzip reader of klauspost/compress is not used: it takes a header that is cut in its
	// name or comment for the end of the body.
	c.gzip = decoding{name: "gzip", pool: sync.Pool{New: func() any { return new(gzip.Reader) }}}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.serve(w, r, next) })
	}
}

const (
	// An encoded body may be sentSlack longer than twice its content. Encoders add a few bytes
	// for every flush.
	sentSlack = 64 << 10
	// maxWindow is the largest window of zstd as a content coding (RFC 9659).
	maxWindow = 8 << 20
)

// requests has the limit of [Requests] and the free decoders.
type requests struct {
	limit, sent int64 // of the content, and of a body in a coding
	zstd, gzip  decoding
}

func (c *requests) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		next.ServeHTTP(w, r)
		return
	}
	coding, known := c.codingOf(r.Header["Content-Encoding"])
	most := c.limit
	if coding != nil {
		most = c.sent
	}
	switch {
	case !known:
		respond.Error(w, r, respond.NewProblem(http.StatusUnsupportedMediaType, "the body must be in one of the codings zstd and gzip, or in none").
			WithHeader("Accept-Encoding", "zstd, gzip"))
	case r.ContentLength > most:
		nethttp.CloseAfterReply(rw.Innermost(w))
		respond.Error(w, r, &http.MaxBytesError{Limit: most})
	default:
		c.serveDecoded(w, r, next, coding)
	}
}

// codingOf returns the coding that the lines of Content-Encoding name, or nil for
// none. It reports false for another one and for several.
func (c *requests) codingOf(lines []string) (coding *decoding, known bool) {
	count := 0
	known = true
	for _, line := range lines {
		for name := range strings.SplitSeq(line, ",") {
			switch name = header.Trim(name); {
			case name == "":
				continue
			case header.IsCoding(name, c.zstd.name):
				coding = &c.zstd
			case header.IsCoding(name, c.gzip.name):
				coding = &c.gzip
			default:
				known = known && header.IsCoding(name, "identity")
			}
			count++
		}
	}
	return coding, known && count <= 1
}

// serveDecoded changes a copy of the request: net/http needs the body of the original to
// know whether Expect: 100-continue has been answered.
func (c *requests) serveDecoded(w http.ResponseWriter, r *http.Request, next http.Handler, coding *decoding) {
	server := rw.Innermost(w)
	inner, body := *r, r.Body
	if coding != nil {
		decoded := &decodedBody{coding: coding, source: source{ReadCloser: http.MaxBytesReader(server, r.Body, c.sent)}}
		defer decoded.release()
		body = decoded
		inner.Header = r.Header.Clone()
		inner.Header.Del("Content-Encoding")
		inner.Header.Del("Content-Length")
		inner.ContentLength = -1
	}
	inner.Body = http.MaxBytesReader(server, body, c.limit)
	rw.RecordCopy(w, &inner)
	defer rw.BringBack(r, &inner)
	next.ServeHTTP(w, &inner)
}

// A decoding is a content coding with its free decoders.
type decoding struct {
	name string
	pool sync.Pool
}

// decoder has the methods of both [*zstd.Decoder] and [*gzip.Reader].
type decoder interface {
	io.Reader
	Reset(r io.Reader) error
}

func newZstdDecoder() decoder {
	d, err := zstd.NewReader(nil,
		// One at a time decodes on the goroutine that reads, so that a decoder which
		// is never closed leaks nothing.
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxWindow),
	)
	if err != nil {
		panic(err) // the options above are valid
	}
	return d
}

// open returns a decoder that is to read from r.
func (c *decoding) open(r io.Reader) (decoder, error) {
	d, _ := c.pool.Get().(decoder)
	return d, d.Reset(r) // that of gzip reads the beginning
}

// put keeps d for another body.
func (c *decoding) put(d decoder) {
	_ = d.Reset(http.NoBody) // lets go of the body
	c.pool.Put(d)
}

// decodedBody is the body that a handler reads. Its decoder is taken from the
// coding at the first Read, and goes back at the end.
type decodedBody struct {
	mu      sync.Mutex
	coding  *decoding
	source  source
	decoder decoder // nil before the first Read, after the last one, and while one runs
	err     error   // of every further Read
}

// Read implements [io.Reader].
func (b *decodedBody) Read(p []byte) (n int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return 0, b.err
	}
	d := b.decoder
	b.decoder = nil // one that panics is lost
	if d == nil {
		d, err = b.coding.open(&b.source)
	}
	if err == nil {
		n, err = d.Read(p)
	}
	if err == nil {
		b.decoder = d
		return n, nil
	}
	b.coding.put(d)
	b.err = b.meaning(err)
	return n, b.err
}

// meaning returns the error that the handler gets for err of a decoder: the error of the
// underlying body, its end, or that of a body that is not valid in its coding. It asks
// the source first, because decoders take a broken connection for the end of the body.
func (b *decodedBody) meaning(err error) error {
	//nolint:errorlint // the end of a Reader is io.EOF as it is, and nothing that wraps it
	switch {
	case b.source.err != nil && b.source.err != io.EOF:
		return b.source.err
	case err == io.EOF:
		return io.EOF
	}
	return &corruptError{b.coding.name, err}
}

// Close implements [io.Closer].
func (b *decodedBody) Close() error {
	b.release()
	return b.source.Close()
}

// release ends the use of the body. A Read that another goroutine is in keeps its
// decoder, and ends with the body below.
func (b *decodedBody) release() {
	if !b.mu.TryLock() {
		return
	}
	defer b.mu.Unlock()
	if b.decoder != nil {
		b.coding.put(b.decoder)
		b.decoder = nil
	}
	if b.err == nil {
		b.err = http.ErrBodyReadAfterClose
	}
}

// A source is the body as it was sent. It remembers how it has ended.
type source struct {
	io.ReadCloser

	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	s.err = err
	return n, err
}

// corruptError is the error of a body that is not valid in its coding.
type corruptError struct {
	coding string
	cause  error
}

func (e *corruptError) Error() string {
	return "compress: the body is not " + e.coding + ": " + e.cause.Error()
}

// Unwrap returns the error of the decoder.
func (e *corruptError) Unwrap() error { return e.cause }

// StatusCode returns 400.
func (*corruptError) StatusCode() int { return http.StatusBadRequest }

// Problem tells the client.
func (e *corruptError) Problem() *respond.Problem {
	return respond.NewProblem(http.StatusBadRequest, "the body is not valid "+e.coding).WithCause(e.cause)
}
