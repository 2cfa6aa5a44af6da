package decode

import (
	"reflect"
	"slices"
)

// A typed way reads a list or map of one of the most common Go types, which reflection
// fills at several times the cost. It gives up at whatever is not plain, before it has
// reported anything, and the node reads the value from its start. What it reads has up to
// most items; the value that it returns is valid until the next call.
type typed func(d *decoding, most int) (v reflect.Value, ok bool)

// try reads the object or array that is next by a typed way into dst.
func (t typed) try(d *decoding, dst reflect.Value, most int) bool {
	if t == nil || d.engine != nil || len(d.path) >= maxDepth {
		return false
	}
	at := d.at
	d.at++
	v, ok := t(d, most)
	if ok {
		dst.Set(v)
	} else {
		d.at = at
	}
	return ok
}

// words reads a list of up to most strings. As long as that is short and written as most
// are, it does so without a call for each item.
func (d *decoding) words(most int) (list []string, ok bool) {
	b, at := d.buf, d.at
	if b[at] != '[' || len(d.path) >= maxDepth {
		return nil, false
	}
	r, n, room := &d.texts, 0, d.texts.slab
	i := at + 1
	for b[i] == '"' && n < min(most, mostSlab/4) && (n < len(room) || n < leastSlab) {
		end, escaped := scanString(b, i)
		if end < 0 || escaped || b[end] != ',' && b[end] != ']' {
			break
		}
		if n == len(room) {
			room = r.more(d, room)
		}
		room[n] = d.part(i+1, end-1)
		n++
		i = end + 1
		if b[end] == ']' {
			d.at, r.slab = i, room[n:]
			return room[:n:n], true
		}
		if b[i] == ' ' {
			i++
		}
	}
	d.at = i
	if list, ok = r.short(d, room, n, most, at+1, (*decoding).text); !ok {
		d.at = at
	}
	return list, ok
}

// another reads what is behind an item or member: a comma, or the end.
func (d *decoding) another(end byte) (more, ok bool) {
	c := d.next()
	more = c == ','
	if ok = more || c == end; ok {
		d.at++
	}
	return more, ok
}

// typedList returns the typed way of lists of type t, nil where there is none.
func typedList(t reflect.Type, item node) typed {
	if !isPlain(item) {
		return nil
	}
	switch t.Elem() {
	case reflect.TypeFor[string]():
		return func(d *decoding, most int) (reflect.Value, bool) { return d.texts.read(d, most, (*decoding).text) }
	case reflect.TypeFor[float64]():
		return func(d *decoding, most int) (reflect.Value, bool) { return d.floats.read(d, most, (*decoding).float) }
	case reflect.TypeFor[point]():
		return func(d *decoding, most int) (reflect.Value, bool) { return d.points.read(d, most, (*decoding).point) }
	case reflect.TypeFor[int]():
		return func(d *decoding, most int) (reflect.Value, bool) { return d.ints.read(d, most, plainInt[int]) }
	case reflect.TypeFor[int64]():
		return func(d *decoding, most int) (reflect.Value, bool) { return d.longs.read(d, most, plainInt[int64]) }
	}
	return nil
}

// A point is a pair of coordinates. Geometries are long lists of them.
type point = [2]float64

func (d *decoding) point() (p point, ok bool) {
	if d.next() != '[' || len(d.path) >= maxDepth-1 {
		return p, false
	}
	d.at++
	if p[0], ok = d.float(); !ok || d.next() != ',' {
		return p, false
	}
	d.at++
	if p[1], ok = d.float(); !ok || d.next() != ']' {
		return p, false
	}
	d.at++
	return p, true
}

// typedMap returns the typed way of maps of type t, nil where there is none.
func typedMap(t reflect.Type, elem node) typed {
	if t.Key() != reflect.TypeFor[string]() || t.Elem() != reflect.TypeFor[string]() || !isPlain(elem) {
		return nil
	}
	return func(d *decoding, _ int) (reflect.Value, bool) {
		m, ok := d.textMap()
		return d.labels.box(m), ok
	}
}

// isPlain reports whether the values of n are read the same way wherever they are.
func isPlain(n node) bool {
	switch n := n.(type) {
	case *str:
		return len(n.checks) == 0
	case *integer:
		return len(n.checks) == 0 && !n.quoted
	case *float:
		return len(n.checks) == 0 && !n.quoted
	case *array:
		return len(n.items.checks) == 0 && n.size <= n.items.Max && isPlain(n.item)
	}
	return false
}

// plainInt reads an integer that an I can hold.
func plainInt[I int | int64](d *decoding) (I, bool) {
	magnitude, isNegative, ok := d.integer()
	i := I(magnitude)
	if i < 0 || uint64(i) != magnitude {
		return 0, false
	}
	if isNegative {
		i = -i
	}
	return i, ok
}

// A pair is a name and its value.
type pair [2]string

