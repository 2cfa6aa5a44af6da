package internal_test

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// exports is how many names each package exports: all that its users can write, which
// is its functions, types, variables and constants, the methods of exported types and of
// exported interfaces, and the fields of exported structs. A package that grows or
// shrinks has its number changed here, so that whoever reads the change asks why.
var exports = map[string]int{
	".":                      59,
	"bind":                   76,
	"client":                 27,
	"cookie":                 33,
	"feed":                   26,
	"fileserve":              39,
	"middleware":             28,
	"middleware/compress":    13,
	"middleware/idempotency": 16,
	"openapi":                72,
	"precondition":           21,
	"respond":                121,
	"stream":                 85,
}

// exportsOf returns the names that a file exports, methods and fields as Type.Name. An
// embedded field counts where its own name is exported.
func exportsOf(file *ast.File) []string {
	var names []string
	add := func(prefix string, idents ...*ast.Ident) {
		for _, ident := range idents {
			if ident.IsExported() {
				names = append(names, prefix+ident.Name)
			}
		}
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			switch receiver := receiverOf(decl); {
			case receiver == nil:
				add("", decl.Name)
			case receiver.IsExported():
				add(receiver.Name+".", decl.Name)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					add("", spec.Names...)
				case *ast.TypeSpec:
					add("", spec.Name)
					if spec.Name.IsExported() {
						for _, field := range fieldsOf(spec.Type) {
							add(spec.Name.Name+".", field)
						}
					}
				}
			}
		}
	}
	return names
}

// receiverOf returns the type that has the method, or nil for a function.
func receiverOf(decl *ast.FuncDecl) *ast.Ident {
	if decl.Recv == nil {
		return nil
	}
	return nameOf(decl.Recv.List[0].Type)
}

// fieldsOf returns the fields of a struct and the methods of an interface.
func fieldsOf(t ast.Expr) []*ast.Ident {
	var list *ast.FieldList
	switch t := t.(type) {
	case *ast.StructType:
		list = t.Fields
	case *ast.InterfaceType:
		list = t.Methods
	default:
		return nil
	}
	var fields []*ast.Ident
	for _, field := range list.List {
		switch name := nameOf(field.Type); {
		case len(field.Names) > 0:
			fields = append(fields, field.Names...)
		case name != nil:
			fields = append(fields, name)
		}
	}
	return fields
}

// nameOf returns the name of a type without its package, its pointer and its
// arguments, or nil.
func nameOf(t ast.Expr) *ast.Ident {
	switch t := t.(type) {
	case *ast.Ident:
		return t
	case *ast.StarExpr:
		return nameOf(t.X)
	case *ast.IndexExpr:
		return nameOf(t.X)
	case *ast.IndexListExpr:
		return nameOf(t.X)
	case *ast.SelectorExpr:
		return t.Sel
	}
	return nil
}

// exportFaults returns the public packages whose number is not the one of counts. A
// name that files of several systems declare counts once.
func exportFaults(sources []source, counts map[string]int) []string {
	found := map[string]map[string]bool{}
	for _, src := range sources {
		if !isLibrary(src) || matches([]string{"internal/..."}, src.dir) {
			continue
		}
		if found[src.dir] == nil {
			found[src.dir] = map[string]bool{}
		}
		for _, name := range src.exports {
			found[src.dir][name] = true
		}
	}
	var faults []string
	for _, dir := range slices.Sorted(maps.Keys(found)) {
		if n, want := len(found[dir]), counts[dir]; n != want {
			faults = append(faults, fmt.Sprintf("%s exports %d names, and exports_test.go says %d: %s",
				dir, n, want, strings.Join(slices.Sorted(maps.Keys(found[dir])), " ")))
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(counts)) {
		if found[dir] == nil {
			faults = append(faults, dir+" is no package, and exports_test.go has a number for it")
		}
	}
	return faults
}

func TestSources_exports(t *testing.T) {
	t.Parallel()
	assert.Empty(t, exportFaults(tree(t), exports))
}
