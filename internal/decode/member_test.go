package decode_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/decode"
	engine "github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/shape"
)

type (
	order struct {
		ID     string            `json:"id"`
		Paid   bool              `json:"paid"`
		Items  []item            `json:"items"`
		Labels map[string]string `json:"labels"`
	}
	item struct {
		SKU      string   `json:"sku"`
		Name     string   `json:"name"`
		Quantity int      `json:"quantity"`
		Price    float64  `json:"price"`
		Gift     bool     `json:"gift"`
		Tags     []string `json:"tags"`
	}
)

// A load is a body, and how many allocations it may take to read it.
type load struct {
	name   string
	typ    reflect.Type
	body   string
	budget float64
}

func loads() []load {
	orders := func(n int) string {
		items := make([]string, n)
		for i := range items {
			items[i] = fmt.Sprintf(`{"sku":"TN-%05d","name":"Mortise gauge no. %d","quantity":%d,"price":%d.99,"gift":%t,"tags":["wood","t%d"]}`, i, i, 1+i%9, i, i%3 == 0, i%50)
		}
		return `{"id":"A-1","paid":true,"items":[` + strings.Join(items, ",") + `],"labels":{"channel":"web","region":"north","gate":"b"}}`
	}
	fields, members := make([]reflect.StructField, 100), make([]string, 100)
	for i := range fields {
		tag := fmt.Sprintf(`json:"member_%03d"`, i)
		fields[i] = reflect.StructField{Name: fmt.Sprintf("Member%d", i), Type: reflect.TypeFor[int](), Tag: reflect.StructTag(tag)}
		members[i] = fmt.Sprintf(`"member_%03d":%d`, i, i*1009)
	}
	whole, some := reflect.TypeFor[order](), reflect.TypeFor[struct {
		Items []struct {
			SKU string `json:"sku"`
		} `json:"items"`
	}]()
	return []load{
		{"order of 2", whole, orders(2), 5},
		{"order of 61", whole, orders(61), 9},
		{"order of 61, spaced", whole, strings.NewReplacer(":", ": ", ",", ", ").Replace(orders(61)), 11},
		{"little of an order", some, orders(61), 3},
		{"100 members", reflect.StructOf(fields), "{" + strings.Join(members, ",") + "}", 0},
		{"long strings", reflect.TypeFor[[]string](), `["` + strings.Repeat(strings.Repeat("x", 2000)+`","`, 9) + `"]`, 11},
		{"short strings", reflect.TypeFor[[]string](), `["` + strings.Repeat(`short","`, 99) + `"]`, 4},
		{"numbers", reflect.TypeFor[[]float64](), `[` + strings.Repeat(`-12.25,`, 99) + `0]`, 2},
		{"points", reflect.TypeFor[[][2]float64](), `[` + strings.Repeat(`[1.5,-2e3],`, 99) + `[0,1]]`, 2},
		{"many labels", reflect.TypeFor[map[string]string](), `{` + labels(100) + `"z":""}`, 7},
		{"pairs", reflect.TypeFor[[50][2]float64](), `[` + strings.Repeat(`[1.5,-2e3],`, 49) + `[0,1]]`, 0},
	}
}

