package bind

import (
	"bytes"
	"reflect"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/shape"
)

// textMode compiles a body that is a string.
func (c *compiler) textMode(of *shape.Body) mode {
	open, self := openOf(of.Type), c.inText(of)
	p := &param{parse: c.parse(of.Site), checks: decode.ChecksOf(of.Site, &c.faults)}
	read := func(b *request, dst reflect.Value) error {
		dst = open.into(dst)
		if wrong := p.value(dst, b.buf.String()); wrong != nil {
			return b.bodyFault(wrong, "")
		}
		b.validated(self, dst)
		return nil
	}
	return mode{accepts: anyType, read: read}
}

// validated calls the Validate methods of the whole body dst, if all else holds.
func (b *request) validated(self []shape.Validation, dst reflect.Value) {
	if len(self) == 0 || len(b.errs.list) > 0 {
		return
	}
	if err := decode.Validate(self, dst); err != nil {
		b.late.invalid(shape.FromBody, "", "", err)
	}
}

// bytesMode compiles a body that is a []byte.
func (c *compiler) bytesMode(of *shape.Body) mode {
	open, self := openOf(of.Type), c.inText(of)
	read := func(b *request, dst reflect.Value) error {
		dst = open.into(dst)
		dst.SetBytes(bytes.Clone(b.buf.Bytes()))
		b.validated(self, dst)
		return nil
	}
	return mode{accepts: anyType, read: read}
}
