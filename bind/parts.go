package bind

import (
	"errors"
	"io"
	"iter"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// Parts are the parts of a multipart/form-data body in the order in which they arrive. Declare
// them as the whole body, with the tag body:"multipart". The handler then reads the parts, and
// bind keeps none of them in memory or in a file.
//
// The sequence ends with the first error. Return it: it has an answer of its own.
//
//   - An [*Error] with the status 400: the body is malformed, empty or ends early, has
//     more than 1000 parts, or has a part whose Content-Disposition cannot be read or
//     gives no name.
//   - An [*Error] with the status 413: the body is larger than [MaxBody].
//   - The error of the context: the client left.
//
// The body can be read once: a second range over the same Parts continues after the last part.
// One goroutine may use them, until the handler returns.
type Parts = iter.Seq2[*Part, error]

// A Part is one part of a multipart body. It is valid until the sequence goes to the next
// part, which skips what was not read.
type Part struct {
	// Name is the name of the form field, which is not empty.
	Name string
	// FileName is the last element of the file name from the client, without control
	// characters. It is empty for a part that is not a file. The client chooses it: do not
	// store a file under this name.
	FileName string
	// ContentType is the media type that the client declares, or empty.
	ContentType string
	// Header is the whole header of the part.
	Header textproto.MIMEHeader

	content *multipart.Part
	from    *partStream
}

// Read reads the content of the part. The error is [io.EOF] or one of those of [Parts].
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
			err = &malformed{text.Missing(), nil}
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
		c.faults.Add(of.Path, "is a multipart body of type %s: use bind.Parts, or form fields", t)
	}
	open, optional := openOf(of.Type), of.IsOptional
	read := func(b *request, dst reflect.Value) error {
		s := &partStream{lateBody: newLateBody(b), parts: newPartReader(b.r, b.config.maxBody), optional: optional}
		open.into(dst).Set(reflect.ValueOf(Parts(s.all)))
		return nil
	}
	return mode{accepts: only(multipartType), types: multipartType, read: read, streams: true}
}

const (
	// maxParts is the number of parts that a multipart body may have.
	maxParts = 1000
	// maxPartFields is the number of header fields that all its parts may have.
	maxPartFields = 10_000
	// maxPartHead is the number of bytes that may be read to find the content of
	// a part: the header of the part, or what stands before the first.
	maxPartHead = 16 << 10
	// maxBoundary is the length of a boundary in RFC 2046, section 5.1.1.
	maxBoundary = 70
)

// A partReader reads the parts of a multipart body one after the other, each as
// it arrives, under the limit of the body and those above.
type partReader struct {
	body   bodyReader
	parts  *multipart.Reader
	part   *multipart.Part
	n      int // parts so far
	fields int // header fields so far
	head   int // bytes read since the search for the next part began
	inHead bool
	ended  bool  // the body is read
	err    error // what ended the parts
}

// A malformed is the error of a multipart body that cannot be read further. The client
// does not see its cause.
type malformed struct {
	wrong *text.Wrong
	cause error
}

func (m *malformed) Error() string { return "bind: multipart body " + m.wrong.Detail }

// newPartReader returns the reader of the body of r, under limit. Its error comes with the
// first part.
func newPartReader(r *http.Request, limit int64) *partReader {
	p := &partReader{body: bodyReader{body: r.Body, limit: limit}}
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	boundary := params["boundary"]
	if err != nil || boundary == "" || len(boundary) > maxBoundary {
		p.err = &malformed{&text.Wrong{Code: "boundary", Detail: "needs a boundary of 1 to 70 characters in its Content-Type"}, err}
		return p
	}
	p.parts = multipart.NewReader(readFunc(p.read), boundary)
	return p
}

// A readFunc is a reader that is one function.
type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// read reads the body for the multipart reader. That reader takes [io.EOF] in the header
// of a part for the end of all parts, so read never returns it. After the body come the
// line end that a last boundary may lack, and then an error.
func (p *partReader) read(buf []byte) (int, error) {
	if p.inHead && p.head >= maxPartHead {
		return 0, &malformed{&text.Wrong{Code: "headers", Detail: "has a part with more than 16 KiB of header"}, nil}
	}
	n, err := p.body.Read(buf)
	p.head += n
	switch {
	case !errors.Is(err, io.EOF):
		return n, err
	case n > 0:
		return n, nil
	case !p.ended:
		p.ended = true
		return copy(buf, "\r\n"), nil
	}
	return 0, io.ErrUnexpectedEOF
}

