package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

func TestMain(m *testing.M) { kittest.Main(m, main) }

// A row is a request and its answer on http.ServeMux and on chi. Where another
// router answers otherwise, but names the status.
type row struct {
	method, path string
	status       int
	text         string
	but          map[string]int
}

const tooLong = `{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid",` +
	`"errors":[{"in":"path","name":"id","code":"maxLength","limit":"9","detail":"must have at most 9 characters"}]}`

var table = []row{
	{"GET", "/articles/7", 200, `{"id":"7"}`, nil},
	{"HEAD", "/articles/7", 200, "", nil},
	{"DELETE", "/articles/7", 204, "", nil},
	{"GET", "/articles/a%20b", 200, `{"id":"a b"}`, nil},
	{"GET", "/articles/50%25", 200, `{"id":"50%"}`, nil},
	{"GET", "/articles/%E2%82%AC", 200, `{"id":"€"}`, nil},
	{"GET", "/articles/a%2Fb", 200, `{"id":"a/b"}`, map[string]int{"httprouter": 404}},
	{"GET", "/articles/a+b%2Fc", 200, `{"id":"a+b/c"}`, map[string]int{"httprouter": 404}},
	{"GET", "/articles/far-too-long", 400, tooLong, nil},
	{"GET", "/articles/7/8", 404, "", nil},
	{"GET", "/files/a/b.txt", 200, "a/b.txt", nil},
	{"GET", "/files/a%20b/50%25", 200, "a b/50%", nil},
	{"GET", "/files/a%2Fb/c", 200, "a/b/c", nil},
	{"GET", "/files/", 200, "", nil},
	{"GET", "/pattern", 200, "GET /pattern", nil},
	{"GET", "/tree/", 200, "GET /tree/", nil},
	{"GET", "/tree/a/b", 200, "GET /tree/", nil},
	{"GET", "/end/", 200, "GET /end/{$}", nil},
	{"GET", "/end/x", 404, "", nil},
	{"GET", "/none", 404, "", nil},
	{"POST", "/articles/7", 405, "", nil},
	{"OPTIONS", "/articles/7", 405, "", map[string]int{"httprouter": 200, "echo": 204}},
}

// TestTranscript replays the transcript on every router.
func TestTranscript(t *testing.T) {
	for _, router := range routers() {
		t.Run(router, func(t *testing.T) {
			kittest.Replay(t, kittest.Transcript(t, "doc.go"), "-router", router)
		})
	}
}

func routers() []string {
	return []string{"servemux", "chi", "gorilla", "httprouter", "echo", "gin"}
}

func TestRouters(t *testing.T) {
	for _, name := range routers() {
		t.Run(name, func(t *testing.T) {
			h, err := newHandler(name)
			require.NoError(t, err)
			server := httptest.NewServer(h)
			t.Cleanup(server.Close)
			for _, tc := range table {
				request, err := http.NewRequestWithContext(t.Context(), tc.method, server.URL+tc.path, nil)
				require.NoError(t, err)
				response, err := server.Client().Do(request)
				require.NoError(t, err)
				text, err := io.ReadAll(response.Body)
				require.NoError(t, err)
				require.NoError(t, response.Body.Close())

				want := tc.status
				if other, ok := tc.but[name]; ok {
					want = other
				}
				assert.Equal(t, want, response.StatusCode, "%s %s", tc.method, tc.path)
				if want == tc.status && want != http.StatusNotFound && want != http.StatusMethodNotAllowed {
					assert.Equal(t, tc.text, string(text), "%s %s", tc.method, tc.path)
				}
			}
		})
	}
}
