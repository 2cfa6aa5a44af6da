package jetstream

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"time"

	js "github.com/nats-io/nats.go/jetstream"

	"github.com/tenonkit/tenon/feed"
)

// sync yields the entries of the stream after the place of the reader, or finds that
// there are none.
func (r *reader[T]) sync(ctx context.Context) error {
	seen := r.poll.look(ctx, r.since, r.look)
	if seen.err != nil {
		return seen.err
	}
	info, newest := seen.info, seen.newest
	if r.log.see(info) != r.epoch {
		return feed.ErrReset // The stream was made anew.
	}
	if seen.asked.After(r.moved) {
		if err := r.within(max(info.State.LastSeq, newest), r.at); err != nil {
			return err // The stream has lost its end, or the server is behind.
		}
	}
	switch {
	case newest > r.at:
		return r.catchUp(ctx, newest)
	case newest == 0 && r.mayLack(info):
		return feed.ErrReset
	case newest == 0:
		r.at = max(r.at, info.State.LastSeq)
	}
	if seen.asked.After(r.seen) {
		r.seen = seen.asked
	}
	return nil
}

// look asks for the stream as it is now.
func (r *reader[T]) look(ctx context.Context) look {
	seen := look{asked: time.Now()}
	seen.info, seen.newest, seen.err = r.log.look(ctx, r.subject)
	return seen
}

// within returns an error if a sequence is beyond the end of the stream: at first one
// that asks again, where another server may have become the leader.
func (r *reader[T]) within(end, sequence uint64) error {
	switch {
	case sequence <= end:
		r.late = time.Time{}
		return nil
	case r.late.IsZero():
		r.late = time.Now().Add(r.log.grace)
	}
	if time.Now().Before(r.late) {
		return errBehind
	}
	return feed.ErrReset
}

// catchUp yields the entries up to the one with that sequence, a batch at a time, each
// once it is sure that nothing before and in it was gone when it was read.
func (r *reader[T]) catchUp(ctx context.Context, newest uint64) error {
	for r.at < newest && !r.done && ctx.Err() == nil {
		messages, err := r.read(ctx)
		if err != nil {
			return err
		}
		if err := r.intact(ctx); err != nil {
			return err
		}
		r.seen = time.Now()
		for _, msg := range messages {
			meta, err := msg.Metadata()
			if err != nil {
				return err
			}
			if err := r.give(meta.Sequence.Stream, msg.Data()); err != nil || r.done || ctx.Err() != nil {
				return err
			}
		}
	}
	return nil
}

// read returns at least one entry after the place of the reader, by a consumer that it
// deletes. A few readers of the log do so at once, because many consumers are a burden to
// a cluster, and limited. Nobody holds a place while a client is written to.
func (r *reader[T]) read(ctx context.Context) ([]js.Msg, error) {
	select {
	case r.log.reading <- struct{}{}:
		defer func() { <-r.log.reading }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	// A reader that leaves meanwhile leaves no consumer behind.
	one, cancel := context.WithTimeout(context.WithoutCancel(ctx), attempt)
	defer cancel()
	name := rand.Text()
	defer r.drop(ctx, name) // also if the answer is lost
	consumer, err := r.log.stream.CreateConsumer(one, js.ConsumerConfig{
		Name:              name,
		DeliverPolicy:     js.DeliverByStartSequencePolicy,
		OptStartSeq:       r.at + 1,
		AckPolicy:         js.AckNonePolicy,
		FilterSubject:     r.subject,
		MemoryStorage:     true,
		Replicas:          1,
		InactiveThreshold: 2 * attempt, // if it cannot be deleted
	})
	if err != nil || ctx.Err() != nil {
		return nil, cmp.Or(err, context.Cause(ctx))
	}
	batch, err := consumer.FetchNoWait(batchSize)
	if err != nil {
		return nil, err
	}
	var messages []js.Msg
	for msg := range batch.Messages() {
		meta, err := msg.Metadata()
		if err != nil {
			return nil, err
		}
		if messages = append(messages, msg); meta.Sequence.Consumer != uint64(len(messages)) {
			return nil, errBehind // One before it was lost on its way.
		}
	}
	if len(messages) == 0 {
		return nil, errors.Join(errBehind, batch.Error())
	}
	return messages, nil
}

// drop deletes a consumer, also for a reader that has left. If it cannot be deleted, it
// goes by itself.
func (r *reader[T]) drop(ctx context.Context, name string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = r.log.stream.DeleteConsumer(ctx, name)
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
	if r.at < floor(info) || info.State.Subjects[r.subject] > keep(info) || r.mayLack(info) {
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
	maxAge := info.Config.MaxAge // 0 is without end
	return r.seen.IsZero() || maxAge > 0 && time.Since(r.seen) >= maxAge
}
