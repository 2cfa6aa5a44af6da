package bind

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/shape"
)

const (
	urlencodedType = "application/x-www-form-urlencoded"
	multipartType  = "multipart/form-data"
)

// A form is the compiled reader of form fields, in either of their encodings.
type form struct {
	source

	body *body
	open open               // through pointers and Opts to the struct of the fields
	self []shape.Validation // of this struct
}

// form compiles the form fields of the body p. They are fields of the struct at p.of.Index, or
// of In itself if that is empty.
func (c *compiler) form(p *body) {
	f := &form{body: p}
	f.skipped = p.of.Skipped
	for i := range p.of.Fields {
		f.add(c.param(&p.of.Fields[i]))
	}
	if len(p.of.Index) > 0 {
		f.open, f.self = openOf(p.of.Type), c.inText(p.of)
	}
	p.modes = append(p.modes, f.modes()...)
	p.form = f
}

func (f *form) modes() []mode {
	modes := []mode{{accepts: only(urlencodedType), types: urlencodedType, isForm: true, read: f.urlencoded}}
	if len(f.body.of.Raws) == 0 {
		modes = append(modes, mode{accepts: only(multipartType), types: multipartType, isForm: true, read: f.multipart, streams: true})
	}
	return modes
}

// inside returns the struct of the fields in dst.
func (f *form) inside(dst reflect.Value) reflect.Value {
	return f.open.into(dst)
}

// urlencoded reads a body of name=value pairs. The values share one copy of the body.
func (f *form) urlencoded(b *request, dst reflect.Value) error {
	return f.scanned(b, dst, b.buf.String())
}

// empty reads a form without fields.
func (f *form) empty(b *request, dst reflect.Value) error { return f.scanned(b, dst, "") }

func (f *form) scanned(b *request, dst reflect.Value, text string) error {
	b.form, b.gathered.late = f, &b.late
	return b.reading("", func() error {
		f.scan(f.inside(dst), text, &b.gathered, &b.errs, shape.FromForm, b.config.strict)
		return nil
	})
}
