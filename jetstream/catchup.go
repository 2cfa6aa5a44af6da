package jetstream

import (
	"context"
	"errors"
	"time"

	js "github.com/nats-io/nats.go/jetstream"

	"github.com/tenonkit/tenon/feed"
)

// sync yields what the stream has after the place of the reader, or finds that it has
// nothing.
func (r *reader[T]) sync(ctx context.Context) error {
	asked := time.Now()
	one, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	info, newest, err := r.log.look(one, r.subject)
	switch {
	case err != nil:
		return err
	case r.log.see(info) != r.epoch:
		return feed.ErrReset // The stream was made anew.
	case newest > r.at:
		return r.catchUp(ctx, newest)
	case newest == 0 && r.mayLack(info):
		return feed.ErrReset
	case newest == 0:
		r.at = max(r.at, info.State.LastSeq)
	}
	r.seen = asked
	return nil
}

// catchUp yields the entries up to the one with that sequence.
func (r *reader[T]) catchUp(ctx context.Context, newest uint64) error {
	one, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	consumer, err := r.log.stream.CreateConsumer(one, js.ConsumerConfig{
		DeliverPolicy:     js.DeliverByStartSequencePolicy,
		OptStartSeq:       r.at + 1,
		AckPolicy:         js.AckNonePolicy,
		FilterSubject:     r.subject,
		MemoryStorage:     true,
		Replicas:          1,
		InactiveThreshold: 2 * attempt,
	})
	if err != nil {
		return err
	}
	for r.at < newest && !r.done && ctx.Err() == nil {
		if err := r.read(ctx, consumer); err != nil {
			return err
		}
	}
	return nil
}

// read yields one batch, once it is sure that nothing before and in it was gone when it
// was read.
func (r *reader[T]) read(ctx context.Context, consumer js.Consumer) error {
	messages, err := consumer.FetchNoWait(batch)
	if err != nil {
		return err
	}
	var got []js.Msg
	for msg := range messages.Messages() {
		got = append(got, msg)
	}
	if len(got) == 0 {
		return errors.Join(errBehind, messages.Error())
	}
	if err := r.intact(ctx); err != nil {
		return err
	}
	for _, msg := range got {
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		if meta.Sequence.Stream <= r.at {
			return errBehind // It was sent twice.
		}
		if err := r.give(meta.Sequence.Stream, msg.Data()); err != nil || r.done || ctx.Err() != nil {
			return err
		}
	}
	r.seen = time.Now()
	return nil
}

// intact returns an error unless all entries after the place of the reader are there.
// They are as long as the newest one that it has is there, because older ones go first.
func (r *reader[T]) intact(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	if r.last > 0 {
		msg, err := r.log.stream.GetMsg(ctx, r.last)
		if err == nil && msg.Subject == r.subject {
			return nil
		}
		if err != nil && !errors.Is(err, js.ErrMsgNotFound) {
			return err
		}
	}
	info, err := r.log.stream.Info(ctx, js.WithSubjectFilter(r.subject))
	if err != nil {
		return err
	}
	if info.State.Subjects[r.subject] > r.log.keep || r.mayLack(info) {
		return feed.ErrReset
	}
	return nil
}

// mayLack reports whether an entry after the place of the reader may have come and
// expired. It has not where no entry after that place is gone, nor where it would have
// had too little time.
func (r *reader[T]) mayLack(info *js.StreamInfo) bool {
	if info.State.FirstSeq <= r.at+1 {
		return false
	}
	return r.seen.IsZero() || r.log.maxAge > 0 && time.Since(r.seen) >= r.log.maxAge
}
