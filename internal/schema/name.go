package schema

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A naming spells types in the names of components. The plain one is the shortest. Those that
// qualify give types of different packages or declarations different names.
type naming struct {
	qualify func(pkg string) string
	joint   string // before a word such as List
}

func plain() naming { return naming{func(string) string { return "" }, ""} }

// namings are tried in this order.
func namings() []naming {
	lastElement := func(pkg string) string { return pkg[strings.LastIndexByte(pkg, '/')+1:] + "." }
	wholePath := func(pkg string) string { return strings.ReplaceAll(pkg, "/", ".") + "." }
	return []naming{plain(), {lastElement, "-"}, {wholePath, "-"}}
}

// A family are the components of one type, which share its name.
type family struct {
	typ        reflect.Type
	name       string
	components []*component
}

// families returns the types that have components, in the order in which they were met.
func (x *Set) families() []*family {
	var all []*family
	byType := map[reflect.Type]*family{}
	for _, c := range x.all {
		f := byType[c.typ]
		if f == nil {
			f = &family{typ: c.typ}
			byType[c.typ] = f
			all = append(all, f)
		}
		f.components = append(f.components, c)
	}
	return all
}

// firstOperation returns the first id, by the alphabet, of the operations that use the type,
// directly or inside other types.
func (f *family) firstOperation() string {
	var ids []string
	seen := map[*component]bool{}
	var visit func(*component)
	visit = func(c *component) {
		if !seen[c] {
			seen[c] = true
			ids = append(ids, c.operations...)
			for _, outer := range c.around {
				visit(outer)
			}
		}
	}
	for _, c := range f.components {
		visit(c)
	}
	return slices.Min(ids)
}

// nameAll gives every component its name. It tries these names for a type, until no other type
// has the same:
//
//   - the name of the type
//   - with the package in front
//   - with the import path in front
//   - with the id of the first operation in front, for types that functions declare
//   - the last one with a number, in the order in which the operation uses the types
//
// All types with the same name get the longer one, so that the order of routes does not
// matter. The component of a request has Input behind the name if it differs from that of
// answers. The component of a merge patch has Patch behind it.
func (x *Set) nameAll() {
	all := x.families()
	left := all
	for _, n := range namings() {
		left = x.name(left, func(f *family) string { return n.component(f.typ) })
	}
	byOperation := func(f *family) string { return f.firstOperation() + "." + plain().component(f.typ) }
	left = x.name(left, byOperation)
	for _, f := range left {
		base := nameOf(byOperation(f))
		for n := 1; f.name == "" || x.taken[f.name]; n++ {
			f.name = base + strconv.Itoa(n)
		}
		x.taken[f.name] = true
	}
	for _, f := range all {
		hasAnswer := slices.ContainsFunc(f.components, func(c *component) bool { return !c.isRequest })
		for _, c := range f.components {
			switch {
			case c.isPatch:
				c.name = x.derived(f.name, "Patch")
			case c.isRequest && hasAnswer:
				c.name = x.derived(f.name, "Input")
			default:
				c.name = f.name
			}
		}
	}
}

// derived returns the name with more behind it, and with underscores between them if a type
// has that name.
func (x *Set) derived(name, more string) string {
	for joint := ""; ; joint += "_" {
		if derived := name + joint + more; !x.taken[derived] {
			x.taken[derived] = true
			return derived
		}
	}
}

// name gives each type the name that spell returns. It returns the types whose name is not
// unique.
func (x *Set) name(all []*family, spell func(*family) string) (left []*family) {
	names := make([]string, len(all))
	count := map[string]int{}
	for i, f := range all {
		names[i] = nameOf(spell(f))
		count[names[i]]++
	}
	for i, f := range all {
		if count[names[i]] > 1 || x.taken[names[i]] {
			left = append(left, f)
			continue
		}
		f.name = names[i]
	}
	for _, f := range all {
		x.taken[f.name] = f.name != "" || x.taken[f.name]
	}
	return left
}

// nameOf returns text as the key of a component. A key consists of A-Z a-z 0-9 . _ and -.
func nameOf(text string) string {
	return strings.Map(func(r rune) rune {
		if isNameRune(r) {
			return r
		}
		return '_'
	}, text)
}

// isNameRune reports whether the key of a component can have r.
func isNameRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '_' || r == '-'
}

// IsComponentName reports whether name can be the key of a component.
func IsComponentName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return !isNameRune(r) })
}

// component returns the name of t: Page_Article for Page[Article].
func (n naming) component(t reflect.Type) string {
	base, args, isGeneric := strings.Cut(t.Name(), "[")
	name := n.qualify(t.PkgPath()) + base
	if isGeneric {
		name += n.args(strings.TrimSuffix(args, "]"))
	}
	return name
}

// args returns the names of type arguments, each behind an underscore.
func (n naming) args(list string) string {
	var b strings.Builder
	for _, arg := range splitArgs(list) {
		b.WriteString("_" + n.arg(arg))
	}
	return b.String()
}

// arg returns the name of a type argument, which reflect writes as
// "[]github.com/x/y.User·1" or "map[string]int". The name has a suffix for a pointer, a list,
// an array and a map.
func (n naming) arg(arg string) string {
	if elem, ok := strings.CutPrefix(arg, "*"); ok {
		return n.arg(elem) + n.joint + "OrNull"
	}
	if rest, ok := strings.CutPrefix(arg, "["); ok {
		length, elem := cutBracket(rest)
		if length == "" {
			return n.arg(elem) + n.joint + "List"
		}
		return n.arg(elem) + n.joint + "Array" + length
	}
	if rest, ok := strings.CutPrefix(arg, "map["); ok {
		key, elem := cutBracket(rest)
		if key == "string" {
			return n.arg(elem) + n.joint + "Map"
		}
		return n.arg(elem) + n.joint + "MapBy" + n.joint + n.arg(key)
	}
	switch {
	case arg == "interface {}":
		return "any"
	case strings.ContainsAny(arg, " ("): // a type without a name
		return arg
	}
	base, inner, isGeneric := strings.Cut(arg, "[")
	base, _, _ = strings.Cut(base, "·") // behind it stands the number of a local type
	if dot := strings.LastIndexByte(base, '.'); dot >= 0 {
		base = n.qualify(strings.ReplaceAll(base[:dot], "%2e", ".")) + base[dot+1:]
	}
	if isGeneric {
		base += n.args(strings.TrimSuffix(inner, "]"))
	}
	return base
}

// cutBracket returns the text before and behind the closing bracket.
func cutBracket(text string) (inside, behind string) {
	depth := 1
	for i := range len(text) {
		switch text[i] {
		case '[':
			depth++
		case ']':
			depth--
		}
		if depth == 0 {
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

// splitArgs splits type arguments at the commas between them.
func splitArgs(args string) []string {
	var list []string
	depth, start := 0, 0
	for i, r := range args {
		switch {
		case r == '[' || r == '{' || r == '(':
			depth++
		case r == ']' || r == '}' || r == ')':
			depth--
		case r == ',' && depth == 0:
			list = append(list, args[start:i])
			start = i + 1
		}
	}
	return append(list, args[start:])
}
