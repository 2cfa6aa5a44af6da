package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/benchmarks/peers/endtoend"
)

// loaded is the key of the time of an answer that is asked for from another process,
// the reciprocal of the answers a second, and processed that of its processor time.
var (
	loaded    = key{dir: "endtoend", group: "End to end"}
	processed = key{dir: "endtoend", group: "Processor time"}
)

// measureLoad measures the systems as processes of their own. It returns the systems that are left
// out, and false where nothing can be measured.
func (r *results) measureLoad(ctx context.Context, work string, o options) (missing []string, ok bool, err error) {
	if o.load == 0 {
		return nil, false, nil
	}
	missing, err = endtoend.Measure(ctx, work, o.rounds, o.load, func(f endtoend.Figure) {
		time, processor := r.of(loaded.at("workload="+f.Workload, f.System)), r.of(processed.at("workload="+f.Workload, f.System))
		time.rounds = append(time.rounds, 1e9/f.PerSecond)
		processor.rounds = append(processor.rounds, float64(f.Processor))
	})
	if errors.Is(err, endtoend.ErrUnavailable) {
		log.Printf("end to end: left out: %v", err)
		return nil, false, nil
	}
	return missing, err == nil, err
}

// at returns the key of a cell of the table k.
func (k key) at(row, system string) key { return key{k.dir, k.group, row, system} }

// loadTable is the table of the thousand answers a second, with the processor time of
// each.
func (r *results) loadTable(missing []string) string {
	rows, columns := r.shape(loaded)
	var b strings.Builder
	b.WriteString("\n### End to end\n\n")
	fmt.Fprintf(&b, "In each cell: thousand answers a second · processor time of the server for an answer. Each server is a process of its own on\n"+
		"one core, wrk with %d connections, or %d for the stream, on another.", endtoend.Connections, endtoend.StreamConnections)
	if missing != nil {
		fmt.Fprintf(&b, " Not installed, and left out: %s.", strings.Join(missing, ", "))
	}
	b.WriteString("\n\n")
	header(&b, columns)
	var faster []string
	for _, row := range rows {
		fmt.Fprintf(&b, "| %s |", title(row))
		for _, column := range columns {
			text, bold := r.rate(row, column)
			if bold {
				faster = append(faster, row)
			}
			fmt.Fprintf(&b, " %s |", text)
		}
		b.WriteByte('\n')
	}
	b.WriteString(r.farMark() + r.models())
	b.WriteString(reasonsFor(loaded.group, faster))
	return b.String()
}

// times is how many times as often as another system one answers a workload; 0 where
// one of them does not.
func (r *results) times(system, workload, than string) float64 {
	f, base := r.by[loaded.at("workload="+workload, system)], r.by[loaded.at("workload="+workload, than)]
	if f == nil || base == nil {
		return 0
	}
	return base.over(f)
}

// farMark says where those stand that are not on net/http.
func (r *results) farMark() string {
	var b strings.Builder
	for _, system := range []string{"fiber", "axum"} {
		if r.times(system, "text", baseline) == 0 {
			continue
		}
		fmt.Fprintf(&b, " %s answers %.2f times as often as tenon for text, %.2f for small JSON and %.2f for 250 bytes of JSON; with a path value"+
			" and two query parameters to bind it is %.2f times.", system, r.times(system, "text", baseline), r.times(system, "json", baseline),
			r.times(system, "json-250B", baseline), r.times(system, "shelf", baseline))
	}
	return "\nfiber and axum do not stand on net/http, whose server takes most of the time of a small answer: they are the far mark." + b.String() + "\n"
}

// models says how tenon stands beside the systems that it is modeled on.
func (r *results) models() string {
	var b strings.Builder
	for _, system := range []string{"BustAPI", "uapi on Starlette", "Bocadillo"} {
		var small []float64
		for _, workload := range []string{"text", "json", "shelf", "json-250B", "form", "list"} {
			if times := r.times(baseline, workload, system); times > 0 {
				small = append(small, times)
			}
		}
		if small == nil {
			continue
		}
		fmt.Fprintf(&b, " tenon answers %.1f to %.1f times as often as %s without files and streams, %.1f times for the file of 1 MB, and %.0f times for the stream.",
			slices.Min(small), slices.Max(small), system, r.times(baseline, "file-1MB", system), r.times(baseline, "lines", system))
	}
	if b.Len() == 0 {
		return ""
	}
	return "\nBustAPI, uapi and Bocadillo are the systems that tenon is modeled on." + b.String() + "\n"
}

// rate is the thousand answers a second of a system, bold where it is faster than tenon.
func (r *results) rate(row, system string) (text string, faster bool) {
	f := r.by[loaded.at(row, system)]
	if f == nil {
		return "–", false
	}
	text, faster = fmt.Sprintf("%.3g", 1e6/f.median()), f.over(r.by[loaded.at(row, baseline)]) < noise
	if faster {
		text = "**" + text + "**"
	}
	return text + " · " + duration(r.by[processed.at(row, system)].median()), faster
}
