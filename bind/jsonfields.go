package bind

import (
	"cmp"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
)

// A jsonField is a struct field that stands for a member of an object, found by
// the engine's rules.
type jsonField struct {
	reflect.StructField

	name   string // on the wire
	named  bool   // the tag gives the name
	index  []int  // from the outermost struct
	goPath string // from there, for faults
	// optional: the tag has omitempty or omitzero.
	optional bool
	quoted   bool // the tag has string
	embed    bool // the members of the field are members of the struct
	// behind: the field is in an embedded pointer, which may be nil.
	behind bool
}

// jsonFields are the fields of a struct and of the structs embedded in it.
type jsonFields struct {
	members []jsonField // in the order of declaration
	// rest is the embedded map or raw value that takes all other members.
	rest *jsonField
}

// structFields returns the fields of the struct t. What the engine refuses at
// run time is a fault.
func (c *jsonCompiler) structFields(path string, t reflect.Type) jsonFields {
	err := json.Dynamic().Decode([]byte("{}"), reflect.New(t).Interface())
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		c.faults.add(path, "cannot be JSON: %v", semantic.Err)
		return jsonFields{}
	}
	collected := jsonFieldQueue{visited: map[reflect.Type]bool{t: true}}
	collected.queue = []jsonLevel{{typ: t, descend: true}}
	for len(collected.queue) > 0 {
		level := collected.queue[0]
		collected.queue = collected.queue[1:]
		for f := range level.typ.Fields() {
			c.structField(path, &collected, level, f)
		}
	}
	return jsonFields{dominant(collected.members), dominantRest(collected.rest)}
}

// A jsonFieldQueue is the search for fields, breadth first.
type jsonFieldQueue struct {
	queue         []jsonLevel
	visited       map[reflect.Type]bool
	members, rest []jsonField
}

// A jsonLevel is a struct that is yet to be searched.
type jsonLevel struct {
	typ     reflect.Type
	index   []int
	goPath  string
	behind  bool
	descend bool // into the structs embedded in it
}

// structField adds one field of level.
func (c *jsonCompiler) structField(path string, q *jsonFieldQueue, level jsonLevel, sf reflect.StructField) {
	f, ok := c.readTag(path, sf)
	if !ok {
		return
	}
	f.index = append(slices.Clip(level.index), sf.Index...)
	f.goPath, f.behind = level.goPath+"."+sf.Name, level.behind
	inner, isPointer := sf.Type, false
	if inner.Kind() == reflect.Pointer && inner.Name() == "" {
		inner, isPointer = inner.Elem(), true
	}
	switch {
	case isPointer && !sf.IsExported():
		c.faults.add(path+f.goPath, "is an embedded pointer to a type that is not exported, which JSON cannot set")
	case !f.embed && (!sf.Anonymous || f.named):
		q.members = append(q.members, f)
	case inner.Kind() != reflect.Struct:
		q.rest = append(q.rest, f)
	default:
		if level.descend {
			q.queue = append(q.queue, jsonLevel{inner, f.index, f.goPath, f.behind || isPointer, !q.visited[inner]})
		}
		q.visited[inner] = true
	}
}

// readTag reads the json tag of sf, which the engine has found well formed. It
// reports false for a field that JSON leaves alone.
func (c *jsonCompiler) readTag(path string, sf reflect.StructField) (jsonField, bool) {
	tag := sf.Tag.Get("json")
	if tag == "-" || !sf.IsExported() && !sf.Anonymous {
		return jsonField{}, false
	}
	f := jsonField{StructField: sf}
	name, options, _ := strings.Cut(tag, ",")
	f.name, f.named = cmp.Or(name, sf.Name), name != ""
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty", "omitzero":
			f.optional = true
		case "string":
			f.quoted = true
		case "embed":
			f.embed = true
		case "case:ignore":
			c.faults.add(path+"."+sf.Name, "has the json option case:ignore, but names are case-sensitive")
		}
	}
	return f, true
}

// dominant returns of all fields with one name that which is shallowest, or at
// the same depth that which the tag names. Where that is not one field, none has
// the name.
func dominant(all []jsonField) []jsonField {
	slices.SortStableFunc(all, func(a, b jsonField) int {
		return cmp.Or(
			strings.Compare(a.name, b.name),
			cmp.Compare(len(a.index), len(b.index)),
			cmp.Compare(rank(a.named), rank(b.named)),
		)
	})
	var members []jsonField
	for i := 0; i < len(all); {
		end := i + 1
		for end < len(all) && all[end].name == all[i].name {
			end++
		}
		tied := end > i+1 && len(all[i].index) == len(all[i+1].index) && all[i].named == all[i+1].named
		if !tied {
			members = append(members, all[i])
		}
		i = end
	}
	slices.SortFunc(members, func(a, b jsonField) int { return slices.Compare(a.index, b.index) })
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
func dominantRest(all []jsonField) *jsonField {
	if len(all) == 0 || len(all) > 1 && len(all[0].index) == len(all[1].index) {
		return nil
	}
	return &all[0]
}
