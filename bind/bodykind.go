package bind

import (
	"github.com/tenonkit/tenon/internal/shape"
)

// body compiles the reader of a request body.
func (c *compiler) body(of *shape.Body) *body {
	p := &body{of: of, index: of.Index, optional: of.IsOptional, media: of.MediaType}
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
		case shape.KindMultipart:
			p.modes = append(p.modes, c.partsMode(of))
		}
	}
	return p
}

// inText returns the Validate methods of the value that is a body of another kind than
// JSON.
func (c *compiler) inText(of *shape.Body) []shape.Validation {
	calls, wrong := shape.Site{Path: of.Path, Medium: shape.InText, Type: of.Type}.Validations()
	c.faults.Append(wrong...)
	return calls
}

// anyType accepts every media type.
func anyType(string) bool { return true }
