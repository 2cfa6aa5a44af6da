package kittest

import (
	"os"
	"testing"
	"time"
)

// Patience is how long a test waits for what has to come. Only what hangs takes as long: a
// machine that runs thirty other things needs a minute for what takes a second elsewhere.
const Patience = 2 * time.Minute

// Await returns the next value of c, and fails t with the message if none comes.
func Await[T any](t *testing.T, c <-chan T, message string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(Patience):
		t.Fatal(message)
		panic("unreachable")
	}
}

// Rounds returns how many rounds a test of drawn inputs has: all of them where TENON_ROUNDS
// is "all", as in one section of .ci/run, and otherwise an eighth. The seeds are fixed, so
// that the other sections would draw what that one draws.
func Rounds(all int) int {
	if os.Getenv("TENON_ROUNDS") == "all" {
		return all
	}
	return (all + 7) / 8
}
