package encode_test

import (
	"bytes"
	"reflect"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/kittest"
)

// account is the five-field struct of the budgets and benchmarks.
type account struct {
	ID     int64   `json:"id"`
	Name   string  `json:"name"`
	Email  string  `json:"email"`
	Active bool    `json:"active"`
	Score  float64 `json:"score"`
}

const accountText = `{"id":7,"name":"Ada","email":"ada@example.com","active":true,"score":9.5}`

func TestCodec_Encode_appends(t *testing.T) {
	t.Parallel()
	codec := encode.For(reflect.TypeFor[any]())
	buf := bytes.NewBufferString("before ")
	require.NoError(t, codec.Encode(buf, new(any("first"))))
	assert.Equal(t, `before "first"`, buf.String(), "no newline")

	large := make([]any, 10_000, 10_001)
	for i := range large {
		large[i] = "an element"
	}
	var v any = append(large, make(chan int))
	require.Error(t, codec.Encode(buf, &v))
	assert.Equal(t, `before "first"`, buf.String(), "an error leaves the buffer as it was")
	require.NoError(t, codec.Encode(buf, new(any(2))))
	assert.Equal(t, `before "first"2`, buf.String())
}

func TestCodec_concurrent(t *testing.T) {
	t.Parallel()
	type page struct {
		Items []any
		Total json.Number
	}
	codec := encode.For(reflect.TypeFor[page]())
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				var got page
				var buf bytes.Buffer
				assert.NoError(t, codec.Encode(&buf, &page{[]any{json.Number("1"), "a"}, "2"}))
				assert.NoError(t, codec.Decode(buf.Bytes(), &got))
				assert.Equal(t, page{[]any{1.0, "a"}, "2"}, got)
			}
		})
	}
	group.Wait()
}

func TestFor_recursiveType(t *testing.T) {
	t.Parallel()
	type node struct {
		Next  *node                  `json:"next,omitempty"`
		Named map[string][]*node     `json:"named,omitempty"`
		Sum   map[json.Number][1]any `json:"sum"`
	}
	var buf bytes.Buffer
	v := node{Next: &node{Sum: map[json.Number][1]any{"1": {json.Number("2")}}}}
	require.NoError(t, encode.For(reflect.TypeFor[node]()).Encode(&buf, &v))
	assert.JSONEq(t, `{"next":{"sum":{"1":[2]}},"sum":{}}`, buf.String())
}

func TestAppendQuote(t *testing.T) {
	t.Parallel()
	got, err := json.AppendQuote([]byte("x:"), "<\"\n\u2028>")
	require.NoError(t, err)
	assert.Equal(t, `x:"<\"\n`+"\u2028"+`>"`, string(got))
	_, err = json.AppendQuote(nil, "a\xff")
	require.Error(t, err)
}

func TestAppendUnquote(t *testing.T) {
	t.Parallel()
	got, err := json.AppendUnquote([]byte("x:"), []byte(`"\u003c\"\ud83d\ude00"`))
	require.NoError(t, err)
	assert.Equal(t, "x:<\"\U0001F600", string(got))
	for _, text := range []string{"", `a`, `"a`, `1`, "\"\xff\"", `"\ud800"`, `"a" `, `"\x"`} {
		_, err = json.AppendUnquote(nil, []byte(text))
		require.Error(t, err, "%q", text)
	}
}

func TestCodec_allocations(t *testing.T) {
	static, dynamic := encode.For(reflect.TypeFor[account]()), encode.For(reflect.TypeFor[any]())
	v := account{7, "Ada", "ada@example.com", true, 9.5}
	text := []byte(accountText)
	var buf bytes.Buffer
	for _, tc := range []struct {
		name   string
		budget float64
		run    func() error
	}{
		{"encode", 0, func() error { buf.Reset(); return static.Encode(&buf, &v) }},
		{"encode with the options of any", 0, func() error { buf.Reset(); return dynamic.Encode(&buf, &v) }},
		{"decode", 2, func() error { return static.Decode(text, &v) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			require.NoError(t, tc.run())
			kittest.Allocs(t, tc.budget, func() { _ = tc.run() })
		})
	}
}

// BenchmarkCodec shows what the bridge for [json.Number] costs a type that
// holds none: For leaves it out of the codec of account, and cannot leave it
// out of the codec of any. On Go 1.27 there is no bridge and no difference.
func BenchmarkCodec(b *testing.B) {
	v := account{7, "Ada", "ada@example.com", true, 9.5}
	text := []byte(accountText)
	for _, tc := range []struct {
		bridge string
		codec  encode.Codec
	}{
		{"bridge=off", encode.For(reflect.TypeFor[account]())},
		{"bridge=on", encode.For(reflect.TypeFor[any]())},
	} {
		b.Run("op=encode/"+tc.bridge, func(b *testing.B) {
			var buf bytes.Buffer
			b.ReportAllocs()
			for b.Loop() {
				buf.Reset()
				if err := tc.codec.Encode(&buf, &v); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("op=decode/"+tc.bridge, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := tc.codec.Decode(text, &v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestMarshal(t *testing.T) {
	t.Parallel()
	v := struct{ N any }{json.Number("1.0")}
	text, err := encode.Marshal(&v)
	require.NoError(t, err)
	assert.Equal(t, `{"N":1.0}`, string(text))
	text, err = encode.Marshal(new("a\xff"))
	require.Error(t, err)
	assert.Nil(t, text)
}

func TestUnmarshal(t *testing.T) {
	t.Parallel()
	var v struct{ N json.Number }
	require.NoError(t, encode.Unmarshal([]byte(`{"N":1.0}`), &v))
	assert.Equal(t, json.Number("1.0"), v.N)
	require.Error(t, encode.Unmarshal([]byte(`{"N":1,"N":2}`), &v))
}

func TestDynamic(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	require.NoError(t, encode.Dynamic().Encode(&buf, &[]json.Number{"1.0"}))
	assert.Equal(t, `[1.0]`, buf.String())
}
