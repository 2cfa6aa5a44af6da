package service_test

import (
	"cmp"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/examples/realworld/auth"
	"github.com/tenonkit/tenon/examples/realworld/service"
	"github.com/tenonkit/tenon/examples/realworld/store"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
)

// tests run on each database.
var tests = map[string]func(t *testing.T, h http.Handler){
	"Users":    testUsers,
	"Articles": testArticles,
	"Comments": testComments,
	"Crowd":    testCrowd,
	"Live":     testLive,
	"Failures": testFailures,
	"Hurl":     testHurl,
	"Postman":  testPostman,
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newHandler(t, filepath.Join(t.TempDir(), "test.db")))
		})
	}
}

func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	server := startPostgres(t)
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server.run(t, "createdb", "-h", "127.0.0.1", "-p", server.port, "-U", "postgres", name)
			test(t, newHandler(t, "postgres://postgres@127.0.0.1:"+server.port+"/"+name))
		})
	}
}

// secret is that of the tokens of tests.
const secret = "a secret of tests, and of nothing else"

// newHandler returns the service on a database. An answer that its document does not have
// fails the test.
func newHandler(t *testing.T, database string) http.Handler {
	t.Helper()
	db, err := store.Open(t.Context(), database)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	tokens, err := auth.NewTokens(secret)
	require.NoError(t, err)
	handler, doc, err := service.New(db, tokens, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	return openapi.Verify(doc, func(err error) { t.Error(err) })(handler)
}

// A postgres is a server that a test has for itself.
type postgres struct {
	programs, user, dir, port string
}

// startPostgres starts the newest PostgreSQL that is installed, until the test ends. The
// server refuses to run as root, where it is the user postgres.
func startPostgres(t *testing.T) *postgres {
	t.Helper()
	p := &postgres{}
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin"); len(found) > 0 { // where Debian has it
		p.programs = found[len(found)-1]
	} else {
		program, err := filepath.EvalSymlinks(kittest.Need(t, "postgres"))
		require.NoError(t, err)
		p.programs = filepath.Dir(program)
	}
	dir, err := os.MkdirTemp("", "realworld") //nolint:usetesting // a directory of the test is for its user alone
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if os.Getuid() == 0 {
		p.user = "postgres"
		account, err := user.Lookup(p.user)
		require.NoError(t, err)
		id, err := strconv.Atoi(account.Uid)
		require.NoError(t, err)
		require.NoError(t, os.Chown(dir, id, -1))
	}
	p.dir = filepath.Join(dir, "data")
	_, p.port, err = net.SplitHostPort(kittest.FreeAddress(t))
	require.NoError(t, err)
	p.run(t, "initdb", "-D", p.dir, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	settings := fmt.Sprintf("-c listen_addresses=127.0.0.1 -p %s -k %s -c fsync=off -c max_connections=1000", p.port, dir)
	p.run(t, "pg_ctl", "-D", p.dir, "-o", settings, "-l", filepath.Join(dir, "log"), "-w", "-t", "120", "start")
	t.Cleanup(func() { p.run(t, "pg_ctl", "-D", p.dir, "-m", "immediate", "-w", "stop") })
	return p
}

// run runs a program of PostgreSQL.
func (p *postgres) run(t *testing.T, name string, args ...string) {
	t.Helper()
	args = append([]string{filepath.Join(p.programs, name)}, args...)
	if p.user != "" {
		args = append([]string{"runuser", "-u", p.user, "--"}, args...)
	}
	// The context of a test has ended when it is cleaned up.
	command := exec.Command(args[0], args[1:]...)
	command.Dir = cmp.Or(filepath.Dir(p.dir), os.TempDir())
	log, err := os.CreateTemp(t.TempDir(), "log") // a pipe would be open as long as the server is
	require.NoError(t, err)
	defer log.Close()
	command.Stdout, command.Stderr = log, log
	if err := command.Run(); err != nil {
		text, _ := os.ReadFile(log.Name())
		t.Fatalf("%s: %v\n%s", name, err, text)
	}
}
