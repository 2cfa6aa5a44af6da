package kittest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Need returns the path of a program that the test drives. Where it is not
// installed the test is skipped, and fails if TENON_PROGRAMS is "required", so
// that a run which is meant to be complete cannot leave it out in silence.
func Need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	message := program + " is not installed; the test drives it"
	if os.Getenv("TENON_PROGRAMS") == "required" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// Chromium opens url in a headless Chromium with an empty profile, which ends
// with the test. The page has to tell the test's server what it found.
func Chromium(t *testing.T, url string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), Need(t, "chromium"),
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--autoplay-policy=no-user-gesture-required", "--user-data-dir="+t.TempDir(), url)
	// Chromium is a tree of processes, which has to end as one.
	killAll := asGroup(command)
	command.Cancel = func() error { killAll(); return nil }
	command.WaitDelay = 5 * time.Second
	var stderr bytes.Buffer
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Wait()
		if t.Failed() {
			t.Logf("chromium: %s", stderr.Bytes())
		}
	})
}

// traced names the test that runs under strace, in its environment.
const traced = "TENON_TRACED"

// Strace runs the calling test once more in a process of its own under strace,
// where Strace calls fn and returns false. To the caller it returns what strace
// wrote of the system calls, a list as in "sendfile,write", and true. The sendfile64
// of systems with 32 bits is called sendfile there too. The calling test must not
// be a subtest.
func Strace(t *testing.T, calls string, fn func()) (trace string, ok bool) {
	t.Helper()
	if os.Getenv(traced) == t.Name() {
		fn()
		return "", false
	}
	strace := Need(t, "strace")
	calls = strings.ReplaceAll(calls, "sendfile", "sendfile,?sendfile64")
	output := filepath.Join(t.TempDir(), "trace")
	command := exec.CommandContext(t.Context(), strace, "-f", "-q", "-e", "trace="+calls, "-e", "signal=none", "-s", "256", "-o", output,
		os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1", "-test.timeout=60s")
	command.Env = append(os.Environ(), traced+"="+t.Name())
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatal(fmt.Errorf("%w\n%s", err, out))
	}
	text, err := os.ReadFile(output)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "sendfile64", "sendfile"), true
}
