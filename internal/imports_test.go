package internal_test

import (
	"slices"
	"strings"
)

const (
	module = "github.com/tenonkit/tenon"
	engine = "github.com/go-json-experiment/json/..."
	codecs = "github.com/klauspost/compress/..."
)

// testDeps are what tests, examples and benchmarks may import from elsewhere.
// Rivals live in nested modules, which are not of this tree.
var testDeps = []string{
	"github.com/go-chi/chi/v5/...",
	"github.com/justinas/alice",
	"github.com/stretchr/testify/...",
}

// A row of the import table says what the packages in some directories may
// import besides the standard library: own packages of this module by
// directory, deps of others by path. "x/..." is x and all below it; "." is the
// root, "..." everything.
type row struct {
	dirs []string
	own  []string
	deps []string
}

// table holds for files outside tests; the first row with the directory wins.
// A package without a row is a fault.
var table = []row{
	{dirs: []string{"internal/json"}, deps: []string{engine}},
	{dirs: []string{"internal/conformance/..."}, own: []string{"..."}, deps: testDeps},
	{dirs: floor},
	{dirs: []string{"internal/failure"}, own: []string{"internal/header", "internal/nethttp"}},
	{dirs: []string{"internal/text"}, own: []string{"internal/method"}},
	{dirs: []string{"internal/shape"}, own: []string{"internal/header", "internal/json", "internal/method", "internal/text"}},
	{dirs: []string{"internal/ecma"}},
	{dirs: []string{"internal/schema"}, own: []string{"internal/ecma", "internal/format", "internal/json", "internal/method", "internal/multiple", "internal/shape", "internal/text"}},
	{dirs: []string{"internal/encode"}, own: []string{"internal/json", "internal/shape", "internal/text"}},
	{
		dirs: []string{"internal/decode"},
		own:  []string{"internal/encode", "internal/failure", "internal/format", "internal/header", "internal/json", "internal/method", "internal/multiple", "internal/shape", "internal/text"},
	},
	{dirs: []string{"internal/params"}, own: []string{"internal/failure", "internal/pattern", "internal/shape", "internal/text"}},
	{dirs: []string{"internal/..."}, own: []string{"internal/..."}},
	{dirs: []string{"respond"}, own: []string{"internal/..."}},
	{dirs: leaves, own: []string{"respond", "internal/..."}},
	{dirs: []string{"middleware/compress"}, own: []string{"respond", "internal/..."}, deps: []string{codecs}},
	{dirs: []string{"feed"}, own: []string{"stream", "respond", "internal/..."}},
	{dirs: []string{"."}, own: []string{"bind", "respond", "internal/..."}},
	{dirs: []string{"client"}, own: []string{".", "bind", "respond", "stream", "internal/..."}},
	{dirs: []string{"openapi"}, own: []string{".", "bind", "respond", "stream", "fileserve", "internal/..."}},
	{dirs: free, own: []string{"..."}, deps: testDeps},
}

var (
	// floor imports nothing of ours.
	floor  = []string{"internal/eventid", "internal/header", "internal/method", "internal/nethttp", "internal/option", "internal/pattern", "internal/rw"}
	leaves = []string{"bind", "cookie", "stream", "fileserve", "middleware", "middleware/idempotency", "precondition"}
	free   = []string{"examples/...", "benchmarks/..."}
	// testSupport is test code outside of _test.go.
	testSupport = []string{"internal/kittest", "internal/conformance/..."}
	// holdingPatterns are the directories that hold texts to patterns.
	holdingPatterns = []string{".", "internal/ecma", "internal/decode", "internal/schema", "internal/kittest"}
)

// A reserved import is left to some directories, whatever the table allows.
type reserved struct {
	paths []string
	dirs  []string
	tests bool // tests of any directory may import it too
}

var reservations = []reserved{
	// A program that only answers does not link it.
	{paths: []string{"regexp", "regexp/..."}, dirs: slices.Concat(holdingPatterns, free), tests: true},
	// It reads all of RFC 5322 for the one address that a format needs.
	{paths: []string{"net/mail"}, dirs: slices.Concat(testSupport, free), tests: true},
	{paths: []string{"unsafe", "C", "encoding/gob"}},
	{paths: []string{engine, "encoding/json/v2", "encoding/json/jsontext"}, dirs: []string{"internal/json"}},
	{paths: []string{"encoding/json"}, dirs: slices.Concat([]string{"internal/json", "internal/kittest"}, free), tests: true},
	{paths: []string{"testing", "testing/...", module + "/internal/kittest", module + "/internal/conformance/..."}, dirs: slices.Concat(testSupport, free), tests: true},
}

// importFaults returns the imports that break the table or a reservation, and
// the packages that the table leaves out.
func importFaults(sources []source) []string {
	var faults []string
	for _, src := range sources {
		i := slices.IndexFunc(table, func(r row) bool { return matches(r.dirs, src.dir) })
		if i < 0 {
			faults = append(faults, src.path+": the import table has no row for "+src.dir)
			continue
		}
		for _, imported := range src.imports {
			if !allowed(table[i], src, imported) || !unreserved(src, imported) {
				faults = append(faults, src.path+": may not import "+imported)
			}
		}
	}
	return faults
}

func allowed(r row, src source, imported string) bool {
	dir, ours := within(imported)
	switch {
	case ours:
		return src.test || matches(r.own, dir)
	case standard(imported):
		return true
	default:
		return matches(r.deps, imported) || src.test && matches(testDeps, imported)
	}
}

// unreserved reports whether no reservation keeps src from the import.
func unreserved(src source, imported string) bool {
	for _, r := range reservations {
		excepted := matches(r.dirs, src.dir) || r.tests && src.test
		if matches(r.paths, imported) && !excepted {
			return false
		}
	}
	return true
}

// within returns the directory of a package of this module.
func within(imported string) (dir string, ours bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

// standard reports whether a path is the standard library's: its first
// element has no dot.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		prefix, below := strings.CutSuffix(pattern, "/...")
		return name == prefix || pattern == "..." || below && strings.HasPrefix(name, prefix+"/")
	})
}
