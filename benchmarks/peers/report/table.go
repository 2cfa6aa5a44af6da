package main

import (
	"fmt"
	"log"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/benchmarks/peers/systems"
)

// baseline is who the others are a multiple of.
const baseline = "tenon"

// A comparison is the figures of one toolchain, and those of another, which may have
// none.
type comparison struct{ main, next results }

// tables writes one table for each benchmark that measured tenon, with the reason beside
// it where something is faster.
func (c *comparison) tables() string {
	var b strings.Builder
	for _, table := range c.main.groups() {
		rows, columns := c.main.shape(table)
		fmt.Fprintf(&b, "\n### %s\n\n`go test -run=NONE -bench='%s$' %s\n\n", table.group, table.group, command(table.dir))
		header(&b, columns)
		var faster []string // rows
		for _, row := range rows {
			fmt.Fprintf(&b, "| %s |", title(row))
			for _, column := range columns {
				text := c.cell(key{table.dir, table.group, row, column})
				if strings.Contains(text, "**") && !slices.Contains(faster, row) {
					faster = append(faster, row)
				}
				fmt.Fprintf(&b, " %s |", text)
			}
			b.WriteByte('\n')
		}
		b.WriteString(reasonsFor(table.dir+" "+table.group, faster))
	}
	return b.String()
}

func header(b *strings.Builder, columns []string) {
	b.WriteString("| |")
	for _, column := range columns {
		fmt.Fprintf(b, " %s |", column)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
}

// reasonsFor writes why something is faster in those rows of a table. A row that no
// reason is known for is logged, because the reader would look for one.
func reasonsFor(table string, faster []string) string {
	var b strings.Builder
	for _, r := range reasons() {
		if r.table != table {
			continue
		}
		var rest []string
		for _, row := range faster {
			if !strings.HasPrefix(row, r.rows) {
				rest = append(rest, row)
			}
		}
		if len(rest) < len(faster) {
			fmt.Fprintf(&b, "\n%s\n", r.text)
		}
		faster = rest
	}
	for _, row := range faster {
		log.Printf("no reason stands beside %s, %q, where something is faster", table, row)
	}
	return b.String()
}

// command is how a directory is named from the root of the repository.
func command(dir string) string {
	if dir == "." {
		return ".` in benchmarks/peers"
	}
	return "./benchmarks`"
}

// groups returns the benchmarks that measured tenon, as keys of no row.
func (r *results) groups() []key {
	var groups []key
	for _, k := range r.order {
		table := key{dir: k.dir, group: k.group}
		if k.system == baseline && !slices.Contains(groups, table) {
			groups = append(groups, table)
		}
	}
	return groups
}

// shape returns the rows and columns of a table, tenon's column first.
func (r *results) shape(table key) (rows, columns []string) {
	columns = []string{baseline}
	for _, k := range r.order {
		if k.dir != table.dir || k.group != table.group {
			continue
		}
		if !slices.Contains(rows, k.row) {
			rows = append(rows, k.row)
		}
		if !slices.Contains(columns, k.system) {
			columns = append(columns, k.system)
		}
	}
	return rows, columns
}

// cell has the figure of each toolchain, and the allocations of the first one.
func (c *comparison) cell(k key) string {
	text := c.main.figure(k)
	if text == "" {
		return "–"
	}
	if next := c.next.figure(k); next != "" {
		text += " / " + next
	}
	if k.system == baseline && !c.main.by[k].bytes {
		text = "1 (" + text + ")"
	}
	if allocs := c.main.by[k].allocs; allocs >= 0 && !c.main.by[k].bytes {
		text += fmt.Sprintf(" · %.0f", allocs)
	}
	return text
}

// noise is the multiple of tenon's time below which another one counts as faster: what
// is closer changes from run to run.
const noise = 0.97

// figure is tenon's time, another one's multiple of it, or the time of who is measured
// alone. Bold is faster than tenon.
func (r *results) figure(k key) string {
	f := r.by[k]
	if f == nil || len(f.rounds) == 0 {
		return ""
	}
	base := r.by[key{k.dir, k.group, k.row, baseline}]
	switch {
	case f.bytes:
		return fmt.Sprintf("%.0f B", f.median())
	case base == nil || k.system == baseline:
		return duration(f.median())
	}
	ratio := f.over(base)
	if ratio < noise {
		return fmt.Sprintf("**%.2f**", ratio)
	}
	return fmt.Sprintf("%.2f", ratio)
}

func duration(ns float64) string {
	switch {
	case ns < 1e3:
		return fmt.Sprintf("%.0f ns", ns)
	case ns < 1e6:
		return fmt.Sprintf("%.3g µs", ns/1e3)
	default:
		return fmt.Sprintf("%.3g ms", ns/1e6)
	}
}

// title is the sentence of a workload, or the row itself.
func title(row string) string {
	if name, ok := strings.CutPrefix(row, "workload="); ok {
		for _, workload := range slices.Concat(systems.Workloads(), systems.Loaded()) {
			if workload.Name == name {
				return workload.Title
			}
		}
	}
	if row == "" {
		return "one request"
	}
	return row
}
