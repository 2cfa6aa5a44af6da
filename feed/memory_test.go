package feed_test

import (
	"context"
	"iter"
	"math"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/conformance/feedtest"
	"github.com/tenonkit/tenon/internal/kittest"
)

func TestMemory(t *testing.T) {
	feedtest.Log(t, func(_ *testing.T, keep int) feed.Log[feedtest.Value] {
		return feed.NewMemory[feedtest.Value](feed.Options{Keep: keep})
	})
}

func put(t *testing.T, log feed.Log[int], topic string, v int) string {
	t.Helper()
	id, err := log.Append(t.Context(), topic, v)
	require.NoError(t, err)
	return id
}

func lastOf(t *testing.T, log feed.Log[int], topic string) string {
	t.Helper()
	id, err := log.Last(t.Context(), topic)
	require.NoError(t, err)
	return id
}

// reader pulls from a Follow, one entry after another.
type reader struct {
	t    *testing.T
	next func() (feed.Entry[int], error, bool)
}

func follow(ctx context.Context, t *testing.T, log feed.Log[int], topic, after string) *reader {
	t.Helper()
	next, stop := iter.Pull2(log.Follow(ctx, topic, after))
	t.Cleanup(stop)
	return &reader{t, next}
}

func (r *reader) wants(values ...int) {
	r.t.Helper()
	for _, want := range values {
		e, err, ok := r.next()
		require.True(r.t, ok)
		require.NoError(r.t, err)
		require.Equal(r.t, want, e.Value)
	}
}

func (r *reader) wantsReset() {
	r.t.Helper()
	_, err, ok := r.next()
	require.True(r.t, ok)
	require.ErrorIs(r.t, err, feed.ErrReset)
	_, _, ok = r.next()
	require.False(r.t, ok)
}

// TestMemory_ids holds what an id looks like, and that another Memory has others.
func TestMemory_ids(t *testing.T) {
	t.Parallel()
	log, other := feed.NewMemory[int](feed.Options{}), feed.NewMemory[int](feed.Options{})
	assert.Regexp(t, `^[A-Z2-7]{12}-0$`, lastOf(t, log, "a"))
	assert.Regexp(t, `^[A-Z2-7]{12}-1$`, put(t, log, "a", 1))
	assert.Regexp(t, `^[A-Z2-7]{12}-2$`, put(t, log, "a", 2))
	foreign := put(t, other, "a", 1)
	follow(t.Context(), t, log, "a", foreign).wantsReset()
}

// TestMemory_overtaken holds a reader at one entry while others come.
func TestMemory_overtaken(t *testing.T) {
	t.Parallel()
	for _, keep := range []int{1, 2, 7, 8, 9, 20} {
		log := feed.NewMemory[int](feed.Options{Keep: keep})
		zero := lastOf(t, log, "a")
		put(t, log, "a", 0)
		slow, slower := follow(t.Context(), t, log, "a", zero), follow(t.Context(), t, log, "a", zero)
		slow.wants(0)
		slower.wants(0)
		var all []int
		for n := range keep {
			put(t, log, "a", 1+n)
			all = append(all, 1+n)
		}
		slow.wants(all...)
		put(t, log, "a", keep+1)
		slower.wantsReset()
		slow.wants(keep + 1)
	}
}

// TestMemory_idle holds when a topic goes, what goes with it, and that no id comes
// back with another meaning.
func TestMemory_idle(t *testing.T) {
	t.Parallel()
	const idle = time.Minute
	synctest.Test(t, func(t *testing.T) {
		log := feed.NewMemory[int](feed.Options{Idle: idle})
		zero := lastOf(t, log, "a")
		first := put(t, log, "a", 1)
		quiet := follow(t.Context(), t, log, "read", "")
		go func() { quiet.wants(7) }()
		synctest.Wait()
		put(t, log, "used", 2)
		for range 10 { // Each use counts from then on.
			time.Sleep(idle - 1)
			put(t, log, "used", 2)
		}
		follow(t.Context(), t, log, "a", zero).wantsReset()

		again := put(t, log, "a", 3)
		assert.NotEqual(t, first, again)
		follow(t.Context(), t, log, "a", zero).wantsReset()
		follow(t.Context(), t, log, "a", first).wants(3)
		put(t, log, "read", 7) // whose reader has kept it
		synctest.Wait()

		// What never was there cannot be told from what has gone; the id that Last
		// gives is good for a while in any case.
		id := lastOf(t, log, "new")
		assert.NotEqual(t, zero, id)
		time.Sleep(idle / 2)
		put(t, log, "new", 4)
		follow(t.Context(), t, log, "new", id).wants(4)
	})
}

