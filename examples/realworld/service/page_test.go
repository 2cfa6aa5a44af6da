package service_test

import (
	_ "embed"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
	report := make(chan string, 1)
	mux := http.NewServeMux()
	mux.Handle("/", newHandler(t, filepath.Join(t.TempDir(), "test.db")))
	mux.HandleFunc("GET /check", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, checked) })
	mux.HandleFunc("GET /check.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(check)
	})
	mux.HandleFunc("POST /report", func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		report <- string(text)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	defer server.CloseClientConnections()
	kittest.Chromium(t, server.URL+"/check")
	select {
	case got := <-report:
		assert.Equal(t, "ok", got)
	case <-time.After(60 * time.Second):
		t.Fatal("the page has not reported")
	}
}
