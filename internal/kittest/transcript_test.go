package kittest_test

import (
	"os"
	"path/filepath"
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

func TestReplay(t *testing.T) {
	t.Parallel()
	const program = `package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
)

func main() {
	addr := flag.String("addr", "", "")
	flag.Parse()
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on http://%s", listener.Addr())
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s at %s\n", r.URL.Path, r.Host)
	})))
}
`
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module program\n\ngo 1.26\n"), 0o600))
	kittest.Replay(t, dir, []kittest.Exchange{
		{Command: "go run ."},
		{Command: "curl -s http://127.0.0.1:8080/a", Output: "/a at 127.0.0.1:8080\n\n"},
		{Command: "curl -si http://127.0.0.1:8080/ | grep -v Content", Output: "HTTP/1.1 200 OK\nDate: any\n\n/ at 127.0.0.1:8080\n"},
	})
}
