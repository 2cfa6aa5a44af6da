package bind

import (
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/tag"
)

// object compiles the node of a struct.
func (c *jsonCompiler) object(key jsonKey, path string) jsonNode {
	n := &jsonObject{
		wrong:  notObject(),
		strict: c.strict,
		byName: map[string]int{},
	}
	valueChecks(c.faults, path, key.typ, key.constraints) // none applies
	c.add(key, n)
	fields := c.structFields(path, key.typ)
	members := shape.Site{Path: path, Type: shape.Of(key.typ)}.Members()
	for _, fault := range members.Faults {
		if strings.HasPrefix(fault.Words, "has default:") {
			c.faults.list.Append(fault)
		}
	}
	n.need = make([]uint64, len(fields.List)/64+1)
	for i := range fields.List {
		c.member(n, path, &fields.List[i], &members.List[i])
	}
	if len(n.members) > linearNames {
		n.byQuoted = make(map[string]int, len(n.members))
		for i := range n.members {
			n.byQuoted[n.members[i].quoted] = i
		}
	}
	if fields.Rest != nil {
		n.rest = c.rest(path, fields.Rest)
	}
	return n
}

// member compiles the member of n that field f stands for.
func (c *jsonCompiler) member(n *jsonObject, path string, f *tag.Member, shaped *shape.Member) {
	i := len(n.members)
	path += f.GoPath
	for _, words := range tag.NearMisses(f.Field) {
		c.faults.add(path, "%s", words)
	}
	m := jsonMember{
		quoted:   `"` + f.Name + `"`,
		at:       token(f.Name),
		node:     c.compile(path, f.Field.Type, f.Field.Tag, f.Quoted),
		index:    f.Index,
		optional: f.Optional || f.Behind,
	}
	if shaped.Default != nil {
		m.fallback = c.fallback(shaped)
		n.defaults = append(n.defaults, i)
	}
	if m.fallback == nil && !m.optional && !shaped.Type.IsWrapped() {
		n.need[i/64] |= 1 << (i % 64)
	}
	n.byName[f.Name] = i
	n.members = append(n.members, m)
}

// fallback compiles the default of a field. It is written as the value of a
// parameter is, with commas between the items of a slice.
func (c *jsonCompiler) fallback(m *shape.Member) *param {
	of := &shape.Param{Site: m.Site, Index: m.Index}
	p := &param{of: of, index: m.Index, open: openOf(m.Type), list: m.Default.IsList, items: decode.ItemsOf(m.Site)}
	one := m.Site
	if p.list {
		one = m.Elem()
		p.openItem = openOf(one.Type)
		p.self.whole = validationsOf(m.Site)
	}
	p.self.value = validationsOf(one)
	compiler := &compiler{faults: c.faults}
	p.parse = compiler.parse(one)
	p.checks = decode.ChecksOf(one, &shape.Faults{}) // the faults are those of the member
	compiler.fallback(p, m.Site, m.Default)
	return p
}

// A jsonRest reads the members that a struct has no field for into an embedded
// map with string keys, or appends them to an embedded raw value.
type jsonRest struct {
	jsonMember

	values *jsonMap // nil for a raw value
}

func (c *jsonCompiler) rest(path string, f *tag.Member) *jsonRest {
	r := &jsonRest{jsonMember: jsonMember{index: f.Index}}
	t := f.Field.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Map {
		r.values = &jsonMap{typ: t, key: stringKey(), keyChecks: selfChecks(c.faults, path, t.Key())}
		r.values.elem = c.compile(path+f.GoPath, t.Elem(), constraintsOf(f.Field.Tag, valueKeywords()), false)
	}
	return r
}

// inside returns the map or raw value in the struct v, and false where there is
// none yet.
func (r *jsonRest) inside(v reflect.Value) (reflect.Value, bool) {
	if !r.reachable(v) {
		return v, false
	}
	v = r.field(v)
	if v.Kind() == reflect.Pointer {
		return v.Elem(), !v.IsNil()
	}
	return v, true
}

// read reads the value of the member raw of the struct dst.
func (r *jsonRest) read(d *decoding, raw []byte, dst reflect.Value) error {
	dst = r.field(dst)
	if dst.Kind() == reflect.Pointer {
		if dst.IsNil() {
			dst.Set(reflect.New(dst.Type().Elem()))
		}
		dst = dst.Elem()
	}
	if r.values == nil {
		return appendRaw(d, raw, dst)
	}
	key, elem := reflect.New(r.values.typ.Key()).Elem(), reflect.New(r.values.typ.Elem()).Elem()
	if _, err := r.values.key.read(d, raw, key); err != nil {
		return err
	}
	r.values.validateKey(d, key)
	if err := r.values.elem.read(d, elem); err != nil {
		return err
	}
	if dst.IsNil() {
		dst.Set(reflect.MakeMap(r.values.typ))
	}
	dst.SetMapIndex(key, elem)
	return nil
}

// appendRaw appends a member to the object in dst.
func appendRaw(d *decoding, name []byte, dst reflect.Value) error {
	object := dst.Addr().Interface().(*json.RawMessage) //nolint:errcheck,forcetypeassert // the engine takes no other type
	open := byte(',')
	if len(*object) == 0 {
		open = '{'
	} else {
		*object = (*object)[:len(*object)-1]
	}
	text := append(append(append(*object, open), name...), ':')
	if err := d.shallow(); err != nil {
		return err
	}
	value, err := d.dec.ReadValue()
	if err != nil {
		return err
	}
	*object = append(append(text, value...), '}')
	return nil
}

func (r *jsonRest) check(w *walk, v reflect.Value) {
	if inner, ok := r.inside(v); ok && r.values != nil {
		r.values.check(w, inner)
	}
}

func (r *jsonRest) validate(w *walk, v reflect.Value) {
	if inner, ok := r.inside(v); ok && r.values != nil {
		r.values.validate(w, inner)
	}
}
