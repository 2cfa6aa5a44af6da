package peers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/bytedance/sonic"
	jsonv2 "github.com/go-json-experiment/json"
	goccy "github.com/goccy/go-json"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// order is what comes in and goes out: a list of small fields, and a map.
type order struct {
	ID       string            `json:"id"`
	Customer int64             `json:"customer"`
	Paid     bool              `json:"paid"`
	Total    float64           `json:"total"`
	Items    []orderItem       `json:"items"`
	Labels   map[string]string `json:"labels"`
}

type orderItem struct {
	SKU      string   `json:"sku"`
	Name     string   `json:"name"`
	Quantity int      `json:"quantity"`
	Price    float64  `json:"price"`
	Gift     bool     `json:"gift"`
	Tags     []string `json:"tags"`
	Note     string   `json:"note,omitempty"`
}

func orderOf(n, seed int) *order {
	o := new(order)
	if err := json.Unmarshal([]byte(kittest.OrderJSON(n, seed)), o); err != nil {
		panic(err)
	}
	return o
}

// skus is an order to somebody who wants to know little of it.
type skus struct {
	ID    string `json:"id"`
	Items []sku  `json:"items"`
}

type sku struct {
	SKU string `json:"sku"`
}

type texts struct {
	Texts []string `json:"texts"`
}

// textsOf returns 24 texts of about 1 KB. One of three has a few letters that are not
// ASCII, one of six has no others.
func textsOf(seed int) texts {
	var x texts
	for i := range 24 {
		line := fmt.Sprintf("Mark it %d, saw it %d, fit it. ", i, seed)
		switch i % 6 {
		case 0, 3:
			line = fmt.Sprintf("Die Zapfenlöcher sind %d mm breit, nicht größer als %d. ", i, seed)
		case 1:
			line = fmt.Sprintf("ほぞとほぞ穴%d。", seed)
		}
		x.Texts = append(x.Texts, strings.Repeat(line, 1+1000/len(line)))
	}
	return x
}

type numbers struct {
	Places [][2]float64 `json:"places"`
	Prices []float64    `json:"prices"`
	Counts []int64      `json:"counts"`
}

// numbersOf returns places with six and seven decimals, prices, and integers of up to
// twelve digits.
func numbersOf(seed int) numbers {
	var x numbers
	for i := range 225 {
		k := int64(i+1000*seed) * 2_654_435_761 % 1_000_000_000_000
		x.Places = append(x.Places, [2]float64{float64(k%180_000_000) / 1e6, -float64(k%1_800_000_000) / 1e7})
		x.Prices = append(x.Prices, float64(k%99_999)/100)
		x.Counts = append(x.Counts, k, k%1000)
	}
	return x
}

// wide is a struct type of n ints.
func wide(n int) reflect.Type {
	fields := make([]reflect.StructField, n)
	for i := range fields {
		tag := fmt.Sprintf(`json:"member_%03d"`, i)
		fields[i] = reflect.StructField{Name: fmt.Sprintf("Member%d", i), Type: reflect.TypeFor[int](), Tag: reflect.StructTag(tag)}
	}
	return reflect.StructOf(fields)
}

// wideOf returns a value of the type with a number for each member.
func wideOf(t reflect.Type, seed int) any {
	v := reflect.New(t)
	for i := range t.NumField() {
		v.Elem().Field(i).SetInt(int64(i*1009 + seed))
	}
	return v.Interface()
}

// A codec is a rival as its documentation shows it.
type codec struct {
	name      string
	marshal   func(v any) ([]byte, error)
	unmarshal func(data []byte, v any) error
}

// codecs returns those that the toolchain allows. On one that sonic does not know, it
// is encoding/json by another name.
func codecs(tb testing.TB) []codec {
	tb.Helper()
	list := []codec{
		{"encoding-json", json.Marshal, json.Unmarshal},
		{"json-v2", func(v any) ([]byte, error) { return jsonv2.Marshal(v) }, func(data []byte, v any) error { return jsonv2.Unmarshal(data, v) }},
		{"goccy", goccy.Marshal, goccy.Unmarshal},
	}
	if sonic.APIKind == sonic.UseStdJSON {
		tb.Log("sonic does not support this toolchain, and is left out")
		return list
	}
	return append(list,
		codec{"sonic-std", sonic.ConfigStd.Marshal, sonic.ConfigStd.Unmarshal},
		codec{"sonic", sonic.Marshal, sonic.Unmarshal})
}

// A jsonRow is one document, in a few variants, and what tenon must reach: its time as
// a multiple of a rival's.
type jsonRow struct {
	name    string
	targets map[string]float64
	values  []any        // pointers
	into    reflect.Type // what it is read into; nil for what is written
	bind    func(r *http.Request) (reflect.Value, error)
}

