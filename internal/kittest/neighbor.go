package kittest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// A Neighbor is middleware that is allowed by net/http but treats the handler
// inside it badly.
type Neighbor struct {
	Name string
	Wrap func(http.Handler) http.Handler
}

// Neighbors returns the neighbors that must not change a handler's answer:
//
//	mutates headers   overwrites and appends to every header value once the handler has returned
//	bare writer       shows the handler the three methods of [http.ResponseWriter] and nothing else
//
// Behind the bare writer nothing can be flushed or hijacked.
func Neighbors() []Neighbor {
	return []Neighbor{
		{"mutates headers", mutateHeaders},
		{"bare writer", bare},
	}
}

// poison is what a neighbor leaves in the header values it may reach.
const poison = "poisoned by a neighbor"

func mutateHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		// An empty write commits an answer that is not committed yet, and does
		// nothing to one that is. From here on net/http has its own copy of the
		// header, except for trailers, which belong to the answer.
		_, _ = w.Write(nil)
		header := w.Header()
		trailers := slices.Clone(header.Values("Trailer"))
		for name := range header {
			if strings.HasPrefix(name, http.TrailerPrefix) || slices.ContainsFunc(trailers, names(name)) {
				continue
			}
			overwrite(header, name)
		}
	})
}

// names returns a test of whether a list of field names includes name.
func names(name string) func(list string) bool {
	return func(list string) bool {
		for item := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.TrimSpace(item), name) {
				return true
			}
		}
		return false
	}
}

func overwrite(header http.Header, name string) {
	values := header[name]
	values = values[:cap(values)]
	for i := range values {
		values[i] = poison
	}
	header[name] = append(values, poison)
}

type bareWriter struct{ http.ResponseWriter }

func bare(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(bareWriter{w}, r)
	})
}

// Early is the text that [WriteEarly] sends.
const Early = "early\n"

// WriteEarly commits status 200 and the text [Early] before next runs, so that
// next comes too late for a status or a header. It is not one of [Neighbors],
// because it must change the answer: next has to notice, and may neither panic
// nor make a failure look complete.
func WriteEarly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write([]byte(Early))
		_ = http.NewResponseController(w).Flush()
		next.ServeHTTP(w, r)
	})
}

// CheckHeaders fails t unless every header value that h sets belongs to that
// one response: appending to one field must not change another, and writing
// into the values must not show in the response to the next request.
// newRequest is called for each request.
func CheckHeaders(t *testing.T, h http.Handler, newRequest func() *http.Request) {
	t.Helper()
	for _, fault := range headerFaults(h, newRequest) {
		t.Error(fault)
	}
}

func headerFaults(h http.Handler, newRequest func() *http.Request) []string {
	var faults []string
	first := httptest.NewRecorder()
	h.ServeHTTP(first, newRequest())
	header := first.Header()
	before := header.Clone()
	for name, values := range header {
		_ = append(values, poison)
		for other, values := range before {
			if !slices.Equal(header[other], values) {
				faults = append(faults, "header field "+other+" lies within the capacity of "+name)
				copy(header[other], values)
			}
		}
	}
	for name := range header {
		overwrite(header, name)
	}

	second := httptest.NewRecorder()
	h.ServeHTTP(second, newRequest())
	for name, values := range second.Header() {
		if slices.Contains(values, poison) {
			faults = append(faults, "header field "+name+" is shared between responses")
		}
	}
	slices.Sort(faults)
	return faults
}

// A Broken is a body that ends in a failure. One goroutine reads it; any may
// close it and ask whether it was closed.
type Broken struct {
	rest   string
	err    error
	closed atomic.Bool
}

var _ io.ReadCloser = (*Broken)(nil)

// BrokenReader returns a body that yields data and then fails with err, on
// this read and every later one.
func BrokenReader(data string, err error) *Broken { return &Broken{rest: data, err: err} }

// Read yields what is left of the data, then the error.
func (b *Broken) Read(p []byte) (int, error) {
	if b.rest == "" {
		return 0, b.err
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// Close records the call and returns nil.
func (b *Broken) Close() error {
	b.closed.Store(true)
	return nil
}

// Closed reports whether Close has been called.
func (b *Broken) Closed() bool { return b.closed.Load() }
