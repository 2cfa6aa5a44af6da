// Package stat has the arithmetic of the figures.
package stat

import "slices"

// Median returns the middle of the values, or the mean of the two in the middle; NaN
// would be in the result if it were among them. Of no values it is 0.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2
	}
	return sorted[middle]
}

// Line returns the line through the points (x[i], y[i]) of which the squares of the
// vertical distances are least in sum: its slope, and its height at x = 0. The line
// of points that share one x is flat.
func Line(x, y []float64) (slope, height float64) {
	n := float64(len(x))
	if n == 0 {
		return 0, 0
	}
	var meanX, meanY float64
	for i := range x {
		meanX += x[i] / n
		meanY += y[i] / n
	}
	var along, square float64
	for i := range x {
		along += (x[i] - meanX) * (y[i] - meanY)
		square += (x[i] - meanX) * (x[i] - meanX)
	}
	if square == 0 {
		return 0, meanY
	}
	slope = along / square
	return slope, meanY - slope*meanX
}