func jsonRows() []jsonRow {
	var rows []jsonRow
	row := func(name string, variants int, of func(seed int) any, targets map[string]float64) *jsonRow {
		r := jsonRow{name: name, targets: targets}
		for seed := range variants {
			r.values = append(r.values, of(seed+1))
		}
		rows = append(rows, r)
		return &rows[len(rows)-1]
	}
	orders := func(n int) func(seed int) any {
		return func(seed int) any { return orderOf(n, seed) }
	}
	reads[order](row("in=400B", 64, orders(2), map[string]float64{"goccy": 0.85}))
	reads[order](row("in=10KB", 8, orders(61), map[string]float64{"goccy": 0.65, "sonic-std": 0.65}))
	reads[order](row("in=1MB", 1, orders(6200), map[string]float64{"goccy": 0.75}))
	for _, n := range []int{100, 1000} {
		t := wide(n)
		r := row(fmt.Sprintf("in=%d-members", n), 8, func(seed int) any { return wideOf(t, seed) }, map[string]float64{"goccy": 0.90})
		r.into, r.bind = t, bind.ForType(t).Bind
	}
	reads[texts](row("in=long-strings", 4, func(seed int) any { return new(textsOf(seed)) }, map[string]float64{"sonic-std": 1.25}))
	reads[numbers](row("in=numbers-11KB", 4, func(seed int) any { return new(numbersOf(seed)) }, map[string]float64{"sonic-std": 0.90}))
	reads[skus](row("in=unknown-members", 8, orders(61), map[string]float64{"sonic-std": 0.75}))
	row("out=400B", 64, orders(2), map[string]float64{"goccy": 1.1})
	row("out=10KB", 8, orders(61), map[string]float64{"goccy": 1.0})
	row("out=1MB", 1, orders(6200), map[string]float64{"goccy": 0.9})
	return rows
}

// reads makes r a row whose documents are read into a T.
func reads[T any](r *jsonRow) {
	binder := bind.For[T]()
	r.into, r.bind = reflect.TypeFor[T](), func(r *http.Request) (reflect.Value, error) {
		v, err := binder.Bind(r)
		return reflect.ValueOf(&v).Elem(), err
	}
}

// sides returns what is measured: tenon first, then the rivals.
func (row *jsonRow) sides(tb testing.TB) []side {
	tb.Helper()
	if row.into == nil {
		sides := []side{row.answers(new(kittest.Sink))}
		for _, c := range codecs(tb) {
			sides = append(sides, side{c.name, func(i int) (reflect.Value, error) {
				_, err := c.marshal(row.values[i%len(row.values)])
				return reflect.Value{}, err
			}})
		}
		return sides
	}
	bodies := make([][]byte, len(row.values))
	for i, v := range row.values {
		var err error
		bodies[i], err = json.Marshal(v)
		require.NoError(tb, err)
	}
	sides := []side{row.binds(bodies)}
	for _, c := range codecs(tb) {
		sides = append(sides, side{c.name, func(i int) (reflect.Value, error) {
			v := reflect.New(row.into)
			return v.Elem(), c.unmarshal(bodies[i%len(bodies)], v.Interface())
		}})
	}
	return sides
}

// binds is the whole of Bind, for a request with a body.
func (row *jsonRow) binds(bodies [][]byte) side {
	r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
	r.Header.Set("Content-Type", "application/json")
	var body bytes.Reader
	content := io.NopCloser(&body)
	return side{"tenon", func(i int) (reflect.Value, error) {
		body.Reset(bodies[i%len(bodies)])
		r.Body, r.ContentLength = content, body.Size()
		return row.bind(r)
	}}
}

// answers is the whole answer, with its header.
func (row *jsonRow) answers(w *kittest.Sink) side {
	writer := respond.For[*order]()
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	return side{"tenon", func(i int) (reflect.Value, error) {
		w.Reset()
		v, _ := row.values[i%len(row.values)].(*order)
		return reflect.Value{}, writer.Write(w, r, v)
	}}
}

// TestJSON_alike holds that all sides read and write the same values.
func TestJSON_alike(t *testing.T) {
	for _, row := range jsonRows() {
		t.Run(row.name, func(t *testing.T) {
			if row.into == nil {
				row.sameAnswers(t)
				return
			}
			for _, s := range row.sides(t) {
				for i, want := range row.values {
					got, err := s.run(i)
					require.NoError(t, err, s.name)
					if row.into == reflect.TypeFor[skus]() {
						want = skusOf(want)
					}
					require.True(t, reflect.DeepEqual(reflect.ValueOf(want).Elem().Interface(), got.Interface()), s.name)
				}
			}
		})
	}
}

func skusOf(v any) *skus {
	o, _ := v.(*order)
	x := skus{ID: o.ID, Items: make([]sku, len(o.Items))}
	for i := range o.Items {
		x.Items[i].SKU = o.Items[i].SKU
	}
	return &x
}

func (row *jsonRow) sameAnswers(t *testing.T) {
	t.Helper()
	writer := respond.For[*order]()
	for _, v := range row.values {
		want, ok := v.(*order)
		require.True(t, ok)
		w := httptest.NewRecorder()
		require.NoError(t, writer.Write(w, httptest.NewRequest(http.MethodGet, "/", nil), want))
		answers := map[string][]byte{"tenon": w.Body.Bytes()}
		for _, c := range codecs(t) {
			var err error
			answers[c.name], err = c.marshal(v)
			require.NoError(t, err, c.name)
		}
		for name, text := range answers {
			var got order
			require.NoError(t, json.Unmarshal(text, &got), name)
			require.True(t, reflect.DeepEqual(*want, got), name)
			require.Len(t, text, w.Body.Len(), name) // of one length, whatever the order of the labels
		}
	}
}
