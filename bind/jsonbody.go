package bind

import (
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/tag"
)

// wholeBody compiles the body that one field, or In itself, takes.
func (c *compiler) wholeBody(f bodyField) *body {
	p := &body{index: f.index, optional: isOptional(f.typ)}
	p.media = f.tag.Get("contentType")
	for i, kind := range f.kinds {
		if i > 0 && takesAny(f.kinds[i-1]) {
			c.faults.add(f.path, "has the body kind %s behind %s, which takes any media type", kind, f.kinds[i-1])
		}
		switch kind {
		case "json":
			plan := compileJSON(c.faults, f.path, f.typ, f.tag, c.config.strict)
			p.json = plan
			p.modes = append(p.modes, jsonMode(plan))
			for _, format := range c.config.formats {
				p.modes = append(p.modes, formatMode(plan, format))
			}
		default:
			c.otherKind(p, f, kind)
		}
	}
	return p
}

// jsonMode decodes a JSON body.
func jsonMode(plan *jsonPlan) mode {
	read := func(b *request, dst reflect.Value) error {
		first := len(b.errs.list)
		cause := plan.decode(&b.buf, dst, &b.errs)
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
			b.errs.add(tag.Body, "", "", &violation{"syntax", "is not valid " + format.Type})
		} else {
			plan.check(dst, &b.errs)
		}
		return b.asked(first, "", cause)
	}
	accepts := func(mediaType string) bool { return strings.EqualFold(mediaType, format.Type) }
	return mode{accepts: accepts, types: format.Type, read: read}
}
