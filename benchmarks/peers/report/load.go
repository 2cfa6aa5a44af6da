package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"github.com/tenonkit/tenon/benchmarks/peers/endtoend"
)

// loaded is the key of what is measured from another process.
var loaded = key{dir: "endtoend", group: "End to end"}

// measureLoad measures the systems as processes of their own, and keeps the time of an
// answer, the reciprocal of the answers a second. It returns the systems that are left
// out, and false where nothing can be measured.
func (r *results) measureLoad(ctx context.Context, work string, o options) (missing []string, ok bool, err error) {
	if o.load == 0 {
		return nil, false, nil
	}
	missing, err = endtoend.Measure(ctx, work, o.rounds, o.load, func(workload, system string, rate float64) {
		k := loaded
		k.row, k.system = "workload="+workload, system
		r.of(k).rounds = append(r.of(k).rounds, 1e9/rate)
	})
	if errors.Is(err, endtoend.ErrUnavailable) {
		log.Printf("end to end: left out: %v", err)
		return nil, false, nil
	}
	return missing, err == nil, err
}

// loadTable is the table of the thousand answers a second.
func (r *results) loadTable(missing []string) string {
	rows, columns := r.shape(loaded)
	var b strings.Builder
	b.WriteString("\n### End to end\n\n")
	fmt.Fprintf(&b, "Thousand answers a second. Each server is a process of its own on one core, wrk with %d connections, or %d for the stream,\non another.", endtoend.Connections, endtoend.StreamConnections)
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
	b.WriteString(reasonsFor(loaded.group, faster))
	return b.String()
}

// rate is the thousand answers a second of a system, bold where it is faster than tenon
// beyond the noise, which is larger than within a process.
func (r *results) rate(row, system string) (text string, faster bool) {
	k := loaded
	k.row, k.system = row, system
	f := r.by[k]
	if f == nil {
		return "–", false
	}
	text = fmt.Sprintf("%.3g", 1e6/f.median())
	k.system = baseline
	if f.over(r.by[k]) < 0.98 {
		return "**" + text + "**", true
	}
	return text, false
}
