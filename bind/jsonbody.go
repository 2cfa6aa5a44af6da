package bind

import (
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// jsonModes compiles a body of JSON, or of a user's formats.
func (c *compiler) jsonModes(p *body) {
	var tags reflect.StructTag
	if len(p.index) > 0 {
		tags = c.in.Type.FieldByIndex(p.index).Tag
	}
	p.json = compileJSON(c.faults, p.of.Path, p.of.Type.Go, tags, c.config.strict)
	p.modes = append(p.modes, jsonMode(p.json))
	for _, format := range c.config.formats {
		p.modes = append(p.modes, formatMode(p.json, format))
	}
}

// jsonMode decodes a JSON body.
func jsonMode(plan *jsonPlan) mode {
	read := func(b *request, dst reflect.Value) error {
		first := len(b.errs.list)
		cause := plan.decode(&b.buf, dst, &b.errs, &b.late)
		return b.asked(first, "", cause)
	}
	return mode{accepts: isJSON, types: "application/json", read: read}
}

// formatMode decodes a body with a user's format, and then checks what it
// stored: the constraints are bind's to keep.
func formatMode(plan *jsonPlan, format Format) mode {
	read := func(b *request, dst reflect.Value) error {
		first := len(b.errs.list)
		cause := format.Decode(&b.buf, dst.Addr().Interface())
		if cause != nil {
			b.errs.add(shape.FromBody, "", "", &text.Wrong{Code: "syntax", Detail: "is not valid " + format.Type})
		} else {
			plan.check(dst, &b.errs)
		}
		if len(b.errs.list) == 0 {
			plan.validate(dst, &b.late)
		}
		return b.asked(first, "", cause)
	}
	accepts := func(mediaType string) bool { return strings.EqualFold(mediaType, format.Type) }
	return mode{accepts: accepts, types: format.Type, read: read}
}
