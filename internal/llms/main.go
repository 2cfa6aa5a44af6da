// Llms prints llms.txt, the module's exported names with their signatures and one
// example a package, for people who write Go with an assistant:
//
//	go run ./internal/llms >llms.txt
package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/doc"
	"go/format"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

const module = "github.com/tenonkit/tenon"

const preface = `# tenon

> Typed Go functions as net/http handlers: func(ctx, In) (Out, error). Input is bound from path, query, header,
> cookie, form and JSON by struct tags; what is returned becomes the response. Every package takes or gives an http.Handler.

Rules that code written for tenon needs:

- A field has one source tag: path, query, header, cookie, form, value or body:"json". A struct without any is the JSON body.
- A value is required unless it has default, is a pointer or bind.Opt, or says ,optional (parameters), ,omitempty or ,omitzero (JSON).
- Rules are tags with JSON Schema's names: minimum, maximum, minLength, maxLength, pattern, enum, minItems, maxItems, format. There is no required tag.
- Options of bind and respond are passed to the route: tenon.Post("/x", fn, bind.MaxBody(1000)).
- Errors are returned: respond.NotFound("..."), respond.NewProblem(status, detail), or any error, which is a 500 without its text.
- Pages with tested programs: docs/README.md.

`

func main() {
	if err := write(os.Stdout, os.DirFS(".")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write prints the packages of the module whose root directory is root.
func write(w io.Writer, root fs.FS) error {
	var text bytes.Buffer
	text.WriteString(preface)
	err := fs.WalkDir(root, ".", func(dir string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		name := entry.Name()
		if slices.Contains([]string{"internal", "examples", "benchmarks", "docs", "testdata"}, name) || dir != "." && strings.HasPrefix(name, ".") {
			return fs.SkipDir
		}
		if _, err := fs.Stat(root, path.Join(dir, "go.mod")); err == nil && dir != "." {
			return fs.SkipDir // a module of its own
		}
		return writePackage(&text, root, dir)
	})
	if err != nil {
		return err
	}
	_, err = w.Write(text.Bytes())
	return err
}

// writePackage prints one package, unless dir has none that others can import.
func writePackage(w *bytes.Buffer, root fs.FS, dir string) error {
	fset := token.NewFileSet()
	var files []*ast.File
	names, err := fs.Glob(root, path.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	for _, name := range names {
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, name, source, parser.ParseComments)
		if err != nil {
			return err
		}
		if file.Name.Name != "main" {
			files = append(files, file)
		}
	}
	if len(files) == 0 {
		return nil
	}
	importPath := path.Join(module, dir)
	tests := slices.DeleteFunc(slices.Clone(files), func(f *ast.File) bool { return !strings.HasSuffix(fset.File(f.Pos()).Name(), "_test.go") })
	pkg, err := doc.NewFromFiles(fset, files, importPath)
	if err != nil {
		return err
	}
	p := printer{w, fset, pkg}
	fmt.Fprintf(w, "## %s\n\n%s\n\n```go\n", importPath, pkg.Synopsis(pkg.Doc))
	p.values(pkg.Consts)
	p.values(pkg.Vars)
	p.funcs(pkg.Funcs)
	for _, t := range pkg.Types {
		p.declaration(p.pkg.Synopsis(t.Doc), t.Decl)
		p.values(t.Consts)
		p.values(t.Vars)
		p.funcs(t.Funcs)
		p.funcs(t.Methods)
	}
	w.WriteString("```\n\n")
	p.example(tests)
	return nil
}

type printer struct {
	w    *bytes.Buffer
	fset *token.FileSet
	pkg  *doc.Package
}

func (p printer) values(values []*doc.Value) {
	for _, v := range values {
		p.declaration("", v.Decl)
	}
}

func (p printer) funcs(funcs []*doc.Func) {
	for _, f := range funcs {
		if f.Level > 0 {
			continue // of an embedded type
		}
		summary := ""
		if f.Recv == "" {
			summary = p.pkg.Synopsis(f.Doc)
		}
		p.declaration(summary, f.Decl)
	}
}

// declaration prints a declaration without its comments, below summary if that is
// short. What is for the packages of the module alone is left out.
func (p printer) declaration(summary string, node ast.Node) {
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			n.Doc = nil
		case *ast.FuncDecl:
			n.Doc, n.Body = nil, nil
		case *ast.Field:
			n.Doc, n.Comment = nil, nil
		case *ast.TypeSpec:
			n.Doc, n.Comment = nil, nil
		case *ast.ValueSpec:
			n.Doc, n.Comment = nil, nil
		}
		return true
	})
	code := p.format(node)
	if strings.Contains(code, "*option.Set") || strings.Contains(code, "describe.") {
		return
	}
	if summary != "" && len(summary) <= 90 {
		fmt.Fprintf(p.w, "// %s\n", summary)
	}
	p.w.WriteString(code)
}

// format returns the text of a node without empty lines.
func (p printer) format(node any) string {
	var code bytes.Buffer
	if err := format.Node(&code, p.fset, node); err != nil {
		panic(err) // it was parsed from a file
	}
	var text strings.Builder
	for line := range strings.Lines(code.String()) {
		if strings.TrimSpace(line) != "" {
			text.WriteString(line)
		}
	}
	return strings.TrimSuffix(text.String(), "\n") + "\n"
}

// example prints the first example of the package's tests.
func (p printer) example(files []*ast.File) {
	examples := doc.Examples(files...)
	if len(examples) == 0 {
		return
	}
	// The file example_test.go has what to read first.
	slices.SortFunc(examples, func(a, b *doc.Example) int {
		a1, b1 := p.fset.File(a.Code.Pos()).Name(), p.fset.File(b.Code.Pos()).Name()
		return cmp.Or(len(a1)-len(b1), a.Order-b.Order)
	})
	fmt.Fprintf(p.w, "```go\n// Example%s\n%s", examples[0].Name, p.format(examples[0].Code))
	for line := range strings.Lines(examples[0].Output) {
		fmt.Fprintf(p.w, "// %s", line)
	}
	p.w.WriteString("```\n\n")
}