// textMap reads an object whose names and values are strings.
func (d *decoding) textMap() (m map[string]string, ok bool) {
	var few [8]pair // most maps are small, and need no other memory
	for n := range few {
		if few[n], ok = d.textPair(); !ok {
			return nil, false
		}
		more, ok := d.another('}')
		if !ok {
			return nil, false
		}
		if !more {
			return mapOf(few[:n+1])
		}
	}
	return d.largeMap(few[:])
}

// largeMap reads on where textMap has read few.
func (d *decoding) largeMap(few []pair) (m map[string]string, ok bool) {
	pairs := append(d.pairs[:0], few...)
	defer func() {
		clear(pairs)
		d.pairs = pairs
	}()
	for len(pairs) < mostItems/2 {
		next, ok := d.textPair()
		if !ok {
			return nil, false
		}
		pairs = append(pairs, next)
		more, ok := d.another('}')
		if !ok {
			return nil, false
		}
		if !more {
			return mapOf(pairs)
		}
	}
	return nil, false
}

// textPair reads a name and its value, both strings.
func (d *decoding) textPair() (next pair, ok bool) {
	name, ok := d.text()
	if !ok || d.next() != ':' {
		return next, false
	}
	d.at++
	value, ok := d.text()
	return pair{name, value}, ok
}

// mapOf returns the map of these names and values, unless a name is repeated.
func mapOf(pairs []pair) (m map[string]string, ok bool) {
	m = make(map[string]string, len(pairs))
	for i := range pairs {
		m[pairs[i][0]] = pairs[i][1]
	}
	return m, len(m) == len(pairs)
}

// A row is the working space for the lists of one type.
type row[T any] struct {
	items []T // of the current list
	slab  []T // what is left of the one that short lists are parts of
	size  int // of all slabs
	cell  cell[[]T]
}

// A short list keeps the others of its slab.
const (
	leastSlab = 4
	mostSlab  = 64
)

// read reads an array by reading one item after the other.
func (r *row[T]) read(d *decoding, most int, one func(d *decoding) (T, bool)) (v reflect.Value, ok bool) {
	list, ok := r.short(d, r.slab, 0, most, d.at, one)
	if !ok {
		return v, false
	}
	return r.cell.box(list), true
}

// short reads the items behind the n that are in room, which is the slab, if they are few.
// The list begins at start.
func (r *row[T]) short(d *decoding, room []T, n, most, start int, one func(d *decoding) (T, bool)) (list []T, ok bool) {
	if n == 0 && d.next() == ']' {
		d.at++
		return []T{}, true
	}
	for {
		item, ok := one(d)
		if !ok || n == most {
			break
		}
		if n == mostSlab/4 || n == len(room) && n >= leastSlab {
			return r.long(d, room[:n], item, most, start, one)
		}
		if n == len(room) {
			room = r.more(d, room)
		}
		room[n] = item
		n++
		c := d.next()
		d.at++
		if c == ',' {
			continue
		}
		if c != ']' {
			break
		}
		r.slab = room[n:]
		return room[:n:n], true
	}
	clear(room[:n])
	return nil, false
}

// more returns the next slab, with what is in the latest.
func (r *row[T]) more(d *decoding, items []T) []T {
	r.slab = make([]T, min(max(len(items)+d.toCome(r.size), leastSlab), mostSlab))
	r.size += len(r.slab)
	copy(r.slab, items)
	return r.slab
}

// long reads the items behind those that are few, of which the last is item.
func (r *row[T]) long(d *decoding, few []T, item T, most, start int, one func(d *decoding) (T, bool)) (list []T, ok bool) {
	items := append(append(r.items[:0], few...), item) // those that are not in list yet
	clear(few)
	defer func() {
		clear(items)
		r.items = items
	}()
	for {
		more, ok := d.another(']')
		if !ok {
			return nil, false
		}
		if !more {
			break
		}
		if len(items) == mostItems {
			if len(list)+mostItems > cap(list) {
				list = slices.Grow(list, mostItems+d.expected(len(list)+mostItems, start, 16))
			}
			list = append(list, items...)
			clear(items)
			items = items[:0]
		}
		item, ok := one(d)
		if !ok || len(list)+len(items) == most {
			return nil, false
		}
		items = append(items, item)
	}
	if list == nil {
		list = make([]T, 0, len(items))
	}
	return append(list, items...), true
}

// mostItems is how many items are read before a list is made.
const mostItems = 1024

func (r *row[T]) release() {
	r.slab, r.size, r.cell.value = nil, 0, nil
}

// A cell holds a T for [reflect.Value.Set], which then makes no copy of its own.
type cell[T any] struct {
	value T
	boxed reflect.Value
}

func (c *cell[T]) box(v T) reflect.Value {
	if !c.boxed.IsValid() {
		c.boxed = reflect.ValueOf(&c.value).Elem()
	}
	c.value = v
	return c.boxed
}

// rows is the working space of the typed ways.
type rows struct {
	texts  row[string]
	ints   row[int]
	longs  row[int64]
	floats row[float64]
	points row[point]
	labels cell[map[string]string]
	pairs  []pair // of the current map
}

func (r *rows) release() {
	r.texts.release()
	r.ints.release()
	r.longs.release()
	r.floats.release()
	r.points.release()
	r.labels.value = nil
}
