package bind_test

import (
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

// Whatever the client sends, the memory that binding takes is bounded by a
// constant times its size.
func TestBind_memory(t *testing.T) {
	if kittest.RaceEnabled {
		t.Skip("the race detector allocates")
	}
	const size = 1 << 20
	type in struct {
		Text   string            `query:"text,optional"`
		Many   []string          `query:"many"`
		Split  []string          `query:"split,csv"`
		Few    []int             `query:"few,csv" maxItems:"3"`
		Deep   map[string]string `query:"deep,deep"`
		List   []string          `header:"X-List"`
		Cookie []string          `cookie:"c"`
	}
	b := bind.For[in](bind.Strict())
	fill := func(piece string) string { return strings.Repeat(piece, size/len(piece)) }
	for name, tc := range map[string]struct {
		query, header, cookie string
	}{
		"one value":           {query: "text=" + fill("x")},
		"escapes":             {query: "text=" + fill("%41")},
		"repeated":            {query: fill("many=&")},
		"escaped repetitions": {query: fill("text=%41&")},
		"commas":              {query: "split=" + fill(",")},
		"commas past the end": {query: "few=1,2,3,4" + fill(",5")},
		"escaped elements":    {query: "few=1,2,3,4" + fill(",%35")},
		"entries":             {query: fill("deep[a]=b&")},
		"unknown names":       {query: fill("x&")},
		"long unknown name":   {query: fill("x")},
		"brackets":            {query: fill("[")},
		"header list":         {header: fill("a,")},
		"header separators":   {header: fill(",")},
		"header quotes":       {header: fill(`"`)},
		"cookies":             {cookie: fill("c=;")},
		"cookie separators":   {cookie: fill(";")},
	} {
		t.Run(name, func(t *testing.T) {
			r := queryRequest(tc.query)
			r.Header = http.Header{"X-List": {tc.header}, "Cookie": {tc.cookie}}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _ = b.Bind(r)
			runtime.ReadMemStats(&after)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4*size))
		})
	}
}
