package benchmarks_test

import (
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware/idempotency"
)

// posted is the POST that goes through middleware/idempotency.
func posted(tb testing.TB) *workload {
	tb.Helper()
	all := workloads()
	i := slices.IndexFunc(all, func(c workload) bool { return c.name == "post=json-250B" })
	require.GreaterOrEqual(tb, i, 0)
	return &all[i]
}

// once stands around a handler with a new store.
func once(h http.Handler) http.Handler {
	return idempotency.New(idempotency.NewMemory(0), func(*http.Request) string { return "ada" })(h)
}

// BenchmarkIdempotency has a POST of 250 bytes without the middleware, with it and no
// key, with a key that is new, and with one whose answer is kept. The store is the one in
// memory, which one in another process adds its time to.
func BenchmarkIdempotency(b *testing.B) {
	c := posted(b)
	run := func(name string, wrap func(http.Handler) http.Handler, key func(n int) string, status int) {
		b.Run(name, func(b *testing.B) {
			const most = 10_000 // keys of one store
			h := wrap(c.mux(c.tenon))
			r, renew := c.again()
			var sink kittest.Sink
			values := make([]string, 1)
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				if n%most == most-1 {
					h = wrap(c.mux(c.tenon))
				}
				if key != nil {
					values[0] = key(n)
					r.Header["Idempotency-Key"] = values
				}
				sink.Reset()
				renew()
				h.ServeHTTP(&sink, r)
			}
			require.Equal(b, status, sink.Status)
		})
	}
	bare := func(h http.Handler) http.Handler { return h }
	run("without", bare, nil, c.status)
	run("no key", once, nil, c.status)
	run("first", once, strconv.Itoa, c.status)
	run("again", once, func(int) string { return "8e03978e" }, c.status)
}
