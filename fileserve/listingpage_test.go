package fileserve_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
)

// framed lets the page of the test look into a listing, which no page may.
func framed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		maps.Copy(w.Header(), answer.Header())
		policy := answer.Header().Get("Content-Security-Policy")
		w.Header().Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// TestListing_keyboard goes through a listing in Chromium as the keyboard does, by
// the focus from link to link, with the style that its policy lets in.
func TestListing_keyboard(t *testing.T) {
	t.Parallel()
	kittest.Need(t, "chromium")
	dir := writeTree(t, map[string]string{"b.txt": "12", "a:b.txt": "123", "<i>.txt": "1", "d é?/x.txt": "", "d é?/e/y.txt": ""})
	require.NoError(t, os.Chtimes(filepath.Join(dir, "b.txt"), modified, modified.Add(-time.Hour)))
	require.NoError(t, os.Chtimes(filepath.Join(dir, "a:b.txt"), modified, modified.Add(time.Hour)))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, "testdata/listing.html")
	})
	mux.Handle("GET /files/", framed(http.StripPrefix("/files", openDir(t, dir, fileserve.Options{Browse: true}))))
	reports := browse(t, mux)
	var got []string
	deadline := time.After(40 * time.Second)
	for len(got) == 0 || got[len(got)-1] != "end" && !strings.HasPrefix(got[len(got)-1], "error") {
		select {
		case report := <-reports:
			got = append(got, report)
		case <-deadline:
			t.Fatalf("the page has ended after %q", got)
		}
	}
	assert.Equal(t, []string{
		"stops: Name | Size | Modified (UTC) | d é?/ | <i>.txt | a:b.txt | b.txt",
		"width: 960px",
		"Size ascending: d é?/ | <i>.txt | b.txt | a:b.txt",
		"Size descending: d é?/ | a:b.txt | b.txt | <i>.txt",
		"Name ascending: d é?/ | <i>.txt | a:b.txt | b.txt",
		"Modified (UTC) ascending: d é?/ | b.txt | <i>.txt | a:b.txt",
		"at: /files/d%20%C3%A9%3F/ Index of /d é?/ | / | Name | Size | Modified (UTC) | ../ | e/ | x.txt",
		"at: /files/d%20%C3%A9%3F/e/ Index of /d é?/e/",
		"at: /files/",
		"end",
	}, got)
}
