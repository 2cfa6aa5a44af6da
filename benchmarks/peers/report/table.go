package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/benchmarks/peers/systems"
)

// baseline is who the others are a multiple of.
const baseline = "tenon"

// tables writes one table for each benchmark that measured tenon.
func (r *results) tables() string {
	var b strings.Builder
	b.WriteString("\nIn each cell: time as a multiple of tenon's · allocations. Beside tenon's 1 stands its time; bold is faster than tenon.\n")
	for _, table := range r.groups() {
		rows, columns := r.shape(table)
		fmt.Fprintf(&b, "\n### %s\n\n`go test -run=NONE -bench='%s$' %s\n\n| |", table.group, table.group, command(table.dir))
		for _, column := range columns {
			fmt.Fprintf(&b, " %s |", column)
		}
		b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
		for _, row := range rows {
			fmt.Fprintf(&b, "| %s |", title(row))
			for _, column := range columns {
				fmt.Fprintf(&b, " %s |", r.cell(key{table.dir, table.group, row, column}))
			}
			b.WriteByte('\n')
		}
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

// cell bolds what is faster than tenon, beyond the noise of a rounded figure.
func (r *results) cell(k key) string {
	system := k.system
	f := r.by[k]
	k.system = baseline
	base := r.by[k]
	if f == nil || len(f.ns) == 0 {
		return "–"
	}
	text := duration(f.median())
	if base != nil && system != baseline {
		text = fmt.Sprintf("%.2f", f.median()/base.median())
		if f.median() < 0.995*base.median() {
			text = "**" + text + "**"
		}
	} else if system == baseline {
		text = "1 (" + text + ")"
	}
	if f.allocs >= 0 {
		text += fmt.Sprintf(" · %.0f", f.allocs)
	}
	return text
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
	name := strings.TrimPrefix(row, "workload=")
	for _, workload := range systems.Workloads() {
		if workload.Name == name && name != row {
			return workload.Title
		}
	}
	if row == "" {
		return "one request"
	}
	return row
}
