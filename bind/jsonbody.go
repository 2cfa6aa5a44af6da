package bind

import (
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// jsonModes compiles a body of JSON, or of a user's formats.
func (c *compiler) jsonModes(p *body) {
	plan, wrong := decode.Compile(p.of.Site, decode.Options{Strict: c.config.strict, Open: openOpt, Null: nullOpt})
	c.faults.Append(wrong...)
	p.json = plan
	modes := []mode{jsonMode(plan)}
	for _, format := range c.config.formats {
		m := formatMode(plan, format)
		if strings.EqualFold(format.Type, modes[0].types) {
			m.accepts, m.types = modes[0].accepts, modes[0].types
			modes[0] = m
		} else {
			modes = append(modes, m)
		}
	}
	p.modes, p.values = append(p.modes, modes...), len(modes)
}

// jsonMode decodes a JSON body.
func jsonMode(plan *decode.Plan) mode {
	read := func(b *request, dst reflect.Value) error {
		first := len(b.errs.list)
		cause := plan.Read(b.buf.Bytes(), dst, b)
		return b.asked(first, "", cause)
	}
	return mode{accepts: isJSON, types: "application/json", read: read}
}

// formatMode decodes a body with a user's format, and then checks what it
// stored: the constraints are bind's to keep.
func formatMode(plan *decode.Plan, format Format) mode {
	read := func(b *request, dst reflect.Value) error {
		first := len(b.errs.list)
		cause := format.Decode(&b.buf, dst.Addr().Interface())
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
	accepts := func(mediaType string) bool { return strings.EqualFold(mediaType, format.Type) }
	return mode{accepts: accepts, types: format.Type, read: read}
}

// Wrong records what is wrong with a value in the body.
func (b *request) Wrong(pointer string, wrong *text.Wrong) (more bool) {
	b.errs.add(shape.FromBody, "", pointer, wrong)
	return !b.errs.full()
}

// Invalid records the error of a Validate method in the body, for the case that all else
// holds.
func (b *request) Invalid(pointer string, err error) {
	b.late.invalid(shape.FromBody, "", pointer, err)
}

// IsSound reports whether a Validate method in the body is still worth calling: nothing is
// wrong so far, and its error would be heard.
func (b *request) IsSound() bool {
	return len(b.errs.list) == 0 && !b.late.full() && b.late.answer == nil
}
