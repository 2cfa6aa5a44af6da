package bind

import (
	"errors"
	"io"
	"iter"
	"mime/multipart"
	"net/textproto"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/shape"
)

// Parts are the parts of a multipart/form-data body in the order in which they
// arrive. Declare them as the whole body, `body:"multipart"`: the parts are
// then read by the handler, and nothing is held in memory or in a file.
//
// The sequence ends with the first error, which answers by itself: an [*Error]
// with status 400 for a body that is malformed, empty, ends early, has more
// than 1000 parts or one whose Content-Disposition cannot be read, with 413 at the first byte past [MaxBody]; or the context's
// error where the client left. The body can be read once: a second range over
// the same Parts goes on behind the last part. They serve one goroutine, until
// the handler returns.
type Parts = iter.Seq2[*Part, error]

// A Part is one part of a multipart body. It is valid until the next part is
// asked for, which passes over what was not read of it.
type Part struct {
	// Name is the name of the form field, empty if there is none.
	Name string
	// FileName is the last element of the name that the client gave to a file,
	// without control characters, and empty for a part that is no file. It is
	// the client's choice: do not store a file under it.
	FileName string
	// ContentType is the media type that the client claims, empty if none.
	ContentType string
	// Header is the whole header of the part.
	Header textproto.MIMEHeader

	content *multipart.Part
	from    *partStream
}

// Read reads the content of the part. Its error is [io.EOF] or one that Parts
// may yield.
func (p *Part) Read(buf []byte) (int, error) {
	n, err := p.content.Read(buf)
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	return n, p.from.failed(p.from.parts.why(err))
}

// A partStream yields the parts of a body.
type partStream struct {
	lateBody

	parts    *partReader
	optional bool
	answered error
}

// failed returns the answer to err, the same one each time.
func (s *partStream) failed(err error) error {
	if s.answered == nil {
		s.answered = s.answer(err)
	}
	return s.answered
}

func (s *partStream) all(yield func(*Part, error) bool) {
	for {
		content, err := s.parts.next()
		switch {
		case s.parts.isBlank() && !s.optional:
			err = &malformed{missing(), nil}
		case s.parts.isBlank(), errors.Is(err, io.EOF):
			return
		}
		if err != nil {
			yield(nil, s.failed(err))
			return
		}
		part := &Part{
			Name:        content.FormName(),
			FileName:    baseName(content.FileName()),
			ContentType: content.Header.Get("Content-Type"),
			Header:      content.Header,
			content:     content,
			from:        s,
		}
		if !yield(part, nil) {
			return
		}
	}
}

// partsMode compiles a multipart body that the handler reads.
func (c *compiler) partsMode(of *shape.Body) mode {
	if t := of.Type.Base; t != reflect.TypeFor[Parts]() {
		c.faults.add(of.Path, "is a multipart body of type %s: use bind.Parts, or form fields", t)
	}
	open, optional := openOf(of.Type), of.IsOptional
	read := func(b *request, dst reflect.Value) error {
		if open != nil {
			dst = open(dst)
		}
		s := &partStream{lateBody: newLateBody(b), parts: newPartReader(b.r, b.config.maxBody), optional: optional}
		dst.Set(reflect.ValueOf(Parts(s.all)))
		return nil
	}
	accepts := func(mediaType string) bool { return strings.EqualFold(mediaType, multipartType) }
	return mode{accepts: accepts, types: multipartType, read: read, streams: true}
}
