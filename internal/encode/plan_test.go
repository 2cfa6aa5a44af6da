package encode_test

import (
	"bytes"
	"encoding"
	"math"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
)

type (
	label   string
	written string // by MarshalText
	zeroing int    // with a zero of its own
	base    struct {
		ID   int `json:"id"`
		Note string
	}
	// shapes has a field of each kind that a plan knows, and some for the engine.
	shapes struct {
		base

		Text    string             `json:"text"`
		Label   label              `json:"läbel <&>"`
		Bool    bool               `json:"bool,omitempty"`
		Int     int8               `json:"int,omitzero"`
		Uint    uint64             `json:"uint,omitempty"`
		Float   float64            `json:"float"`
		Float32 float32            `json:"float32"`
		Wait    time.Duration      `json:"wait"`
		Time    time.Time          `json:"time,omitzero"`
		Bytes   []byte             `json:"bytes,omitempty"`
		Four    [4]byte            `json:"four"`
		Texts   []string           `json:"texts,omitempty"`
		Pair    [2]label           `json:"pair"`
		Pointer **string           `json:"pointer,omitempty"`
		Written written            `json:"written,omitempty"`
		Addr    *netip.Addr        `json:"addr,omitzero"`
		Zeroing zeroing            `json:"zeroing,omitzero"`
		Map     map[label]*float64 `json:"map,omitempty"`
		Empty   struct{}           `json:"empty"`
		Inside  []shapes           `json:"inside,omitzero"`
		Any     any                `json:"any,omitempty"`
		Number  json.Number        `json:"number"`
		Hidden  string             `json:"-"`
		Ints    []int              `json:"ints"`
		Longs   []int64            `json:"longs,omitempty"`
		Floats  []float64          `json:"floats"`
		Named   map[string]string  `json:"named"`
		Counts  map[string]int     `json:"counts,omitzero"`
		Prices  map[string]float64 `json:"prices"`
		Odd     map[int]string     `json:"odd,omitempty"`
	}
)

func (w written) MarshalText() ([]byte, error) { return []byte(w), nil }

func (z *zeroing) IsZero() bool { return *z == 7 }

func (z zeroed) IsZero() bool { return z == nil }

// likeEngine encodes *p by the plan of its type and by the engine alone.
func likeEngine(t *testing.T, p any) bool {
	t.Helper()
	var plan, engine bytes.Buffer
	plan.WriteString("before")
	got, want := encode.For(reflect.TypeOf(p).Elem()).Encode(&plan, p), encode.Dynamic().Encode(&engine, p)
	if want != nil {
		return assert.EqualError(t, got, want.Error()) && assert.Equal(t, "before", plan.String())
	}
	return assert.NoError(t, got) && assert.Equal(t, "before"+engine.String(), plan.String())
}

func newShapes(text string, f float64, n int64, u uint64, data []byte) shapes {
	p := &text
	v := shapes{
		base: base{int(n), text}, Text: text, Label: label(text), Bool: n > 0, Int: int8(n), Uint: u, Float: f, Float32: float32(f),
		Wait: time.Duration(n), Time: time.Unix(n, int64(u%1e9)).In(time.FixedZone("", int(n%100_000))), Bytes: data,
		Texts: strings.Split(text, ","), Pair: [2]label{label(text), "b"}, Pointer: &p, Written: written(text), Zeroing: zeroing(u),
		Map: map[label]*float64{label(text): &f, "a": nil, "é": &f}, Any: map[string]any{text: data}, Number: json.Number(text),
		Odd: map[int]string{int(n): text, 1: ""}, Ints: []int{0, int(n)}, Longs: []int64{n, -n}, Floats: []float64{f, float64(n) / 100, float64(u%1e15) / 1e9, -f},
		Named: map[string]string{text: "\n", "b": text}, Counts: map[string]int{text: int(n)}, Prices: map[string]float64{"p": float64(u%1e9) / 1e3, text: f},
	}
	copy(v.Four[:], data)
	if addr, ok := netip.AddrFromSlice(data); ok {
		v.Addr = &addr
	}
	return v
}

