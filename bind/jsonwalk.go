package bind

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// A walk goes through a stored value with the nodes of its plan.
type walk struct {
	errs  *collector
	at    []byte // the pointer of the current value, without the number sign
	reach map[jsonNode]bool
}

func (w *walk) pointer() string { return bound("#" + string(w.at)) }

func (w *walk) wrong(v *text.Wrong) { w.errs.add(tag.Body, "", w.pointer(), v) }

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
