package client

import (
	"crypto/rand"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/params"
	"github.com/tenonkit/tenon/internal/shape"
)

const (
	urlencodedType = "application/x-www-form-urlencoded"
	multipartType  = "multipart/form-data"
)

// A form writes form fields: urlencoded, or as multipart/form-data if one of them takes
// files.
type form struct {
	media  string
	fields []formField
}

type formField struct {
	*shape.Param

	json encode.Codec // of a field with the option json
}

func newForm(of *shape.Body) *form {
	f := &form{media: urlencodedType}
	for i := range of.Fields {
		field := formField{Param: &of.Fields[i]}
		if field.IsJSON {
			field.json = encode.Toward(shape.Request, field.Type.Go)
		}
		if field.File != nil {
			f.media = multipartType
		}
		f.fields = append(f.fields, field)
	}
	return f
}

// content returns the form of the struct v.
func (f *form) content(s *scratch, v reflect.Value) (content, error) {
	if f.media == multipartType {
		return f.multipart(s, v)
	}
	for i := range f.fields {
		field := &f.fields[i]
		at := v.FieldByIndex(field.Index)
		if !field.IsJSON {
			if err := s.form.Add(field.Param, at); err != nil {
				return content{}, err
			}
			continue
		}
		text, present, err := field.jsonText(at)
		if err != nil {
			return content{}, params.Name(field.Param, err)
		}
		if present {
			s.form.Pair(field.Name, text)
		}
	}
	return content{reader: strings.NewReader(s.form.String()), media: urlencodedType}, nil
}

// jsonText returns the text of a field with the option json. It is not sent if an absent
// field would be bound to v.
func (f *formField) jsonText(v reflect.Value) (text string, present bool, err error) {
	_, present, null := shape.Open(v)
	if !present && null == nil {
		return "", false, nil
	}
	written, err := encoded(f.json, v.Addr().Interface())
	if err != nil {
		return "", false, jsonFault(err)
	}
	return string(written), true, nil
}

// multipart returns the form with a part for each text and each file.
func (f *form) multipart(s *scratch, v reflect.Value) (content, error) {
	m := &parts{boundary: rand.Text()}
	for i := range f.fields {
		field := &f.fields[i]
		if err := m.add(s, field, v.FieldByIndex(field.Index)); err != nil {
			return content{}, params.Name(field.Param, err)
		}
	}
	reader, err := m.open()
	if err != nil {
		return content{}, err
	}
	c := content{reader: reader, media: multipartType + "; boundary=" + m.boundary, length: m.length()}
	c.again = func() (io.ReadCloser, error) { return m.open() }
	return c, nil
}

// The parts of a multipart body, in their order.
type parts struct {
	boundary string
	list     []part
}

// A part is a text or a file.
type part struct {
	head string // with the boundary before it and the empty line behind
	text string
	file *bind.File
}

func (m *parts) add(s *scratch, f *formField, v reflect.Value) error {
	switch {
	case f.File != nil:
		return m.addFiles(f, v)
	case f.IsJSON:
		text, present, err := f.jsonText(v)
		if present && err == nil {
			m.addText(f, text)
		}
		return err
	}
	var err error
	if s.texts, err = params.Texts(s.texts[:0], f.Param, v); err != nil {
		return err
	}
	isSplit := func(text string) bool { return strings.Contains(text, ",") }
	switch {
	case f.IsCSV && slices.ContainsFunc(s.texts, isSplit):
		return errors.New("has an element with a comma, which the option csv splits in a multipart form")
	case f.IsCSV && len(s.texts) > 0:
		m.addText(f, strings.Join(s.texts, ","))
		return nil
	}
	for _, text := range s.texts {
		m.addText(f, text)
	}
	return nil
}

func (m *parts) addText(f *formField, text string) {
	m.list = append(m.list, part{head: m.headOf(f.Name) + "\r\n\r\n", text: text})
}

// addFiles adds the file or files in v.
func (m *parts) addFiles(f *formField, v reflect.Value) error {
	if !f.IsRequired && v.IsZero() {
		return nil
	}
	v, present, err := shape.Open(v)
	if err != nil || !present {
		return err
	}
	if !f.IsSeveral() {
		return m.addFile(f, v)
	}
	if v.Len() == 0 && f.Type.IsWrapped() {
		return errors.New("is an empty list, which counts as absent")
	}
	for i := range v.Len() {
		if err := m.addFile(f, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func (m *parts) addFile(f *formField, v reflect.Value) error {
	file, ok := reflect.TypeAssert[bind.File](v)
	if !ok {
		return errors.New("is not a bind.File")
	}
	if err := bind.FileFault(file); err != nil {
		return err
	}
	head := m.headOf(f.Name) + `; filename="` + quote(file.Name) + `"`
	if file.ContentType != "" {
		head += "\r\nContent-Type: " + file.ContentType
	}
	m.list = append(m.list, part{head: head + "\r\n\r\n", file: &file})
	return nil
}

// headOf returns the start of a part with the name, and the end of the part before it.
func (m *parts) headOf(name string) string {
	start := "\r\n--"
	if len(m.list) == 0 {
		start = "--"
	}
	return start + m.boundary + "\r\nContent-Disposition: form-data; name=\"" + quote(name) + `"`
}

// quote escapes a name as package mime reads it. Control characters were refused before.
func quote(name string) string { return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) }

// end returns the last boundary.
func (m *parts) end() string {
	if len(m.list) == 0 {
		return "--" + m.boundary + "--\r\n"
	}
	return "\r\n--" + m.boundary + "--\r\n"
}

// length returns the length of the body, or -1 if a file has no known size.
func (m *parts) length() int64 {
	n := int64(len(m.end()))
	for i := range m.list {
		p := &m.list[i]
		n += int64(len(p.head) + len(p.text))
		if p.file != nil && p.file.Size < 0 {
			return -1
		}
		if p.file != nil {
			n += p.file.Size
		}
	}
	return n
}

// open returns the body from its start, with the files opened. It is an error if a file
// cannot be opened again.
func (m *parts) open() (io.ReadCloser, error) {
	readers := make([]io.Reader, 0, 2*len(m.list)+1)
	var files closers
	for i := range m.list {
		p := &m.list[i]
		readers = append(readers, strings.NewReader(p.head))
		if p.file == nil {
			readers = append(readers, strings.NewReader(p.text))
			continue
		}
		content, err := p.file.Open()
		if err != nil {
			_ = files.Close() // nothing was read
			return nil, err
		}
		files = append(files, content)
		readers = append(readers, content)
	}
	readers = append(readers, strings.NewReader(m.end()))
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(readers...), files}, nil
}

type closers []io.Closer

// Close closes all of them.
func (c closers) Close() error {
	var all error
	for _, closer := range c {
		all = errors.Join(all, closer.Close())
	}
	return all
}
