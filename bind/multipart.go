package bind

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// maxText limits the text fields of a multipart form together, as net/http does. They are
// kept in memory, even if the limit of the body is raised for large files.
const maxText = 10 << 20

// A multipartForm is the reading of one multipart body into a form.
type multipartForm struct {
	*request

	form   *form
	parts  *partReader
	pairs  int   // values so far
	text   int64 // bytes that text may still take
	memory int64 // bytes that files may still take in memory
}

// multipart reads a multipart body, one part after the other.
func (f *form) multipart(b *request, dst reflect.Value) error {
	first := len(b.errs.list)
	b.gathered.ready(len(f.params))
	b.gathered.late = &b.late
	m := &multipartForm{b, f, newPartReader(b.r, b.config.maxBody), 0, maxText, b.config.maxMemory}
	for {
		part, err := m.parts.next()
		if err == nil {
			b.gathered.in = f.inside(dst)
			err = m.take(part)
		}
		switch {
		case err == nil:
			continue
		case m.parts.isBlank():
			return f.body.empty(b)
		case errors.Is(err, io.EOF):
			b.gathered.in, b.form = f.inside(dst), f
			f.store(&b.gathered, &b.errs, shape.FromForm)
			return b.asked(first, "", nil)
		}
		return m.failed(err)
	}
}

// failed answers a body that cannot be read on.
func (m *multipartForm) failed(err error) error {
	if answer := m.spool.failed(m.r.Context().Err()); answer != nil {
		return answer
	}
	bad, ok := errors.AsType[*malformed](err)
	if !ok {
		return m.broken(err)
	}
	return m.reading("", func() error {
		m.errs.add(shape.FromForm, "", "", bad.wrong)
		return bad.cause
	})
}

// take reads one part.
func (m *multipartForm) take(part *multipart.Part) error {
	name := part.FormName()
	i := m.form.names.find(name)
	switch {
	case i < 0 && m.config.strict && !slices.Contains(m.form.skipped, name):
		m.errs.add(shape.FromForm, shorten(name), "", &text.Wrong{Code: "unknown", Detail: "is not known"})
		return nil
	case i < 0:
		return nil
	case m.form.params[i].upload != nil:
		return m.takeFile(i, part)
	}
	return m.takeText(i, part)
}

// takeText reads the text of one value.
func (m *multipartForm) takeText(i int, part *multipart.Part) error {
	p := m.form.params[i]
	if !p.list && m.gathered.slots[i].n > 0 {
		return nil
	}
	m.buf.Reset()
	n, err := m.buf.ReadFrom(io.LimitReader(part, m.text+1))
	if err != nil {
		return m.parts.why(err)
	}
	if m.text -= n; m.text < 0 {
		return &Error{
			Status: http.StatusRequestEntityTooLarge,
			detail: "the text of the form is larger than " + strconv.Itoa(maxText) + " bytes",
		}
	}
	text := m.buf.String()
	m.pairs++
	if p.csv {
		m.pairs += strings.Count(text, ",")
	}
	if wrong := overLimit(m.pairs, 0); wrong != nil {
		return &malformed{wrong, nil}
	}
	m.gathered.take(p, i, "", &pair{value: text})
	return nil
}

// takeFile reads one file, as far as it may be stored.
func (m *multipartForm) takeFile(i int, part *multipart.Part) error {
	p, s := m.form.params[i], &m.gathered.slots[i]
	if s.wrong != nil || !p.list && s.n > 0 {
		return nil
	}
	m.buf.Reset()
	n, err := m.buf.ReadFrom(io.LimitReader(part, 1))
	if err != nil {
		return m.parts.why(err)
	}
	name := baseName(part.FileName())
	if n == 0 && name == "" {
		// A browser sends this for an input without a file.
		return nil
	}
	file := File{Name: name, ContentType: part.Header.Get("Content-Type")}
	switch s.n++; {
	case s.n > p.items.Max:
		s.wrong = p.items.TooMany
		return nil
	case !p.upload.takes(file.ContentType):
		s.wrong = p.upload.wrongType
		return nil
	}
	if err := m.hold(&file, part, p.upload.maxSize); err != nil {
		return err
	}
	if file.Size > p.upload.maxSize {
		s.wrong = p.upload.tooBig
		return nil
	}
	m.gathered.files = append(m.gathered.files, uploaded{i, file})
	return nil
}

// hold stores the content of part, which begins with what is in m.buf: in
// memory as long as there is room, else in a temporary file. It reads one byte
// past limit and no further.
func (m *multipartForm) hold(file *File, part *multipart.Part, limit int64) error {
	if _, err := m.buf.ReadFrom(upTo(part, min(m.memory, limit)+1-int64(m.buf.Len()))); err != nil {
		return m.parts.why(err)
	}
	file.Size = int64(m.buf.Len())
	if file.Size > limit {
		return nil
	}
	if file.Size <= m.memory {
		m.memory -= file.Size
		file.content = bytes.NewReader(bytes.Clone(m.buf.Bytes()))
		return nil
	}
	if m.spool == nil {
		m.spool = newSpool(m.r)
	}
	var err error
	file.offset, file.Size, err = m.spool.add(upTo(io.MultiReader(&m.buf, part), limit+1))
	if err != nil {
		return m.parts.why(err)
	}
	file.content = m.spool.file
	return nil
}

// upTo reads at most n bytes of r. A negative n means no limit.
func upTo(r io.Reader, n int64) io.Reader {
	if n < 0 {
		return r
	}
	return io.LimitReader(r, n)
}
