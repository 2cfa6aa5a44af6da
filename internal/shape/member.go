package shape

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
)

// A Member is a struct field that stands for a member of a JSON object, found by
// the rules of the engine.
type Member struct {
	Site

	// Name is the name on the wire.
	Name string
	// Index leads from the outermost struct to the field. If IsBehind, there are embedded
	// pointers on the way.
	Index []int
	// IsBehind means that the field is in an embedded pointer, which may be nil.
	IsBehind bool
	// IsExported is false for an embedded field of a type that is not exported, which
	// reflection can neither read nor set as a whole.
	IsExported bool
	// OmitEmpty and OmitZero are the json options.
	OmitEmpty, OmitZero bool
	// Other are the options that only the engine knows, as in the tag: case:strict,
	// format:base16.
	Other string
	// Default is the value of the field if a request lacks the member, or nil.
	Default *Literal
	// ReadOnly and WriteOnly are the tags of these names, on the field or on an embedded
	// struct around it.
	ReadOnly, WriteOnly bool
	// NotNull is the tag nullable:"false": a request with null is refused, although the type
	// could hold it.
	NotNull bool
	// IsRequired means that a request without the member is refused.
	IsRequired bool

	named bool // the tag gives the name
	embed bool // the members of the field are members of the struct
}

// IsOptional reports whether an answer may lack the member.
func (m *Member) IsOptional() bool { return m.OmitEmpty || m.OmitZero || m.IsBehind }

// A Rest is the embedded map or raw value that takes the members without a field of their own.
type Rest struct {
	// Index leads to the field, which is the map or raw value or a pointer to it.
	Index []int
	// Type is the type of the map or raw value.
	Type reflect.Type
	// IsRaw means that Type is a raw JSON object, to which members are appended.
	IsRaw bool
	// Values is the site of the values of the map.
	Values Site
}

// Members are the fields of a struct and of the structs embedded in it.
type Members struct {
	// List is in the order of declaration, in which the members are written.
	List []Member
	// Rest is nil if unknown members have no place.
	Rest *Rest
	// Malformed is why the engine refuses to read and write every value of the struct, or
	// nil. A malformed struct has no members here.
	Malformed error
	// Faults are faults for a reader of requests: rules that do not apply, bad defaults,
	// fields that JSON cannot set. They do not matter for writing.
	Faults Faults

	options Faults // the part of Faults that is about the options of json tags
}

// Members returns the members of s, whose type is read in the form [Struct]. Their paths begin
// with the path of s. The engine decides whether the struct is malformed.
func (s Site) Members() Members { return s.MembersBeside(nil) }

// MembersBeside is [Site.Members] without the members of embedded structs of the type beside.
// They then hide no other members. A nil beside leaves out nothing.
func (s Site) MembersBeside(beside reflect.Type) Members {
	return membersOf(s, beside, (*foundMember).complete, (*foundMember).rest)
}

// WrittenMembers is [Site.MembersBeside] for writing: the members have no rules, except the
// format of a time. With a beside, Malformed is always nil, because the beside writes the
// struct.
//
// It is a function of its own so that a program which only answers does not link the reader of
// rules.
func WrittenMembers(t, beside reflect.Type) Members {
	s := Site{Path: pathOf(t), Type: Of(t)}
	return membersOf(s, beside, (*foundMember).written, (*foundMember).writtenRest)
}

func membersOf(s Site, skipped reflect.Type, complete func(*foundMember, *Faults) Member, completeRest func(*foundMember, *Faults) *Rest) Members {
	search := memberSearch{skipped: skipped, visited: map[reflect.Type]bool{s.Type.Base: true}}
	search.queue = []memberLevel{{typ: s.Type.Base, path: s.Path, descend: true}}
	for len(search.queue) > 0 {
		level := search.queue[0]
		search.queue = search.queue[1:]
		if skipped == nil { // With a beside the engine does not see the struct.
			if err := json.StructFault(level.typ); err != nil {
				return Members{Malformed: err}
			}
		}
		for f := range level.typ.Fields() {
			search.field(level, f)
		}
	}
	all := Members{Faults: search.faults, options: search.options}
	for _, found := range dominant(search.members) {
		all.List = append(all.List, complete(found, &all.Faults))
	}
	if rest := dominantRest(search.rest); rest != nil {
		all.Rest = completeRest(rest, &all.Faults)
	}
	return all
}

