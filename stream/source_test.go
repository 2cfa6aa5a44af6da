package stream_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/stream"
)

func drainSeq[T any](seq func(yield func(T, error) bool), most int) (items []T, failed error) {
	for v, err := range seq {
		if err != nil {
			return items, err
		}
		if items = append(items, v); len(items) == most {
			break
		}
	}
	return items, nil
}

func TestValues(t *testing.T) {
	t.Parallel()
	got, err := drainSeq(stream.Values(slices.Values([]int{1, 2, 3})), 2)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2}, got)
	got, err = drainSeq(stream.Values[int](nil), 2)
	require.NoError(t, err)
	assert.Empty(t, got)
}

func TestChan(t *testing.T) {
	t.Parallel()
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	ch := make(chan int, 3)
	ch <- 1
	ch <- 2
	got, err := drainSeq(stream.Chan(ctx, ch), 1)
	require.NoError(t, err)
	assert.Equal(t, []int{1}, got)

	close(ch)
	got, err = drainSeq(stream.Chan(ctx, ch), 9)
	require.NoError(t, err)
	assert.Equal(t, []int{2}, got)

	cancel(cause)
	_, err = drainSeq(stream.Chan(ctx, make(chan int)), 9)
	require.ErrorIs(t, err, cause)
}

func TestPush(t *testing.T) {
	t.Parallel()
	var sent []error
	count := func(send func(int) error) error {
		for i := range 4 {
			sent = append(sent, send(i))
		}
		return errors.New("at the end")
	}
	got, err := drainSeq(stream.Push(count), 9)
	require.EqualError(t, err, "at the end")
	assert.Equal(t, []int{0, 1, 2, 3}, got)
	assert.Equal(t, []error{nil, nil, nil, nil}, sent)

	got, err = drainSeq(stream.Push(func(send func(int) error) error {
		_ = send(1)
		return (*http.MaxBytesError)(nil) // a typed nil is no error
	}), 9)
	require.NoError(t, err)
	assert.Equal(t, []int{1}, got)

	sent = nil
	got, err = drainSeq(stream.Push(count), 2)
	require.NoError(t, err)
	assert.Equal(t, []int{0, 1}, got)
	assert.Len(t, slices.DeleteFunc(sent, func(err error) bool { return err != nil }), 1, "send fails from then on")
}
