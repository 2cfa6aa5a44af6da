// Package internal_test holds the rules that every source file of the module
// keeps: what a package may import, which ones may read Go types, how long a file
// and a function may be, and how many names a package exports.
package internal_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	maxFileLines     = 400
	maxFunctionLines = 80
	// The library is what [isLibrary] says.
	maxLibraryFiles  = 281
	minLibraryMedian = 120 // lines
	maxBindFiles     = 34
)

// readers are the directories whose files may read the fields of Go types and their
// tags. What a type means on the wire is found once, by internal/shape; whoever else
// needs it asks there. A path that ends in .go is a single file.
var readers = []string{
	"internal/shape",
	"internal/method",        // whose method an embedded field brings
	"internal/text",          // the form of a type that reads itself
	"internal/encode",        // looks into values at run time, and asks the engine about one field
	"internal/json/codec.go", // where the engine may meet a Number; shape is built on it
}

// A source is what the rules look at in one Go file.
type source struct {
	path      string
	dir       string // "." for the root
	test      bool
	generated bool
	imports   []string
	lines     int
	functions []function
	exports   []string // Name, Type.Method, Type.Field
	reads     []string // by which Go types are read: NumField, StructTag
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
	src.exports = exportsOf(file)
	src.reads = readsOf(file)
	return src, nil
}

// readsOf returns what in a file reads the fields of a type or their tags. It knows them
// by their names, because the types of expressions are not known here: a tag can be had
// from the field Tag of a reflect.StructField alone, or as a value of reflect.StructTag.
func readsOf(file *ast.File) []string {
	var reads []string
	called := map[ast.Expr]int{} // the number of arguments
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			called[call.Fun] = len(call.Args)
		}
		x, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		args, isCall := called[x]
		switch name := x.Sel.Name; name {
		case "NumField", "VisibleFields", "FieldByName", "FieldByNameFunc", "StructTag":
			reads = append(reads, name)
		case "Fields":
			if isCall && args == 0 { // strings.Fields has one
				reads = append(reads, name)
			}
		case "Tag":
			if !isCall {
				reads = append(reads, name)
			}
		}
		return true
	})
	return reads
}

// readFaults returns the files that read Go types and are not on the list.
func readFaults(sources []source) []string {
	var faults []string
	for _, src := range sources {
		if isLibrary(src) && !matches(readers, src.dir) && !matches(readers, src.path) {
			for _, name := range src.reads {
				faults = append(faults, src.path+": reads a Go type by "+name+": ask internal/shape")
			}
		}
	}
	return faults
}

// isLibrary reports whether a file is of the packages that users import, and not a test,
// its support, an example or a benchmark.
func isLibrary(src source) bool {
	return !src.test && !matches(testSupport, src.dir) && !matches(free, src.dir) && src.dir != "internal/drift"
}

// sizeFaults returns in which way the library has too many small files.
func sizeFaults(sources []source) []string {
	var lines []int
	inBind := 0
	for _, src := range sources {
		if !isLibrary(src) {
			continue
		}
		lines = append(lines, src.lines)
		if src.dir == "bind" {
			inBind++
		}
	}
	var faults []string
	slices.Sort(lines)
	if n := len(lines); n > maxLibraryFiles {
		faults = append(faults, fmt.Sprintf("the library has %d files, at most %d", n, maxLibraryFiles))
	}
	if inBind > maxBindFiles {
		faults = append(faults, fmt.Sprintf("bind has %d files, at most %d", inBind, maxBindFiles))
	}
	if n := len(lines); n > 0 && lines[n/2] < minLibraryMedian {
		faults = append(faults, fmt.Sprintf("half of the files of the library have less than %d lines, the one in the middle %d", minLibraryMedian, lines[n/2]))
	}
	return faults
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

func TestSources_reads(t *testing.T) {
	t.Parallel()
	assert.Empty(t, readFaults(tree(t)))
}

func TestSources_sizes(t *testing.T) {
	t.Parallel()
	assert.Empty(t, sizeFaults(tree(t)))
}
