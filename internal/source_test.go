// Package internal_test holds the rules that every source file of the module
// keeps: what a package may import, and how long a file and a function may be.
package internal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	maxFileLines     = 400
	maxFunctionLines = 80
)

// A source is what the rules look at in one Go file.
type source struct {
	path      string
	dir       string // "." for the root
	test      bool
	generated bool
	imports   []string
	lines     int
	functions []function
}

type function struct {
	name  string
	lines int
	init  bool
}

// readSources reads the Go files of one module: without nested modules,
// vendored and hidden directories and test data. It reads the files of every
// build tag.
func readSources(fsys fs.FS) ([]source, error) {
	var sources []source
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			if name != "." && skipped(fsys, name) {
				return fs.SkipDir
			}
			return nil
		case path.Ext(name) != ".go":
			return nil
		}
		src, err := readSource(fsys, name)
		sources = append(sources, src)
		return err
	})
	return sources, err
}

func skipped(fsys fs.FS, dir string) bool {
	base := path.Base(dir)
	if base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := fs.Stat(fsys, path.Join(dir, "go.mod"))
	return err == nil
}

func readSource(fsys fs.FS, name string) (source, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return source{}, err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	src := source{
		path:      name,
		dir:       path.Dir(name),
		test:      strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(file),
		lines:     fset.File(file.Pos()).LineCount(),
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, err
		}
		src.imports = append(src.imports, imported)
	}
	for _, decl := range file.Decls {
		if decl, ok := decl.(*ast.FuncDecl); ok {
			src.functions = append(src.functions, function{
				name:  decl.Name.Name,
				lines: fset.Position(decl.End()).Line - fset.Position(decl.Pos()).Line + 1,
				init:  decl.Name.Name == "init" && decl.Recv == nil,
			})
		}
	}
	return src, nil
}

// shapeFaults returns what is too long, and the init functions.
func shapeFaults(sources []source) []string {
	var faults []string
	for _, src := range sources {
		if src.lines > maxFileLines && !src.generated {
			faults = append(faults, src.path+": "+strconv.Itoa(src.lines)+" lines, at most "+strconv.Itoa(maxFileLines))
		}
		for _, f := range src.functions {
			if f.lines > maxFunctionLines && !src.generated {
				faults = append(faults, src.path+": "+f.name+" has "+strconv.Itoa(f.lines)+" lines, at most "+strconv.Itoa(maxFunctionLines))
			}
			if f.init {
				faults = append(faults, src.path+": has an init function")
			}
		}
	}
	return faults
}

// tree is the source of the module.
func tree(t *testing.T) []source {
	t.Helper()
	sources, err := readSources(os.DirFS(".."))
	require.NoError(t, err)
	require.NotEmpty(t, sources)
	return sources
}

func TestSources_shape(t *testing.T) {
	t.Parallel()
	assert.Empty(t, shapeFaults(tree(t)))
}

func TestSources_imports(t *testing.T) {
	t.Parallel()
	assert.Empty(t, importFaults(tree(t)))
}
