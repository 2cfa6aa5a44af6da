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
	// Index leads to the field from the outermost struct, by way of embedded
	// pointers where IsBehind.
	Index []int
	// IsBehind says that the field is in an embedded pointer, which may be nil.
	IsBehind bool
	// IsExported is false for an embedded field of a type that is not exported, which
	// reflection can neither read nor set as a whole.
	IsExported bool
	// OmitEmpty and OmitZero are the json options.
	OmitEmpty, OmitZero bool
	// Other are the options that the engine alone knows, as they stand in the tag:
	// case:strict, format:base16.
	Other string
	// Default is what a request that lacks the member gives the field, nil without
	// one.
	Default *Literal
	// ReadOnly and WriteOnly are the tags of these names, those of an embedded struct around
	// the field among them.
	ReadOnly, WriteOnly bool
	// NotNull is the tag nullable:"false": a request with null is refused, though the type
	// could hold it.
	NotNull bool
	// IsRequired says that a request without the member is refused: its
	// declaration does not say how to live without it.
	IsRequired bool

	named bool // the tag gives the name
	embed bool // the members of the field are members of the struct
}

// IsOptional reports whether an answer may lack the member.
func (m *Member) IsOptional() bool { return m.OmitEmpty || m.OmitZero || m.IsBehind }

// A Rest is the embedded map or raw value that takes the members which a struct has
// no field for.
type Rest struct {
	// Index leads to the field, which is the map or raw value or a pointer to it.
	Index []int
	// Type is that of the map or raw value.
	Type reflect.Type
	// IsRaw says that Type is a raw JSON object, to which members are appended.
	IsRaw bool
	// Values is the site of the values of the map.
	Values Site
}

// Members are the fields of a struct and of the structs embedded in it.
type Members struct {
	// List is in the order of declaration, which is that of writing.
	List []Member
	// Rest is nil where unknown members have no place.
	Rest *Rest
	// Malformed is what makes the engine refuse every value of the struct, for
	// reading and for writing; there are no members then.
	Malformed error
	// Faults are what a reader of requests does not bear: rules that say nothing,
	// bad defaults, what JSON cannot set. What the engine writes is not affected.
	Faults Faults

	options Faults // those of Faults that are about the options of json tags
}

// Members returns the members of s, whose type has the form [Struct] for a reader. Their
// paths begin with that of s. The engine is the judge of structs that are malformed; of a
// type that it does not look at, because it reads itself, nothing is known in this respect.
func (s Site) Members() Members { return s.MembersBeside(nil) }

// MembersBeside is Members without those of the structs of the type beside that are
// embedded in the type, which then hide none; nil leaves out none.
func (s Site) MembersBeside(beside reflect.Type) Members {
	return membersOf(s, beside, (*foundMember).complete, (*foundMember).rest)
}

// WrittenMembers returns the members of a struct as an answer has them: without what their
// tags ask of a request, but for the format of a time. Those of the structs of the type
// beside that are embedded in it are left out, and then hide none; nil leaves out none.
// Of a struct that embeds a beside nothing is malformed, because that writes it.
//
// It is apart from [Site.Members] so that a program which only answers does not link how
// rules are read.
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
		if skipped == nil { // The engine does not see the others.
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
	skipped       reflect.Type // is not searched where it is embedded
	members, rest []*foundMember
	faults        Faults
	options       Faults
}

// A memberLevel is a struct that is yet to be searched.
type memberLevel struct {
	typ     reflect.Type
	index   []int
	path    string
	behind  bool
	descend bool // into the structs embedded in it
	// What the tags of the embedded fields around it say.
	readOnly, writeOnly bool
}

// A foundMember is a field of which the json tag alone has been read.
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

// read reads the json tag of sf. It reports false for a field that JSON leaves
// alone.
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
		faults.Add(m.Path, "has the json option string, which is for numbers")
	}
	m.Default = m.defaultOf(tags, faults)
	m.IsRequired = m.Default == nil && !m.IsOptional() && !m.Type.IsWrapped() && !m.ReadOnly
	m.directions(tags, faults)
	m.notNull(tags, faults)
	return m.Member
}

// directions notes what is wrong with the tags readOnly and writeOnly.
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

// takesNull reports whether a request may have null for the type.
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

// takesQuotes reports whether the json option string means something to the engine:
// on numbers, and on types whose methods do not know of options.
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

// dominant returns of all fields with one name that which is shallowest, or at
// the same depth that which the tag names. Where that is not one field, none has
// the name.
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

// dominantRest is dominant for the fields that take all other members, which
// come in the order of their depth.
func dominantRest(all []*foundMember) *foundMember {
	if len(all) == 0 || len(all) > 1 && len(all[0].Index) == len(all[1].Index) {
		return nil
	}
	return all[0]
}
