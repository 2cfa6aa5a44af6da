package bind

import (
	"bytes"
	"net/http"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A Raw field holds the bytes of the body, beside the field that the body is decoded into.
// The signature of a webhook needs these bytes:
//
//	struct {
//		Signature string   `header:"X-Signature"`
//		Raw       bind.Raw
//		Event     `body:"json"`
//	}
//
// A Raw needs another field or form fields for the body. A body of the kind multipart or
// stream, or a [File], is a fault. A form must then be urlencoded: multipart/form-data is
// a 415.
//
// Raw is empty if no body was sent. If middleware decodes the body, such as gzip, Raw
// holds the decoded bytes. The bytes belong to the handler.
type Raw []byte

// A body is the compiled reader of a request body: into one field, or into In itself if of.Index
// is empty.
type body struct {
	of     *shape.Body
	form   *form // nil where the body is never a form
	modes  []mode
	json   *decode.Plan // nil where the body is no JSON value
	values int          // how many modes read a JSON value: that of JSON and those of formats
}

// A mode is one way to read a body, chosen by its media type.
type mode struct {
	// accepts reports whether the mode reads the media type.
	accepts func(mediaType string) bool
	// types is what a 415 names in Accept; empty for a mode that reads any.
	types string
	// streams says that the mode reads the body itself. For any other one the
	// body is in b.buf and is not empty.
	streams bool
	// isForm says that it reads form fields.
	isForm bool
	// read reads the body into dst, which is settable and zero. Field errors go
	// to b.errs; the error is one that answers by itself.
	read func(b *request, dst reflect.Value) error
}

// field returns what the body is read into.
func (p *body) field(in reflect.Value) reflect.Value {
	if len(p.of.Index) == 0 {
		return in
	}
	return in.FieldByIndex(p.of.Index)
}

// accept returns the mode that reads the body, or refuses the body by its header
// alone: its media type, its coding and its declared length. There is no mode
// for a body that is empty or may turn out to be.
func (p *body) accept(b *request) (*mode, error) {
	if isEmpty(b.r) {
		return nil, nil
	}
	if b.r.ContentLength > b.config.maxBody {
		return nil, tooLarge(b.config.maxBody)
	}
	m := p.mode(b.r)
	switch {
	case m == nil && !mayBeEmpty(b.r):
		return nil, p.unsupported()
	case m != nil && m.types != "" && isCoded(b.r):
		return nil, &Error{
			Status: http.StatusUnsupportedMediaType,
			detail: "the body must have no Content-Encoding",
			header: http.Header{"Accept-Encoding": {"identity"}},
		}
	}
	return m, nil
}

// isCoded reports whether the content of r has a coding, such as gzip. Nothing is
// decompressed unasked: that is for middleware, which then drops the field.
func isCoded(r *http.Request) bool {
	coding := firstLine(r.Header["Content-Encoding"])
	return coding != "" && !strings.EqualFold(coding, "identity")
}

// firstLine returns the first of a header field's lines. A field that is indexed by its
// canonical name costs a tenth of [http.Header.Get].
func firstLine(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[0]
}

// isEmpty reports whether r is known to have no content.
func isEmpty(r *http.Request) bool {
	return r.ContentLength == 0 || r.Body == nil || r.Body == http.NoBody
}

// mayBeEmpty reports whether only reading tells that r has content. A request
// without content needs no Content-Type (RFC 9110, section 8.3).
func mayBeEmpty(r *http.Request) bool {
	return r.ContentLength < 0 && firstLine(r.Header["Content-Type"]) == ""
}

// mode returns the mode that reads the body of r, or nil.
func (p *body) mode(r *http.Request) *mode {
	mediaType := mediaType(firstLine(r.Header["Content-Type"]))
	switch {
	case p.of.MediaType == "*":
		return &p.modes[0]
	case p.of.MediaType != "":
		if strings.EqualFold(mediaType, p.of.MediaType) {
			return &p.modes[0]
		}
		return nil
	}
	for i := range p.modes {
		if p.modes[i].accepts(mediaType) {
			return &p.modes[i]
		}
	}
	return nil
}

// read reads the body with the mode m of its media type.
func (p *body) read(b *request, m *mode) error {
	switch {
	case isEmpty(b.r):
		return p.empty(b)
	case m != nil && m.streams:
		return m.read(b, p.field(b.in))
	}
	if err := b.load(); err != nil {
		return err
	}
	switch {
	case b.buf.Len() == 0:
		return p.empty(b)
	case m == nil:
		return p.unsupported()
	}
	for _, index := range p.of.Raws {
		b.in.FieldByIndex(index).SetBytes(bytes.Clone(b.buf.Bytes()))
	}
	return m.read(b, p.field(b.in))
}

// empty answers a body without content.
func (p *body) empty(b *request) error {
	switch {
	case p.of.IsOptional:
		return nil
	case p.form != nil && p.isForm(b.r):
		return p.form.empty(b, p.field(b.in))
	}
	return b.bodyFault(text.Missing(), "a body is required")
}

// only returns what accepts one media type.
func only(want string) func(mediaType string) bool {
	return func(mediaType string) bool { return strings.EqualFold(mediaType, want) }
}

// anyType accepts every media type.
func anyType(string) bool { return true }

// isForm reports whether an empty body is a form of which nothing was sent: it can be
// nothing else, or r says so.
func (p *body) isForm(r *http.Request) bool {
	if p.of.IsForm() {
		return true
	}
	m := p.mode(r)
	return m != nil && m.isForm
}

// bodyFault records a fault of the whole body, unless OnBodyError answers it.
func (b *request) bodyFault(wrong *text.Wrong, detail string) error {
	return b.reading(detail, func() error {
		b.errs.add(shape.FromBody, "", "", wrong)
		return nil
	})
}

// reading calls read, which records what is wrong with the body and returns its cause.
// If something is, OnBodyError is asked about that, with the detail of the answer.
func (b *request) reading(detail string, read func() (cause error)) error {
	first := len(b.errs.list)
	return b.asked(first, detail, read())
}

// asked asks OnBodyError about the body's errors, those from first on.
func (b *request) asked(first int, detail string, cause error) error {
	if b.config.onBodyError == nil || len(b.errs.list) == first {
		return nil
	}
	fields := b.errs.list[first:]
	fault := &Error{Status: b.config.statusOf(fields), Fields: fields, detail: detail, cause: cause}
	return failure.WithoutNils(b.config.onBodyError(fault, b.payload))
}

func (p *body) unsupported() error {
	var types []string
	for _, m := range p.modes {
		if m.types != "" {
			types = append(types, m.types)
		}
	}
	if p.of.MediaType != "" {
		types = []string{p.of.MediaType}
	}
	header := http.Header{"Accept": {strings.Join(types, ", ")}}
	if p.of.Takes(shape.KindMergePatch) {
		header["Accept-Patch"] = header["Accept"]
	}
	return &Error{
		Status: http.StatusUnsupportedMediaType,
		detail: "the Content-Type of the body must be " + strings.Join(types, " or "),
		header: header,
	}
}

// mediaType returns the type and subtype of a Content-Type field. Its
// parameters make no difference: JSON and forms are UTF-8.
func mediaType(contentType string) string {
	if contentType == "application/json" { // as most do
		return contentType
	}
	mediaType, _, _ := strings.Cut(contentType, ";")
	return strings.Trim(mediaType, " \t")
}

// isJSON reports whether mediaType is application/json or has the structured
// suffix +json (RFC 6839, section 3.1).
func isJSON(mediaType string) bool {
	const suffix = "+json"
	if mediaType == "application/json" || strings.EqualFold(mediaType, "application/json") {
		return true
	}
	cut := len(mediaType) - len(suffix)
	return cut > 0 && strings.EqualFold(mediaType[cut:], suffix) && strings.Contains(mediaType[:cut], "/")
}
