// Package feedtest is the table of what every log of package feed does, the one in
// memory and those of nested modules. A log passes [Log], or it is none.
package feedtest

import (
	"context"
	"errors"
	"iter"
	"math"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/kittest"
)

// A Value is what the logs of the table hold.
type Value struct {
	N    int     `json:"n"`
	By   int     `json:"by,omitzero"`
	Text string  `json:"text,omitempty"`
	Half float64 `json:"half,omitzero"` // NaN has no JSON form
	Kind string  `json:"kind,omitempty"`
}

// EventType names the events of SSE.
func (v Value) EventType() string { return v.Kind }

// An Opener returns a log that nobody else writes to and that keeps that many
// entries of each topic. The log ends with the test.
type Opener func(t *testing.T, keep int) feed.Log[Value]

// limit ends what hangs.
const limit = kittest.Patience

// Log runs the table, each row as a subtest.
func Log(t *testing.T, open Opener) {
	t.Helper()
	for _, row := range []struct {
		name string
		run  func(t *testing.T, open Opener)
	}{
		{"ids", ids},
		{"topics are apart", topics},
		{"resume", resume},
		{"from now on", fromNow},
		{"reset", reset},
		{"overtaken before it begins", overtaken},
		{"overtaken while it reads", overtakenReading},
		{"canceled", canceled},
		{"given up", givenUp},
		{"refused values", refused},
		{"many at once", many},
		{"SSE resumes", sseResumes},
		{"SSE resets", sseResets},
		{"SSE begins", sseBegins},
	} {
		t.Run(row.name, func(t *testing.T) { row.run(t, open) })
	}
}

// A tester is a log whose failures end the test.
type tester struct {
	feed.Log[Value]

	t   *testing.T
	ctx context.Context
}

func start(t *testing.T, open Opener, keep int) tester {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return tester{open(t, keep), t, ctx}
}

func (l tester) append(topic string, v Value) string {
	l.t.Helper()
	id, err := l.Append(l.ctx, topic, v)
	require.NoError(l.t, err)
	return id
}

// fill appends values numbered from first on to topic a and returns their ids.
func (l tester) fill(first, n int) []string {
	l.t.Helper()
	ids := make([]string, n)
	for i := range ids {
		ids[i] = l.append("a", Value{N: first + i})
	}
	return ids
}

func (l tester) last(topic string) string {
	l.t.Helper()
	id, err := l.Last(l.ctx, topic)
	require.NoError(l.t, err)
	return id
}

// next returns the next n entries after that id.
func (l tester) next(topic, after string, n int) []feed.Entry[Value] {
	l.t.Helper()
	entries, err := take(l.Follow(l.ctx, topic, after), n)
	require.NoError(l.t, err)
	require.Len(l.t, entries, n)
	return entries
}

// take returns at most n entries, and the error that ended the sequence.
func take(seq iter.Seq2[feed.Entry[Value], error], n int) (entries []feed.Entry[Value], err error) {
	if n == 0 {
		return nil, nil
	}
	for e, fault := range seq {
		if fault != nil {
			err = errors.Join(err, fault)
			continue // Nothing may come after it.
		}
		if entries = append(entries, e); err != nil || len(entries) == n {
			return entries, err
		}
	}
	return entries, err
}

func numbers(entries []feed.Entry[Value]) []int {
	list := make([]int, len(entries))
	for i, e := range entries {
		list[i] = e.Value.N
	}
	return list
}

func ids(t *testing.T, open Opener) {
	t.Helper()
	l := start(t, open, 100)
	first := l.last("a")
	epoch, sequence, ok := strings.Cut(first, "-")
	assert.True(t, ok)
	assert.NotEmpty(t, epoch)
	assert.Equal(t, "0", sequence)
	seen := map[string]bool{first: true}
	for n := range 20 {
		v := Value{N: n, Text: "plane \"1\"\n<b> é \x00", Half: 0.5}
		id := l.append("a", v)
		assert.True(t, strings.HasPrefix(id, epoch+"-"), id)
		assert.False(t, seen[id], id)
		seen[id] = true
		assert.Equal(t, id, l.last("a"))
		assert.Equal(t, []feed.Entry[Value]{{ID: id, Value: v}}, l.next("a", first, 1))
		first = id
	}
}

