package service_test

import (
	_ "embed"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/examples/realworld/web"
	"github.com/tenonkit/tenon/internal/kittest"
)

//go:embed testdata/check.js
var check []byte

// TestPages lets Chromium use the pages: sign up, write, read, comment, and see what others
// write.
func TestPages(t *testing.T) {
	t.Parallel()
	kittest.Need(t, "chromium")
	index, err := web.Files.ReadFile("index.html")
	require.NoError(t, err)
	checked := strings.Replace(string(index), "</body>", `<script src="check.js"></script></body>`, 1)
	assert.NotEqual(t, string(index), checked)
	mux := http.NewServeMux()
	mux.Handle("/", newHandler(t, filepath.Join(t.TempDir(), "test.db")))
	mux.HandleFunc("GET /check", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, checked) })
	mux.HandleFunc("GET /check.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(check)
	})
	_, report := kittest.Browse(t, mux, "/check")
	assert.Equal(t, "ok", kittest.Await(t, report, "the page has not reported"))
}