// isBlank reports that the body has turned out to be empty.
func (p *partReader) isBlank() bool { return p.body.n == 0 && errors.Is(p.body.err, io.EOF) }

// next returns the next part, past what is left of the last one. Its error is
// [io.EOF] behind the last part, a *malformed, or what ended the body.
func (p *partReader) next() (*multipart.Part, error) {
	if p.err == nil {
		p.part, p.err = p.find()
	}
	return p.part, p.err
}

func (p *partReader) find() (*multipart.Part, error) {
	if p.part != nil {
		if _, err := io.Copy(io.Discard, p.part); err != nil {
			return nil, p.why(err)
		}
	}
	p.head, p.inHead = 0, true
	part, err := p.parts.NextPart()
	p.inHead = false
	if errors.Is(err, io.EOF) {
		// What follows the last boundary means nothing, but counts as body.
		if _, err := io.Copy(io.Discard, &p.body); err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	if err != nil {
		return nil, p.why(err)
	}
	if p.n++; p.n > maxParts {
		return nil, &malformed{&text.Wrong{Code: "parts", Detail: "has more than 1000 parts"}, nil}
	}
	for _, values := range part.Header {
		p.fields += len(values)
	}
	if p.fields > maxPartFields {
		return nil, tooManyFields()
	}
	if err := disposed(part); err != nil {
		return nil, &malformed{&text.Wrong{Code: "headers", Detail: "has a part whose Content-Disposition cannot be read or gives no name"}, err}
	}
	return part, nil
}

// disposed returns why the Content-Disposition of part is not that of a form field, which
// has a name (RFC 7578, section 4.2). Without this check a value would be lost, or a file
// would be taken for text.
func disposed(part *multipart.Part) error {
	values := part.Header["Content-Disposition"]
	if len(values) != 1 {
		return errors.New("there is not one Content-Disposition")
	}
	kind, params, err := mime.ParseMediaType(values[0])
	switch _, isFile := params["filename"]; {
	case err != nil:
		return err
	case kind != "form-data":
		return errors.New("it is not form-data")
	case params["name"] == "":
		return errors.New("it has no name")
	case !isFile && hasExtendedFileName(values[0]):
		return errors.New("its filename* cannot be decoded")
	}
	return nil
}

// hasExtendedFileName reports whether a Content-Disposition that can be parsed has a
// parameter filename*, which package mime leaves out where it cannot decode it.
func hasExtendedFileName(disposition string) bool {
	inQuotes, isEscaped, key := false, false, 0
	for i := range len(disposition) {
		switch c := disposition[i]; {
		case isEscaped:
			isEscaped = false
		case inQuotes && c == '\\':
			isEscaped = true
		case c == '"':
			inQuotes = !inQuotes
		case c == ';' && !inQuotes:
			key = i + 1
		case c == '=' && !inQuotes:
			if strings.HasPrefix(strings.ToLower(strings.TrimSpace(disposition[key:i])), "filename*") {
				return true
			}
		}
	}
	return false
}

func tooManyFields() *malformed {
	return &malformed{&text.Wrong{Code: "headers", Detail: "has more than 10000 header fields in its parts"}, nil}
}

// why returns the reason for err, an error of the multipart reader: what ended
// the body, if it did not end well, or a *malformed.
func (p *partReader) why(err error) error {
	if broken := p.body.broken(); broken != nil {
		return broken
	}
	if own, ok := errors.AsType[*malformed](err); ok {
		return own
	}
	wrong := &text.Wrong{Code: "syntax", Detail: "is not a valid multipart body"}
	switch {
	case errors.Is(err, multipart.ErrMessageTooLarge):
		return tooManyFields()
	case p.body.err != nil:
		wrong.Detail += ": it ends before its last boundary"
	}
	return &malformed{wrong, err}
}