// A memberSearch is the search for members, breadth first.
type memberSearch struct {
	queue         []memberLevel
	visited       map[reflect.Type]bool
	skipped       reflect.Type // an embedded type that is not searched
	members, rest []*foundMember
	faults        Faults
	options       Faults
}

// A memberLevel is a struct to be searched.
type memberLevel struct {
	typ     reflect.Type
	index   []int
	path    string
	behind  bool
	descend bool // into the structs embedded in it
	// The tags of the embedded fields around it.
	readOnly, writeOnly bool
}

// A foundMember is a field with its json tag. The other tags are not read yet.
type foundMember struct {
	Member

	field reflect.StructField
}

// field adds one field of level.
func (s *memberSearch) field(level memberLevel, sf reflect.StructField) {
	m, ok := s.read(level, sf)
	if !ok {
		return
	}
	inner, isPointer := sf.Type, false
	if inner.Kind() == reflect.Pointer && inner.Name() == "" {
		inner, isPointer = inner.Elem(), true
	}
	if isPointer && sf.Anonymous && !sf.IsExported() && level.descend {
		s.faults.Add(m.Path, "is an embedded pointer to a type that is not exported, which JSON cannot set: embed the struct itself")
	}
	switch {
	case !m.embed && (!sf.Anonymous || m.named):
		s.members = append(s.members, m)
	case inner.Kind() != reflect.Struct:
		s.rest = append(s.rest, m)
	case inner == s.skipped:
	default:
		if level.descend {
			s.queue = append(s.queue, memberLevel{
				inner, m.Index, m.Path, m.IsBehind || isPointer, !s.visited[inner], m.ReadOnly, m.WriteOnly,
			})
		}
		s.visited[inner] = true
	}
}

// read reads the json tag of sf. It reports false for a field that is not part of JSON.
func (s *memberSearch) read(level memberLevel, sf reflect.StructField) (*foundMember, bool) {
	if value, ok := sf.Tag.Lookup(FromValue); ok {
		s.faults.Add(level.path+"."+sf.Name, "has value:%q, but the members of a body come from the client: move the field out of the body", value)
	}
	tag, isNamed := sf.Tag.Lookup("json")
	for _, source := range []string{FromPath, FromQuery, FromHeader, FromCookie} {
		if value, ok := sf.Tag.Lookup(source); ok && !isNamed {
			s.faults.Add(level.path+"."+sf.Name, "has %s:%q, which no member of a body takes: move the field out of the body, or add a json tag if the member is meant", source, value)
		}
	}
	if tag == "-" || !sf.IsExported() && !sf.Anonymous {
		return nil, false
	}
	m := &foundMember{field: sf}
	m.IsExported = sf.IsExported()
	m.Path = level.path + "." + sf.Name
	m.Index = append(slices.Clip(level.index), sf.Index...)
	m.IsBehind = level.behind
	m.ReadOnly = level.readOnly || Request.LeavesOut(sf)
	m.WriteOnly = level.writeOnly || Answer.LeavesOut(sf)
	name, options, _ := strings.Cut(tag, ",")
	if trimmed := strings.TrimSpace(name); trimmed != name {
		s.faults.Add(m.Path, "has the name %q, with a space at an end: write %q", name, trimmed)
	}
	m.Name, m.named = cmp.Or(name, sf.Name), name != ""
	m.options(options)
	for _, words := range optionFaults(sf) {
		s.faults.Append(Fault{m.Path, words})
		s.options.Append(Fault{m.Path, words})
	}
	return m, true
}

// options reads the options of a json tag.
func (m *foundMember) options(options string) {
	var other []string
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "":
		case "omitempty":
			m.OmitEmpty = true
		case "omitzero":
			m.OmitZero = true
		case "string":
			m.Quoted = true
		case "embed":
			m.embed = true
		default:
			other = append(other, option)
		}
	}
	m.Other = strings.Join(other, ",")
}

// complete reads the other tags of a member.
func (m *foundMember) complete(faults *Faults) Member {
	tags, quoted := m.field.Tag, m.Quoted
	for _, words := range nearMisses(m.field) {
		faults.Append(Fault{m.Path, words})
	}
	m.Site = siteOf(m.Path, InJSON, m.field.Type, tags, faults)
	m.Quoted = quoted
	if quoted && !takesQuotes(m.Type) {
		faults.Add(m.Path, "has the json option string, which is for numbers: remove it")
	}
	m.Default = m.defaultOf(tags, faults)
	m.IsRequired = m.Default == nil && !m.IsOptional() && !m.Type.IsWrapped() && !m.ReadOnly
	m.directions(tags, faults)
	m.notNull(tags, faults)
	return m.Member
}

