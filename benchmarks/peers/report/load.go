package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenonkit/tenon/benchmarks/peers/systems"
)

// connections is how many wrk holds open.
const connections = 32

// loaded are the workloads that are also measured from another process.
var loaded = []string{"get", "json-250B", "form", "text", "list", "400"}

// measureLoad serves each system to wrk and returns the table of the requests a
// second that it answered.
func measureLoad(ctx context.Context, work string, o options) (string, error) {
	wrk, err := exec.LookPath("wrk")
	if o.load == 0 || err != nil {
		log.Print("end to end: left out")
		return "", nil //nolint:nilerr // wrk is not there: that part is left out, as documented
	}
	serve := filepath.Join(work, "serve")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", serve, "./serve").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	rates := map[string][]float64{} // by workload and system
	for round := range o.rounds {
		log.Printf("end to end: round %d of %d", round+1, o.rounds)
		for _, system := range systems.All() {
			if system.Only != "" {
				continue
			}
			if err := loadSystem(ctx, wrk, serve, work, system, o.load, rates); err != nil {
				return "", fmt.Errorf("%s: %w", system.Name, err)
			}
		}
	}
	return loadTable(rates), nil
}

func loadSystem(ctx context.Context, wrk, serve, work string, system systems.System, load time.Duration, rates map[string][]float64) error {
	ctx, cancel := context.WithCancel(ctx)
	server := exec.CommandContext(ctx, serve, "-by", system.Name)
	stderr, err := server.StderrPipe()
	if err != nil {
		cancel()
		return err
	}
	defer func() { cancel(); _ = server.Wait() }()
	if err := server.Start(); err != nil {
		return err
	}
	url := ""
	scanner := bufio.NewScanner(stderr)
	for url == "" && scanner.Scan() {
		_, url, _ = strings.Cut(scanner.Text(), "url=")
	}
	go func() { _, _ = io.Copy(io.Discard, stderr) }()
	for _, workload := range systems.Workloads() {
		if !system.Serves(workload) || !slices.Contains(loaded, workload.Name) {
			continue
		}
		rate, err := loadOnce(ctx, wrk, work, url, workload, load)
		if err != nil {
			return fmt.Errorf("%s: %w", workload.Name, err)
		}
		name := workload.Name + " " + system.Name
		rates[name] = append(rates[name], rate)
	}
	return nil
}

var perSecond = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)

func loadOnce(ctx context.Context, wrk, work, url string, w systems.Workload, load time.Duration) (float64, error) {
	script := filepath.Join(work, "request.lua")
	var lua strings.Builder
	fmt.Fprintf(&lua, "wrk.method = %q\nwrk.body = %q\n", w.Method, w.Body)
	for name, value := range w.Header {
		fmt.Fprintf(&lua, "wrk.headers[%q] = %q\n", name, value)
	}
	if err := os.WriteFile(script, []byte(lua.String()), 0o600); err != nil {
		return 0, err
	}
	command := exec.CommandContext(ctx, wrk, "-t1", "-c"+strconv.Itoa(connections), "-d"+load.String(), "-s", script, url+w.Target)
	out, err := command.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, out)
	}
	found := perSecond.FindSubmatch(out)
	if found == nil || strings.Contains(string(out), "Socket errors") || w.Status < 400 && strings.Contains(string(out), "Non-2xx") {
		return 0, errors.New(string(out))
	}
	return strconv.ParseFloat(string(found[1]), 64)
}

func loadTable(rates map[string][]float64) string {
	var b strings.Builder
	b.WriteString("\n### End to end\n\n")
	fmt.Fprintf(&b, "Thousand requests a second over the loopback interface: wrk with %d connections in one thread, beside the server on the same processors.\n\n| |", connections)
	var columns []string
	for _, system := range systems.All() {
		if system.Only == "" {
			columns = append(columns, system.Name)
			fmt.Fprintf(&b, " %s |", system.Name)
		}
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
	for _, name := range loaded {
		fmt.Fprintf(&b, "| %s |", title("workload="+name))
		own := median(rates[name+" "+baseline])
		for _, column := range columns {
			values := rates[name+" "+column]
			switch {
			case len(values) == 0:
				b.WriteString(" – |")
			case median(values) > own:
				fmt.Fprintf(&b, " **%.1f** |", median(values)/1e3)
			default:
				fmt.Fprintf(&b, " %.1f |", median(values)/1e3)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
