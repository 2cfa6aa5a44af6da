package kittest_test

import (
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

func TestTranscript(t *testing.T) {
	t.Parallel()
	const source = `// Command x answers.
//
// Text with $ no command.
//
//	$ go run .
//	$ curl -s \
//	    'http://127.0.0.1:8080/'
//	one
//
//	two
//
// More text.
//
//	not an output
package main
`
	path := filepath.Join(t.TempDir(), "main.go")
	require.NoError(t, os.WriteFile(path, []byte(source), 0o600))
	assert.Equal(t, []kittest.Exchange{
		{Command: "go run ."},
		{Command: "curl -s \\\n    'http://127.0.0.1:8080/'", Output: "one\n\ntwo\n\n"},
	}, kittest.Transcript(t, path))
}

// TestMain makes the binary of these tests a program that answers with the path.
func TestMain(m *testing.M) {
	kittest.Main(m, func() {
		addr := flag.String("addr", "", "")
		suffix := flag.String("suffix", "", "")
		flag.Parse()
		listener, err := net.Listen("tcp", *addr)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(os.Stderr, "listening on http://%s\n", listener.Addr())
		var isLate atomic.Bool
		panic(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/late" && isLate.CompareAndSwap(false, true) {
				<-r.Context().Done()
			}
			fmt.Fprintf(w, "%s at %s%s\n", r.URL.Path, r.Host, *suffix)
		})))
	})
}

func TestReplay(t *testing.T) {
	t.Parallel()
	kittest.Replay(t, []kittest.Exchange{
		{Command: "go run ."},
		{Command: "curl -s http://127.0.0.1:8080/a", Output: "/a at 127.0.0.1:8080!\n\n"},
		{Command: "curl -si http://127.0.0.1:8080/ | grep -v Content", Output: "HTTP/1.1 200 OK\nDate: any\n\n/ at 127.0.0.1:8080!\n"},
		{Command: "curl -s -m 1 http://127.0.0.1:8080/late", Output: "/late at 127.0.0.1:8080!\n"},
	}, "-suffix", "!")
}
