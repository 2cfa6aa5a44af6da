package stream

import (
	"context"
	"errors"
	"iter"
)

// Values returns the items of seq, none of them an error. A nil seq is empty.
func Values[T any](seq iter.Seq[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if seq == nil {
			return
		}
		for v := range seq {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// Chan returns what is received from ch until it is closed, or until ctx is
// done, which is then the error of the sequence, as [context.Cause] gives it.
// Pass the context of the request: it frees the goroutine when the client
// leaves. Whoever sends should select on the same context, because after that
// nobody receives any more. Several sequences over one channel share its values.
func Chan[T any](ctx context.Context, ch <-chan T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for {
			select {
			case v, ok := <-ch:
				if !ok || !yield(v, nil) {
					return
				}
			case <-ctx.Done():
				yield(*new(T), context.Cause(ctx))
				return
			}
		}
	}
}

var errStopped = errors.New("stream: nobody takes further items")

// Push returns the items that fn sends, for a source that calls back. The error
// of send says that no further item is wanted: fn should return then. The error
// that fn returns otherwise is the error of the sequence. send may be called by
// one goroutine at a time, and not after fn has returned.
func Push[T any](fn func(send func(T) error) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		stopped := false
		err := fn(func(v T) error {
			if stopped || !yield(v, nil) {
				stopped = true
				return errStopped
			}
			return nil
		})
		if err != nil && !stopped {
			yield(*new(T), err)
		}
	}
}

// itemsOf returns seq, and an empty sequence for nil.
func itemsOf[T any](seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	if seq == nil {
		return func(func(T, error) bool) {}
	}
	return seq
}
