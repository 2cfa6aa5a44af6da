package internal_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// faultsOf runs the rules over a tree of the given files.
func faultsOf(t *testing.T, files map[string]string) []string {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	sources, err := readSources(fsys)
	require.NoError(t, err)
	return append(importFaults(sources), shapeFaults(sources)...)
}

func importing(path string) string { return "package p\nimport _ \"" + path + "\"\n" }

const own = module + "/"

// plants are single imports in single files.
var plants = []struct {
	file, imported string
	ok             bool
}{
	{"internal/rw/a.go", "net/http", true},
	{"internal/rw/a.go", own + "internal/header", true},
	{"internal/rw/a.go", own + "respond", false},
	{"internal/rw/a.go", module, false},
	{"internal/rw/a.go", "github.com/go-json-experiment/json", false},
	{"internal/rw/a.go", "golang.org/x/net/http2", false},
	{"internal/json/a.go", "github.com/go-json-experiment/json/jsontext", true},
	{"internal/json/a.go", "encoding/json/v2", true},
	{"internal/json/a.go", "encoding/json", true},
	{"internal/json/sub/a.go", "github.com/go-json-experiment/json", false},
	{"internal/kittest/a.go", "testing", true},
	{"internal/kittest/a.go", "github.com/stretchr/testify/assert", false},
	{"internal/kittest/a_test.go", "github.com/stretchr/testify/assert", true},
	{"internal/rw/a.go", "testing", false},
	{"internal/rw/a.go", own + "internal/kittest", false},
	{"internal/rw/a_test.go", own + "internal/kittest", true},

	{"internal/shape/a.go", own + "internal/text", true},
	{"internal/shape/a.go", own + "internal/format", false},
	{"internal/shape/a.go", "regexp", false},
	{"internal/shape/a_test.go", own + "bind", true},
	{"internal/text/a.go", own + "internal/json", false},
	{"internal/text/a.go", "net/mail", false},
	{"internal/encode/a.go", own + "internal/shape", true},
	{"internal/encode/a.go", own + "internal/tag", false},
	{"internal/json/a.go", own + "internal/shape", false},
	{"internal/format/a.go", "net/mail", true},
	{"respond/a.go", "regexp/syntax", false},

	{"respond/a.go", own + "internal/json", true},
	{"respond/a.go", own + "bind", false},
	{"respond/a.go", module, false},
	{"respond/a.go", "encoding/json", false},
	{"respond/a.go", "encoding/json/v2", false},
	{"respond/a.go", "github.com/klauspost/compress/zstd", false},
	{"respond/a_test.go", "encoding/json", true},
	{"respond/a_test.go", "encoding/json/v2", false},
	{"respond/a_test.go", "github.com/go-json-experiment/json", false},
	{"respond/a_test.go", own + "stream", true},
	{"respond/a_test.go", "github.com/go-chi/chi/v5/middleware", true},
	{"respond/a_test.go", "github.com/gin-gonic/gin", false},
	{"respond/a_test.go", "unsafe", false},

	{"bind/a.go", own + "respond", true},
	{"bind/a.go", module, false},
	{"bind/a.go", "unsafe", false},
	{"bind/a.go", "encoding/gob", false},
	{"bind/a.go", "github.com/tenonkit/tenonx", false},
	{"middleware/a.go", own + "middleware/compress", false},
	{"middleware/a.go", "github.com/klauspost/compress/gzip", false},
	{"middleware/compress/a.go", "github.com/klauspost/compress", true},
	{"middleware/compress/a.go", "github.com/klauspost/compress/zstd", true},
	{"middleware/compress/a.go", "github.com/klauspost/compressor", false},
	{"middleware/compress/a.go", own + "middleware", false},

	{"a.go", own + "bind", true},
	{"a.go", own + "respond", true},
	{"a.go", own + "internal/rw", true},
	{"a.go", own + "stream", false},
	{"a.go", own + "fileserve", false},
	{"a.go", own + "cookie", false},
	{"a.go", own + "middleware", false},
	{"a.go", own + "openapi", false},
	{"a.go", "github.com/justinas/alice", false},
	{"a_test.go", "github.com/justinas/alice", true},

	{"openapi/a.go", module, true},
	{"openapi/a.go", own + "stream", true},
	{"openapi/a.go", own + "cookie", false},
	{"openapi/a.go", own + "middleware", false},

	{"examples/articles/a.go", own + "middleware/compress", true},
	{"examples/articles/a.go", "github.com/justinas/alice", true},
	{"examples/articles/a.go", "github.com/labstack/echo/v4", false},
	{"examples/articles/a.go", "github.com/go-json-experiment/json", false},
	{"benchmarks/a.go", "encoding/json", true},
	{"benchmarks/a.go", "github.com/danielgtaylor/huma/v2", false},
	{"stranger/a.go", "net/http", false},
	{"cookie/sub/a.go", "net/http", false},
}

func TestRules_imports(t *testing.T) {
	t.Parallel()
	for _, tc := range plants {
		t.Run(tc.file+" imports "+tc.imported, func(t *testing.T) {
			t.Parallel()
			faults := faultsOf(t, map[string]string{tc.file: importing(tc.imported)})
			if tc.ok {
				assert.Empty(t, faults)
			} else {
				assert.Len(t, faults, 1)
			}
		})
	}
}

func TestRules_leavesApart(t *testing.T) {
	t.Parallel()
	for _, leaf := range append([]string{"middleware/compress"}, leaves...) {
		for _, other := range append([]string{"middleware/compress"}, leaves...) {
			if leaf == other {
				continue
			}
			file := leaf + "/a.go"
			assert.Equal(t, []string{file + ": may not import " + module + "/" + other},
				faultsOf(t, map[string]string{file: importing(module + "/" + other)}))
		}
	}
}

func TestRules_shape(t *testing.T) {
	t.Parallel()
	function := func(lines int) string {
		return "package p\nfunc f() {\n" + strings.Repeat("\t_ = 0\n", lines-2) + "}\n"
	}
	file := func(lines int) string { return "package p\n" + strings.Repeat("var _ int\n", lines-1) }
	for _, tc := range []struct {
		name, text string
		want       []string
	}{
		{"file of the greatest length", file(400), nil},
		{"file too long", file(401), []string{"bind/a.go: 401 lines, at most 400"}},
		{"generated", "// Code generated by a tool. DO NOT EDIT.\n\n" + file(401), nil},
		{"function of the greatest length", function(80), nil},
		{"function too long", function(81), []string{"bind/a.go: f has 81 lines, at most 80"}},
		{"init", "package p\nfunc init() {}\n", []string{"bind/a.go: has an init function"}},
		{"method of that name", "package p\ntype t int\nfunc (t) init() {}\n", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tc.want, faultsOf(t, map[string]string{"bind/a.go": tc.text}))
		})
	}
}

func TestRules_scope(t *testing.T) {
	t.Parallel()
	bad := importing("unsafe")
	for _, skipped := range []string{
		"testdata/a.go", "bind/testdata/a.go", "vendor/x/a.go", ".git/a.go", "_old/a.go", "benchmarks/peers/a.go", "bind/a.txt",
	} {
		assert.Empty(t, faultsOf(t, map[string]string{
			"go.mod": "module m", "benchmarks/peers/go.mod": "module peers", skipped: bad,
		}), skipped)
	}
	for _, read := range []string{"a.go", "bind/a.go", "bind/a_windows.go", "benchmarks/a.go"} {
		assert.NotEmpty(t, faultsOf(t, map[string]string{"go.mod": "module m", read: "//go:build never\n\n" + bad}), read)
	}
}
