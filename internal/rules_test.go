package internal_test

import (
	"fmt"
	"slices"
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
	return slices.Concat(importFaults(sources), shapeFaults(sources), readFaults(sources))
}

func importing(path string) string { return "package p\nimport _ \"" + path + "\"\n" }

const own = module + "/"

// plants are single imports in single files.
var plants = []struct {
	file, imported string
	ok             bool
}{
	{"internal/rw/a.go", "net/http", true},
	{"internal/rw/a.go", own + "internal/header", false},
	{"internal/nethttp/a.go", "net/http", true},
	{"internal/nethttp/a.go", own + "internal/rw", false},
	{"internal/nethttp/a.go", "regexp", false},
	{"internal/nethttp/a_test.go", own + "internal/kittest", true},
	{"internal/failure/a.go", own + "internal/nethttp", true},
	{"internal/failure/a.go", own + "internal/rw", false},
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
	{"internal/schema/a.go", own + "internal/shape", true},
	{"internal/schema/a.go", own + "internal/describe", false},
	{"internal/schema/a.go", "regexp", true},
	{"openapi/a.go", "regexp", false},
	{"internal/ecma/a.go", own + "internal/shape", false},
	{"internal/shape/a_test.go", own + "bind", true},
	{"internal/text/a.go", own + "internal/json", false},
	{"internal/text/a.go", "net/mail", false},
	{"internal/encode/a.go", own + "internal/shape", true},
	{"internal/encode/a.go", own + "internal/tag", false},
	{"internal/json/a.go", own + "internal/shape", false},
	{"internal/format/a.go", "net/mail", false},
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
	{"middleware/idempotency/a.go", own + "internal/rw", true},
	{"middleware/idempotency/a.go", own + "middleware", false},
	{"middleware/idempotency/a.go", own + "bind", false},
	{"middleware/idempotency/a.go", "github.com/klauspost/compress/zstd", false},

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

	{"feed/a.go", own + "stream", true},
	{"feed/a.go", own + "internal/eventid", true},
	{"feed/a.go", own + "bind", false},
	{"feed/a.go", module, false},
	{"stream/a.go", own + "feed", false},
	{"internal/eventid/a.go", own + "internal/json", false},
	{"internal/conformance/feedtest/a.go", own + "feed", true},
	{"feed/a.go", own + "internal/conformance/feedtest", false},
	{"feed/a_test.go", own + "internal/conformance/feedtest", true},

	{"openapi/a.go", module, true},
	{"openapi/a.go", own + "feed", false},
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

func TestRules_reads(t *testing.T) {
	t.Parallel()
	const head = "package p\n\nimport \"reflect\"\n\n"
	for _, tc := range []struct {
		file, text string
		by         []string
	}{
		{"stream/a.go", "func f(t reflect.Type) int { return t.NumField() }", []string{"NumField"}},
		{"stream/a.go", "func f(t reflect.Type) func() int { return t.NumField }", []string{"NumField"}},
		{"stream/a.go", "func f(t reflect.Type) { for range t.Fields() {} }", []string{"Fields"}},
		{"stream/a.go", "func f(v reflect.Value) { for range v.Elem().Fields() {} }", []string{"Fields"}},
		{"stream/a.go", "func f(t reflect.Type) { _ = reflect.VisibleFields(t) }", []string{"VisibleFields"}},
		{"stream/a.go", "func f(t reflect.Type) { _, _ = t.FieldByName(\"A\") }", []string{"FieldByName"}},
		{"stream/a.go", "func f(v reflect.Value) { v.FieldByNameFunc(nil) }", []string{"FieldByNameFunc"}},
		{"stream/a.go", "func f(f reflect.StructField) string { return f.Tag.Get(\"json\") }", []string{"Tag"}},
		{"stream/a.go", "func f(f reflect.StructField) { tag := f.Tag; _, _ = tag.Lookup(\"json\") }", []string{"Tag"}},
		{"stream/a.go", "func f(tag reflect.StructTag) string { return tag.Get(\"json\") }", []string{"StructTag"}},
		{"stream/a.go", "var look = reflect.StructTag.Lookup", []string{"StructTag"}},
		{"a.go", "func f(t reflect.Type) int { return t.NumField() + t.Elem().NumField() }", []string{"NumField", "NumField"}},
		{"middleware/a.go", "func f(v reflect.Value) int { return v.NumField() }", []string{"NumField"}},
		{"internal/failure/a.go", "func f(v reflect.Value) int { return v.NumField() }", []string{"NumField"}},

		{"internal/shape/a.go", "func f(t reflect.Type) int { return t.NumField() }", nil},
		{"internal/method/a.go", "func f(t reflect.Type) { for range t.Fields() {} }", nil},
		{"stream/a_test.go", "func f(t reflect.Type) int { return t.NumField() }", nil},
		{"examples/x/a.go", "func f(t reflect.Type) int { return t.NumField() }", nil},
		{"internal/kittest/a.go", "func f(t reflect.Type) int { return t.NumField() }", nil},
		{"stream/a.go", "func f(v reflect.Value) { _ = v.Field(0); _ = v.FieldByIndex(nil) }", nil},
		{"stream/a.go", "type T struct { Tags []string }; func (T) Tag(string) {}; func f(t T, v reflect.Value) { t.Tag(\"a\") }", nil},
		{"stream/a.go", "type E struct { Fields []int }; func f(e E, v reflect.Value) { _ = e.Fields }", nil},
		{"stream/a.go", "var words = strings.Fields(reflect.TypeFor[int]().Name())", nil},
	} {
		var want []string
		for _, name := range tc.by {
			want = append(want, tc.file+": reads a Go type by "+name+": ask internal/shape")
		}
		assert.Equal(t, want, faultsOf(t, map[string]string{tc.file: head + tc.text + "\n"}), tc.text)
	}
}

func TestRules_exports(t *testing.T) {
	t.Parallel()
	const text = `package p

var A, b = 1, 2

const (
	C = iota
	d
)

type (
	E struct {
		F, g int
		H
		*i
		other.J
		K[int]
		l struct{ M int }
	}
	n struct{ O int }
	P interface {
		Q()
		r()
		error
		~int | ~string
	}
	S[T any] []T
	U = E
)

func V()                 {}
func w()                 {}
func (E) X()             {}
func (*S[T]) Y(Z int)    {}
func (n) O()             {}
func (s S[T]) z()        {}
`
	names := []string{"A", "C", "E", "E.F", "E.H", "E.J", "E.K", "E.X", "P", "P.Q", "S", "S.Y", "U", "V"}
	fsys := fstest.MapFS{}
	for _, file := range []string{"bind/a.go", "bind/a_windows.go", "internal/rw/a.go", "bind/a_test.go", "examples/x/a.go"} {
		fsys[file] = &fstest.MapFile{Data: []byte(text)}
	}
	sources, err := readSources(fsys)
	require.NoError(t, err)
	assert.Empty(t, exportFaults(sources, map[string]int{"bind": len(names)}))
	for _, other := range []int{0, len(names) - 1, len(names) + 1} {
		assert.Equal(t, []string{fmt.Sprintf("bind exports 14 names, and exports_test.go says %d: %s", other, strings.Join(names, " "))},
			exportFaults(sources, map[string]int{"bind": other}))
	}
	assert.Equal(t, []string{"cookie is no package, and exports_test.go has a number for it"},
		exportFaults(sources, map[string]int{"bind": len(names), "cookie": 1}))
}

func TestRules_sizes(t *testing.T) {
	t.Parallel()
	files := func(dir string, n, lines int) []source {
		return slices.Repeat([]source{{path: dir + "/a.go", dir: dir, lines: lines}}, n)
	}
	for _, tc := range []struct {
		name    string
		sources []source
		want    []string
	}{
		{"no files", nil, nil},
		{"as many as may be", slices.Concat(files("bind", maxBindFiles, 200), files("respond", maxLibraryFiles-maxBindFiles, 200)), nil},
		{"too many", files("respond", maxLibraryFiles+1, 200), []string{
			fmt.Sprintf("the library has %d files, at most %d", maxLibraryFiles+1, maxLibraryFiles),
		}},
		{"too many in bind", files("bind", maxBindFiles+1, 200), []string{fmt.Sprintf("bind has %d files, at most %d", maxBindFiles+1, maxBindFiles)}},
		{"a few small ones", slices.Concat(files("respond", 2, 10), files("respond", 3, minLibraryMedian)), nil},
		{"too many small ones", slices.Concat(files("respond", 3, 10), files("respond", 2, 200)), []string{
			fmt.Sprintf("half of the files of the library have less than %d lines, the one in the middle 10", minLibraryMedian),
		}},
		{"not of the library", slices.Concat(files("examples/x", maxLibraryFiles+1, 1), files("internal/kittest", 9, 1)), nil},
	} {
		assert.Equal(t, tc.want, sizeFaults(tc.sources), tc.name)
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
