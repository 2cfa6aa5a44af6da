package respond

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/tag"
)

// check notes what keeps values of t from being sent as they are declared.
func (c *compiler) check(t reflect.Type) {
	k := c.responder.leaf(t).kind
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if k == kindError && embedsProblem(t) {
		c.checkExtensions(t)
		return
	}
	if k != kindValue {
		if field, method, ok := hijacked(t, k); ok {
			c.faults = append(c.faults, hijackFault(t.String(), method, field))
		}
		return
	}
	if c.responder.usesJSON() {
		x := walk{seen: make(map[reflect.Type]bool)}
		x.visit(t, t.String())
		c.faults = append(c.faults, x.faults...)
	}
}

// checkExtensions notes which members of t, a type that embeds a problem, can never
// be encoded.
func (c *compiler) checkExtensions(t reflect.Type) {
	x := walk{seen: make(map[reflect.Type]bool)}
	members := tag.MembersBeside(t, reflect.TypeFor[Problem]())
	for i := range members.List {
		m := &members.List[i]
		path := t.String() + m.GoPath
		if slices.Contains(describe.ProblemMembers(), m.Name) {
			x.faults = append(x.faults, fmt.Sprintf("%s is called %q, as a member of every problem is: give it another name", path, m.Name))
		}
		if !m.Field.IsExported() {
			x.faults = append(x.faults, path+" is of a type that is not exported, and cannot be sent: name the field")
		}
		x.visit(m.Field.Type, path)
	}
	c.faults = append(c.faults, x.faults...)
}

func (rs *Responder) usesJSON() bool {
	for _, offered := range rs.formats {
		if offered.codec == codecJSON {
			return true
		}
	}
	return len(rs.formats) == 0
}

// usesJSONAlone reports whether every value is encoded by the codec of its leaf.
func (rs *Responder) usesJSONAlone() bool {
	for _, offered := range rs.formats {
		if offered.codec != codecJSON {
			return false
		}
	}
	return true
}

// walk looks for what the engine reaches and can never encode. The engine
// itself reports it only when it meets a value.
type walk struct {
	seen   map[reflect.Type]bool
	faults []string
}

func (x *walk) visit(t reflect.Type, path string) {
	if x.seen[t] || t.Kind() == reflect.Interface {
		return
	}
	x.seen[t] = true
	if field, method, ok := hijacked(t, kindValue); ok {
		x.faults = append(x.faults, hijackFault(path, method, field))
		return
	}
	if marshals(t) || t.Kind() != reflect.Pointer && marshals(reflect.PointerTo(t)) {
		return
	}
	switch t.Kind() {
	case reflect.Chan, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		x.faults = append(x.faults, fmt.Sprintf("%s: %s cannot be encoded as JSON", path, t))
	case reflect.Func:
		hint := ""
		if t.CanSeq() || t.CanSeq2() {
			hint = "; package stream sends sequences"
		}
		x.faults = append(x.faults, fmt.Sprintf("%s: %s cannot be encoded as JSON%s", path, t, hint))
	case reflect.Pointer:
		if !isOpaque(t.Elem()) { // The pointer may be nil, as the User of a url.URL mostly is.
			x.visit(t.Elem(), path)
		}
	case reflect.Slice, reflect.Array:
		x.visit(t.Elem(), path+"[]")
	case reflect.Map:
		x.visit(t.Key(), path+" key")
		x.visit(t.Elem(), path+"[]")
	case reflect.Struct:
		if err := json.StructFault(t); err != nil {
			x.faults = append(x.faults, fmt.Sprintf("%s: %v", path, err))
		}
		for field := range t.Fields() {
			if field.Tag.Get("json") == "-" || !field.IsExported() && !field.Anonymous {
				continue
			}
			x.visit(field.Type, path+"."+field.Name)
		}
	}
}

// isOpaque reports whether t is a struct with fields, none of which can be
// seen.
func isOpaque(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for field := range t.Fields() {
		if field.IsExported() || field.Anonymous {
			return false
		}
	}
	return t.NumField() > 0
}

func hijackFault(path, method string, field reflect.StructField) string {
	return fmt.Sprintf("%s: %s comes from the embedded field %s, so the other fields would be lost: name that field, or declare %s",
		path, method, field.Name, method)
}
