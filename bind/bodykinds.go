package bind

import (
	"bytes"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// body compiles the reader of a request body.
func (c *compiler) body(of *shape.Body) *body {
	p := &body{of: of}
	for _, kind := range of.Kinds {
		switch kind {
		case shape.KindJSON:
			c.jsonModes(p)
		case shape.KindForm:
			c.form(p)
		case shape.KindText:
			p.modes = append(p.modes, c.textMode(of))
		case shape.KindBytes:
			p.modes = append(p.modes, c.bytesMode(of))
		case shape.KindStream:
			p.modes = append(p.modes, c.streamMode(of))
		case shape.KindMergePatch:
			p.modes = append(p.modes, c.patchMode(of))
		case shape.KindMultipart:
			p.modes = append(p.modes, c.partsMode(of))
		}
	}
	return p
}

// json compiles the decoder of JSON values at a site.
func (c *compiler) json(s shape.Site) *decode.Plan {
	plan, wrong := decode.Compile(s, decode.Options{Strict: c.config.strict, Open: openOpt, Null: nullOpt, Sent: c.config.isSent})
	c.faults.Append(wrong...)
	return plan
}

// jsonModes compiles a body of JSON, or of a user's formats.
func (c *compiler) jsonModes(p *body) {
	plan := c.json(p.of.Site)
	p.json = plan
	modes := []mode{jsonMode(plan, c.isPlaced)}
	for _, format := range c.config.formats {
		m := formatMode(plan, format, encode.NewBlank(shape.Request, p.of.Type.Go))
		if strings.EqualFold(format.Type, modes[0].types) {
			m.accepts, m.types = modes[0].accepts, modes[0].types
			modes[0] = m
		} else {
			modes = append(modes, m)
		}
	}
	p.modes, p.values = append(p.modes, modes...), len(modes)
}

// jsonMode decodes a JSON body. It is placed if dst is another one for each request.
func jsonMode(plan *decode.Plan, isPlaced bool) mode {
	read := func(b *request, dst reflect.Value) error {
		first := len(b.errs.list)
		if isPlaced {
			return b.asked(first, "", plan.Read(b.buf.Bytes(), dst, b))
		}
		if b.json == nil {
			b.json = plan.Into(dst)
		}
		cause := b.json.Read(b.buf.Bytes(), b)
		return b.asked(first, "", cause)
	}
	return mode{accepts: isJSON, types: "application/json", read: read}
}

// formatMode decodes a body with a user's format, sets readOnly members to zero, and then
// checks the constraints, which a format does not know.
func formatMode(plan *decode.Plan, format Format, blank *encode.Blank) mode {
	read := func(b *request, dst reflect.Value) error {
		first := len(b.errs.list)
		cause := failure.WithoutNils(format.Decode(&b.buf, dst.Addr().Interface()))
		if cause == nil && blank != nil {
			var sent reflect.Value
			if sent, cause = blank.Of(dst); cause == nil {
				dst.Set(sent)
			}
		}
		if cause != nil {
			b.errs.add(shape.FromBody, "", "", &text.Wrong{Code: "syntax", Detail: "is not valid " + format.Type})
		} else {
			plan.Check(dst, b)
		}
		if len(b.errs.list) == 0 {
			plan.Validate(dst, b)
		}
		return b.asked(first, "", cause)
	}
	return mode{accepts: only(format.Type), types: format.Type, read: read}
}

// Wrong records what is wrong with a value in the body.
func (b *request) Wrong(pointer string, wrong *text.Wrong) (more bool) {
	b.errs.add(shape.FromBody, "", pointer, wrong)
	return !b.errs.full()
}

// Invalid records the error of a Validate method in the body. It counts if all else holds.
func (b *request) Invalid(pointer string, err error) {
	b.late.invalid(shape.FromBody, "", pointer, err)
}

// IsSound reports whether the next Validate method in the body is to be called: nothing
// else is wrong, and there is room for its error.
func (b *request) IsSound() bool {
	return len(b.errs.list) == 0 && !b.late.full() && b.late.answer == nil
}

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

// inText returns the Validate methods of the value of a body that is not JSON.
func (c *compiler) inText(of *shape.Body) []shape.Validation {
	calls, wrong := shape.Site{Path: of.Path, Medium: shape.InText, Type: of.Type}.Validations()
	c.faults.Append(wrong...)
	return calls
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
