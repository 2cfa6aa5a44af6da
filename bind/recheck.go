package bind

import (
	"errors"
	"reflect"

	"github.com/tenonkit/tenon/internal/tag"
)

// A walk goes through a stored value with the nodes of its plan.
type walk struct {
	errs   *collector
	at     []byte // the pointer of the current value, without the number sign
	reach  map[jsonNode]bool
	answer error // the first error of a Validate method that answers by itself
}

func (w *walk) pointer() string { return bound("#" + string(w.at)) }

func (w *walk) wrong(v *violation) { w.errs.add(tag.Body, "", w.pointer(), v) }

// checkInside checks the value v at the place at within the current one.
func (w *walk) checkInside(at string, n jsonNode, v reflect.Value) {
	outer := len(w.at)
	w.at = append(w.at, at...)
	n.check(w, v)
	w.at = w.at[:outer]
}

// validateInside is checkInside for Validate methods.
func (w *walk) validateInside(at string, n jsonNode, v reflect.Value) {
	outer := len(w.at)
	w.at = append(w.at, at...)
	n.validate(w, v)
	w.at = w.at[:outer]
}

// hasValidate reports whether a *t has a Validate method.
func hasValidate(t reflect.Type) bool {
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface &&
		reflect.PointerTo(t).Implements(reflect.TypeFor[validator]())
}

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
