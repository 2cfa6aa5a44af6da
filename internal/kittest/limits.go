package kittest

import (
	"cmp"
	"os"
	"runtime"
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

// Measures says that t measures memory, allocations or system calls. It skips t under the
// race detector, which allocates by itself and runs goroutines at other times.
func Measures(t *testing.T) {
	t.Helper()
	if RaceEnabled {
		t.Skip("the race detector changes what is measured")
	}
}

// Least measures until the result is within the limit, ten times at most, and returns the
// least result. A collection, the scheduler or another process can only add to a measure:
// the least one is nearest to what the code costs.
func Least[T cmp.Ordered](limit T, measure func() T) T {
	least := measure()
	for range 9 {
		if least <= limit {
			break
		}
		least = min(least, measure())
	}
	return least
}

// TotalAlloc returns how many bytes f allocates. What other goroutines allocate in that time
// is counted too.
func TotalAlloc(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
