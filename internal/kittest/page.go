package kittest

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A program is what the Go blocks of a page make together, with the commands that
// the page runs against it.
type program struct {
	name          string // of its package
	source, tests string
	commands      []Exchange
}

// Pages are the programs of Markdown pages, built into one binary.
type Pages struct {
	programs map[string][]program
	dir      string // has the binary of the programs, and one for the tests of each that has some
}

// BuildPages builds what Markdown pages show. The Go blocks of a page, up to and with
// the one that has func main, are one program; a block with a test belongs to the
// program before it. Each program has the imports that its text needs; a block that
// begins with a package clause has its own. The address on a page is 127.0.0.1:8080,
// as a string of its own. Go and the working directory decide the module; imports adds
// the import paths, by package name, that the pages need besides the standard library
// and tenon.
func BuildPages(t *testing.T, pages []string, imports map[string]string) *Pages {
	t.Helper()
	p := &Pages{map[string][]program{}, t.TempDir()}
	module := strings.TrimSpace(goTool(t, "list", "-m"))
	files, tests := map[string]string{}, []string{}
	var head, table strings.Builder
	for _, page := range pages {
		for _, program := range readPage(t, page) {
			program.name = fmt.Sprintf("page%d", strings.Count(table.String(), "\n"))
			files[program.name+"/main.go"] = asPackage(program.name, withImports(t, program.source, imports))
			files[program.name+"/address.go"] = fmt.Sprintf(addressSource, program.name)
			fmt.Fprintf(&head, "\t%q\n", module+"/"+program.name)
			fmt.Fprintf(&table, "\t\t%q: %[1]s.Main,\n", program.name)
			if program.tests != "" {
				files[program.name+"/main_test.go"] = asPackage(program.name, withImports(t, program.tests, imports))
				tests = append(tests, "./"+program.name)
			}
			p.programs[page] = append(p.programs[page], program)
		}
	}
	files["pages/main.go"] = fmt.Sprintf(pagesSource, head.String(), table.String())
	config := Overlay(t, files)
	goTool(t, "build", "-overlay", config, "-o", p.dir+"/", "./pages")
	if len(tests) > 0 {
		goTool(t, append([]string{"test", "-c", "-vet=off", "-overlay", config, "-o", p.dir + "/"}, tests...)...)
	}
	return p
}

// The programs are packages of one binary, because linking is what takes the time. They
// get the address when they start, so that Go's cache knows them from the last run.
const (
	pagesSource   = "package main\n\nimport (\n\t\"os\"\n\n%s)\n\nfunc main() {\n\tmap[string]func(){\n%s\t}[os.Args[1]]()\n}\n"
	addressSource = "package %s\n\nimport \"os\"\n\nvar documentedAddress = os.Getenv(\"TENON_PAGE_ADDRESS\")\n"
)

// asPackage returns the program as a package of that name, with Main in place of main.
func asPackage(name, source string) string {
	source = strings.Replace(source, "package main", "package "+name, 1)
	source = strings.Replace(source, "func main() {", "func Main() {", 1)
	return strings.ReplaceAll(source, strconv.Quote(documented), "documentedAddress")
}

// Replay holds a page to what it says: it runs the tests of each program and starts it,
// and the console blocks below the program must print what the page shows.
func (p *Pages) Replay(t *testing.T, page string) {
	t.Helper()
	for _, program := range p.programs[page] {
		if program.tests != "" {
			if output, err := exec.CommandContext(t.Context(), filepath.Join(p.dir, program.name+".test")).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
		}
		if len(program.commands) > 0 {
			Need(t, "curl")
			_, address := p.start(t, program)
			replay(t, address, program.commands)
		}
	}
}

// Start starts the first program of a page, and returns its process and its address. The
// process is killed when the test ends.
func (p *Pages) Start(t *testing.T, page string) (*os.Process, string) {
	t.Helper()
	return p.start(t, p.programs[page][0])
}

func (p *Pages) start(t *testing.T, program program) (*os.Process, string) {
	t.Helper()
	address := FreeAddress(t)
	command := exec.CommandContext(t.Context(), filepath.Join(p.dir, "pages"), program.name)
	command.Env = append(os.Environ(), "TENON_PAGE_ADDRESS="+address)
	listen(t, command, address)
	return command.Process, address
}

// readPage returns the programs of a page, at least one.
func readPage(t *testing.T, page string) []program {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	programs := pagePrograms(string(text))
	if len(programs) == 0 {
		t.Fatalf("%s has no program", page)
	}
	return programs
}

var fence = regexp.MustCompile("(?ms)^```(go|console)\n(.*?)^```$")

// pagePrograms splits the blocks of a page among its programs.
func pagePrograms(text string) []program {
	var all []program
	isOpen := false
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		language, code := block[1], block[2]
		last := len(all) - 1
		switch {
		case language == "console":
			if last >= 0 {
				all[last].commands = append(all[last].commands, exchanges("\t"+strings.ReplaceAll(code, "\n", "\n\t"))...)
			}
		case strings.Contains(code, "*testing.T)"):
			if last >= 0 {
				all[last].tests += code + "\n"
			}
		default:
			if !isOpen {
				all = append(all, program{})
				last++
			}
			all[last].source += code + "\n"
			isOpen = !strings.Contains(code, "func main() {")
		}
	}
	return all
}

// Overlay writes files, by their paths in the working directory, where the go command finds
// them, and returns the file that tells it.
func Overlay(t *testing.T, files map[string]string) string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir, replace := t.TempDir(), map[string]string{}
	for name, code := range files {
		file := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(file, []byte(code), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, name)] = file
	}
	config, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	configFile := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(configFile, config, 0o600); err != nil {
		t.Fatal(err)
	}
	return configFile
}

// withImports adds the package clause and the imports that code leaves out.
func withImports(t *testing.T, code string, imports map[string]string) string {
	t.Helper()
	if strings.HasPrefix(code, "package ") {
		return code
	}
	file, err := parser.ParseFile(token.NewFileSet(), "page.go", "package main\n"+code, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v in\n%s", err, code)
	}
	known := importPaths(imports)
	used := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := selector.X.(*ast.Ident); ok && known[x.Name] != "" {
				used[x.Name] = true
			}
		}
		return true
	})
	var head strings.Builder
	head.WriteString("package main\n\nimport (\n")
	for _, name := range slices.Sorted(maps.Keys(used)) {
		fmt.Fprintf(&head, "\t%s %q\n", name, known[name])
	}
	head.WriteString(")\n\n")
	return head.String() + code
}

// importPaths returns the packages that a page may name without importing them.
func importPaths(imports map[string]string) map[string]string {
	all := map[string]string{"tenon": "github.com/tenonkit/tenon", "alice": "github.com/justinas/alice", "rand": "math/rand/v2"}
	for _, p := range []string{
		"bytes", "cmp", "context", "database/sql", "embed", "encoding/json", "errors", "fmt", "html", "io", "iter", "log", "log/slog", "maps", "net", "net/http",
		"net/http/httptest", "net/url", "os", "os/signal", "slices", "strconv", "strings", "sync", "sync/atomic", "syscall", "testing", "time",
	} {
		all[path.Base(p)] = p
	}
	for _, p := range []string{
		"bind", "client", "cookie", "feed", "fileserve", "middleware", "middleware/compress", "middleware/idempotency",
		"openapi", "precondition", "respond", "stream",
	} {
		all[path.Base(p)] = "github.com/tenonkit/tenon/" + p
	}
	maps.Copy(all, imports)
	return all
}

func goTool(t *testing.T, args ...string) string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", args[0], err, output)
	}
	return string(output)
}
