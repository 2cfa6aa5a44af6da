// Command report measures everything in one run and writes the figures down:
//
//	$ cd benchmarks/peers && go run ./report
//
// It builds the benchmarks of this module and of the one above once, runs them
// round by round, so that a slow moment of the machine falls on all systems
// alike, then serves each system on the loopback interface to wrk, if it is
// installed. The medians go into benchmarks/README.md and benchmarks/chart.svg.
package main

import (
	"context"
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
	dry       bool
}

func main() {
	log.SetFlags(log.Ltime)
	var o options
	flag.IntVar(&o.rounds, "rounds", 6, "how often everything is measured")
	flag.DurationVar(&o.benchtime, "benchtime", 200*time.Millisecond, "time of one benchmark in a round")
	flag.StringVar(&o.match, "bench", ".", "which benchmarks, as in go test -bench")
	flag.DurationVar(&o.load, "load", 2*time.Second, "time of one measurement by wrk in a round; 0 leaves them out")
	flag.BoolVar(&o.dry, "n", false, "print the figures and write nothing")
	flag.Parse()
	if err := report(context.Background(), o); err != nil {
		log.Fatal(err)
	}
}

// The directories are relative to benchmarks/peers, where the command runs.
const (
	readme = "../README.md"
	chart  = "../chart.svg"
)

func report(ctx context.Context, o options) error {
	work, err := os.MkdirTemp("", "tenon-report")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	machine, err := describe(ctx)
	if err != nil {
		return err
	}
	var all results
	for _, dir := range []string{".", ".."} {
		if err := all.measure(ctx, dir, work, o); err != nil {
			return err
		}
	}
	load, err := measureLoad(ctx, work, o)
	if err != nil {
		return err
	}
	text := machine + all.tables() + load
	if o.dry {
		fmt.Println(text)
		return nil
	}
	if err := replace(readme, text); err != nil {
		return err
	}
	return os.WriteFile(chart, all.chart("Service"), 0o644)
}

// describe says what is measured, and on what.
func describe(ctx context.Context) (string, error) {
	version, err := exec.CommandContext(ctx, "go", "version").Output()
	if err != nil {
		return "", err
	}
	modules, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{if not (or .Indirect .Main .Replace)}}{{.Path}} {{.Version}}{{end}}", "all").Output()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Measured on %s: %s, %s.\n\nRivals: %s.\n", time.Now().UTC().Format(time.DateOnly), processor(),
		strings.TrimSpace(string(version)), strings.Join(strings.Fields(strings.ReplaceAll(strings.TrimSpace(string(modules)), "\n", ", ")), " ")), nil
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
