package bind

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/tag"
)

// A jsonValidated calls the Validate methods of the value that its node reads, as
// soon as it is read: what was not sent is not read. What they refuse is kept
// aside, for a body in which all else holds.
type jsonValidated struct {
	jsonNode

	self []shape.Validation
}

func (n *jsonValidated) nested() []jsonNode { return []jsonNode{n.jsonNode} }

// read calls the methods once the values inside are valid.
func (n *jsonValidated) read(d *decoding, dst reflect.Value) error {
	before := d.late.size()
	if err := n.jsonNode.read(d, dst); err != nil {
		return err
	}
	if !d.isSound() || d.late.size() > before {
		return nil
	}
	if err := callAll(n.self, dst); err != nil {
		d.late.invalid(tag.Body, "", d.pointer(), err)
	}
	return nil
}

// isSound reports whether a Validate method is still worth calling: nothing is
// wrong so far, and its error would be heard.
func (d *decoding) isSound() bool {
	return len(d.errs.list) == 0 && !d.late.full() && d.late.answer == nil
}

// validate is what read does, for a value that something else has stored.
func (n *jsonValidated) validate(w *walk, v reflect.Value) {
	before := w.errs.size()
	n.jsonNode.validate(w, v)
	if w.errs.size() > before || w.errs.full() || w.errs.answer != nil {
		return
	}
	if err := callAll(n.self, v); err != nil {
		w.errs.invalid(tag.Body, "", w.pointer(), err)
	}
}
