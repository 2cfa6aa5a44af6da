package tenon_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

// TestDocs compiles and runs what the pages of docs show. Those for who comes from a
// rival are held to their word in benchmarks/peers, where the rivals are.
func TestDocs(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	pages = slices.DeleteFunc(pages, func(page string) bool {
		return strings.HasPrefix(page, "docs/from-") || page == "docs/README.md"
	})
	require.NotEmpty(t, pages)
	programs := kittest.BuildPages(t, pages, nil)
	for _, page := range pages {
		t.Run(filepath.Base(page), func(t *testing.T) {
			t.Parallel()
			programs.Replay(t, page)
		})
	}
	t.Run("shutdown", func(t *testing.T) {
		t.Parallel()
		process, address := programs.Start(t, "docs/running.md")
		checkShutdown(t, process, address)
	})
}

// TestDocs_nginx holds that events arrive one by one through the block for nginx on the
// page about running, and that a broken answer is seen to be broken.
func TestDocs_nginx(t *testing.T) {
	page, err := os.ReadFile("docs/running.md")
	require.NoError(t, err)
	block := regexp.MustCompile("(?ms)^```nginx\n(.*?)^```$").FindSubmatch(page)
	require.NotNil(t, block)
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, 1, r.ProtoMinor)
		_, _ = io.WriteString(w, "first\n")
		_ = http.NewResponseController(w).Flush()
		<-release
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	directives := strings.ReplaceAll(string(block[1]), "127.0.0.1:8080", server.Listener.Addr().String())
	response, err := http.Get(kittest.Nginx(t, directives+"\nproxy_buffering off;"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	first := make([]byte, 6)
	_, err = io.ReadFull(response.Body, first)
	require.NoError(t, err)
	close(release)
	_, err = io.ReadAll(response.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

// checkShutdown checks that the program of the page about running answers the request
// that is under way when it is told to end.
func checkShutdown(t *testing.T, process *os.Process, address string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, "POST /notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 15\r\nExpect: 100-continue\r\n\r\n")
	require.NoError(t, err)
	answers := bufio.NewReader(conn)
	line, err := answers.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 100 Continue\r\n", line, "the handler reads the body")

	require.NoError(t, process.Signal(os.Interrupt))
	require.Eventually(t, func() bool {
		probe, err := net.Dial("tcp", address)
		if err == nil {
			_ = probe.Close()
		}
		return err != nil
	}, kittest.Patience, 10*time.Millisecond, "the server takes no more connections")
	_, err = io.WriteString(conn, `{"text":"Done"}`)
	require.NoError(t, err)
	_, err = answers.Discard(2)
	require.NoError(t, err)
	response, err := http.ReadResponse(answers, nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	assert.Equal(t, http.StatusOK, response.StatusCode)
}
