package middleware_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/conformance"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// wrappers are the members of the table, and an error handler that reads the form.
func wrappers() []conformance.Member {
	return append(conformance.Members(), conformance.Member{Name: "parsesAgain", Wrap: respond.UseErrorHandler(parsesAgain)})
}

// parsesAgain shows the form again that a handler has refused.
func parsesAgain(w http.ResponseWriter, r *http.Request, err error) {
	if r.MultipartForm == nil {
		_ = r.ParseMultipartForm(1)
	}
	respond.Error(w, r, err)
}

// upload is a form with two files.
func upload(t *testing.T) (contentType string, body []byte) {
	t.Helper()
	var buf bytes.Buffer
	form := multipart.NewWriter(&buf)
	for _, name := range []string{"a", "b"} {
		part, err := form.CreateFormFile(name, name+".bin")
		require.NoError(t, err)
		_, err = part.Write(make([]byte, 2_000))
		require.NoError(t, err)
	}
	require.NoError(t, form.Close())
	return form.FormDataContentType(), buf.Bytes()
}

// parses reads a form into temporary files, and then does what the path says.
func parses(t *testing.T) http.Handler {
	t.Helper()
	mux := http.NewServeMux()
	for path, end := range map[string]func(http.ResponseWriter, *http.Request){
		"POST /answers": func(http.ResponseWriter, *http.Request) {},
		"POST /fails": func(w http.ResponseWriter, r *http.Request) {
			respond.Error(w, r, respond.NewProblem(http.StatusConflict, ""))
		},
		"POST /cut": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "begun")
			_ = http.NewResponseController(w).Flush()
			respond.Error(w, r, respond.NewProblem(http.StatusConflict, ""))
		},
		"POST /panics": func(http.ResponseWriter, *http.Request) { panic("planned") },
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			assert.NoError(t, r.ParseMultipartForm(1))
			assert.NotEmpty(t, temporary(t), "the form is in files")
			end(w, r)
		})
	}
	mux.HandleFunc("POST /unread", func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, errors.New("down")) })
	return mux
}

// temporary are the files of forms that there are now.
func temporary(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(os.TempDir())
	assert.NoError(t, err)
	var names []string
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), "multipart-") {
			names = append(names, entry.Name())
		}
	}
	return names
}

// TestTemporaryFiles counts the files of forms behind every middleware and every
// pair, after the server has ended.
func TestTemporaryFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	defer slog.SetDefault(previous)
	contentType, body := upload(t)
	h, chains := parses(t), map[string]http.Handler{}
	for _, outer := range wrappers() {
		chains[outer.Name] = outer.Wrap(h)
		for _, inner := range wrappers() {
			chains[outer.Name+", "+inner.Name] = outer.Wrap(inner.Wrap(h))
		}
	}
	// Whoever chooses the chain must not copy the request.
	chosen := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { chains[r.Header.Get("X-Chain")].ServeHTTP(w, r) })
	header := http.Header{
		"Content-Type": {contentType}, "Authorization": {"Basic dXNlcjpwYXNz"},
		"Accept-Encoding": {"gzip"}, "If-Match": {`"a-gzip"`}, // so that compress copies it
	}
	send := func(t *testing.T, s *kittest.Server, name string) {
		t.Helper()
		header.Set("X-Chain", name)
		for path, status := range map[string]int{"/answers": 200, "/fails": 409, "/unread": 500, "/panics": 500} {
			if path == "/panics" && !strings.HasPrefix(name, "Recover") {
				continue // net/http itself leaves the files behind
			}
			header.Set("Idempotency-Key", rand.Text())
			got := s.Do(t, http.MethodPost, path, bytes.NewReader(body), header)
			assert.Equal(t, status, got.StatusCode, "%s: %s", name, path)
		}
		if strings.HasPrefix(name, "Recover") { // which sees that the response has started
			header.Set("Idempotency-Key", rand.Text())
			_, err := s.TryDo(http.MethodPost, "/cut", bytes.NewReader(body), header)
			assert.Error(t, err, name)
		}
	}
	// left returns the files that a server leaves which has taken an upload through each of the chains.
	left := func(names ...string) []string {
		kittest.Serve(t, chosen, func(t *testing.T, s *kittest.Server) {
			t.Helper()
			if s.Proto == "HTTP/2" && !conformance.RemovesForms(2) {
				return
			}
			for _, name := range names {
				send(t, s, name)
			}
		})
		return temporary(t)
	}
	if all := slices.Collect(maps.Keys(chains)); len(left(all...)) > 0 {
		for _, name := range all { // which of them it is
			for _, file := range temporary(t) {
				require.NoError(t, os.Remove(filepath.Join(os.TempDir(), file)))
			}
			assert.Empty(t, left(name), name)
		}
		t.Error("an upload left its files behind")
	}
}
