package bind

import (
	"bytes"
	"io"
	"reflect"

	"github.com/tenonkit/tenon/internal/tag"
)

// textMode compiles a body that is a string.
func (c *compiler) textMode(f bodyField) mode {
	t, outer := unwrap(f.typ)
	m := mode{accepts: anyType}
	if t.Kind() != reflect.String && !tag.ReadsText(t) {
		c.faults.add(f.path, "is a text body of type %s, which is not a string", t)
		return m
	}
	parse, err := c.faults.textParse(f.path, t, f.tag)
	if err != nil {
		c.faults.add(f.path, "%v", err)
	}
	p := &param{parse: parse, checks: valueChecks(c.faults, f.path, t, f.tag)}
	self := selfChecks(c.faults, f.path, t, false)
	m.read = func(b *request, dst reflect.Value) error {
		if outer != nil {
			dst = outer(dst)
		}
		if wrong := p.value(dst, b.buf.String()); wrong != nil {
			return b.bodyFault(wrong, "")
		}
		b.validated(self, dst)
		return nil
	}
	return m
}

// validated calls the Validate methods of the whole body dst, if all else holds.
func (b *request) validated(self []selfCheck, dst reflect.Value) {
	if len(self) == 0 || len(b.errs.list) > 0 {
		return
	}
	if err := callAll(self, dst); err != nil {
		b.late.invalid(tag.Body, "", "", err)
	}
}

// bytesMode compiles a body that is a []byte.
func (c *compiler) bytesMode(f bodyField) mode {
	t, outer := unwrap(f.typ)
	if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Uint8 {
		c.faults.add(f.path, "is a body of bytes of type %s, which is not a []byte", t)
	}
	self := selfChecks(c.faults, f.path, t, false)
	read := func(b *request, dst reflect.Value) error {
		if outer != nil {
			dst = outer(dst)
		}
		dst.SetBytes(bytes.Clone(b.buf.Bytes()))
		b.validated(self, dst)
		return nil
	}
	return mode{accepts: anyType, read: read}
}

// streamMode compiles a body that the handler reads.
func (c *compiler) streamMode(f bodyField) mode {
	t, outer := unwrap(f.typ)
	if t != reflect.TypeFor[io.Reader]() && t != reflect.TypeFor[io.ReadCloser]() {
		c.faults.add(f.path, "is a stream of type %s: use io.Reader or io.ReadCloser", t)
	}
	read := func(b *request, dst reflect.Value) error {
		if outer != nil {
			dst = outer(dst)
		}
		source := bodyReader{body: b.r.Body, limit: b.config.maxBody}
		dst.Set(reflect.ValueOf(&bodyStream{source, newLateBody(b), b.r.Body}))
		return nil
	}
	return mode{accepts: anyType, read: read, streams: true}
}
