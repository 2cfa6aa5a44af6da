package peers_test

import (
	"net/http"
	"testing"

	"github.com/tenonkit/tenon/benchmarks/peers/systems"
	"github.com/tenonkit/tenon/internal/kittest"
)

func BenchmarkService(b *testing.B) {
	for _, workload := range systems.Workloads() {
		for _, system := range systems.All() {
			if !system.Serves(workload) {
				continue
			}
			b.Run("workload="+workload.Name+"/by="+system.Name, func(b *testing.B) {
				r, renew := workload.Request()
				measure(b, system.Handler(""), r, renew)
			})
		}
	}
}

// measure serves one request again and again, which renew makes new, into a
// writer that throws the body away.
func measure(b *testing.B, h http.Handler, r *http.Request, renew func()) {
	b.Helper()
	var w kittest.Sink
	b.ReportAllocs()
	for b.Loop() {
		w.Reset()
		renew()
		h.ServeHTTP(&w, r)
	}
	if w.Status == 0 {
		b.Fatal("nothing was answered")
	}
}