// directions adds the faults of the tags readOnly and writeOnly.
func (m *foundMember) directions(tags reflect.StructTag, faults *Faults) {
	wrong := directionFaults(tags)
	for _, words := range wrong {
		faults.Append(Fault{m.Path, words})
	}
	if len(wrong) == 0 && m.ReadOnly && m.WriteOnly {
		faults.Add(m.Path, "has readOnly and writeOnly, one of them from an embedded struct, so that neither requests nor answers have it: write json:\"-\"")
	}
	if text, ok := tags.Lookup("default"); ok && m.ReadOnly {
		faults.Add(m.Path, "has default:%q, but no request sets a readOnly member: remove one of the two tags", text)
	}
}

// notNull reads the tag nullable.
func (m *foundMember) notNull(tags reflect.StructTag, faults *Faults) {
	arg, ok := tags.Lookup(nullableKey)
	switch {
	case !ok:
	case arg != "false":
		faults.Add(m.Path, `has nullable:%q: use the value false, or use a pointer or a bind.Opt to allow null`, arg)
	case !m.Type.takesNull():
		faults.Add(m.Path, `has nullable:"false", but its type %s is never null: remove the tag`, m.Type.Go)
	default:
		m.NotNull = true
	}
}

// takesNull reports whether a request may have null for a value of the type.
func (t Type) takesNull() bool {
	if t.IsWrapped() {
		return true
	}
	switch t.Reads {
	case Any, List, Map, Self:
		return true
	case Bytes, Text:
		return t.Base.Kind() == reflect.Slice || t.Base.Kind() == reflect.Map
	}
	return false
}

// takesQuotes reports whether the engine applies the json option string to the type: to numbers,
// and to types with methods that do not know options.
func takesQuotes(t Type) bool {
	switch t.Reads {
	case Int, Uint, Float, Number, Text:
		return true
	case Self:
		return !has[json.UnmarshalerFrom](t.Base)
	}
	return false
}

// written completes a member for an answer.
func (m *foundMember) written(*Faults) Member {
	m.Type = Of(m.field.Type)
	m.Rules.Format = m.field.Tag.Get("format")
	return m.Member
}

func (m *foundMember) rest(faults *Faults) *Rest {
	r := m.writtenRest(faults)
	if !r.IsRaw {
		r.Values = siteOf(m.Path, InJSON, r.Type, m.field.Tag, faults).Elem()
	}
	return r
}

func (m *foundMember) writtenRest(*Faults) *Rest {
	r := &Rest{Index: m.Index, Type: m.field.Type}
	if r.Type.Kind() == reflect.Pointer {
		r.Type = r.Type.Elem()
	}
	if r.IsRaw = r.Type.Kind() != reflect.Map; !r.IsRaw {
		r.Values = Site{Path: m.Path, Type: Of(r.Type.Elem()), Rules: Rules{Format: m.field.Tag.Get("format")}}
	}
	return r
}

// dominant returns the field that wins for each name, by the rule of Go: the shallowest one; at
// equal depth the one whose tag gives the name. If two fields tie, neither has the name.
func dominant(all []*foundMember) []*foundMember {
	slices.SortStableFunc(all, func(a, b *foundMember) int {
		return cmp.Or(
			strings.Compare(a.Name, b.Name),
			cmp.Compare(len(a.Index), len(b.Index)),
			cmp.Compare(rank(a.named), rank(b.named)),
		)
	})
	var members []*foundMember
	for i := 0; i < len(all); {
		end := i + 1
		for end < len(all) && all[end].Name == all[i].Name {
			end++
		}
		tied := end > i+1 && len(all[i].Index) == len(all[i+1].Index) && all[i].named == all[i+1].named
		if !tied {
			members = append(members, all[i])
		}
		i = end
	}
	slices.SortFunc(members, func(a, b *foundMember) int { return slices.Compare(a.Index, b.Index) })
	return members
}

func rank(named bool) int {
	if named {
		return 0
	}
	return 1
}

// dominantRest is dominant for the fields that take all other members. They are in the order of
// their depth.
func dominantRest(all []*foundMember) *foundMember {
	if len(all) == 0 || len(all) > 1 && len(all[0].Index) == len(all[1].Index) {
		return nil
	}
	return all[0]
}