// topics has names that a log might take apart, or for a pattern.
func topics(t *testing.T, open Opener) {
	t.Helper()
	l := start(t, open, 100)
	names := []string{"a", "A", "a.b", "a.*", "a.>", "*", ">", "", " ", ".", "a/b", "é", "\x00", "\n", "a b", "$JS", strings.Repeat("long", 40)}
	last := map[string]string{}
	for n, name := range names {
		assert.True(t, strings.HasSuffix(l.last(name), "-0"), "%q: %s", name, l.last(name))
		last[name] = l.last(name)
		l.append(name, Value{N: n})
	}
	for n, name := range names {
		l.append(name, Value{N: 100 + n})
		assert.Equal(t, []int{n, 100 + n}, numbers(l.next(name, last[name], 2)), "%q", name)
	}
}

func resume(t *testing.T, open Opener) {
	t.Helper()
	l := start(t, open, 100)
	after := append([]string{l.last("a")}, l.fill(0, 10)...)
	for n, id := range after[:10] {
		entries := l.next("a", id, 10-n)
		for i, e := range entries {
			assert.Equal(t, n+i, e.Value.N)
			assert.Equal(t, after[n+i+1], e.ID)
		}
	}
	// What is there and what comes is one sequence. A reader may have an entry before Append returns.
	var appending sync.WaitGroup
	defer appending.Wait()
	appending.Go(func() {
		for n := range 10 {
			_, err := l.Append(l.ctx, "a", Value{N: 10 + n})
			assert.NoError(t, err)
		}
	})
	for i, e := range l.next("a", after[5], 15) {
		assert.Equal(t, 5+i, e.Value.N)
	}
}

// fromNow cannot know when a reader has begun: the publisher goes on until it has.
func fromNow(t *testing.T, open Opener) {
	t.Helper()
	l := start(t, open, 1000)
	old := l.fill(-3, 3)
	ctx, cancel := context.WithCancel(l.ctx)
	defer cancel()
	began := make(chan []feed.Entry[Value])
	go func() {
		entries, err := take(l.Follow(ctx, "a", ""), 1)
		assert.NoError(t, err)
		began <- entries
	}()
	for n := 0; ; n++ {
		l.append("a", Value{N: n})
		select {
		case entries := <-began:
			require.Len(t, entries, 1)
			assert.GreaterOrEqual(t, entries[0].Value.N, 0)
			assert.NotContains(t, old, entries[0].ID)
			return
		case <-time.After(time.Millisecond):
		}
	}
}

func reset(t *testing.T, open Opener) {
	t.Helper()
	l := start(t, open, 100)
	id := l.fill(0, 3)[2]
	epoch, sequence, _ := strings.Cut(id, "-")
	for _, bad := range []string{
		"x", "-", "0", "-1", epoch, epoch + "-", epoch + "--1", epoch + "-+1", epoch + "-0" + sequence, epoch + "-1 ", " " + id, epoch + "-1x",
		epoch + "-9223372036854775807", epoch + "-18446744073709551615", epoch + "-18446744073709551616",
		"x" + id, "AAAAAAAAAAAA-1", strings.ToLower(epoch) + "x-1", strings.Repeat("9", 400), "\x00", "é-1", id + "-" + sequence,
	} {
		entries, err := take(l.Follow(l.ctx, "a", bad), 1)
		require.ErrorIs(t, err, feed.ErrReset, "%q", bad)
		assert.Empty(t, entries, "%q", bad)
	}
	assert.Equal(t, id, l.last("a"), "nothing of that has changed the topic")
}

func overtaken(t *testing.T, open Opener) {
	t.Helper()
	l := start(t, open, 4)
	zero := l.last("a")
	given := l.fill(0, 10)
	for _, old := range append([]string{zero}, given[:5]...) {
		entries, err := take(l.Follow(l.ctx, "a", old), 1)
		require.ErrorIs(t, err, feed.ErrReset, old)
		assert.Empty(t, entries)
	}
	for n := 5; n < 9; n++ {
		assert.Equal(t, n+1, l.next("a", given[n], 1)[0].Value.N)
	}
	assert.Equal(t, []int{6, 7, 8, 9}, numbers(l.next("a", given[5], 4)))
}

