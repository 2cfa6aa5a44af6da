package tag

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// A Member is a struct field that stands for a member of a JSON object, found by
// the rules of the engine.
type Member struct {
	// Field is the struct field. Its Index starts at the struct that has it.
	Field reflect.StructField
	// Name is the name on the wire.
	Name string
	// Index leads to the field from the outermost struct.
	Index []int
	// GoPath is the way there in words, ".Outer.Field".
	GoPath string
	// Optional is the option omitempty or omitzero.
	Optional bool
	// Quoted is the option string.
	Quoted bool
	// Behind says that the field is in an embedded pointer, which may be nil.
	Behind bool

	named bool // the tag gives the name
	embed bool // the members of the field are members of the struct
}

// Members are the fields of a struct and of the structs embedded in it.
type Members struct {
	// List is in the order of declaration.
	List []Member
	// Rest is the embedded map or raw value that takes all other members, or
	// nil.
	Rest *Member
	// Faults are what the engine bears and package bind does not, in words that
	// follow the path of the struct.
	Faults []string
}

// MembersOf returns the members of the struct t, which the engine has found
// well formed.
func MembersOf(t reflect.Type) Members { return MembersBeside(t, nil) }

// MembersBeside returns the members of t without those of the structs of one type
// that are embedded in it, which then hide none either. They are for reading alone,
// so that a pointer to a type that is not exported may be embedded too.
func MembersBeside(t, embedded reflect.Type) Members {
	s := memberSearch{visited: map[reflect.Type]bool{t: true}, skipped: embedded}
	s.queue = []memberLevel{{typ: t, descend: true}}
	for len(s.queue) > 0 {
		level := s.queue[0]
		s.queue = s.queue[1:]
		for f := range level.typ.Fields() {
			s.field(level, f)
		}
	}
	return Members{dominant(s.members), dominantRest(s.rest), s.faults}
}

// JSONName returns the name that the json tag of f gives it, "-" where it takes f
// out of JSON, and "" where it gives none.
func JSONName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// A memberSearch is the search for members, breadth first.
type memberSearch struct {
	queue         []memberLevel
	visited       map[reflect.Type]bool
	skipped       reflect.Type // is not searched where it is embedded
	members, rest []Member
	faults        []string
}

// A memberLevel is a struct that is yet to be searched.
type memberLevel struct {
	typ     reflect.Type
	index   []int
	goPath  string
	behind  bool
	descend bool // into the structs embedded in it
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
	switch {
	case isPointer && !sf.IsExported() && s.skipped == nil:
		s.faults = append(s.faults, m.GoPath+" is an embedded pointer to a type that is not exported, which JSON cannot set")
	case !m.embed && (!sf.Anonymous || m.named):
		s.members = append(s.members, m)
	case inner.Kind() != reflect.Struct:
		s.rest = append(s.rest, m)
	case inner == s.skipped:
	default:
		if level.descend {
			s.queue = append(s.queue, memberLevel{inner, m.Index, m.GoPath, m.Behind || isPointer, !s.visited[inner]})
		}
		s.visited[inner] = true
	}
}

// read reads the json tag of sf. It reports false for a field that JSON leaves
// alone.
func (s *memberSearch) read(level memberLevel, sf reflect.StructField) (Member, bool) {
	tag := sf.Tag.Get("json")
	if tag == "-" || !sf.IsExported() && !sf.Anonymous {
		return Member{}, false
	}
	m := Member{
		Field:  sf,
		Index:  append(slices.Clip(level.index), sf.Index...),
		GoPath: level.goPath + "." + sf.Name,
		Behind: level.behind,
	}
	name, options, _ := strings.Cut(tag, ",")
	m.Name, m.named = cmp.Or(name, sf.Name), name != ""
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty", "omitzero":
			m.Optional = true
		case "string":
			m.Quoted = true
		case "embed":
			m.embed = true
		case "case:ignore":
			s.faults = append(s.faults, m.GoPath+" has the json option case:ignore, but names are case-sensitive")
		}
	}
	return m, true
}

// dominant returns of all fields with one name that which is shallowest, or at
// the same depth that which the tag names. Where that is not one field, none has
// the name.
func dominant(all []Member) []Member {
	slices.SortStableFunc(all, func(a, b Member) int {
		return cmp.Or(
			strings.Compare(a.Name, b.Name),
			cmp.Compare(len(a.Index), len(b.Index)),
			cmp.Compare(rank(a.named), rank(b.named)),
		)
	})
	var members []Member
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
	slices.SortFunc(members, func(a, b Member) int { return slices.Compare(a.Index, b.Index) })
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
func dominantRest(all []Member) *Member {
	if len(all) == 0 || len(all) > 1 && len(all[0].Index) == len(all[1].Index) {
		return nil
	}
	return &all[0]
}
