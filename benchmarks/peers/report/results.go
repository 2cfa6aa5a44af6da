package main

import (
	"context"
	"fmt"
	"iter"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/benchmarks/peers/internal/stat"
)

// results are the figures of all benchmarks, in the order of their first run.
type results struct {
	order []key
	by    map[key]*figures
}

// A key is a benchmark's name apart from who was measured, and the directory that
// it is in.
type key struct{ dir, group, row, system string }

// figures are what the rounds gave for one benchmark: nanoseconds, or bytes where it
// measures those.
type figures struct {
	rounds []float64
	bytes  bool
	allocs float64 // negative where none are counted
}

func (f *figures) median() float64 { return stat.Median(f.rounds) }

// over returns f as a multiple of base: the median of the ratios within a round, where
// both were measured in each, because a slow moment falls on a whole round.
func (f *figures) over(base *figures) float64 {
	if len(f.rounds) != len(base.rounds) {
		return f.median() / base.median()
	}
	ratios := make([]float64, len(f.rounds))
	for i := range ratios {
		ratios[i] = f.rounds[i] / base.rounds[i]
	}
	return stat.Median(ratios)
}

// A binary is the benchmarks of a directory, built by a toolchain.
type binary struct {
	dir, path string
	into      *results
}

// build compiles the benchmarks of a directory, and runs the tests that all sides give
// the same answers.
func build(ctx context.Context, work, dir, toolchain string, into *results) (binary, error) {
	log.Printf("building %s with %s", dir, toolchain)
	b := binary{dir, filepath.Join(work, fmt.Sprintf("bench%d-%s.test", len(dir), toolchain)), into}
	command := exec.CommandContext(ctx, "go", "test", "-c", "-o", b.path, ".")
	command.Dir, command.Env = dir, append(os.Environ(), "GOTOOLCHAIN="+toolchain)
	if out, err := command.CombinedOutput(); err != nil {
		return b, fmt.Errorf("%s: %w\n%s", dir, err, out)
	}
	_, err := b.run(ctx, "-test.run=(?i)alike")
	return b, err
}

// notCompared are benchmarks without another side, some of which take long.
const notCompared = "^Benchmark(Feed|Feed_append|Feed_stalled|Idempotency|Call|Tokens)$"

// measure runs the benchmarks once.
func (b binary) measure(ctx context.Context, o options) error {
	out, err := b.run(ctx, "-test.run=NONE", "-test.bench="+o.match, "-test.skip="+notCompared,
		"-test.benchtime="+o.benchtime.String(), "-test.benchmem")
	for line := range strings.Lines(string(out)) {
		b.into.add(b.dir, line)
	}
	return err
}

func (b binary) run(ctx context.Context, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, b.path, args...)
	command.Dir = b.dir
	out, err := command.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", b.dir, err, out)
	}
	return out, nil
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
				found.rounds = append(found.rounds, value)
			}
		case "us-median":
			found.rounds = append(found.rounds, value*1e3)
		case "B/connection":
			found.rounds, found.bytes = append(found.rounds, value), true
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
	tenon.rounds, tenon.allocs = append(tenon.rounds, own), units["allocs/"+baseline]
	for _, unit := range slices.Sorted(maps.Keys(units)) {
		if name, ok := strings.CutPrefix(unit, "x/"); ok {
			k.system = name
			r.of(k).rounds = append(r.of(k).rounds, own/units[unit])
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