// FuzzPlan holds that a plan writes what the engine writes, and fails where the
// engine fails.
func FuzzPlan(f *testing.F) {
	for _, text := range []string{"", "a,b", "\"\\/<>&'\x7f", "\x00\x1f\n\t\r\b\f", "é\u2028\U0001F600", "a\xff", "\xed\xa0\x80", "12.50", "1e5", strings.Repeat("plain ", 20) + "\x01"} {
		f.Add(text, 1.5, int64(len(text)), uint64(7), []byte{127, 0, 0, 1})
	}
	for _, number := range []float64{0, math.Copysign(0, -1), 1e20, 1e21, 1e-6, 1e-7, 9.9e-7, 1e-10, 1.7976931348623157e308, 5e-324, 3.4e38} {
		f.Add("1", number, int64(number), uint64(1), []byte("0123456789abcdef"))
	}
	f.Fuzz(func(t *testing.T, text string, number float64, n int64, u uint64, data []byte) {
		v := newShapes(text, number, n, u, data)
		likeEngine(t, &v)
		v.Number, v.Any = "", nil
		v.Inside = []shapes{{Inside: []shapes{}}, v}
		likeEngine(t, &v)
		likeEngine(t, &v.Map)
		likeEngine(t, &v.Texts)
		likeEngine(t, &v.Written)
		likeEngine(t, &text)
		likeEngine(t, &number)
	})
}

type (
	shadow struct{ ID int }
	// The rest are structs that a plan leaves to the engine, or that are close.
	clashing struct {
		base
		shadow

		ID string
	}
	embedding struct {
		*base

		X int
	}
	tagged struct {
		base `json:"base"`
	}
	reading struct{ A int }
	nilZero struct {
		P *zeroing `json:"p,omitzero"`
	}
	ring   struct{ Next *ring }
	viaMap struct{ M map[string]viaMap }
	quoted struct {
		A int `json:"'a,b'"`
	}
	// The fields of an embedded struct are written where it stands.
	between struct {
		A int
		base
		Z     int
		After struct {
			stamped
		}
	}
	stamped struct {
		Seconds int `json:"s"`
	}
	// Of two methods with one name none is a method of the struct.
	ambiguous struct {
		time.Time
		pointerText //nolint:unused // its method counts
	}
	dashed struct {
		A int `json:"-,"` //nolint:staticcheck // odd on purpose
		B int `json:","`  //nolint:staticcheck // the same
		C int `json:"a b"`
		D int `json:"a.b/~c"`
		E int `json:"É"`
	}
	guarded struct {
		sync.Mutex
		A int
	}
	pointing *pointing
	nesting  []nesting
	mapping  map[string]mapping
	// A zeroed has a method on the value, and a nil one to call it on.
	zeroed   map[string]int
	zeroings struct {
		A zeroed             `json:",omitzero"`
		B zeroing            `json:",omitzero"`
		C [2]float64         `json:",omitzero"`
		D wrapped[time.Time] `json:",omitzero"`
		E map[string]zeroing `json:",omitzero"`
	}
	rest struct {
		A int
		R map[string]int `json:",embed"`
	}
	unsaid struct {
		T encoding.TextMarshaler
		E error
	}
)

func (*reading) UnmarshalJSON([]byte) error { return nil }

