package main

import (
	"bytes"
	"fmt"
	"html"
)

const (
	barHeight, barGap, labelWidth, plotWidth = 16, 4, 170, 430
	// longest is the multiple at which a bar ends; a longer one is cut.
	longest = 5.0
)

// chart draws a table as bars: time as a multiple of tenon's.
func (r *results) chart(table key, label string) []byte {
	rows, columns := r.shape(table)
	var body bytes.Buffer
	y := 24
	for _, row := range rows {
		base := r.by[key{table.dir, table.group, row, baseline}]
		if base == nil {
			continue
		}
		fmt.Fprintf(&body, `<text class="t" x="0" y="%d">%s</text>`+"\n", y, html.EscapeString(title(row)))
		y += 8
		for _, column := range columns {
			f := r.by[key{table.dir, table.group, row, column}]
			if f == nil {
				continue
			}
			bar(&body, y, column, f.over(base))
			y += barHeight + barGap
		}
		y += 26
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" role="img" aria-label="%s">
<style>
text { font: 12px system-ui, sans-serif; fill: #24292f; }
.t { font-weight: 600; }
rect { fill: #8c959f; }
.own { fill: #0969da; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } rect { fill: #6e7681; } .own { fill: #4493f8; } }
</style>
`, labelWidth+plotWidth+60, y, labelWidth+plotWidth+60, html.EscapeString(label))
	out.Write(body.Bytes())
	out.WriteString("</svg>\n")
	return out.Bytes()
}

func bar(out *bytes.Buffer, y int, name string, ratio float64) {
	class, mark := "", ""
	if name == baseline {
		class = ` class="own"`
	}
	length := ratio
	if ratio > longest {
		length, mark = longest, "→ "
	}
	width := length / longest * plotWidth
	fmt.Fprintf(out, `<text x="%d" y="%d" text-anchor="end">%s</text><rect%s x="%d" y="%d" width="%.1f" height="%d"/><text x="%.1f" y="%d">%s%.2f</text>`+"\n",
		labelWidth-8, y+barHeight-4, html.EscapeString(name), class, labelWidth, y, width, barHeight, labelWidth+width+6, y+barHeight-4, mark, ratio)
}