// overtakenReading allows for a log that has read ahead: what a reader gets has no
// gap, and if it is not all, the end is a reset.
func overtakenReading(t *testing.T, open Opener) {
	t.Helper()
	l := start(t, open, 4)
	zero := l.last("a")
	l.fill(0, 1)
	const all = 2000
	want := 0
	for e, err := range l.Follow(l.ctx, "a", zero) {
		if err != nil {
			require.ErrorIs(t, err, feed.ErrReset)
			break
		}
		require.Equal(t, want, e.Value.N)
		if want++; want == 1 {
			l.fill(1, all-1)
		}
		if want == all {
			break
		}
	}
	// It can go on from where the log is.
	last := l.last("a")
	l.append("a", Value{N: -1})
	assert.Equal(t, []int{-1}, numbers(l.next("a", last, 1)))
}

func canceled(t *testing.T, open Opener) {
	t.Helper()
	l := start(t, open, 100)
	zero := l.last("a")
	l.fill(0, 3)
	ctx, cancel := context.WithCancel(l.ctx)
	defer cancel()
	read := 0
	for _, err := range l.Follow(ctx, "a", zero) {
		require.NoError(t, err)
		if read++; read == 2 {
			cancel()
		}
	}
	assert.Equal(t, 2, read, "it ends at once, without an error")

	waiting, stop := context.WithCancel(l.ctx)
	time.AfterFunc(10*time.Millisecond, stop)
	for _, err := range l.Follow(waiting, "a", l.last("a")) {
		assert.Fail(t, "nothing has come", err)
	}
	for _, err := range l.Follow(ctx, "a", zero) {
		assert.Fail(t, "it is canceled before it begins", err)
	}
	last := l.last("a")
	_, err := l.Append(ctx, "a", Value{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = l.Last(ctx, "a")
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, last, l.last("a"))
}

func givenUp(t *testing.T, open Opener) {
	t.Helper()
	l := start(t, open, 100)
	zero := l.last("a")
	l.fill(0, 5)
	seq := l.Follow(l.ctx, "a", zero)
	for range 3 {
		entries, err := take(seq, 2)
		require.NoError(t, err)
		assert.Equal(t, []int{0, 1}, numbers(entries), "a sequence can be used again")
	}
	assert.Panics(t, func() {
		for range seq {
			panic("of the reader")
		}
	})
	assert.Equal(t, []int{0, 1, 2, 3, 4}, numbers(l.next("a", zero, 5)))
}

func refused(t *testing.T, open Opener) {
	t.Helper()
	l := start(t, open, 100)
	zero := l.last("a")
	for _, bad := range []Value{{Half: math.NaN()}, {Half: math.Inf(1)}, {Text: "\xff"}, {Kind: "two\nlines"}, {Kind: "two\rlines"}} {
		id, err := l.Append(l.ctx, "a", bad)
		require.Error(t, err, "%+v", bad)
		assert.Empty(t, id)
		assert.Equal(t, zero, l.last("a"))
	}
	l.append("a", Value{N: 1})
	assert.Equal(t, []int{1}, numbers(l.next("a", zero, 1)))
}

// many has all readers see one order, in which each publisher's values stand in its
// own.
func many(t *testing.T, open Opener) {
	t.Helper()
	const publishers, each, readers = 4, 50, 8
	l := start(t, open, publishers*each)
	zero := l.last("a")
	var all sync.WaitGroup
	orders := make([][]feed.Entry[Value], readers)
	for i := range orders {
		all.Go(func() {
			var err error
			orders[i], err = take(l.Follow(l.ctx, "a", zero), publishers*each)
			assert.NoError(t, err)
		})
	}
	for by := range publishers {
		all.Go(func() {
			for n := range each {
				_, err := l.Append(l.ctx, "a", Value{N: n, By: by})
				_, beside := l.Append(l.ctx, "beside "+strconv.Itoa(by), Value{N: n})
				assert.NoError(t, errors.Join(err, beside))
			}
		})
	}
	all.Wait()
	next := [publishers]int{}
	for _, e := range orders[0] {
		require.Equal(t, next[e.Value.By], e.Value.N)
		next[e.Value.By]++
	}
	for _, order := range orders[1:] {
		assert.Equal(t, orders[0], order)
	}
}
