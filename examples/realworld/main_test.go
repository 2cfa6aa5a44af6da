package main

import (
	"bufio"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/stream"
)

// TestMain_ends runs the program, and ends it while a page listens: the page sees the end
// of its stream, the program succeeds, and what was stored is there when it runs again.
func TestMain_ends(t *testing.T) {
	t.Parallel()
	program, database := filepath.Join(t.TempDir(), "realworld"), filepath.Join(t.TempDir(), "test.db")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	for run := range 2 {
		command, url := start(t, program, database)
		for path, contentType := range map[string]string{"/": "text/html; charset=utf-8", "/openapi.json": "application/json", "/docs": "text/html; charset=utf-8"} {
			response, err := http.Get(url + path)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			assert.Equal(t, []any{200, contentType}, []any{response.StatusCode, response.Header.Get("Content-Type")}, path)
		}
		body := `{"user":{"username":"ada","email":"ada@example.com","password":"a joint without glue"}}`
		response, err := http.Post(url+"/api/users", "application/json", strings.NewReader(body))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, []int{http.StatusCreated, http.StatusConflict}[run], response.StatusCode)

		live, err := http.Get(url + "/api/articles/live")
		require.NoError(t, err)
		time.AfterFunc(50*time.Millisecond, func() { assert.NoError(t, command.Process.Signal(syscall.SIGTERM)) })
		for _, err := range stream.Events(live.Body) {
			require.NoError(t, err)
		}
		require.NoError(t, live.Body.Close())
		require.NoError(t, command.Wait())
	}
}

// TestModules holds that a service with two databases takes few modules: what is heavy and
// not for everybody, as OpenTelemetry, is in a module of its own.
func TestModules(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m", "all").Output()
	require.NoError(t, err)
	assert.LessOrEqual(t, strings.Count(string(out), "\n"), 40, string(out))
}

// start runs the program until it is ended, and returns its URL.
func start(t *testing.T, program, database string) (command *exec.Cmd, url string) {
	t.Helper()
	command = exec.CommandContext(t.Context(), program, "-addr", "127.0.0.1:0", "-db", database)
	command.Env = append(os.Environ(), "DATABASE_URL=")
	stderr, err := command.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	lines := bufio.NewScanner(stderr)
	listening := regexp.MustCompile(`listening url=(\S+)`)
	for url == "" && lines.Scan() {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			url = found[1]
		}
	}
	require.NotEmpty(t, url)
	go func() {
		for lines.Scan() { // a full pipe would stop the program
		}
	}()
	return command, url
}
