// Command report measures everything in one run and writes the figures down:
//
//	$ cd benchmarks/peers && go run ./report
//
// It builds the benchmarks of this module and of the one above, with two toolchains,
// and runs them round by round, so that a slow moment of the machine falls on all
// systems alike. Then it serves each system as a process of its own to wrk: package
// endtoend says what that takes. The medians go between the marks of
// benchmarks/README.md, with the reasons of this package beside them, and into the
// charts. With the flags as they are it takes about ten minutes. Where a part is left
// out, the figures are printed and nothing is written.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

type options struct {
	rounds    int
	benchtime time.Duration
	match     string
	load      time.Duration
	next      string
	dry       bool
}

func main() {
	log.SetFlags(log.Ltime)
	var o options
	flag.IntVar(&o.rounds, "rounds", 3, "how often everything is measured")
	flag.DurationVar(&o.benchtime, "benchtime", 50*time.Millisecond, "time of one benchmark in a round")
	flag.StringVar(&o.match, "bench", ".", "which benchmarks, as in go test -bench; empty leaves them out")
	flag.DurationVar(&o.load, "load", time.Second, "time of one measurement by wrk in a round, in whole seconds; 0 leaves them out")
	flag.StringVar(&o.next, "next", "go1.27.3", "the second toolchain; empty leaves it out")
	flag.BoolVar(&o.dry, "n", false, "print the figures and write nothing")
	flag.Parse()
	if o.rounds < 1 || o.load%time.Second != 0 {
		log.Fatal("-rounds is at least 1, and -load whole seconds, which is what wrk takes")
	}
	if err := report(context.Background(), o); err != nil {
		log.Fatal(err)
	}
}

// The paths are relative to benchmarks/peers, where the command runs.
const (
	readme    = "../README.md"
	chart     = "../chart.svg"
	loadChart = "../endtoend.svg"
)

func report(ctx context.Context, o options) error {
	work, err := os.MkdirTemp("", "tenon-report")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	machine, err := describe(ctx, o)
	if err != nil {
		return err
	}
	var all comparison
	if o.match != "" {
		if err := all.measure(ctx, work, o); err != nil {
			return err
		}
	}
	var load results
	missing, loadedAll, err := load.measureLoad(ctx, work, o)
	if err != nil {
		return err
	}
	text := machine + all.tables()
	if loadedAll {
		text += load.loadTable(missing)
	}
	if o.dry || o.match != "." || !loadedAll || o.next == "" {
		fmt.Println(text)
		return nil
	}
	return errors.Join(
		replace(readme, text),
		os.WriteFile(chart, all.main.chart(key{dir: ".", group: "Service"}, "Time per request as a multiple of tenon's"), 0o644),
		os.WriteFile(loadChart, load.chart(loaded, "Time per answer of whole servers as a multiple of tenon's"), 0o644),
	)
}

// measure has all binaries take turns.
func (c *comparison) measure(ctx context.Context, work string, o options) error {
	if err := quietly(exec.CommandContext(ctx, "go", "test", "./systems", "./endtoend")); err != nil {
		return err
	}
	var binaries []binary
	for _, dir := range []string{".", ".."} {
		b, err := build(ctx, work, dir, "local", &c.main)
		if err != nil {
			return err
		}
		binaries = append(binaries, b)
		if o.next == "" {
			continue
		}
		if b, err = build(ctx, work, dir, o.next, &c.next); err != nil {
			return err
		}
		binaries = append(binaries, b)
	}
	for round := range o.rounds {
		log.Printf("round %d of %d", round+1, o.rounds)
		for _, b := range binaries {
			if err := b.measure(ctx, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// quietly runs a command, whose output is in the error.
func quietly(command *exec.Cmd) error {
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// describe says what is measured, on what, and how the tables are read.
func describe(ctx context.Context, o options) (string, error) {
	version, err := exec.CommandContext(ctx, "go", "env", "GOVERSION").Output()
	if err != nil {
		return "", err
	}
	modules, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{if not (or .Indirect .Main .Replace)}}{{.Path}} {{.Version}}{{end}}", "all").Output()
	if err != nil {
		return "", err
	}
	toolchains, both := strings.TrimSpace(string(version)), ""
	if o.next != "" {
		toolchains += " and " + o.next
		both = " A figure after the slash is that of the second toolchain."
	}
	return fmt.Sprintf(`Measured on %s: %s, %s.

Rivals: %s; those that are not in Go stand in [endtoend](peers/endtoend).

In each cell: time as a multiple of tenon's · allocations.%s Beside tenon's 1 stands its time; bold is faster than tenon by 3 %% or
more, and why stands under the table.
`, time.Now().UTC().Format(time.DateOnly), processor(), toolchains, strings.Join(strings.Split(strings.TrimSpace(string(modules)), "\n"), ", "), both), nil
}

func processor() string {
	data, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	count, model := 0, ""
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			count, model = count+1, strings.TrimSpace(value)
		}
	}
	return fmt.Sprintf("%d × %s", count, model)
}

const begin, end = "<!-- figures: written by go run ./report -->", "<!-- end of figures -->"

// replace puts text between the marks of a file.
func replace(path, text string) error {
	data, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(data), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return fmt.Errorf("%s has no place for the figures", path)
	}
	return os.WriteFile(path, []byte(before+begin+"\n\n"+text+"\n"+end+after), 0o644)
}
