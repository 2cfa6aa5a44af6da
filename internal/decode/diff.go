package decode

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
)

// Diff returns the merge patch that leads from one JSON form of the type to another, nil
// where they are equal. The pointer is where they first differ.
func (p *Plan) Diff(from, to []byte) (patch []byte, pointer string) {
	x := differ{}
	patch = x.diff(p.root, "#", from, to)
	return patch, x.first
}

// A differ compares two JSON forms of one type.
type differ struct{ first string }

// diff returns what the patch has for a value at the place, nil where nothing changes.
// Objects are compared by their members where the node merges them.
func (x *differ) diff(n node, at string, from, to json.RawMessage) []byte {
	n = unwrapped(n)
	if len(from) > 0 && from[0] == '{' && to[0] == '{' && merges(n) {
		return x.members(n, at, from, to)
	}
	if bytes.Equal(from, to) {
		return nil
	}
	if x.first == "" {
		x.first = cmp.Or(firstInside(n, at, from, to), Cut(at))
	}
	return to
}

// firstInside returns the first member of an object that is new as a whole.
func firstInside(n node, at string, from, to json.RawMessage) string {
	var x differ
	if len(from) == 0 && to[0] == '{' && merges(n) {
		x.members(n, at, json.RawMessage("{}"), to)
	}
	return x.first
}

func (x *differ) members(n node, at string, from, to json.RawMessage) []byte {
	var old, now map[string]json.RawMessage
	if encode.Unmarshal(from, &old) != nil || encode.Unmarshal(to, &now) != nil {
		return to // what has been encoded can be decoded
	}
	all := maps.Clone(old)
	maps.Copy(all, now)
	var patch []byte
	for _, name := range slices.Sorted(maps.Keys(all)) {
		inner, place := memberNode(n, name), at+token(name)
		value, isThere := now[name]
		if isThere {
			value = x.diff(inner, place, old[name], value)
		} else {
			x.first = cmp.Or(x.first, Cut(place))
			value = json.RawMessage("null")
		}
		if value == nil {
			continue
		}
		patch = append(patch, "{,"[min(1, len(patch))])
		patch, _ = json.AppendQuote(patch, name) // a name that has been read
		patch = append(append(patch, ':'), value...)
	}
	if patch == nil {
		return nil
	}
	return append(patch, '}')
}

// unwrapped returns the node of the value inside pointers and Opts.
func unwrapped(n node) node {
	for {
		switch outer := n.(type) {
		case *notNull:
			n = outer.node
		case *validated:
			n = outer.node
		case *wrapper:
			n = outer.elem
		default:
			return n
		}
	}
}

// merges reports whether a merger merges objects into what n reads.
func merges(n node) bool {
	switch n := n.(type) {
	case *object, *mapping:
		return true
	case *self:
		return n.isAny
	}
	return false
}

// memberNode returns the node of a member, nil where none reads it.
func memberNode(n node, name string) node {
	switch n := n.(type) {
	case *mapping:
		return n.elem
	case *self:
		return n
	case *object:
		for i := range n.members {
			if n.members[i].quoted == `"`+name+`"` {
				return n.members[i].node
			}
		}
		if n.rest != nil && n.rest.values != nil {
			return n.rest.values.elem
		}
	}
	return nil
}
