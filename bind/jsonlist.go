package bind

import (
	"reflect"
	"strconv"

	"github.com/tenonkit/tenon/internal/text"
)

// A jsonList reads an array into a slice.
type jsonList struct {
	wrong *text.Wrong // of a value of another kind
	item  jsonNode
	items items
	first int           // how many items the first allocation holds
	empty reflect.Value // what an empty array is read into
}

// firstItems bounds the bytes that a slice takes before its second item is seen.
const firstItems = 64

func (c *jsonCompiler) list(key jsonKey, path string) jsonNode {
	t := key.typ
	items := itemChecks(c.faults, path, t, key.constraints)
	inner := constraintsOf(key.constraints, valueKeywords())
	if t.Kind() == reflect.Array {
		wrong := &text.Wrong{Code: "type", Detail: "must be an array of " + count(t.Len(), "item")}
		n := &jsonArray{wrong: wrong, items: items, size: t.Len()}
		c.add(key, n)
		n.item = c.compile(path, t.Elem(), inner, false)
		return n
	}
	n := &jsonList{wrong: &text.Wrong{Code: "type", Detail: "must be an array"}, items: items, empty: reflect.MakeSlice(t, 0, 0)}
	n.first = max(1, firstItems/max(1, int(t.Elem().Size())))
	n.first = min(n.first, max(1, items.max))
	c.add(key, n)
	n.item = c.compile(path, t.Elem(), inner, false)
	return n
}

func (n *jsonList) read(d *decoding, dst reflect.Value) error {
	switch kind := d.dec.PeekKind(); kind {
	case '[':
	case 'n':
		if err := d.dec.SkipValue(); err != nil {
			return err
		}
		return n.whole(d, dst)
	default:
		return d.mismatch(kind, n.wrong)
	}
	if err := d.enter(); err != nil {
		return err
	}
	before, start, size := len(d.errs.list), d.dec.InputOffset(), 0
	for ; d.dec.PeekKind() != ']'; size++ {
		if size >= n.items.max {
			return n.overflow(d)
		}
		if size == dst.Cap() {
			dst.Grow(max(n.first-size, d.expected(size, start)))
		}
		dst.SetLen(size + 1)
		if err := n.item.read(d, dst.Index(size)); err != nil {
			return err
		}
	}
	if size == 0 {
		dst.Set(n.empty)
	}
	if err := d.leave(); err != nil || len(d.errs.list) > before {
		return err
	}
	return n.whole(d, dst)
}

// expected returns for how many more items an array gets room that starts at
// start and has this number of items so far: for as many as the body can hold, if
// those to come are as long. That is exact for the last array of a body, and a
// guess for one inside others, so that it may add no more than three times what is
// there.
func (d *decoding) expected(size int, start int64) int {
	if size == 0 {
		return 1
	}
	at := d.dec.InputOffset()
	each := max(1, (at-start)/int64(size))
	return int(min((int64(len(d.body))-at)/each+1, int64(size)*3))
}

// whole checks the slice that was read last.
func (n *jsonList) whole(d *decoding, dst reflect.Value) error {
	if wrong := n.items.check(dst); wrong != nil {
		return d.wrong(wrong)
	}
	return nil
}

// overflow passes over the items beyond maxItems.
func (n *jsonList) overflow(d *decoding) error {
	for d.dec.PeekKind() != ']' {
		if err := d.dec.SkipValue(); err != nil {
			return err
		}
	}
	if err := d.leave(); err != nil {
		return err
	}
	return d.wrong(n.items.tooBig)
}

func (n *jsonList) check(w *walk, v reflect.Value) {
	if v.Len() > n.items.max {
		w.wrong(n.items.tooBig)
		return
	}
	if wrong := n.items.check(v); wrong != nil {
		w.wrong(wrong)
	}
	for i := 0; i < v.Len() && !w.errs.full(); i++ {
		w.checkInside("/"+strconv.Itoa(i), n.item, v.Index(i))
	}
}

func (n *jsonList) validate(w *walk, v reflect.Value) {
	for i := 0; i < v.Len() && w.reach[n.item]; i++ {
		w.validateInside("/"+strconv.Itoa(i), n.item, v.Index(i))
	}
}

func (n *jsonList) nested() []jsonNode { return []jsonNode{n.item} }

// A jsonArray reads an array of one length into a Go array.
type jsonArray struct {
	wrong *text.Wrong // of a value of another kind or an array of another length
	item  jsonNode
	items items
	size  int
}

func (n *jsonArray) read(d *decoding, dst reflect.Value) error {
	if kind := d.dec.PeekKind(); kind != '[' {
		return d.mismatch(kind, n.wrong)
	}
	if err := d.enter(); err != nil {
		return err
	}
	before, size := len(d.errs.list), 0
	for ; d.dec.PeekKind() != ']'; size++ {
		if size >= n.size {
			if err := d.dec.SkipValue(); err != nil {
				return err
			}
			continue
		}
		if err := n.item.read(d, dst.Index(size)); err != nil {
			return err
		}
	}
	if err := d.leave(); err != nil {
		return err
	}
	if size != n.size {
		return d.wrong(n.wrong)
	}
	if wrong := n.whole(dst); wrong != nil && len(d.errs.list) == before {
		return d.wrong(wrong)
	}
	return nil
}

func (n *jsonArray) whole(v reflect.Value) *text.Wrong {
	if n.size > n.items.max {
		return n.items.tooBig
	}
	return n.items.check(v)
}

func (n *jsonArray) check(w *walk, v reflect.Value) {
	if wrong := n.whole(v); wrong != nil {
		w.wrong(wrong)
	}
	for i := 0; i < n.size && !w.errs.full(); i++ {
		w.checkInside("/"+strconv.Itoa(i), n.item, v.Index(i))
	}
}

func (n *jsonArray) validate(w *walk, v reflect.Value) {
	for i := 0; i < n.size && w.reach[n.item]; i++ {
		w.validateInside("/"+strconv.Itoa(i), n.item, v.Index(i))
	}
}

func (n *jsonArray) nested() []jsonNode { return []jsonNode{n.item} }