// TestMemory_idleBounds holds the earliest and the latest time at which a topic goes.
func TestMemory_idleBounds(t *testing.T) {
	t.Parallel()
	const idle = time.Minute
	for _, tc := range []struct {
		idle  time.Duration
		after time.Duration
		gone  bool
	}{
		{idle, idle - 1, false},
		{idle, 2*idle + 1, true},
		{0, 5*time.Minute - 1, false},
		{0, 10*time.Minute + 1, true},
		{-1, 1000 * time.Hour, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			log := feed.NewMemory[int](feed.Options{Idle: tc.idle})
			zero := lastOf(t, log, "a")
			for n := range 300 { // more than are looked at under one lock
				put(t, log, strconv.Itoa(n), n)
			}
			put(t, log, "a", 1)
			time.Sleep(tc.after)
			synctest.Wait()
			if r := follow(t.Context(), t, log, "a", zero); tc.gone {
				r.wantsReset()
			} else {
				r.wants(1)
			}
		})
	}
}

// TestMemory_goroutines runs in a bubble, which fails if a goroutine is left: there is
// none of a log, a topic, or a reader that has ended.
func TestMemory_goroutines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := feed.NewMemory[int](feed.Options{})
		for n := range 100 {
			put(t, log, strconv.Itoa(n), n)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var ended atomic.Int64
		for n := range 100 {
			go func() {
				for range log.Follow(ctx, strconv.Itoa(n%10), "") {
					assert.Fail(t, "nothing has come")
				}
				ended.Add(1)
			}()
			synctest.Wait()
		}
		assert.Zero(t, ended.Load())
		cancel()
		synctest.Wait()
		assert.EqualValues(t, 100, ended.Load())
	})
}

// TestMemory_collected holds that the timer of idle topics does not keep a log.
func TestMemory_collected(t *testing.T) {
	left := func() weak.Pointer[feed.Memory[int]] {
		log := feed.NewMemory[int](feed.Options{Idle: time.Hour})
		put(t, log, "a", 1)
		return weak.Make(log)
	}()
	for range 10 {
		if runtime.GC(); left.Value() == nil {
			return
		}
	}
	assert.Fail(t, "the log is still there")
}

// TestMemory_publishes holds that a reader that has stopped delays neither the
// publisher nor another reader: nothing of the bubble waits for it.
func TestMemory_publishes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		log := feed.NewMemory[int](feed.Options{Keep: 4})
		start := time.Now()
		stopped := follow(t.Context(), t, log, "a", "")
		go func() { stopped.wants(0) }()
		read := 0
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			for e, err := range log.Follow(ctx, "a", "") {
				assert.NoError(t, err)
				assert.Equal(t, read, e.Value)
				read++
			}
		}()
		for n := range 1000 {
			synctest.Wait()
			put(t, log, "a", n)
		}
		synctest.Wait()
		assert.Equal(t, 1000, read)
		stopped.wantsReset()
		assert.Zero(t, time.Since(start))
		cancel()
		synctest.Wait()
	})
}

func TestNewMemory_faults(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "feed: Options.Keep is -1: write how many entries of a topic to keep, or 0 for 256", func() {
		feed.NewMemory[int](feed.Options{Keep: -1})
	})
}

func TestMemory_refused(t *testing.T) {
	t.Parallel()
	numbers := feed.NewMemory[float64](feed.Options{})
	_, err := numbers.Append(t.Context(), "a", math.NaN())
	require.ErrorContains(t, err, "feed: the value has no JSON form: ")
	functions := feed.NewMemory[any](feed.Options{})
	_, err = functions.Append(t.Context(), "a", func() {})
	require.ErrorContains(t, err, "feed: the value has no JSON form: ")
}

func TestMemory_allocs(t *testing.T) {
	kittest.Measures(t)
	log := feed.NewMemory[int](feed.Options{Keep: 1024})
	ctx := t.Context()
	zero := lastOf(t, log, "a")
	for n := range 1024 {
		put(t, log, "a", n)
	}
	// The item, its JSON, its id.
	kittest.Allocs(t, 3, func() { _, _ = log.Append(ctx, "a", 1) })
	last := lastOf(t, log, "a")
	assert.NotEqual(t, zero, last)
	next, stop := iter.Pull2(log.Follow(ctx, "a", last))
	defer stop()
	kittest.Allocs(t, 3, func() {
		_, _ = log.Append(ctx, "a", 1)
		_, _, _ = next()
	})
}
