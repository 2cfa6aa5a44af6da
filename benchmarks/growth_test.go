package benchmarks_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// sizes are the numbers of fields, parameters and items that growth is measured
// at.
func sizes() []int { return []int{1, 10, 100, 1000} }

// A dimension is what grows.
type dimension struct {
	name        string
	allocs      float64 // tenon's budget for each
	bytes       float64
	tenon, hand func(n int) http.Handler
	request     func(n int) (r *http.Request, renew func())
}

func post(body string) (r *http.Request, renew func()) {
	c := workload{method: http.MethodPost, target: "/", header: map[string]string{"Content-Type": "application/json"}, body: body}
	return c.again()
}

func fixed(f http.HandlerFunc) func(int) http.Handler { return func(int) http.Handler { return f } }

// wide returns a struct type of n ints, with a tag for each.
func wide(n int, tag string) reflect.Type {
	fields := make([]reflect.StructField, n)
	for i := range fields {
		fields[i] = reflect.StructField{
			Name: "F" + strconv.Itoa(i), Type: reflect.TypeFor[int](), Tag: reflect.StructTag(fmt.Sprintf("%s:\"f%d\"", tag, i)),
		}
	}
	return reflect.StructOf(fields)
}

func joined(n int, between string, one func(i int) string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = one(i)
	}
	return strings.Join(list, between)
}

// boundTo binds to a type that is made at run time.
func boundTo(t reflect.Type) http.Handler {
	binder := bind.ForType(t)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := binder.Bind(r); err != nil {
			respond.Error(w, r, err)
		}
	})
}

func dimensions() []dimension {
	type many struct {
		IDs []int `query:"id"`
	}
	parameter := func(i int) string { return fmt.Sprintf("f%d=%d", i, i) }
	return []dimension{
		{"query-fields", 0, 9, func(n int) http.Handler { return boundTo(wide(n, "query")) }, func(n int) http.Handler {
			return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				query, fields := r.URL.Query(), make([]int, n)
				for i := range fields {
					fields[i], _ = strconv.Atoi(query.Get("f" + strconv.Itoa(i)))
				}
			})
		}, func(n int) (*http.Request, func()) { return get("/?" + joined(n, "&", parameter)), func() {} }},

		{"json-fields", 0.01, 20, func(n int) http.Handler { return boundTo(wide(n, "json")) }, func(n int) http.Handler {
			t := wide(n, "json")
			return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_ = json.NewDecoder(r.Body).Decode(reflect.New(t).Interface())
			})
		}, func(n int) (*http.Request, func()) {
			return post("{" + joined(n, ",", func(i int) string { return fmt.Sprintf("\"f%d\":%d", i, i) }) + "}")
		}},

		{
			"items-in", 0.03, 160, fixed(tenon.Handle(func(context.Context, many) (tenon.None, error) { return tenon.None{}, nil }).ServeHTTP),
			fixed(func(_ http.ResponseWriter, r *http.Request) {
				texts := r.URL.Query()["id"]
				list := make([]int, len(texts))
				for i := range list {
					list[i], _ = strconv.Atoi(texts[i])
				}
			}), func(n int) (*http.Request, func()) {
				return get("/?" + joined(n, "&", func(i int) string { return "id=" + strconv.Itoa(i) })), func() {}
			},
		},

		{"json-items-in", 0.1, 400, fixed(tenon.Handle(batchTyped).ServeHTTP), fixed(batchByHand), func(n int) (*http.Request, func()) { return post(batchJSON(n)) }},

		{"json-items-out", 0, 8, func(n int) http.Handler {
			list := articles(n)
			return tenon.Handle(func(context.Context, tenon.None) ([]article, error) { return list, nil })
		}, func(n int) http.Handler {
			list := articles(n)
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { jsonByHand(w, http.StatusOK, "application/json", list) })
		}, func(int) (*http.Request, func()) { return get("/"), func() {} }},
	}
}

// BenchmarkGrowth has ten times as many of something from one line to the next.
func BenchmarkGrowth(b *testing.B) {
	for _, d := range dimensions() {
		for _, n := range sizes() {
			for by, handler := range map[string]func(int) http.Handler{"tenon": d.tenon, "hand": d.hand} {
				b.Run(fmt.Sprintf("of=%s/n=%d/by=%s", d.name, n, by), func(b *testing.B) {
					h, w := handler(n), kittest.Sink{}
					r, renew := d.request(n)
					b.ReportAllocs()
					for b.Loop() {
						w.Reset()
						renew()
						h.ServeHTTP(&w, r)
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/each")
				})
			}
		}
	}
}

// allocated returns what one call of f allocates, and its bytes.
func allocated(f func()) (allocs, size float64) {
	const runs = 50
	var before, after runtime.MemStats
	f() // what it keeps for the next call does not count
	runtime.ReadMemStats(&before)
	for range runs {
		f()
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / runs, float64(after.TotalAlloc-before.TotalAlloc) / runs
}

// TestGrowth_allocs holds that memory grows with the request and no faster: there
// is a budget for none and a budget for each.
func TestGrowth_allocs(t *testing.T) {
	kittest.Measures(t)
	if kittest.Engine {
		t.Skip("the JSON engine allocates more")
	}
	for _, d := range dimensions() {
		t.Run(d.name, func(t *testing.T) {
			for _, n := range sizes() {
				h, w := d.tenon(n), kittest.Sink{}
				r, renew := d.request(n)
				mostAllocs, mostBytes := 8+d.allocs*float64(n), 512+d.bytes*float64(n)
				var allocs, size float64
				kittest.Least(0, func() float64 {
					allocs, size = allocated(func() {
						w.Reset()
						renew()
						h.ServeHTTP(&w, r)
					})
					return max(allocs-mostAllocs, size-mostBytes)
				})
				require.Contains(t, []int{0, http.StatusOK, http.StatusNoContent}, w.Status)
				assert.LessOrEqual(t, allocs, mostAllocs, "allocations for %d", n)
				assert.LessOrEqual(t, size, mostBytes, "bytes for %d", n)
			}
		})
	}
}
