package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A body writes the body of a request. The nil body writes none.
type body struct {
	of    *shape.Body
	field shape.Type
	kind  string // the preferred kind of the declaration: JSON before others
	media string
	json  encode.Codec
	text  text.Codec
	form  *form // of a form
}

// newBody compiles the writer of a body.
func newBody(of *shape.Body) (*body, error) {
	if of == nil {
		return nil, nil //nolint:nilnil // a nil body writes none
	}
	b := &body{of: of, kind: of.Kinds[0]}
	if of.Takes(shape.KindJSON) {
		b.kind = shape.KindJSON
	}
	if b.field = of.Field; b.field.Go == nil {
		b.field = of.Type // the form fields of the In itself
	}
	var err error
	switch b.kind {
	case shape.KindJSON:
		b.media, b.json = "application/json", encode.Toward(shape.Request, b.field.Go)
	case shape.KindMergePatch:
		b.media, b.json = "application/merge-patch+json", encode.For(b.field.Base)
	case shape.KindForm:
		b.form = newForm(of)
		b.media = b.form.media
	case shape.KindText:
		b.media = "text/plain; charset=utf-8"
		b.text, err = of.Codec()
	case shape.KindBytes, shape.KindStream:
		b.media = "application/octet-stream"
	default:
		err = fmt.Errorf("%s is a body of the kind %s, which a client cannot send: send it with an http.Client", of.Path, b.kind)
	}
	if of.MediaType != "" && of.MediaType != "*" {
		b.media = of.MediaType
	}
	return b, err
}

// A content is sent as a body. The zero content is no body.
type content struct {
	reader io.Reader
	media  string
	length int64                         // -1 if it is not known; 0 leaves that to net/http
	again  func() (io.ReadCloser, error) // nil leaves that to net/http
}

// describe sets the fields of r that describe the content.
func (c *content) describe(r *http.Request) {
	if c.media != "" {
		r.Header["Content-Type"] = []string{c.media}
	}
	if c.length != 0 {
		r.ContentLength = c.length
	}
	if c.again != nil {
		r.GetBody = c.again
	}
}

// close closes a content that is not sent.
func (c *content) close() {
	if closer, ok := c.reader.(io.Closer); ok {
		_ = closer.Close() // nothing was wanted of it
	}
}

// value returns the value that is the body. It is zero if nothing is sent.
func (b *body) value(in reflect.Value) reflect.Value {
	if len(b.of.Index) == 0 {
		return in
	}
	return in.FieldByIndex(b.of.Index)
}

// content returns the body of in, which must be addressable.
func (b *body) content(s *scratch, in reflect.Value) (content, error) {
	if b == nil {
		return content{}, nil
	}
	v := b.value(in)
	inner, present, err := b.open(v)
	switch {
	case err != nil:
		return content{}, b.named(err)
	case !present && !b.of.IsOptional:
		return content{}, b.named(errors.New("is nil, and a body is required"))
	case !present:
		return content{}, nil
	}
	c := content{media: b.media}
	switch b.kind {
	case shape.KindJSON:
		err = b.writeJSON(&c, v)
	case shape.KindMergePatch:
		err = b.writeJSON(&c, decode.Addressable(inner))
	case shape.KindForm:
		return b.form.content(s, inner)
	case shape.KindText:
		err = b.writeText(&c, inner)
	case shape.KindBytes:
		err = b.writeBytes(&c, inner.Bytes())
	case shape.KindStream:
		c.reader, err = streamed(inner)
	}
	if err != nil {
		return content{}, b.named(err)
	}
	return c, nil
}

// open removes pointers and Opts around a body.
func (b *body) open(v reflect.Value) (inner reflect.Value, present bool, err error) {
	switch {
	case !b.field.IsWrapped():
		return v, v.Kind() != reflect.Interface || !v.IsNil() || b.kind == shape.KindJSON, nil
	case b.kind == shape.KindStream && v.Kind() == reflect.Pointer:
		return v.Elem(), !v.IsNil(), nil // what implements the reader is a pointer as well
	}
	inner, present, err = shape.Open(v)
	if err != nil && b.kind == shape.KindJSON {
		return v, true, nil // JSON has a null
	}
	return inner, present, err
}

// named returns err preceded by the name of the field.
func (b *body) named(err error) error { return fmt.Errorf("%s %w", b.of.Path, err) }

func (b *body) writeJSON(c *content, v reflect.Value) error {
	written, err := encoded(b.json, v.Addr().Interface())
	if err != nil {
		return jsonFault(err)
	}
	c.reader = bytes.NewReader(written)
	return nil
}

// encoded returns the JSON form of *p in bytes of its own, because a transport may read
// them until after the answer.
func encoded(codec encode.Codec, p any) ([]byte, error) {
	buf := encode.Buffer()
	err := codec.Encode(buf, p)
	written := bytes.Clone(buf.Bytes())
	encode.Release(buf)
	return written, err
}

// jsonFault words an error of the engine so that it follows the name of the body.
func jsonFault(err error) error {
	pointer := ""
	if at, ok := errors.AsType[*json.SemanticError](err); ok {
		pointer = "#" + string(at.JSONPointer) + " "
	}
	return fmt.Errorf("%scannot be written as JSON: %w", pointer, err)
}

// errEmpty is the fault of an empty body, which counts as a missing one.
var errEmpty = errors.New("is empty, which counts as a missing body")

func (b *body) writeText(c *content, v reflect.Value) error {
	plain, err := b.text.Format(v)
	if err == nil && plain == "" {
		err = errEmpty
	}
	c.reader = strings.NewReader(plain)
	return err
}

func (*body) writeBytes(c *content, of []byte) error {
	c.reader = bytes.NewReader(of)
	if len(of) == 0 {
		return errEmpty
	}
	return nil
}

// streamed returns the reader in v.
func streamed(v reflect.Value) (io.Reader, error) {
	r, ok := reflect.TypeAssert[io.Reader](v)
	if !ok {
		return nil, errors.New("is nil, and a body is required")
	}
	if sized, ok := r.(interface{ Len() int }); ok && sized.Len() == 0 {
		return nil, errEmpty
	}
	return r, nil
}

// closeStream closes the reader in v, if it can be closed.
func closeStream(v reflect.Value) {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return
	}
	if closer, ok := reflect.TypeAssert[io.Closer](v); ok {
		_ = closer.Close() // nothing was wanted of it
	}
}

// A closeOnce is a body that both the end of a context and net/http close. A read after
// that fails with the cause of the context.
type closeOnce struct {
	ctx    context.Context //nolint:containedctx // that of the request that has the body
	from   io.ReadCloser
	closed atomic.Bool
}

// Read reads the body.
func (b *closeOnce) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && b.ctx.Err() != nil {
		err = b.ctx.Err()
	}
	return n, err
}

// Close closes the body, the first time.
func (b *closeOnce) Close() error {
	if !b.closed.CompareAndSwap(false, true) {
		return nil
	}
	return b.from.Close()
}
