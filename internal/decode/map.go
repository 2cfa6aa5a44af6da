package decode

import (
	"encoding"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/method"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A mapping reads an object into a map.
type mapping struct {
	wrong *text.Wrong // of a value of another kind
	typ   reflect.Type
	key   mapKey
	elem  node

	keyCalls []shape.Validation
	isPlaced bool  // each elem is read into a place of its own
	typed    typed // nil where there is none
}

func (c *compiler) mapping(s shape.Site) node {
	n := &mapping{wrong: notObject(), typ: s.Type.Base, isPlaced: shape.IsPlaced(s.Type.Base.Elem())}
	c.add(s, n)
	n.key = c.mapKey(s)
	n.keyCalls = c.validations(keySite(s))
	n.elem = c.compile(s.Elem())
	n.typed = typedMap(n.typ, n.elem)
	return n
}

// keySite returns the site of the keys of a map.
func keySite(s shape.Site) shape.Site { return shape.Site{Path: s.Path, Type: s.Type.Key()} }

func notObject() *text.Wrong { return &text.Wrong{Code: "type", Detail: "must be an object"} }

func (n *mapping) read(d *decoding, dst reflect.Value) error {
	switch kind := d.kind(); kind {
	case '{':
		if n.typed.try(d, dst, math.MaxInt) {
			return nil
		}
	case 'n':
		return d.skip()
	default:
		return d.mismatch(kind, n.wrong)
	}
	if err := d.enter(); err != nil {
		return err
	}
	dst.Set(reflect.MakeMap(n.typ))
	names := d.names.scope('{')
	raw, err := d.name()
	if raw == nil || err != nil {
		return err
	}
	key, elem := reflect.New(n.typ.Key()).Elem(), reflect.New(n.typ.Elem()).Elem()
	for ; raw != nil && err == nil; raw, err = d.name() {
		if err := n.member(d, dst, &names, raw, key, elem); err != nil {
			return err
		}
	}
	d.names.close(&names)
	return err
}

// member reads the member raw into the map dst. The key and elem are working copies.
func (n *mapping) member(d *decoding, dst reflect.Value, names *scope, raw []byte, key, elem reflect.Value) error {
	if !n.key.unique && !d.isNew(names, raw) {
		return errSyntax
	}
	key.SetZero()
	if n.isPlaced {
		elem = reflect.New(n.typ.Elem()).Elem()
	} else {
		elem.SetZero()
	}
	switch wrong := n.key.read(d, raw, key); {
	case wrong != nil:
		if err := d.wrongAt(d.around(), wrong); err != nil {
			return err
		}
		return d.skip()
	case !dst.MapIndex(key).IsValid():
	case n.key.unique:
		return errSyntax
	default:
		// Two names that are one key, such as 0 and -0.
		d.report.Wrong(d.pointer(), repeatedName())
		return errStop
	}
	n.validateKey(d, key)
	if err := n.elem.read(d, elem); err != nil {
		return err
	}
	dst.SetMapIndex(key, elem)
	return nil
}

// validateKey calls the Validate method of a key, if its name was sound.
func (n *mapping) validateKey(d *decoding, key reflect.Value) {
	if len(n.keyCalls) == 0 || !d.report.IsSound() {
		return
	}
	if err := Validate(n.keyCalls, Addressable(key)); err != nil {
		d.invalid(d.around(), err)
	}
}

// walk walks through copies of the values, which are put back, in the order of their places.
func (n *mapping) walk(w *walk, m reflect.Value) {
	validates := !w.isCheck() && len(n.keyCalls) > 0
	if !validates && w.skips(n.elem) {
		return
	}
	entries := n.sorted(m)
	if validates {
		for _, e := range entries {
			if err := Validate(n.keyCalls, Addressable(e.key)); err != nil {
				w.invalid(err)
			}
		}
	}
	for _, e := range entries {
		if w.skips(n.elem) {
			return
		}
		elem := Addressable(m.MapIndex(e.key))
		w.inside(e.at, n.elem, elem)
		if !w.isCheck() { // a Validate method may have changed it
			m.SetMapIndex(e.key, elem)
		}
	}
}

// An entry is a key of a map with its place in a pointer.
type entry struct {
	at  string
	key reflect.Value
}

// sorted returns the keys of the map m in the order of their places. It sorts pointers, for
// which a program has the code already: that for a struct costs it 20 KB.
func (n *mapping) sorted(m reflect.Value) []*entry {
	entries := make([]*entry, 0, m.Len())
	for _, key := range m.MapKeys() {
		entries = append(entries, &entry{token(n.key.name(key)), key})
	}
	slices.SortFunc(entries, func(a, b *entry) int { return strings.Compare(a.at, b.at) })
	return entries
}

func (n *mapping) nested() []node { return []node{n.elem} }

// A mapKey reads the names of an object as the keys of a map.
type mapKey struct {
	// read reads the name raw into key, which is settable and zero.
	read func(d *decoding, raw []byte, key reflect.Value) *text.Wrong
	// name returns the name of a key, for a pointer.
	name func(key reflect.Value) string
	// unique: names that differ are keys that differ.
	unique bool
}

// A nameParse stores the key that the text of a name stands for.
type nameParse func(key reflect.Value, name []byte) bool

func (c *compiler) mapKey(s shape.Site) mapKey {
	key := s.Type.Key()
	t := key.Base
	switch {
	case !key.IsNameKey():
		c.faults.Add(s.Path, "has keys of type %s, which cannot be read from JSON names: use strings, numbers or a type with UnmarshalText", key.Go)
		return stringKey()
	case key.Reads == shape.Self:
		return engineKey(t, c.ready(s.Path, key))
	case key.Reads == shape.String:
		return stringKey()
	}
	words := "must have numbers as names"
	switch key.Reads {
	case shape.Time:
		words = "must have RFC 3339 times as names"
	case shape.Text:
		words = "must have valid names"
	case shape.Int, shape.Uint:
		words = "must have integers as names"
	}
	return parsedKey(words, c.nameParse(s.Path, key))
}

// nameParse returns the parse of keys that the engine does not read by their own JSON.
func (c *compiler) nameParse(path string, key shape.Type) nameParse {
	bits := key.Base.Bits
	switch key.Reads {
	case shape.Time:
		return func(key reflect.Value, name []byte) bool {
			v, err := text.RFC3339(string(name))
			key.Set(reflect.ValueOf(v))
			return err == nil
		}
	case shape.Text:
		ready := c.ready(path, key)
		return func(key reflect.Value, name []byte) bool {
			method.Make(key, ready)
			u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](key.Addr())
			return ok && u.UnmarshalText(name) == nil
		}
	case shape.Int:
		return func(key reflect.Value, name []byte) bool {
			n, err := strconv.ParseInt(string(name), 10, bits())
			key.SetInt(n)
			return err == nil && text.IsNumber(name)
		}
	case shape.Uint:
		return func(key reflect.Value, name []byte) bool {
			n, err := strconv.ParseUint(string(name), 10, bits())
			key.SetUint(n)
			return err == nil && text.IsNumber(name)
		}
	case shape.Float:
		return func(key reflect.Value, name []byte) bool {
			n, err := strconv.ParseFloat(string(name), bits())
			key.SetFloat(n)
			return err == nil && text.IsNumber(name)
		}
	}
	return func(key reflect.Value, name []byte) bool { // a json.Number
		key.SetString(string(name))
		return text.IsNumber(name)
	}
}

