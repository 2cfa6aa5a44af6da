package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/tenonkit/tenon/benchmarks/peers/internal/stat"
)

// A quantity is something that the service must not gather. Limit is how much its
// line may rise over a run.
type quantity struct {
	name  string
	of    func(held) float64
	limit float64
}

func quantities() []quantity {
	return []quantity{
		{"heap, KiB", func(h held) float64 { return h.Heap / 1024 }, 512},
		{"goroutines", func(h held) float64 { return h.Goroutines }, 2},
		{"descriptors", func(h held) float64 { return h.Descriptors }, 2},
	}
}

// judge returns the slopes of what the service held, and an error that names what it
// gathers.
func judge(samples []sample) (string, error) {
	if len(samples) < 2 {
		return "", fmt.Errorf("%d samples make no line: run longer", len(samples))
	}
	var b strings.Builder
	span := samples[len(samples)-1].at - samples[0].at
	fmt.Fprintf(&b, "\n%d samples over %v\n", len(samples), span.Round(time.Second))
	fmt.Fprintf(&b, "%-12s %10s %10s %12s %14s %8s\n", "", "first", "last", "an hour", "over the run", "limit")
	var gathered []string
	for _, q := range quantities() {
		x, y := make([]float64, len(samples)), make([]float64, len(samples))
		for i, s := range samples {
			x[i], y[i] = s.at.Hours(), q.of(s.held)
		}
		slope, _ := stat.Line(x, y)
		rise := slope * span.Hours()
		fmt.Fprintf(&b, "%-12s %10.0f %10.0f %+12.1f %+14.2f %8.0f\n", q.name, y[0], y[len(y)-1], slope, rise, q.limit)
		if rise > q.limit {
			gathered = append(gathered, q.name)
		}
	}
	if gathered != nil {
		return b.String(), fmt.Errorf("the service gathers: %s", strings.Join(gathered, "; "))
	}
	return b.String(), nil
}
