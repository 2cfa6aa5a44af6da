package bind

import (
	"errors"
	"reflect"

	"github.com/tenonkit/tenon/internal/tag"
)

// A jsonValidated calls the Validate method of the value that its node reads.
type jsonValidated struct{ jsonNode }

func (n *jsonValidated) nested() []jsonNode { return []jsonNode{n.jsonNode} }

// validate calls the method once the values inside are valid.
func (n *jsonValidated) validate(w *walk, v reflect.Value) {
	before := len(w.errs.list)
	n.jsonNode.validate(w, v)
	// The method of an embedded field that is not exported cannot be called from
	// here. It is the outer type's, unless that has one of its own.
	if len(w.errs.list) > before || w.errs.full() || !v.CanInterface() {
		return
	}
	self, ok := reflect.TypeAssert[validator](v.Addr())
	if !ok {
		return
	}
	w.invalid(self.Validate())
}

// invalid records the error of a Validate method. The fields of an [*Error] are
// placed below the current value; another error with an answer of its own is the
// answer.
func (w *walk) invalid(err error) {
	if err == nil {
		return
	}
	inner, ok := errors.AsType[*Error](err)
	if !ok || len(inner.Fields) == 0 {
		if answersItself(err) {
			if w.answer == nil {
				w.answer = err
			}
			return
		}
		w.wrong(&violation{"invalid", err.Error()})
		return
	}
	for _, field := range inner.Fields {
		at := field.Pointer
		if at != "" && at[0] == '#' {
			at = at[1:]
		}
		pointer := bound(w.pointer() + at)
		w.errs.add(tag.Body, "", pointer, &violation{field.Code, field.Detail})
	}
}
