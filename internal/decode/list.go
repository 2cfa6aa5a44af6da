package decode

import (
	"bytes"
	"reflect"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A list reads an array into a slice.
type list struct {
	wrong *text.Wrong // of a value of another kind
	item  node
	items Items
	first int           // how many items the first allocation holds
	size  int           // of an item in memory
	empty reflect.Value // what an empty array is read into
	typed typed         // nil where there is none
}

// firstItems bounds the bytes that a slice takes before its second item is seen.
const firstItems = 64

func (c *compiler) list(s shape.Site) node {
	t := s.Type.Base
	n := &list{wrong: &text.Wrong{Code: "type", Detail: "must be an array"}, items: ItemsOf(s), empty: reflect.MakeSlice(t, 0, 0)}
	n.size = int(t.Elem().Size())
	n.first = max(1, firstItems/max(1, n.size))
	n.first = min(n.first, max(1, n.items.Max))
	c.add(s, n)
	n.item = c.compile(s.Elem())
	n.typed = typedList(t, n.item)
	return n
}

func (n *list) read(d *decoding, dst reflect.Value) error {
	switch kind := d.kind(); kind {
	case '[':
		if n.typed.try(d, dst, n.items.Max) {
			return n.whole(d, dst)
		}
	case 'n':
		if err := d.skip(); err != nil {
			return err
		}
		return n.whole(d, dst)
	default:
		return d.mismatch(kind, n.wrong)
	}
	if err := d.enter(); err != nil {
		return err
	}
	before, start, size, room := d.found, d.offset(), 0, 0
	for ; ; size++ {
		more, err := d.item()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if size >= n.items.Max {
			return n.overflow(d)
		}
		if size == room {
			dst.Grow(max(n.first-size, d.expected(size, start, n.size)))
			room = dst.Cap()
			dst.SetLen(room)
		}
		if err := n.item.read(d, dst.Index(size)); err != nil {
			return err
		}
	}
	if size == 0 {
		dst.Set(n.empty)
	} else {
		dst.SetLen(size)
	}
	if d.found > before {
		return nil
	}
	return n.whole(d, dst)
}

// expected returns for how many more items an array gets room that starts at
// start and has this number of items so far: for as many as the body can hold, if
// those to come are as long. That is exact for the last array of a body, and a
// guess for one inside others, so that it may add no more than three times what is
// there. An array near the root may take more out of a budget that the body sets.
func (d *decoding) expected(size, start, itemSize int) int {
	const near = 2
	var room, sure int
	if at := d.offset(); size == 0 {
		room, sure = objects(d.buf[:d.size], at), 1
	} else {
		room, sure = (d.size-at)/max(1, (at-start)/size)+1, 3*size
	}
	if extra := room - sure; len(d.path) <= near && 0 < extra && extra <= d.spare/max(1, itemSize) {
		d.spare -= extra * itemSize
		return room
	}
	return min(room, sure)
}

// objects returns how many objects seem to stand in the array whose first item is at start:
// as many as fit, if they are as long as those that its first part has.
func objects(body []byte, start int) int {
	const most, part = 8, 1024
	n, end := 1, start // which object is at i, and where those before it end
	for i := start; n <= most; {
		next := bytes.IndexByte(body[i:min(start+part, len(body))], '}')
		if next < 0 {
			break
		}
		switch i += next + len("}"); {
		case bytes.HasPrefix(body[i:], []byte("]")):
			return n
		case bytes.HasPrefix(body[i:], []byte(",{")):
			n, end = n+1, i
		}
	}
	if n == 1 {
		return n
	}
	return n + (len(body)-end)/((end-start)/(n-1))
}

// whole checks the slice that was read last.
func (n *list) whole(d *decoding, dst reflect.Value) error {
	if wrong := n.items.Check(dst); wrong != nil {
		return d.wrong(wrong)
	}
	return nil
}

// overflow passes over the items beyond maxItems, the first of which is next.
func (n *list) overflow(d *decoding) error {
	for more := true; more; {
		err := d.skip()
		if err == nil {
			more, err = d.item()
		}
		if err != nil {
			return err
		}
	}
	return d.wrong(n.items.TooMany)
}

func (n *list) walk(w *walk, v reflect.Value) {
	if w.isCheck() {
		if v.Len() > n.items.Max {
			w.wrong(n.items.TooMany)
			return
		}
		w.wrong(n.items.Check(v))
	}
	w.items(n.item, v)
}

func (n *list) nested() []node { return []node{n.item} }

// A array reads an array of one length into a Go array.
type array struct {
	wrong *text.Wrong // of a value of another kind or an array of another length
	item  node
	items Items
	size  int
}

func (c *compiler) array(s shape.Site) node {
	size := s.Type.Base.Len()
	wrong := &text.Wrong{Code: "type", Detail: "must be an array of " + text.Count(size, "item")}
	n := &array{wrong: wrong, items: ItemsOf(s), size: size}
	c.add(s, n)
	n.item = c.compile(s.Elem())
	return n
}

func (n *array) read(d *decoding, dst reflect.Value) error {
	if kind := d.kind(); kind != '[' {
		return d.mismatch(kind, n.wrong)
	}
	if err := d.enter(); err != nil {
		return err
	}
	before, size := d.found, 0
	for ; ; size++ {
		more, err := d.item()
		switch {
		case err != nil:
			return err
		case !more:
			return n.end(d, dst, size, d.found > before)
		case size >= n.size:
			err = d.skip()
		default:
			err = n.item.read(d, dst.Index(size))
		}
		if err != nil {
			return err
		}
	}
}

// end checks the array of this many items that was read last.
func (n *array) end(d *decoding, dst reflect.Value, size int, isWrong bool) error {
	if size != n.size {
		return d.wrong(n.wrong)
	}
	if wrong := n.whole(dst); wrong != nil && !isWrong {
		return d.wrong(wrong)
	}
	return nil
}

func (n *array) whole(v reflect.Value) *text.Wrong {
	if n.size > n.items.Max {
		return n.items.TooMany
	}
	return n.items.Check(v)
}

func (n *array) walk(w *walk, v reflect.Value) {
	if w.isCheck() {
		w.wrong(n.whole(v))
	}
	w.items(n.item, v)
}

func (n *array) nested() []node { return []node{n.item} }
