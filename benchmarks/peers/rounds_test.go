package peers_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tenonkit/tenon/benchmarks/peers/internal/stat"
)

// A side is one of those that take turns. It is called with the number of the call,
// and returns what it has read, if it reads.
type side struct {
	name string
	run  func(i int) (reflect.Value, error)
}

// slice is how long a side runs before it is another's turn.
const slice = 3 * time.Millisecond

// BenchmarkJSON measures tenon against the JSON packages that one chooses by speed. In
// is the whole of Bind against Unmarshal alone, out the whole answer with its header
// against Marshal alone. All sides take turns in one process:
//
//	go test -run=NONE -bench=JSON -benchtime=60x .
//
// runs 60 rounds of a row, of which x/goccy is the median of tenon's time as a multiple
// of goccy's in the same round. With TENON_TARGETS=1 it fails where a row misses its target.
func BenchmarkJSON(b *testing.B) {
	var missed []string
	for _, row := range jsonRows() {
		b.Run(row.name, func(b *testing.B) {
			sides := row.sides(b)
			for name, ratio := range inTurns(b, sides) {
				b.ReportMetric(ratio, "x/"+name)
				if target, ok := row.targets[name]; ok && ratio > target {
					missed = append(missed, fmt.Sprintf("%s: %.2f of the time of %s, target %.2f", row.name, ratio, name, target))
				}
			}
		})
	}
	if len(missed) > 0 && os.Getenv("TENON_TARGETS") != "" {
		b.Errorf("missed targets:\n%s", strings.Join(missed, "\n"))
	}
}

// inTurns runs one round for each iteration of b, reports the time and the allocations
// of the first side, and returns its time as a multiple of each other one's: the median
// of the ratios within a round, because a slow moment falls on a whole round.
func inTurns(b *testing.B, sides []side) map[string]float64 {
	b.Helper()
	calls := make([]int, len(sides))
	for i, s := range sides {
		least := took(b, s, 1) // compiles what the side compiles
		for range 5 {
			least = min(least, took(b, s, 1))
		}
		calls[i] = max(1, int(slice/max(1, least)))
	}
	var own []float64
	ratios := make([][]float64, len(sides))
	order := make([]int, len(sides))
	for i := range order {
		order[i] = i
	}
	times := make([]float64, len(sides))
	shuffle := rand.New(rand.NewPCG(1, 2))
	for b.Loop() {
		// A side collects the garbage of whoever was before it.
		shuffle.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			times[i] = float64(took(b, sides[i], calls[i])) / float64(calls[i])
		}
		own = append(own, times[0])
		for i := range sides[1:] {
			ratios[i+1] = append(ratios[i+1], times[0]/times[i+1])
		}
	}
	b.ReportMetric(0, "ns/op") // of all sides together
	b.ReportMetric(stat.Median(own), "ns/"+sides[0].name)
	b.ReportMetric(testing.AllocsPerRun(20, func() { took(b, sides[0], 1) }), "allocs/"+sides[0].name)
	found := make(map[string]float64, len(sides)-1)
	for i, s := range sides[1:] {
		found[s.name] = stat.Median(ratios[i+1])
	}
	return found
}

// took returns how long n calls take.
func took(b *testing.B, s side, n int) time.Duration {
	b.Helper()
	began := time.Now()
	for i := range n {
		if _, err := s.run(i); err != nil {
			b.Fatal(s.name, err)
		}
	}
	return time.Since(began)
}
