package json_test

import (
	"bytes"
	"go/ast"
	"go/build/constraint"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// engine is one of the two engine files.
type engine struct {
	tag     constraint.Expr
	imports []string
	// shared holds the source of the declarations that both files have, with
	// their comments; own the names of the others.
	shared []string
	own    []string
}

// bridge are the declarations in which the engine files may differ.
var bridge = []string{"options", "encodeNumber", "decodeNumber", "isNumber"}

func readEngine(t *testing.T, name string) engine {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
	require.NoError(t, err)
	var e engine
	for _, group := range file.Comments {
		if line := group.List[0].Text; constraint.IsGoBuild(line) {
			e.tag, err = constraint.Parse(line)
			require.NoError(t, err)
		}
	}
	require.NotNil(t, e.tag)
	for _, spec := range file.Imports {
		e.imports = append(e.imports, spec.Path.Value)
	}
	for _, decl := range file.Decls {
		if function, ok := decl.(*ast.FuncDecl); ok && slices.Contains(bridge, function.Name.Name) {
			e.own = append(e.own, function.Name.Name)
			continue
		}
		if general, ok := decl.(*ast.GenDecl); ok && general.Tok == token.IMPORT {
			continue
		}
		// Comments inside a declaration print only with the file's list of them.
		var source bytes.Buffer
		inside := slices.DeleteFunc(slices.Clone(file.Comments), func(group *ast.CommentGroup) bool {
			return group.Pos() < decl.Pos() || group.End() > decl.End()
		})
		require.NoError(t, format.Node(&source, fset, doc(decl)))
		require.NoError(t, format.Node(&source, fset, &ast.File{
			Name: ast.NewIdent("json"), Decls: []ast.Decl{decl}, Comments: inside,
		}))
		e.shared = append(e.shared, source.String())
	}
	return e
}

// doc returns the doc comment of decl as something that can be printed.
func doc(decl ast.Decl) *ast.BasicLit {
	var group *ast.CommentGroup
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		group = decl.Doc
	case *ast.GenDecl:
		group = decl.Doc
	}
	return &ast.BasicLit{Value: group.Text()}
}

func TestEngines_declareTheSame(t *testing.T) {
	t.Parallel()
	std, module := readEngine(t, "engine_std.go"), readEngine(t, "engine_module.go")
	require.NotEmpty(t, std.shared)
	assert.Equal(t, std.shared, module.shared)
	assert.Equal(t, []string{"options"}, std.own, "the standard library's engine needs no bridge")
	assert.Equal(t, bridge, module.own)
	assert.NotContains(t, std.imports, `"github.com/go-json-experiment/json"`)
	assert.NotContains(t, module.imports, `"encoding/json/v2"`)
}

func TestEngines_oneForEachToolchain(t *testing.T) {
	t.Parallel()
	std, module := readEngine(t, "engine_std.go"), readEngine(t, "engine_module.go")
	for _, tc := range []struct {
		tags    []string
		wantStd bool
	}{
		{nil, false},
		{[]string{"goexperiment.jsonv2"}, false},
		{[]string{"go1.27"}, false},
		{[]string{"go1.27", "goexperiment.jsonv2"}, true},
	} {
		has := func(tag string) bool { return slices.Contains(tc.tags, tag) }
		assert.Equal(t, tc.wantStd, std.tag.Eval(has), "%v", tc.tags)
		assert.Equal(t, !tc.wantStd, module.tag.Eval(has), "%v", tc.tags)
	}
}
