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
	for _, group := range r.groups() {
		rows, columns := r.shape(group)
		fmt.Fprintf(&b, "\n### %s\n\nTime as a multiple of tenon's · allocations. Tenon's own time stands beside its 1.\n\n| |", group)
		for _, column := range columns {
			fmt.Fprintf(&b, " %s |", column)
		}
		b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
		for _, row := range rows {
			fmt.Fprintf(&b, "| %s |", title(row))
			for _, column := range columns {
				fmt.Fprintf(&b, " %s |", r.cell(group, row, column))
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func (r *results) groups() []string {
	var groups []string
	for _, k := range r.order {
		if k.system == baseline && !slices.Contains(groups, k.group) {
			groups = append(groups, k.group)
		}
	}
	return groups
}

// shape returns the rows and columns of a group's table, tenon's column first.
func (r *results) shape(group string) (rows, columns []string) {
	columns = []string{baseline}
	for _, k := range r.order {
		if k.group != group {
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
func (r *results) cell(group, row, system string) string {
	f, base := r.by[key{group, row, system}], r.by[key{group, row, baseline}]
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
	return row
}
