package service_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

// suites returns the directory of the public suites, which are beside the checkout or not
// there: then the test is skipped.
func suites(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		found := filepath.Join(dir, "shared", "realworld")
		if _, err := os.Stat(filepath.Join(found, "run.py")); err == nil {
			return found
		}
	}
	t.Skip("the public suites of RealWorld are not there: shared/realworld beside the checkout")
	return ""
}

// testHurl runs the newer suite.
func testHurl(t *testing.T, h http.Handler) {
	t.Helper()
	dir, python := suites(t), kittest.Need(t, "python3")
	server := httptest.NewServer(h)
	defer server.Close()
	files, err := filepath.Glob(filepath.Join(dir, "hurl", "*.hurl"))
	require.NoError(t, err)
	args := append([]string{filepath.Join(dir, "run.py"), server.URL}, files...)
	command := exec.CommandContext(t.Context(), python, args...)
	command.Env = kittest.Direct()
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Equal(t, "requests 154 checks 538 ok 538\nunknown set()\n", string(out))
}

// testPostman runs the older suite by newman, which `npm ci --ignore-scripts` installs.
func testPostman(t *testing.T, h http.Handler) {
	t.Helper()
	dir := suites(t)
	program, err := filepath.Abs(filepath.Join("..", "node_modules", ".bin", "newman"))
	require.NoError(t, err)
	newman := kittest.Need(t, program)
	server := httptest.NewServer(h)
	defer server.Close()
	command := exec.CommandContext(t.Context(), newman, "run", filepath.Join(dir, "postman.json"), "--disable-unicode", "--color", "off",
		"--global-var", "APIURL="+server.URL+"/api", "--global-var", "USERNAME=u1", "--global-var", "EMAIL=u1@mail.com",
		"--global-var", "PASSWORD=password")
	command.Env = append(kittest.Direct(), "NODE_NO_WARNINGS=1")
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
	summary := strings.Join(strings.Fields(string(out)), " ")
	assert.Contains(t, summary, "| requests | 32 | 0 |")
	assert.Contains(t, summary, "| assertions | 311 | 0 |")
}
