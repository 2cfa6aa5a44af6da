package benchmarks_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

// again returns the request of c and what makes it new for another round: its
// body from the start, and nothing that a handler has kept in it.
func (c *workload) again() (r *http.Request, renew func()) {
	r = httptest.NewRequest(c.method, c.target, nil)
	for name, value := range c.header {
		r.Header.Set(name, value)
	}
	if c.body == "" {
		return r, func() {}
	}
	content := new(rewound)
	r.ContentLength = int64(len(c.body))
	return r, func() {
		content.Reset(c.body)
		r.Body, r.Form, r.PostForm, r.MultipartForm = content, nil, nil, nil
	}
}

func (c *workload) mux(h http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(c.pattern, h)
	return mux
}

// TestHandler_answersAlike holds that nobody is measured doing less: status,
// header and body are the same, byte for byte.
func TestHandler_answersAlike(t *testing.T) {
	for _, c := range workloads() {
		t.Run(c.name, func(t *testing.T) {
			var answers [2]*httptest.ResponseRecorder
			for i, h := range []http.Handler{c.tenon, c.hand} {
				r, renew := c.again()
				renew()
				answers[i] = httptest.NewRecorder()
				c.mux(h).ServeHTTP(answers[i], r)
			}
			assert.Equal(t, c.status, answers[0].Code)
			assert.Equal(t, answers[1].Code, answers[0].Code)
			// A body by hand that is over 2 KiB goes out in chunks.
			if answers[0].Body.Len() > 2048 {
				answers[0].Header().Del("Content-Length")
			}
			assert.Equal(t, answers[1].Header(), answers[0].Header())
			assert.Equal(t, answers[1].Body.String(), answers[0].Body.String())
		})
	}
}

// TestHandler_allocs holds the budgets of README.md.
func TestHandler_allocs(t *testing.T) {
	for _, c := range workloads() {
		t.Run(c.name, func(t *testing.T) {
			r, renew := c.again()
			mux := c.mux(c.tenon)
			var w kittest.Sink
			serve := func() {
				w.Reset()
				renew()
				mux.ServeHTTP(&w, r)
			}
			serve()
			require.Equal(t, c.status, w.Status)
			kittest.Allocs(t, c.allocs, serve)
		})
	}
}

// BenchmarkHandler measures whole requests, from the ServeMux to the last byte
// of the answer.
func BenchmarkHandler(b *testing.B) {
	for _, c := range workloads() {
		for _, by := range []struct {
			name string
			h    http.Handler
		}{{"tenon", c.tenon}, {"hand", c.hand}} {
			b.Run(c.name+"/by="+by.name, func(b *testing.B) {
				r, renew := c.again()
				mux := c.mux(by.h)
				var w kittest.Sink
				b.ReportAllocs()
				for b.Loop() {
					w.Reset()
					renew()
					mux.ServeHTTP(&w, r)
				}
				if w.Status != c.status {
					b.Fatalf("status %d", w.Status)
				}
			})
		}
	}
}
