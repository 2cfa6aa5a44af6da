package bind_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

// Whatever the client sends, the memory that binding takes is bounded by a
// constant times its size.
func TestBind_memory(t *testing.T) {
	kittest.Measures(t)
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
			assert.Less(t, kittest.TotalAlloc(func() { _, _ = b.Bind(r) }), uint64(4*size))
		})
	}
}

// A Content-Length that lies costs a constant times what has arrived, however
// large it is.
func TestBody_claimsMore(t *testing.T) {
	kittest.Measures(t)
	const claim = 512 << 20
	for _, arrived := range []int{1, 1000, 16 << 10, 16<<10 + 1, 100_000, 128 << 10, 128<<10 + 1, 1 << 20} {
		body := `"` + strings.Repeat("x", max(0, arrived-1))
		for name, in := range map[string]func(r *http.Request) error{
			"json":  bindsTo[string](bind.MaxBody(claim)),
			"bytes": bindsTo[bytesIn](bind.MaxBody(claim)),
		} {
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.Header.Set("Content-Type", "application/json")
			r.Body, r.ContentLength = kittest.BrokenReader(body, io.ErrUnexpectedEOF), claim
			var err error
			used := kittest.TotalAlloc(func() { err = in(r) })
			require.Error(t, err)
			assert.Less(t, used, uint64(64<<10+12*arrived), "%s, %d bytes", name, arrived)
		}
	}
}

// The room for the items of an array is guessed from the bytes that are left,
// which must not multiply where arrays are inside arrays.
func TestJSONList_room(t *testing.T) {
	kittest.Measures(t)
	type point struct {
		X, Y, Z, Time int64 `json:",omitzero"`
	}
	const size = 1 << 20
	for name, tc := range map[string]struct {
		bind func(r *http.Request) error
		body string
	}{
		"flat":           {bindsTo[[]point](), "[" + strings.Repeat("{},", size/3-1) + "{}]"},
		"lists of two":   {bindsTo[[][]point](), "[" + strings.Repeat("[{},{}],", size/8-1) + "[]]"},
		"lists of five":  {bindsTo[[][]point](), "[" + strings.Repeat("[{},{},{},{},{}],", size/17-1) + "[]]"},
		"small then big": {bindsTo[[]string](), `["","","","","` + strings.Repeat("x", size-20) + `"]`},
		"nested":         {bindsTo[nestedList](bind.MaxBody(2 * size)), "[" + strings.Repeat(strings.Repeat("[", 500)+strings.Repeat("]", 500)+",", size/1001) + "[]]"},
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			used := kittest.TotalAlloc(func() { err = tc.bind(jsonRequest(tc.body)) })
			require.NoError(t, err)
			assert.Less(t, used, uint64(40*size))
		})
	}
}

type nestedList []nestedList

// The working space that waits for the next request holds nothing of the last.
func TestBind_forgets(t *testing.T) {
	type in struct {
		Many []string `query:"many"`
		One  []string `query:"one"`
		List []string `header:"X-List"`
	}
	const size = 16 << 20
	b := bind.For[in]()
	use := func(query string) {
		r := queryRequest(query)
		r.Header.Set("X-List", "a")
		_, err := b.Bind(r)
		require.NoError(t, err)
	}
	held := func() uint64 {
		runtime.GC()
		return heap()
	}
	use("one=a")
	before := held()
	use("many=a&many=b&one=c&many=" + strings.Repeat("x", size))
	for range 3 {
		use("one=a") // keeps the working space out of the collector's hands
		assert.Less(t, kittest.Least(before+size/2-1, held), before+size/2)
	}
}
