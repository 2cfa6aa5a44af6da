// Package endtoend measures whole services from another process: each system on a
// server of its own, with one core, and wrk on another core.
//
// Those that are not in Go are in the folders axum and python. They are built and
// installed where cargo and python3 are, into a folder of the user's cache.
package endtoend

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/tenonkit/tenon/benchmarks/peers/systems"
)

// Connections is how many wrk holds open.
const Connections = 16

// StreamConnections is how many it holds open for the stream, of which the slowest
// system sends less than ten a second.
const StreamConnections = 4

// ErrUnavailable is wrapped by the error of Measure on a machine that lacks what
// measuring needs.
var ErrUnavailable = errors.New("not to be measured here")

// A Figure is what one measurement gave: the answers a second, and the processor time
// that the server took for each.
type Figure struct {
	Workload, System string
	PerSecond        float64
	Processor        time.Duration
}

// Measure starts all systems, checks their answers, and has each workload asked of each
// in turn, for so long, in so many rounds. Got is called with each figure. Missing are
// the systems that this machine has no tools for.
func Measure(ctx context.Context, work string, rounds int, each time.Duration, got func(Figure)) (missing []string, err error) {
	on, err := findCores()
	if err != nil {
		return nil, err
	}
	all, missing, err := programs(ctx, work)
	if err != nil {
		return nil, err
	}
	files := filepath.Join(work, "files")
	if err := errors.Join(os.Mkdir(files, 0o700), systems.WriteFiles(files)); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	servers := make([]*server, len(all))
	for i, p := range all {
		s, err := start(ctx, on.server, p, files)
		if err != nil {
			cancel()
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
		defer s.stop()
		servers[i] = s
	}
	defer cancel() // before the servers are waited for
	for round := range rounds {
		for _, workload := range systems.Loaded() {
			log.Printf("end to end: round %d of %d, %s", round+1, rounds, workload.Name)
			for i, p := range all {
				if !serves(p.name, workload) {
					continue
				}
				figure, err := load(ctx, on.client, work, servers[i], workload, each)
				if err != nil {
					return nil, fmt.Errorf("%s: %s: %w", p.name, workload.Name, err)
				}
				figure.Workload, figure.System = workload.Name, p.name
				got(figure)
			}
		}
	}
	return missing, nil
}

// serves reports whether a system has the workload. Those that are not in Go have all.
func serves(name string, w systems.Workload) bool {
	for _, system := range systems.All() {
		if system.Name == name {
			return system.Serves(w)
		}
	}
	return true
}

// cores are the processors of the servers and of wrk.
type cores struct{ server, client string }

func findCores() (cores, error) {
	for _, tool := range []string{"wrk", "taskset"} {
		if _, err := exec.LookPath(tool); err != nil {
			return cores{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return cores{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	found := allowed.FindSubmatch(status)
	if found == nil || string(found[1]) == string(found[2]) {
		return cores{}, fmt.Errorf("%w: it takes two processors", ErrUnavailable)
	}
	return cores{server: string(found[1]), client: string(found[2])}, nil
}

// allowed has the first and the last processor, as of "0-3" or "0,2".
var allowed = regexp.MustCompile(`(?m)^Cpus_allowed_list:\s*(\d+)(?:[-,\d]*[-,])(\d+)$`)

// answers and perSecond are what wrk prints of a run.
var (
	answers   = regexp.MustCompile(`(\d+) requests in`)
	perSecond = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
)

// load has wrk ask for a workload.
func load(ctx context.Context, core, work string, s *server, w systems.Workload, each time.Duration) (Figure, error) {
	script := filepath.Join(work, "request.lua")
	var lua strings.Builder
	fmt.Fprintf(&lua, "wrk.method = %q\nwrk.body = %q\n", w.Method, w.Body)
	for name, value := range w.Header {
		fmt.Fprintf(&lua, "wrk.headers[%q] = %q\n", name, value)
	}
	if err := os.WriteFile(script, []byte(lua.String()), 0o600); err != nil {
		return Figure{}, err
	}
	before, err := s.processor()
	if err != nil {
		return Figure{}, err
	}
	connections := Connections
	if w.Name == "lines" {
		connections = StreamConnections
	}
	command := exec.CommandContext(ctx, "taskset", "-c", core, "wrk", "-t1", "-c"+strconv.Itoa(connections), "-d"+each.String(),
		"--timeout", "30s", "-s", script, s.url+w.Target)
	out, err := command.CombinedOutput()
	if err != nil {
		return Figure{}, fmt.Errorf("%w\n%s", err, out)
	}
	after, err := s.processor()
	if err != nil {
		return Figure{}, err
	}
	rate, n, err := read(string(out))
	if err != nil {
		return Figure{}, err
	}
	return Figure{PerSecond: rate, Processor: (after - before) / time.Duration(n)}, nil
}

// read returns the answers a second, and all of them, of what wrk has printed. An error
// of a connection and an answer that is no success are errors.
func read(out string) (rate float64, n int, err error) {
	count, found := answers.FindStringSubmatch(out), perSecond.FindStringSubmatch(out)
	if count == nil || found == nil || strings.Contains(out, "Socket errors") || strings.Contains(out, "Non-2xx") {
		return 0, 0, errors.New(out)
	}
	rate, err = strconv.ParseFloat(found[1], 64)
	if err != nil {
		return 0, 0, err
	}
	n, err = strconv.Atoi(count[1])
	if err == nil && n == 0 {
		return 0, 0, errors.New("no answer in the time of a measurement: measure longer")
	}
	return rate, n, err
}
