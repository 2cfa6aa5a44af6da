package main

import (
	"context"
	"fmt"
	"iter"
	"log"
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// results are the figures of all benchmarks, in the order of their first run.
type results struct {
	order []key
	by    map[key]*figures
}

// A key is a benchmark's name apart from who was measured, and the directory that
// it is in.
type key struct{ dir, group, row, system string }

// figures are what the rounds gave for one benchmark.
type figures struct {
	ns     []float64
	allocs float64
	bytes  float64
}

func (f *figures) median() float64 { return median(f.ns) }

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2
	}
	return sorted[middle]
}

// measure builds the benchmarks in dir once and runs them round by round.
func (r *results) measure(ctx context.Context, dir, work string, o options) error {
	binary := filepath.Join(work, fmt.Sprintf("bench%d.test", len(dir)))
	build := exec.CommandContext(ctx, "go", "test", "-c", "-o", binary, ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", dir, err, out)
	}
	for round := range o.rounds {
		log.Printf("%s: round %d of %d", dir, round+1, o.rounds)
		run := exec.CommandContext(ctx, binary, "-test.run=NONE", "-test.bench="+o.match, "-test.benchtime="+o.benchtime.String(), "-test.benchmem")
		run.Dir = dir
		out, err := run.CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", dir, err, out)
		}
		for line := range strings.Lines(string(out)) {
			r.add(dir, line)
		}
	}
	return nil
}

var suffix = regexp.MustCompile(`-\d+$`)

// add reads a line of the form "BenchmarkX/a=b/by=c-2 100 12.3 ns/op 0 B/op 0
// allocs/op". What is not named by somebody is not compared.
func (r *results) add(dir, line string) {
	fields := strings.Fields(line)
	if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
		return
	}
	group, row, _ := strings.Cut(strings.TrimPrefix(suffix.ReplaceAllString(fields[0], ""), "Benchmark"), "/")
	// The name of a system may hold a slash, so it ends where a next key begins.
	row, by, ok := strings.Cut("/"+row, "/by=")
	if !ok {
		r.addTurns(key{dir: dir, group: group, row: strings.TrimPrefix(row, "/")}, fields)
		return
	}
	if system, rest, more := strings.Cut(by, "="); more {
		i := strings.LastIndexByte(system, '/')
		by, row = system[:i], system[i+1:]+"="+rest+" "+row
	}
	k := key{dir: dir, group: group, row: strings.TrimSpace(strings.ReplaceAll(row, "/", " ")), system: by}
	found := r.of(k)
	for unit, value := range metrics(fields) {
		switch unit {
		case "ns/op":
			if value > 0 { // a benchmark with a figure of its own has no other time
				found.ns = append(found.ns, value)
			}
		case "us-median":
			found.ns = append(found.ns, value*1e3)
		case "B/op":
			found.bytes = value
		case "allocs/op":
			found.allocs = value
		}
	}
}

// addTurns reads a line of which all systems took turns: it has tenon's time, and
// that time as a multiple of each other one's.
func (r *results) addTurns(k key, fields []string) {
	units := maps.Collect(metrics(fields))
	own, ok := units["ns/"+baseline]
	if !ok {
		return
	}
	k.system = baseline
	tenon := r.of(k)
	tenon.ns, tenon.allocs = append(tenon.ns, own), units["allocs/"+baseline]
	for _, unit := range slices.Sorted(maps.Keys(units)) {
		if name, ok := strings.CutPrefix(unit, "x/"); ok {
			k.system = name
			r.of(k).ns = append(r.of(k).ns, own/units[unit])
		}
	}
}

// of returns the figures for the key, which it makes if there are none.
func (r *results) of(k key) *figures {
	found := r.by[k]
	if found == nil {
		if r.by == nil {
			r.by = map[key]*figures{}
		}
		found = &figures{allocs: -1}
		r.by[k], r.order = found, append(r.order, k)
	}
	return found
}

// metrics yields the units and values of a line.
func metrics(fields []string) iter.Seq2[string, float64] {
	return func(yield func(string, float64) bool) {
		for i := 2; i+1 < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err == nil && !yield(fields[i+1], value) {
				return
			}
		}
	}
}
