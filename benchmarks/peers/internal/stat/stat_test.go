package stat_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/benchmarks/peers/internal/stat"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0},
		{[]float64{7}, 7},
		{[]float64{9, 1}, 5},
		{[]float64{9, 1, 2}, 2},
		{[]float64{4, 100, 1, 2}, 3},
	} {
		given := append([]float64(nil), c.values...)
		assert.InDelta(t, c.want, stat.Median(c.values), 0, "%v", c.values)
		assert.Equal(t, given, c.values, "the values keep their order")
	}
}

func TestLine(t *testing.T) {
	for _, c := range []struct {
		name          string
		x, y          []float64
		slope, height float64
	}{
		{"no points", nil, nil, 0, 0},
		{"one point", []float64{3}, []float64{5}, 0, 5},
		{"one x", []float64{3, 3}, []float64{4, 6}, 0, 5},
		{"a line", []float64{0, 1, 2, 3}, []float64{1, 3, 5, 7}, 2, 1},
		{"a line that falls, not in order", []float64{10, 0, 5}, []float64{-5, 5, 0}, -1, 5},
		{"noise about a flat line", []float64{0, 1, 2, 3}, []float64{1, -1, -1, 1}, 0, 0},
		{"noise about a line", []float64{1, 2, 3, 4}, []float64{6, 5, 7, 10}, 1.4, 3.5},
	} {
		t.Run(c.name, func(t *testing.T) {
			slope, height := stat.Line(c.x, c.y)
			assert.InDelta(t, c.slope, slope, 1e-12)
			assert.InDelta(t, c.height, height, 1e-12)
		})
	}
}
