package openapi

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// nameAll gives every component its name: that of its type, qualified by the
// package where two types have the same, by the whole import path where that
// is not enough. Both are qualified, so that the order of routes is of no
// account.
func (b *builder) nameAll(all []*component) {
	b.taken["Problem"] = true
	left := all
	for _, qualify := range []func(pkg string) string{noPackage, lastElement, wholePath} {
		byName := map[string][]*component{}
		for _, c := range left {
			c.name = componentName(c.typ, qualify)
			byName[c.name] = append(byName[c.name], c)
		}
		left = nil
		for name, clashing := range byName {
			if len(clashing) > 1 || b.taken[name] {
				left = append(left, clashing...)
			}
		}
	}
	slices.SortFunc(left, func(a, b *component) int { return cmp.Compare(a.name, b.name) })
	for i, c := range left {
		if i > 0 && left[i-1].name == c.name {
			b.fault("two types of package %s are called %s: rename one", c.typ.PkgPath(), c.typ.Name())
		}
	}
}

func noPackage(string) string { return "" }

func lastElement(pkg string) string { return pkg[strings.LastIndexByte(pkg, '/')+1:] + "." }

func wholePath(pkg string) string { return strings.ReplaceAll(pkg, "/", ".") + "." }

// componentName returns the name of t as the key of a component, which has only
// A-Z a-z 0-9 . _ and -: Page_Article for Page[Article].
func componentName(t reflect.Type, qualify func(pkg string) string) string {
	base, args, generic := strings.Cut(t.Name(), "[")
	name := qualify(t.PkgPath()) + base
	if generic {
		name += argNames(args, qualify)
	}
	return strings.Map(func(r rune) rune {
		if isNameRune(r) {
			return r
		}
		return '_'
	}, name)
}

// isNameRune reports whether the key of a component can have r.
func isNameRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '_' || r == '-'
}

// isComponentName reports whether name can be the key of a component.
func isComponentName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return !isNameRune(r) })
}

// argName returns the name of a type argument, written as reflect does:
// "[]github.com/x/y.User·1", "map[string]int".
func argName(arg string, qualify func(pkg string) string) string {
	arg, _, _ = strings.Cut(arg, "·") // behind it stands the number of a local type
	if elem, ok := strings.CutPrefix(arg, "[]"); ok {
		return argName(elem, qualify) + "List"
	}
	if elem, ok := strings.CutPrefix(arg, "*"); ok {
		return argName(elem, qualify)
	}
	if rest, ok := strings.CutPrefix(arg, "map["); ok {
		if _, elem, ok := strings.Cut(rest, "]"); ok {
			return argName(elem, qualify) + "Map"
		}
	}
	head, inner, generic := strings.Cut(arg, "[")
	if dot := strings.LastIndexByte(head, '.'); dot >= 0 {
		head = qualify(head[:dot]) + head[dot+1:]
	}
	if generic {
		head += argNames(inner, qualify)
	}
	return head
}

// argNames returns the names of type arguments, up to their bracket, each behind
// an underscore.
func argNames(args string, qualify func(pkg string) string) string {
	var b strings.Builder
	for _, arg := range splitArgs(strings.TrimSuffix(args, "]")) {
		b.WriteString("_" + argName(arg, qualify))
	}
	return b.String()
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

// fault notes what keeps the document from being made.
func (b *builder) fault(format string, args ...any) {
	words := fmt.Sprintf(format, args...)
	if !slices.Contains(b.faults, words) {
		b.faults = append(b.faults, words)
	}
}
