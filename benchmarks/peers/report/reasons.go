package main

// A reason says why something is faster than tenon, under the table where it is. It is
// left out where nothing is.
type reason struct {
	table string // the directory and the benchmark
	rows  string // how the rows begin
	text  string
}

func reasons() []reason {
	return []reason{
		{".. BindJSON", "", "engine is the reader of tokens and values that tenon's own reader is tested against; it checks no rules."},
	}
}