func TestPlan_likeEngine(t *testing.T) {
	t.Parallel()
	likeEngine(t, &clashing{base{1, "n"}, shadow{2}, "3"})
	likeEngine(t, &embedding{nil, 1})
	likeEngine(t, &embedding{&base{}, 1})
	likeEngine(t, &tagged{base{1, "n"}})
	likeEngine(t, &reading{1})
	likeEngine(t, &nilZero{})
	likeEngine(t, &nilZero{new(zeroing(7))})
	likeEngine(t, &quoted{1})
	likeEngine(t, &rest{1, map[string]int{"b": 2}})
	likeEngine(t, &rest{1, map[string]int{"A": 2}})
	likeEngine(t, &unsaid{T: written("\""), E: nil})
	likeEngine(t, &between{A: 1, base: base{2, "n"}, Z: 3})
	likeEngine(t, &ambiguous{})
	likeEngine(t, &dashed{1, 2, 3, 4, 5})
	likeEngine(t, &guarded{A: 1})
	likeEngine(t, new(pointing(new(pointing))))
	likeEngine(t, &nesting{{}, {{}, nil}})
	likeEngine(t, &mapping{"a": nil, "b": {"c": {}}})
	likeEngine(t, &zeroings{})
	likeEngine(t, &zeroings{zeroed{}, 7, [2]float64{0, math.Copysign(0, -1)}, wrapped[time.Time]{}, map[string]zeroing{}})
	likeEngine(t, &map[string]int{"\uFFFD": 1, "\U0001F600": 2, "\uE000": 3, "z": 4}) // in another order by UTF-16
	likeEngine(t, &map[string]int{"a\xff": 1, "a": 2})
	likeEngine(t, &map[string]pointerText{"a": {"b"}})
	likeEngine(t, &map[label][]written{"a": {"b", "é", "\xff"}})
	likeEngine(t, &[]float64{1, math.NaN()})
	likeEngine(t, &[]float32{float32(math.Inf(1))})
	likeEngine(t, &viaMap{map[string]viaMap{"a": {map[string]viaMap{"b": {}}}}})
	likeEngine(t, &[]any{1, []shapes{{}}})
	likeEngine(t, new(chan int))
	likeEngine(t, &struct{ F func() }{})
	for _, depth := range []int{1, 900, 1100, 11_000} {
		r := &ring{}
		for range depth {
			r = &ring{r}
		}
		likeEngine(t, r)
	}
	loop := &ring{}
	loop.Next = loop
	likeEngine(t, loop)
	var buf bytes.Buffer
	require.NoError(t, encode.For(reflect.TypeFor[ring]()).Encode(&buf, (*ring)(nil)))
	assert.Equal(t, "null", buf.String())
}

// A codec takes a value of another type, and grows the buffer it is given.
func TestPlan_buffer(t *testing.T) {
	t.Parallel()
	codec := encode.For(reflect.TypeFor[[]string]())
	var buf bytes.Buffer
	require.NoError(t, codec.Encode(&buf, new(5)))
	list := []string{strings.Repeat("x", 10_000), "y"}
	require.NoError(t, codec.Encode(&buf, &list))
	assert.Equal(t, `5["`+list[0]+`","y"]`, buf.String())
	assert.True(t, codec.IsPure())
	for _, t2 := range []reflect.Type{reflect.TypeFor[shapes](), reflect.TypeFor[*written](), reflect.TypeFor[any](), reflect.TypeFor[nilZero]()} {
		assert.False(t, encode.For(t2).IsPure(), "%v", t2)
	}
	assert.True(t, encode.For(reflect.TypeFor[struct {
		T time.Time `json:",omitzero"`
	}]()).IsPure())
}

// BenchmarkPlan has lists of one kind, by a plan and by the engine.
func BenchmarkPlan(b *testing.B) {
	benchPlan(b, "kind=struct", account{7, "Ada", "ada@example.com", true, 9.5})
	benchPlan(b, "kind=time", time.Unix(1e9, 0).UTC())
	benchPlan(b, "kind=map", map[string]int{"a": 1, "b": 2, "c": 3})
	benchPlan(b, "kind=any", any("a"))
	benchPlan(b, "kind=mixed", struct {
		A, B, C int
		D       any
	}{1, 2, 3, 4})
}

func benchPlan[T any](b *testing.B, name string, v T) {
	b.Helper()
	list := []T{v, v, v, v, v, v, v, v, v, v}
	for by, codec := range map[string]encode.Codec{"plan": encode.For(reflect.TypeFor[[]T]()), "engine": encode.Dynamic()} {
		b.Run(name+"/by="+by, func(b *testing.B) {
			var buf bytes.Buffer
			b.ReportAllocs()
			for b.Loop() {
				buf.Reset()
				if err := codec.Encode(&buf, &list); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
