package header_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/kittest"
)

var codingCases = []struct {
	field  string // lines are separated by |
	coding string
	want   int
}{
	{"gzip", "gzip", 1000},
	{"gzip, br;q=0.5, zstd;q=0.25", "br", 500},
	{"gzip, br;q=0.5, zstd;q=0.25", "zstd", 250},
	{"gzip, br;q=0.5", "identity", -1},
	{"GZip;Q=0.1", "gzip", 100},
	{"gzip ; q=0.1\t", "gzip", 100},
	{"x-gzip", "gzip", 1000},
	{"X-GZIP;q=0", "gzip", 0},
	{"*", "br", 1000},
	{"*;q=0.3, gzip;q=0", "gzip", 0},
	{"*;q=0.3, gzip;q=0", "identity", 300},
	{"identity;q=0", "identity", 0},
	{"gzip;q=0.2,gzip;q=0.8", "gzip", 800},
	{"gzip;q=0.2|br", "br", 1000},
	{"", "gzip", -1},
	{",, ,gzip,", "gzip", 1000},
	{"gzip;q=2", "gzip", -1},
	{"gzip;q=", "gzip", -1},
	{"gzip;q", "gzip", -1},
	{"gzip;", "gzip", -1},
	{"gzip;level=9", "gzip", -1},
	{"gzip;q=1;x=y", "gzip", -1},
	{"g zip", "gzip", -1},
	{"gzipped, gzi", "gzip", -1},
}

func TestCodingWeight(t *testing.T) {
	t.Parallel()
	for _, tc := range codingCases {
		t.Run(tc.field+" for "+tc.coding, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tc.want, header.CodingWeight(strings.Split(tc.field, "|"), tc.coding))
		})
	}
	assert.Equal(t, -1, header.CodingWeight(nil, "gzip"))
}

func TestCodings(t *testing.T) {
	t.Parallel()
	var got []string
	for name, weight := range header.Codings([]string{"GZIP;q=0.2, *;q=0, b d", ",br;q=2", "zstd", "gzip"}) {
		got = append(got, fmt.Sprint(name, " ", weight))
		if name == "zstd" {
			break
		}
	}
	assert.Equal(t, []string{"GZIP 200", "* 0", "zstd 1000"}, got)
}

func TestCodingWeight_allocs(t *testing.T) {
	lines := []string{"gzip;q=0.5, deflate, br", "zstd;q=0.1, *;q=0"}
	kittest.Allocs(t, 0, func() {
		header.CodingWeight(lines, "zstd")
	})
}

func FuzzCodingWeight(f *testing.F) {
	for _, tc := range codingCases {
		f.Add(tc.field, tc.coding)
	}
	f.Fuzz(func(t *testing.T, field, coding string) {
		weight := header.CodingWeight([]string{field}, coding)
		assert.GreaterOrEqual(t, weight, -1)
		assert.LessOrEqual(t, weight, 1000)
		assert.Equal(t, weight, header.CodingWeight(strings.Split(field, ","), coding), "a list in one line or in many")
	})
}
