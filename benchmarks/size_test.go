package benchmarks_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

// What a program may be larger than one on net/http alone, stripped, in bytes: with an answer
// of package respond, with a typed handler, and for each further route with types of its own.
const (
	sizeOfRespond = 1_700_000
	sizeOfHandler = 2_900_000
	sizeOfRoute   = 19_500
)

const sizeRoutes = 50

// sizePrograms are the programs by name, each with its imports and the body of main.
func sizePrograms() map[string]string {
	program := func(imports, declarations, body string) string {
		return "package main\n\nimport (\n\t\"net/http\"\n" + imports + ")\n\n" + declarations +
			"func main() {\n\tmux := http.NewServeMux()\n" + body + "\t_ = http.ListenAndServe(\":8080\", mux)\n}\n"
	}
	routes := func(n int) string {
		var declarations, mounted strings.Builder
		for i := range n {
			fmt.Fprintf(&declarations, "type In%d struct {\n\tID string `path:\"id\"`\n\tN%d int `query:\"n\"`\n}\n\n", i, i)
			fmt.Fprintf(&declarations, "type Out%d struct {\n\tID string `json:\"id\"`\n\tN%d int `json:\"n\"`\n}\n\n", i, i)
			fmt.Fprintf(&declarations, "func Get%d(_ context.Context, in In%d) (Out%d, error) { return Out%d{in.ID, in.N%d}, nil }\n\n", i, i, i, i, i)
			fmt.Fprintf(&mounted, "\t\ttenon.Get(\"/%d/{id}\", Get%d),\n", i, i)
		}
		return program("\t\"context\"\n\t\"github.com/tenonkit/tenon\"\n", declarations.String(), "\ttenon.Routes{\n"+mounted.String()+"\t}.Mount(mux)\n")
	}
	return map[string]string{
		"bare": program("", "", `	mux.HandleFunc("GET /{id}", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.PathValue("id"))) })
`),
		"respond": program("\t\"github.com/tenonkit/tenon/respond\"\n", "type out struct{ ID string }\n\n",
			`	mux.HandleFunc("GET /{id}", func(w http.ResponseWriter, r *http.Request) { _ = respond.Write(w, r, out{r.PathValue("id")}) })
`),
		"handler": program("\t\"context\"\n\t\"github.com/tenonkit/tenon\"\n", "type in struct {\n\tID string `path:\"id\"`\n}\n\ntype out struct{ ID string }\n\n",
			`	mux.Handle("GET /{id}", tenon.Handle(func(_ context.Context, in in) (out, error) { return out{in.ID}, nil }))
`),
		"route":  routes(1),
		"routes": routes(1 + sizeRoutes),
	}
}

// TestSize holds what tenon adds to a program. It prints the sizes with -v.
func TestSize(t *testing.T) {
	t.Parallel()
	if testing.Short() || runtime.GOOS+"/"+runtime.GOARCH != "linux/amd64" {
		t.Skip("builds programs, whose sizes are known for linux/amd64")
	}
	dir, files := t.TempDir(), map[string]string{}
	for name, text := range sizePrograms() {
		files["size/"+name+"/main.go"] = text
	}
	config := kittest.Overlay(t, files)
	size := func(name string) int64 {
		program := filepath.Join(dir, name)
		command := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-s -w", "-overlay", config, "-o", program, "./size/"+name)
		out, err := command.CombinedOutput()
		require.NoError(t, err, string(out))
		info, err := os.Stat(program)
		require.NoError(t, err)
		return info.Size()
	}
	bare := size("bare")
	respond, handler, route := size("respond")-bare, size("handler")-bare, (size("routes")-size("route"))/sizeRoutes
	t.Logf("net/http %d; respond +%d, a handler +%d, each further route +%d", bare, respond, handler, route)
	assert.LessOrEqual(t, respond, int64(sizeOfRespond))
	assert.LessOrEqual(t, handler, int64(sizeOfHandler))
	assert.LessOrEqual(t, route, int64(sizeOfRoute))
}