func labels(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"name %d":"value %d",`, i, i)
	}
	return b.String()
}

func (l load) run(tb testing.TB) func() {
	tb.Helper()
	plan, faults := decode.Compile(shape.SiteOf(l.typ), decode.Options{})
	require.Empty(tb, faults)
	body, v, dst := []byte(l.body + strings.Repeat("\x00", 16))[:len(l.body)], &verdict{}, reflect.New(l.typ).Elem()
	return func() {
		dst.SetZero()
		if err := plan.Read(body, dst, v); err != nil {
			tb.Fatal(err)
		}
	}
}

// Reading allocates what is stored, in few pieces.
func TestRead_allocations(t *testing.T) {
	for _, l := range loads() {
		t.Run(l.name, func(t *testing.T) {
			run := l.run(t)
			run()
			kittest.Allocs(t, l.budget, run)
		})
	}
}

// The ways to read what is common pay here, all of them: members without their nodes, short
// lists in their slab, copies of parts, small maps.
func BenchmarkRead(b *testing.B) {
	for _, l := range loads() {
		b.Run(strings.ReplaceAll(l.name, " ", "-"), func(b *testing.B) {
			run := l.run(b)
			b.ReportAllocs()
			b.SetBytes(int64(len(l.body)))
			for b.Loop() {
				run()
			}
		})
	}
}

// Lists share their memory with nothing: not with each other, the body, or what is read next.
func TestRead_sharesNothing(t *testing.T) {
	t.Parallel()
	type in struct {
		Texts  [][]string        `json:"texts"`
		Floats [][]float64       `json:"floats"`
		Labels map[string]string `json:"labels"`
	}
	into := targetOf[in](false)
	for _, plan := range []*decode.Plan{into.reader, into.engine} {
		reader := plan.Into(into.place)
		read := func(body string) in {
			into.place.SetZero()
			data := []byte(body)
			require.NoError(t, reader.Read(data, &verdict{}))
			clear(data[:cap(data)])
			got, _ := reflect.TypeAssert[in](into.place)
			return got
		}
		first := read(`{"texts":[["a","\u0062"],["c"],[]],"floats":[[1,2],[3]],"labels":{"d":"e"}}`)
		_ = append(first.Texts[0], "x")
		_ = append(first.Floats[0], 9)
		second := read(`{"texts":[["f","g"],["h"]],"floats":[[4,5],[6]],"labels":{"i":"j"}}`)
		second.Texts[0][0], second.Floats[0][0], second.Labels["k"] = "y", 8, "z"
		want := in{[][]string{{"a", "b"}, {"c"}, {}}, [][]float64{{1, 2}, {3}}, map[string]string{"d": "e"}}
		require.Equal(t, want, first)
	}
}

// An appender is a type whose methods append to the text that they are given, as a method
// that completes its text does.
type appender struct{ text string }

const appended = `","last":"of an appender","of":1}`

func (a *appender) UnmarshalText(text []byte) error {
	a.text = string(text)
	_ = append(text, appended...)
	return nil
}

// A rawAppender is an appender with UnmarshalJSON.
type rawAppender struct{ text string }

func (a *rawAppender) UnmarshalJSON(text []byte) error {
	a.text = string(text)
	_ = append(text, appended...)
	return nil
}

// A nestedAppender has the engine read an appender.
type nestedAppender struct{ appender }

func (a *nestedAppender) UnmarshalJSONFrom(dec *engine.Decoder) error {
	return engine.DecodeFrom(dec, &a.appender)
}

// What a method appends to its text is in no other member, nor in the name of one.
func TestRead_methodAppends(t *testing.T) {
	t.Parallel()
	type in struct {
		Text   appender         `json:"text"`
		Names  map[appender]int `json:"names"`
		Raw    rawAppender      `json:"raw"`
		Nested nestedAppender   `json:"nested"`
		Last   string           `json:"last"`
	}
	of := targetOf[in](false)
	want := in{appender{"a"}, map[appender]int{{"b"}: 1}, rawAppender{`{"c":[]}`}, nestedAppender{appender{"d"}}, "e"}
	const members = `"text":"a","names":{"b":1},"raw":{"c":[]},"nested":"d"`
	for _, body := range []string{`{` + members + `,"last":"e"}`, `{"last":"e",` + members + `}`} {
		got := of.agree(t, body)
		require.Empty(t, got.wrong)
		require.Equal(t, want, got.value)
	}
	for _, member := range strings.SplitAfter(members, ",") {
		of.agree(t, `{`+strings.TrimSuffix(member, ",")+`}`)
	}
}
