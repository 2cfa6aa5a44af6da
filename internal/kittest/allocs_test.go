package kittest_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
)

func TestSink(t *testing.T) {
	t.Parallel()
	var sink kittest.Sink
	sink.WriteHeader(http.StatusEarlyHints)
	assert.Zero(t, sink.Status, "informational")
	sink.WriteHeader(http.StatusCreated)
	sink.WriteHeader(http.StatusTeapot)
	assert.Equal(t, http.StatusCreated, sink.Status, "the first one counts")
	_, _ = sink.Write([]byte("four"))
	_, _ = io.WriteString(&sink, "five!")
	assert.Equal(t, 9, sink.Bytes)

	header := sink.Header()
	header.Set("X-Field", "value")
	sink.Reset()
	assert.Zero(t, sink.Status)
	assert.Zero(t, sink.Bytes)
	assert.Empty(t, header, "the map is kept")
	_, _ = io.WriteString(&sink, "")
	assert.Equal(t, http.StatusOK, sink.Status)
}

func TestAllocs(t *testing.T) {
	var sink kittest.Sink
	body := []byte("body")
	t.Run("sink", func(t *testing.T) {
		kittest.Allocs(t, 0, func() {
			sink.Reset()
			sink.Header()["X-Field"] = nil
			_, _ = sink.Write(body)
			_, _ = io.WriteString(&sink, "text")
		})
		assert.False(t, kittest.RaceEnabled || kittest.Engine, "skipped under the race detector and with the engine")
	})
	t.Run("over budget", func(t *testing.T) {
		if kittest.RaceEnabled || kittest.Engine {
			t.Skip("Allocs skips")
		}
		var other testing.T
		var kept *[64]byte
		kittest.Allocs(&other, 0.5, func() { kept = new([64]byte) })
		assert.True(t, other.Failed())
		assert.NotNil(t, kept)
	})
}

func TestLeast(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		measures []int
		want     int
		left     int
	}{
		{"within at once", []int{3, 1}, 3, 1},
		{"within later", []int{9, 8, 5, 1}, 5, 1},
		{"never within", []int{9, 8, 7, 6, 7, 8, 9, 9, 9, 9, 0}, 6, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			measures := tc.measures
			got := kittest.Least(5, func() int {
				next := measures[0]
				measures = measures[1:]
				return next
			})
			assert.Equal(t, tc.want, got)
			assert.Len(t, measures, tc.left)
		})
	}
}

func TestTotalAlloc(t *testing.T) {
	kittest.Measures(t)
	assert.False(t, kittest.RaceEnabled)
	var kept []byte
	got := kittest.Least(2<<20, func() uint64 { return kittest.TotalAlloc(func() { kept = make([]byte, 1<<20) }) })
	assert.GreaterOrEqual(t, got, uint64(1<<20))
	assert.LessOrEqual(t, got, uint64(2<<20))
	assert.Len(t, kept, 1<<20)
}
