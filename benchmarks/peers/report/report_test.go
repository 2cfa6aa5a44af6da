package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// measured is a comparison with three rounds of one toolchain, and one of another.
func measured(t *testing.T) *comparison {
	t.Helper()
	var c comparison
	for _, round := range []string{"100 200", "1000 1000", "120 180"} {
		tenon, hand, _ := strings.Cut(round, " ")
		c.main.add("..", "BenchmarkX/size=1KB/by=tenon-2 \t 10\t "+tenon+" ns/op\t 16 B/op\t 1 allocs/op")
		c.main.add("..", "BenchmarkX/size=1KB/by=hand-2 10 "+hand+" ns/op 64 B/op 4 allocs/op")
	}
	c.next.add("..", "BenchmarkX/size=1KB/by=tenon-2 10 2000 ns/op 1 allocs/op")
	c.next.add("..", "BenchmarkX/size=1KB/by=hand-2 10 1500 ns/op 4 allocs/op")
	return &c
}

func TestComparison_cell(t *testing.T) {
	c := measured(t)
	for system, want := range map[string]string{
		"tenon":  "1 (120 ns / 2 µs) · 1",
		"hand":   "1.50 / **0.75** · 4", // the median of 2, 1 and 1.5
		"nobody": "–",
	} {
		assert.Equal(t, want, c.cell(key{"..", "X", "size=1KB", system}), system)
	}
}

func TestComparison_tables(t *testing.T) {
	text := measured(t).tables()
	assert.Contains(t, text, "### X\n\n`go test -run=NONE -bench='X$' ./benchmarks`\n\n| | tenon | hand |\n|---|---|---|\n| size=1KB | 1 (")
}

func TestResults_add(t *testing.T) {
	for _, c := range []struct {
		name, line string
		key        key
		rounds     []float64
		allocs     float64
		bytes      bool
	}{
		{"a system whose name has a slash", "BenchmarkService/workload=form/by=gorilla/schema-2 10 5 ns/op 3 allocs/op", key{".", "Service", "workload=form", "gorilla/schema"}, []float64{5}, 3, false},
		{"a key after the system", "BenchmarkChain/by=tenon/log=json-16 10 5 ns/op", key{".", "Chain", "log=json", "tenon"}, []float64{5}, -1, false},
		{"a median of its own", "BenchmarkL/pause=1ms/by=tenon-2 10 0 ns/op 2.5 us-median", key{".", "L", "pause=1ms", "tenon"}, []float64{2500}, -1, false},
		{"memory", "BenchmarkIdle/connections=10/by=hand-2 1 18242 B/connection 1.0 goroutines/connection", key{".", "Idle", "connections=10", "hand"}, []float64{18242}, -1, true},
		{"all in turns", "BenchmarkJSON/in=1MB-2 60 0 ns/op 7 allocs/tenon 300 ns/tenon 0.5 x/goccy", key{".", "JSON", "in=1MB", "goccy"}, []float64{600}, -1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r results
			r.add(".", c.line)
			require.Contains(t, r.by, c.key)
			assert.Equal(t, &figures{rounds: c.rounds, allocs: c.allocs, bytes: c.bytes}, r.by[c.key])
		})
	}
	var r results
	for _, line := range []string{"PASS", "goos: linux", "BenchmarkAlone-2 10 5 ns/op", "BenchmarkX"} {
		r.add(".", line)
	}
	assert.Empty(t, r.order, "what nobody is named by is not compared")
}

func TestFigures_over(t *testing.T) {
	base := &figures{rounds: []float64{1, 10, 4}}
	assert.InDelta(t, 2, (&figures{rounds: []float64{2, 10, 12}}).over(base), 0, "the median of 2, 1 and 3")
	assert.InDelta(t, 2, (&figures{rounds: []float64{8}}).over(base), 0, "of the medians, where a round is missing")
}

func TestReasonsFor(t *testing.T) {
	table := reasons()[0].table
	assert.Contains(t, reasonsFor(table, []string{reasons()[0].rows}), reasons()[0].text)
	assert.Empty(t, reasonsFor(table, nil), "no reason where nothing is faster")
	assert.Empty(t, reasonsFor("another", []string{"size=1KB"}))
}

func TestResults_loadTable(t *testing.T) {
	var r results
	for system, rates := range map[string][]float64{"tenon": {40e3, 10e3, 50e3}, "hand": {40e3, 10e3, 50e3}, "fiber": {80e3, 20e3, 90e3}, "Bocadillo": {5e3, 1e3, 5e3}} {
		for _, workload := range []string{"text", "shelf"} {
			for _, rate := range rates {
				time, processor := r.of(loaded.at("workload="+workload, system)), r.of(processed.at("workload="+workload, system))
				time.rounds, processor.rounds = append(time.rounds, 1e9/rate), append(processor.rounds, 25e3)
			}
		}
	}
	text := r.loadTable([]string{"axum"})
	assert.Contains(t, text, "left out: axum.")
	for _, want := range []string{"| GET, text |", " 40 · 25 µs |", " **80** · 25 µs |", " 5 · 25 µs |", "fiber answers 2.00 times as often as tenon for text", "10.0 to 10.0 times as often as Bocadillo"} {
		assert.Contains(t, text, want)
	}
	assert.Equal(t, 2, strings.Count(text, "**80**"), "nobody else is faster")
}

func TestReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "README.md")
	require.Error(t, replace(path, "x"), "no such file")
	require.NoError(t, os.WriteFile(path, []byte("before\n"+begin+"\nold\n"+end+"\nafter\n"), 0o600))
	require.NoError(t, replace(path, "new"))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "before\n"+begin+"\n\nnew\n"+end+"\nafter\n", string(data))
	require.NoError(t, os.WriteFile(path, []byte("no marks"), 0o600))
	require.Error(t, replace(path, "x"))
}