func stringKey() mapKey {
	return mapKey{
		unique: true,
		name:   reflect.Value.String,
		read: func(d *decoding, raw []byte, key reflect.Value) *text.Wrong {
			key.SetString(d.keep(raw))
			return nil
		},
	}
}

func parsedKey(words string, parse nameParse) mapKey {
	wrong := &text.Wrong{Code: "type", Detail: words}
	return mapKey{name: nameOf, read: func(d *decoding, raw []byte, key reflect.Value) *text.Wrong {
		if !parse(key, d.unquote(raw)) {
			return wrong
		}
		return nil
	}}
}

// engineKey reads keys that have their own unmarshaler.
func engineKey(t reflect.Type, ready []int) mapKey {
	wrong, codec := &text.Wrong{Code: "format", Detail: "must have valid names"}, encode.For(t)
	return mapKey{name: nameOf, read: func(_ *decoding, raw []byte, key reflect.Value) *text.Wrong {
		method.Make(key, ready)
		if ok := codec.Decode(raw, key.Addr().Interface()) == nil; !ok {
			return wrong
		}
		return nil
	}}
}

// nameOf returns the name that the engine writes for key.
func nameOf(key reflect.Value) string {
	m := reflect.MakeMap(reflect.MapOf(key.Type(), reflect.TypeFor[struct{}]()))
	m.SetMapIndex(key, reflect.ValueOf(struct{}{}))
	p := reflect.New(m.Type())
	p.Elem().Set(m)
	object, err := encode.Marshal(p.Interface())
	end := len(object) - len(`:{}}`)
	if err != nil || end < len(`{""`) {
		return ""
	}
	name, err := json.AppendUnquote(nil, object[1:end])
	if err != nil {
		return ""
	}
	return string(name)
}

// Addressable returns a copy of v whose methods with a pointer receiver can be called.
func Addressable(v reflect.Value) reflect.Value {
	copied := reflect.New(v.Type()).Elem()
	copied.Set(v)
	return copied
}
