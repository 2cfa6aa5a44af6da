package stream

import (
	"context"
	"errors"
	"iter"

	"github.com/tenonkit/tenon/internal/failure"
)

// Values returns the items of seq, without errors. A nil seq has no items.
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

// Chan returns the values of ch. The sequence ends when ch is closed or ctx is done. If ctx is
// done, the error of the sequence is the [context.Cause] of ctx.
//
// Pass the context of the request, so that the sequence ends when the client leaves. The
// sender should select on the same context, because nobody receives after that. Several
// sequences over one channel share its values.
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

// Push returns the items that fn sends, for a source that calls back. If send returns an
// error, no further item is wanted, and fn should return. Any other error that fn returns
// is the error of the sequence. One goroutine at a time may call send, and none after fn
// has returned.
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
		if err = failure.WithoutNils(err); err != nil && !stopped {
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
