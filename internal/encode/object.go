package encode

import (
	"bytes"
	"iter"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A member is a field of a struct as it is written.
type member struct {
	name      string // with a comma before it and a colon behind it
	index     int
	inside    []int // the index within an embedded struct
	write     appender
	isZero    func(v reflect.Value) bool // of omitzero, else nil
	omitEmpty bool
}

// object compiles a struct, unless its tags or embedded fields ask for more than
// names, omitzero and omitempty. The comma before its first member becomes the
// brace.
func (p *planner) object(x shape.Type) appender {
	if x.Reads != shape.Struct {
		return nil // [json.StructFault] does not look at it.
	}
	found := shape.WrittenMembers(x.Base, nil)
	if found.Malformed != nil || found.Rest != nil {
		return nil
	}
	members := make([]member, 0, len(found.List))
	for i := range found.List {
		if p.to.LeavesOutMember(&found.List[i]) {
			continue
		}
		m, ok := p.member(&found.List[i])
		if !ok {
			return nil
		}
		members = append(members, m)
	}
	return func(b []byte, v reflect.Value, depth int) ([]byte, bool) {
		start := len(b)
		var ok bool
		for i := range members {
			m := &members[i]
			field := v.Field(m.index)
			for _, at := range m.inside {
				field = field.Field(at)
			}
			if m.isZero != nil && m.isZero(field) {
				continue
			}
			before := len(b)
			b = append(room(b, len(m.name)+scalarRoom), m.name...)
			value := len(b)
			if b, ok = m.write(b, field, depth); !ok {
				return b, false
			}
			if m.omitEmpty && IsEmpty(b[value:]) {
				b = b[:before]
			}
		}
		if len(b) == start {
			return append(b, "{}"...), true
		}
		b[start] = '{'
		return append(b, '}'), true
	}
}

// IsEmpty reports whether omitempty leaves a value out that has this JSON form.
func IsEmpty(value []byte) bool {
	switch string(value) {
	case `""`, "[]", "{}", "null":
		return true
	}
	return false
}

// member compiles one member, and reports false for one that needs the engine, which
// then writes the whole struct.
func (p *planner) member(of *shape.Member) (m member, ok bool) {
	quoted, err := json.AppendQuote([]byte(","), of.Name)
	switch {
	case err != nil || strings.ContainsAny(of.Name, "\\'\"`"): // The engine knows quotes in a tag.
		return m, false
	case of.IsBehind || of.Quoted || of.Other != "" || !of.IsExported:
		return m, false
	}
	t := of.Type.Go
	m = member{name: string(quoted) + ":", index: of.Index[0], inside: of.Index[1:], omitEmpty: of.OmitEmpty}
	if form, ok := timeForm(of.Site); ok {
		// The engine has to see the struct to know the form.
		if m.write = p.formed(t, form); m.write == nil {
			return m, false
		}
	} else if m.write = p.plan(t); m.write == nil {
		m.write = p.byEngine(t)
	}
	if of.OmitZero {
		m.isZero = p.zeroTest(of.Type)
	}
	return m, !of.OmitZero || m.isZero != nil
}

// formed is plan for a type whose times have the form.
func (p *planner) formed(t reflect.Type, form text.TimeForm) appender {
	inner := planner{known: map[reflect.Type]*planned{}, to: p.to, form: &form}
	write := inner.plan(t)
	p.calls = p.calls || inner.calls
	return write
}

// zeroTest returns the test of omitzero, which a method IsZero replaces, or nil
// where that method may meet a nil receiver.
func (p *planner) zeroTest(x shape.Type) func(v reflect.Value) bool {
	type zeroer interface{ IsZero() bool }
	mayBeNil, method := x.Go.Kind() == reflect.Pointer || x.Go.Kind() == reflect.Interface, reflect.TypeFor[zeroer]()
	switch {
	case !mayBeNil && reflect.PointerTo(x.Go).Implements(method):
		p.calls = p.calls || x.Go != reflect.TypeFor[time.Time]()
		return func(v reflect.Value) bool {
			z, ok := reflect.TypeAssert[zeroer](v.Addr())
			return ok && z.IsZero()
		}
	case x.Go.Implements(method):
		return nil
	}
	return reflect.Value.IsZero
}

// Members encodes the members of a struct one by one, for an answer that puts them among
// others. Make it with [MembersOf]; it may be used by many goroutines at once.
type Members struct {
	list   []single
	codecs []Codec
	rest   []int // the index of the embedded map, nil without one
}

// A single is a member by itself: the only one of a struct that has its tags, because
// the engine knows them for fields alone.
type single struct {
	name  string
	index []int
	alone reflect.Type
}

// MembersOf returns the members of the struct type t but for those of the structs of the
// type beside that are embedded in it, and those that are writeOnly.
func MembersOf(t, beside reflect.Type) *Members {
	found := shape.WrittenMembers(t, beside)
	members := &Members{list: singles(found.List, shape.Answer)}
	for i := range members.list {
		members.codecs = append(members.codecs, Toward(shape.Answer, members.list[i].alone))
	}
	if found.Rest != nil && !found.Rest.IsRaw && found.Rest.Type.Key().Kind() == reflect.String {
		members.rest = found.Rest.Index
	}
	return members
}

// singles returns the members that can be written, but for those that the direction leaves
// out.
func singles(list []shape.Member, to shape.Direction) []single {
	all := make([]single, 0, len(list))
	for i := range list {
		if m := &list[i]; m.IsExported && !to.LeavesOutMember(m) {
			all = append(all, single{m.Name, m.Index, aloneWith(m)})
		}
	}
	return all
}

// embed is the json option of a map or raw value whose members join the struct.
const embed = "embed"

// aloneWith returns a struct type of one field with the tags of m.
func aloneWith(m *shape.Member) reflect.Type {
	options := []string{"v"}
	for _, option := range [...]struct {
		name string
		has  bool
	}{{"omitempty", m.OmitEmpty}, {"omitzero", m.OmitZero}, {"string", m.Quoted}, {m.Other, m.Other != ""}} {
		if option.has {
			options = append(options, option.name)
		}
	}
	if m.Other == embed {
		options = []string{"", embed}
	}
	tags := "json:" + strconv.Quote(strings.Join(options, ",")) + " format:" + strconv.Quote(m.Rules.Format)
	return reflect.StructOf([]reflect.StructField{{Name: "V", Type: m.Type.Go, Tag: reflect.StructTag(tags)}})
}

// All yields the names and values of the members that JSON has of the struct v: those of
// the embedded map first, which the others replace. A value is a [json.RawMessage], and
// what the field holds where the map has it, or where it cannot be encoded.
func (m *Members) All(v reflect.Value) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for name, value := range m.others(v) {
			if !yield(name, value) {
				return
			}
		}
		for i := range m.list {
			field, err := v.FieldByIndexErr(m.list[i].index)
			if err != nil {
				continue // behind a nil pointer
			}
			value, err := m.list[i].of(field, m.codecs[i].Encode)
			if err != nil && !yield(m.list[i].name, field.Interface()) || value != nil && !yield(m.list[i].name, value) {
				return
			}
		}
	}
}

// of returns the value of the member that the field has, nil where JSON has none.
func (x *single) of(field reflect.Value, write func(buf *bytes.Buffer, p any) error) (json.RawMessage, error) {
	const before, after = `{"v":`, `}`
	alone := reflect.New(x.alone)
	alone.Elem().Field(0).Set(field)
	var buf bytes.Buffer
	if err := write(&buf, alone.Interface()); err != nil || buf.Len() < len(before+after) {
		return nil, err
	}
	return json.RawMessage(buf.Bytes()[len(before) : buf.Len()-len(after)]), nil
}

// others yields the entries of the embedded map of v.
func (m *Members) others(v reflect.Value) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		if m.rest == nil {
			return
		}
		rest, err := v.FieldByIndexErr(m.rest)
		if err == nil && rest.Kind() == reflect.Pointer {
			rest = rest.Elem()
		}
		if err != nil || !rest.IsValid() || !rest.CanInterface() {
			return
		}
		for i := rest.MapRange(); i.Next(); {
			if !yield(i.Key().String(), i.Value().Interface()) {
				return
			}
		}
	}
}
