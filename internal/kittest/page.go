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
	"strings"
	"testing"
	"time"
)

// A program is what the Go blocks of a page make together, with the commands that
// the page runs against it.
type program struct {
	source, tests string
	commands      []Exchange
}

// ReplayPage holds a Markdown page to what it says. Its Go blocks, up to and with
// the one that has func main, are one program; a block with a test belongs to the
// program before it. Each program is built with the imports that its text needs (a
// block that begins with a package clause has its own), its tests are run, and it is
// started. The console blocks below it must print what the page shows. The address
// on the page is 127.0.0.1:8080. Go and the working directory decide the module;
// imports adds the import paths, by package name, that the page needs besides the
// standard library and tenon.
func ReplayPage(t *testing.T, page string, imports map[string]string) {
	t.Helper()
	for i, p := range readPage(t, page) {
		address, args := placePage(t, i, &p, imports)
		if p.tests != "" {
			tests := filepath.Join(t.TempDir(), "tests")
			goTool(t, append([]string{"test", "-c", "-vet=off", "-o", tests}, args...)...)
			if output, err := exec.CommandContext(t.Context(), tests).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
		}
		binary := buildPage(t, args)
		if len(p.commands) > 0 {
			Need(t, "curl")
			listen(t, exec.CommandContext(t.Context(), binary), address, 20*time.Second)
			replay(t, address, p.commands)
		}
	}
}

// StartPage starts the first program of a Markdown page, as [ReplayPage] does, and
// returns its process and its address. The process is killed when the test ends.
func StartPage(t *testing.T, page string) (*os.Process, string) {
	t.Helper()
	p := readPage(t, page)[0]
	address, args := placePage(t, 0, &p, nil)
	command := exec.CommandContext(t.Context(), buildPage(t, args))
	listen(t, command, address, 20*time.Second)
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

// placePage gives the program an address of its own, and returns it with the
// arguments of the go command that name the program.
func placePage(t *testing.T, i int, p *program, imports map[string]string) (string, []string) {
	t.Helper()
	address := freeAddress(t)
	p.source = strings.ReplaceAll(p.source, documented, address)
	return address, overlay(t, i, *p, imports)
}

func buildPage(t *testing.T, args []string) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "program")
	goTool(t, append([]string{"build", "-o", binary}, args...)...)
	return binary
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

// overlay writes the program where the go command finds it, as a package in the
// module of the working directory, and returns the arguments that name it.
func overlay(t *testing.T, i int, p program, imports map[string]string) []string {
	t.Helper()
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir, name := t.TempDir(), fmt.Sprintf("page%d", i)
	replace := map[string]string{}
	for file, code := range map[string]string{"main.go": p.source, "main_test.go": p.tests} {
		if code == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte(withImports(t, code, imports)), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(root, name, file)] = filepath.Join(dir, file)
	}
	config, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	configFile := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(configFile, config, 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"-overlay", configFile, "./" + name}
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

func goTool(t *testing.T, args ...string) {
	t.Helper()
	if output, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", args[0], err, output)
	}
}
