package feed_test

import (
	"context"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/feed"
)

// TestMemory_everyEntryOnce lets publishers and readers do as chance wants: readers
// stop, come back with the id they have, are slow, and stay away until their topic
// has gone. Each has to see what was appended without a gap and without a
// repetition, or be told to reset; and then nothing that came after the Last it
// takes may be missing.
func TestMemory_everyEntryOnce(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { everyEntryOnce(t, seed) })
		})
	}
}

const (
	propertyTopics  = 3
	propertyReaders = 12
	propertyEntries = 400
)

func everyEntryOnce(t *testing.T, seed uint64) {
	t.Helper()
	chance := rand.New(rand.NewPCG(seed, 1))
	log := feed.NewMemory[int](feed.Options{Keep: 1 + chance.IntN(30), Idle: 50 * time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	var all sync.WaitGroup
	resets := 0
	var mu sync.Mutex
	for topic := range propertyTopics {
		name := strconv.Itoa(topic)
		published := map[string]int{} // the value behind each id, and of the id before the first
		zero, err := log.Last(ctx, name)
		require.NoError(t, err)
		published[zero] = -1
		own := rand.New(rand.NewPCG(seed, uint64(topic)+100))
		all.Go(func() {
			for n := range propertyEntries {
				mu.Lock()
				id, err := log.Append(ctx, name, n)
				_, isOld := published[id]
				assert.True(t, err == nil && !isOld, "%s was given out before: %v", id, err)
				published[id] = n
				mu.Unlock()
				if own.IntN(4) == 0 {
					time.Sleep(time.Duration(own.IntN(3)) * time.Millisecond)
				}
				if own.IntN(100) == 0 {
					time.Sleep(time.Duration(own.IntN(300)) * time.Millisecond) // past Idle
				}
			}
		})
		for reader := range propertyReaders {
			own := rand.New(rand.NewPCG(seed, uint64(topic*100+reader)+1000))
			all.Go(func() {
				r := propertyReader{t: t, log: log, topic: name, last: zero, seen: -1, chance: own}
				r.read(ctx, func(take func()) {
					mu.Lock()
					defer mu.Unlock()
					take()
				}, published)
				mu.Lock()
				resets += r.resets
				mu.Unlock()
			})
		}
	}
	all.Wait()
	t.Logf("%d resets", resets)
}

type propertyReader struct {
	t      *testing.T
	log    feed.Log[int]
	topic  string
	last   string // the id it has
	seen   int    // the value of it
	chance *rand.Rand
	resets int
}

// read connects until it has the last entry.
func (r *propertyReader) read(ctx context.Context, locked func(func()), published map[string]int) {
	for r.seen < propertyEntries-1 {
		if r.connect(ctx) {
			r.resets++
			// The value of Last is known by the time that the lock is free. One of an
			// empty topic stands for what was seen: nothing can have come after it.
			locked(func() {
				id, err := r.log.Last(ctx, r.topic)
				r.last = id
				if n, ok := published[id]; ok && assert.NoError(r.t, err) {
					r.seen = n
				} else {
					r.seen = newest(published)
				}
			})
		}
		if r.chance.IntN(3) == 0 {
			time.Sleep(time.Duration(r.chance.IntN(200)) * time.Millisecond)
		}
	}
}

// newest is the value that was published last.
func newest(published map[string]int) int {
	last := -1
	for _, n := range published {
		last = max(last, n)
	}
	return last
}

// connect reads for a while and reports whether it has to reset.
func (r *propertyReader) connect(ctx context.Context) (reset bool) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(1+r.chance.IntN(500))*time.Millisecond)
	defer cancel()
	for e, err := range r.log.Follow(ctx, r.topic, r.last) {
		if err != nil {
			assert.ErrorIs(r.t, err, feed.ErrReset)
			return true
		}
		assert.Equal(r.t, r.seen+1, e.Value, "a gap or a repetition")
		r.last, r.seen = e.ID, e.Value
		if r.seen == propertyEntries-1 || r.chance.IntN(20) == 0 {
			return false
		}
		if r.chance.IntN(5) == 0 {
			time.Sleep(time.Duration(r.chance.IntN(10)) * time.Millisecond)
		}
	}
	return false
}
