package kittest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// allocRuns is large enough that a pool emptied by the garbage collector in
// between does not change the average, which is rounded down.
const allocRuns = 200

// Allocs fails t if fn allocates more than budget times per call on average.
// Under the race detector, which allocates and empties pools at random, and with
// the JSON engine, it skips t: give a budget its own test or subtest. t must not be parallel.
func Allocs(t *testing.T, budget float64, fn func()) {
	t.Helper()
	if RaceEnabled || Engine {
		t.Skip("allocations are not counted under the race detector and with the JSON engine")
	}
	got := Least(budget, func() float64 { return testing.AllocsPerRun(allocRuns, fn) })
	if got > budget {
		t.Errorf("%v allocations per call, budget %v", got, budget)
	}
}

// A Sink is a [http.ResponseWriter] that counts the body and throws it away.
// It allocates once, for its header, so it suits allocation tests and
// benchmarks. The zero value is ready; one goroutine uses it at a time.
type Sink struct {
	// Status is the final status, or 0 as long as there is none.
	Status int
	// Bytes is the length of the body so far.
	Bytes int

	header http.Header
}

// Reset makes s ready for another response. The header map is emptied and kept.
func (s *Sink) Reset() {
	clear(s.header)
	s.Status, s.Bytes = 0, 0
}

// Header returns the header map, the same one for the life of s.
func (s *Sink) Header() http.Header {
	if s.header == nil {
		s.header = make(http.Header, 8)
	}
	return s.header
}

// WriteHeader records the first status that is not informational.
func (s *Sink) WriteHeader(code int) {
	if s.Status == 0 && (code >= http.StatusOK || code == http.StatusSwitchingProtocols) {
		s.Status = code
	}
}

// Write counts p.
func (s *Sink) Write(p []byte) (int, error) {
	s.WriteHeader(http.StatusOK)
	s.Bytes += len(p)
	return len(p), nil
}

// WriteString counts text.
func (s *Sink) WriteString(text string) (int, error) {
	s.WriteHeader(http.StatusOK)
	s.Bytes += len(text)
	return len(text), nil
}

// OrderJSON returns an order of n items, a document of many small fields: 61 are
// 10 KB, 6,200 are 1 MB. The seed keeps a reader that remembers strings from seeing
// the same ones again and again.
func OrderJSON(n, seed int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `{"id":"A-%07d","customer":%d,"paid":true,"total":%d.%02d,"items":[`,
		1_000_003*seed, 90_000+seed, (n*1995+seed)/100, (n*1995+seed)%100)
	for i := range n {
		k := seed*n + i
		cents := 499 + 37*(k%400)
		note := fmt.Sprintf("oiled, drawer %d", k%90)
		if i%8 > 1 {
			note += ", wrapped in felt and labeled by hand"
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"sku":"TN-%05d","name":"Mortise gauge no. %d","quantity":%d,"price":%d.%02d,"gift":%t,"tags":["wood","t%d"],"note":%q}`,
			k, k, 1+k%9, cents/100, cents%100, k%3 == 0, k%50, note)
	}
	fmt.Fprintf(&b, `],"labels":{"channel":"web","campaign":"spring-%d","region":"north","priority":"normal","gate":"b"}}`, seed)
	return b.String()
}
