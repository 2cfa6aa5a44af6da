package decode

import (
	"reflect"
	"strconv"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A walk goes through a stored value with the nodes of its plan. It checks the rules, or
// else calls the Validate methods.
type walk struct {
	report  Report
	isFull  bool          // the report takes no more
	refused int           // how many Validate methods did
	at      []byte        // the pointer of the current value, without the number sign
	depth   int           // of the current value
	reach   map[node]bool // where there are methods; nil if the rules are checked
}

// isCheck reports whether w checks the rules.
func (w *walk) isCheck() bool { return w.reach == nil }

// skips reports whether there is nothing to do in the values of n.
func (w *walk) skips(n node) bool { return w.isFull || !w.isCheck() && !w.reach[n] }

func (w *walk) pointer() string { return Cut("#" + string(w.at)) }

// wrong takes what is wrong with the current value, if anything is, and reports that.
func (w *walk) wrong(v *text.Wrong) bool {
	if v != nil {
		w.isFull = !w.report.Wrong(w.pointer(), v)
	}
	return v != nil
}

// wrongAt takes what is wrong with the value at the place at within the current one, if
// rules are checked.
func (w *walk) wrongAt(at string, v *text.Wrong) {
	if v == nil || !w.isCheck() {
		return
	}
	outer := len(w.at)
	w.at = append(w.at, at...)
	w.wrong(v)
	w.at = w.at[:outer]
}

// invalid takes the error of the Validate method of the current value.
func (w *walk) invalid(err error) {
	w.refused++
	w.report.Invalid(w.pointer(), err)
}

// inside walks through the value v at the place at within the current one. A value that
// points to itself has no end, and no request has brought it: where the rules are checked
// it is refused.
func (w *walk) inside(at string, n node, v reflect.Value) {
	outer := len(w.at)
	w.at = append(w.at, at...)
	w.depth++
	if w.depth <= engineDepth {
		n.walk(w, v)
	} else if w.isCheck() {
		w.wrong(&text.Wrong{Code: "depth", Detail: "is nested more than " + strconv.Itoa(engineDepth) + " levels deep, or points to itself"})
		w.isFull = true
	}
	w.depth--
	w.at = w.at[:outer]
}

// items walks through the items of a slice or array.
func (w *walk) items(n node, list reflect.Value) {
	for i := 0; i < list.Len() && !w.skips(n); i++ {
		w.inside("/"+strconv.Itoa(i), n, list.Index(i))
	}
}

// A validated calls the Validate methods of the value that its node reads, as
// soon as it is read: what was not sent is not read. What they refuse is kept
// aside, for a body in which all else holds.
type validated struct {
	node

	calls []shape.Validation
}

func (n *validated) nested() []node { return []node{n.node} }

// read calls the methods once the values inside are valid.
func (n *validated) read(d *decoding, dst reflect.Value) error {
	before := d.refused
	if err := n.node.read(d, dst); err != nil {
		return err
	}
	if !d.report.IsSound() || d.refused > before {
		return nil
	}
	if err := Validate(n.calls, dst); err != nil {
		d.invalid(d.pointer(), err)
	}
	return nil
}

// walk is what read does, for a value that something else has stored.
func (n *validated) walk(w *walk, v reflect.Value) {
	before := w.refused
	n.node.walk(w, v)
	if w.isCheck() || w.refused > before || !w.report.IsSound() {
		return
	}
	if err := Validate(n.calls, v); err != nil {
		w.invalid(err)
	}
}

// Validate calls the methods in their order on v, which is addressable, until one refuses.
// A nil of any type is no error.
func Validate(calls []shape.Validation, v reflect.Value) error {
	for _, call := range calls {
		on, ok := call.Reach(v)
		if !ok {
			continue
		}
		self, ok := reflect.TypeAssert[interface{ Validate() error }](on.Addr())
		if !ok {
			continue
		}
		if err := failure.WithoutNils(self.Validate()); err != nil {
			return err
		}
	}
	return nil
}
