package bind

import (
	"reflect"
	"time"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// A jsonCompiler builds the nodes of a plan. A node is registered before the
// nodes inside it are built, so that recursive types end.
type jsonCompiler struct {
	*faults

	strict bool
	nodes  map[jsonKey]jsonNode
}

// A jsonKey tells apart what needs a node of its own.
type jsonKey struct {
	typ         reflect.Type
	constraints reflect.StructTag
	quoted      bool // the json option string
}

// compile returns the node of t. Of the tag only the constraints matter.
func (c *jsonCompiler) compile(path string, t reflect.Type, tag reflect.StructTag, quoted bool) jsonNode {
	key := jsonKey{t, constraintsOf(tag, append(valueKeywords(), itemKeywords()...)), quoted}
	if n := c.nodes[key]; n != nil {
		return n
	}
	self := c.selfChecks(path, t)
	if len(self) == 0 {
		return c.build(key, path)
	}
	n := &jsonValidated{self: self}
	c.nodes[key] = n
	c.build(key, path)
	return n
}

// selfChecks returns the Validate methods of the values of type t. A type that
// reads itself has no fields of its own in JSON.
func (c *jsonCompiler) selfChecks(path string, t reflect.Type) []shape.Validation {
	if _, step := unwrapOne(t); step != nil {
		return nil
	}
	return selfChecks(c.faults, path, t)
}

// constraintsOf returns the part of tags that has the given keys.
func constraintsOf(tags reflect.StructTag, keys []string) reflect.StructTag {
	return tag.Only(tags, keys...)
}

// build makes the node of key. The order is the engine's: methods come before
// the kind, and time before methods.
func (c *jsonCompiler) build(key jsonKey, path string) jsonNode {
	t := key.typ
	if _, step := unwrapOne(t); step != nil {
		return c.wrapper(key, path)
	}
	if key.quoted && !takesString(t) {
		c.faults.add(path, "has the json option string, which is for numbers")
	}
	if list := t.Kind() == reflect.Slice || t.Kind() == reflect.Array; !list || readsItself(t) || isBytes(t) {
		c.noKeywords(path, key.constraints, itemKeywords()...)
	}
	switch {
	case t == reflect.TypeFor[File]():
		c.faults.add(path, "is a bind.File, which comes with a form")
		return c.add(key, &jsonString{})
	case t == reflect.TypeFor[time.Time]():
		return c.time(key, path)
	case t == reflect.TypeFor[json.Number]():
		return c.number(key, path)
	case readsItself(t):
		return c.self(key, path)
	}
	switch t.Kind() {
	case reflect.String:
		return c.add(key, &jsonString{c.leaf(key, path, "must be a string")})
	case reflect.Bool:
		return c.add(key, &jsonBool{c.leaf(key, path, "must be true or false")})
	case reflect.Float32, reflect.Float64:
		return c.float(key, path)
	case reflect.Struct:
		return c.object(key, path)
	case reflect.Map:
		return c.mapping(key, path)
	case reflect.Slice, reflect.Array:
		if isBytes(t) {
			return c.bytes(key, path)
		}
		return c.list(key, path)
	case reflect.Interface:
		if t.NumMethod() == 0 {
			return c.self(key, path)
		}
	}
	if isSigned(t) || isUnsigned(t) {
		return c.integer(key, path)
	}
	c.faults.add(path, "has type %s, which no JSON value can be read into", t)
	return c.add(key, &jsonString{})
}

// add registers the node of key, behind its Validate method if there is one.
func (c *jsonCompiler) add(key jsonKey, n jsonNode) jsonNode {
	if v, ok := c.nodes[key].(*jsonValidated); ok {
		v.jsonNode = n
		return n
	}
	c.nodes[key] = n
	return n
}

// leaf compiles what the values without others inside have in common. The words
// follow the name of a field whose value is of another kind.
func (c *jsonCompiler) leaf(key jsonKey, path, words string) jsonLeaf {
	return jsonLeaf{
		wrong:  &text.Wrong{Code: "type", Detail: words},
		checks: valueChecks(c.faults, path, key.typ, key.constraints),
	}
}

// isBytes reports whether the engine writes a t as base64. A slice of a named
// byte type is a list of numbers.
func isBytes(t reflect.Type) bool {
	list := t.Kind() == reflect.Slice || t.Kind() == reflect.Array
	return list && t.Elem().Kind() == reflect.Uint8 && t.Elem().PkgPath() == ""
}

// reach returns the nodes at or below which there is a Validate method, or nil.
func (c *jsonCompiler) reach() map[jsonNode]bool {
	var above func(n jsonNode, seen map[jsonNode]bool) bool
	above = func(n jsonNode, seen map[jsonNode]bool) bool {
		switch n := n.(type) {
		case *jsonValidated:
			return true
		case *jsonMap:
			if len(n.keyChecks) > 0 {
				return true
			}
		}
		if seen[n] {
			return false
		}
		seen[n] = true
		for _, inner := range n.nested() {
			if above(inner, seen) {
				return true
			}
		}
		return false
	}
	var reach map[jsonNode]bool
	for _, n := range c.nodes {
		if above(n, map[jsonNode]bool{}) {
			if reach == nil {
				reach = map[jsonNode]bool{}
			}
			reach[n] = true
		}
	}
	return reach
}

func isSigned(t reflect.Type) bool { return reflect.Int <= t.Kind() && t.Kind() <= reflect.Int64 }

func isUnsigned(t reflect.Type) bool { return reflect.Uint <= t.Kind() && t.Kind() <= reflect.Uintptr }

func isFloat(t reflect.Type) bool { return t.Kind() == reflect.Float32 || t.Kind() == reflect.Float64 }
