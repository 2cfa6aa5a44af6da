package jetstream

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/eventid"
)

const (
	// ahead is how many messages wait for a reader that is slow, batchSize is how many
	// it reads from the stream at once, and readers is how many do so at once.
	ahead     = 256
	batchSize = 512
	readers   = 8
)

// A reader is one Follow. The server sends it each new entry with the sequence of the one
// before. If the reader does not have that one, it reads what it lacks from the stream.
type reader[T any] struct {
	log     *streamLog[T]
	subject string
	live    chan *nats.Msg
	lost    chan struct{} // something did not fit into live
	poll    *poll
	since   time.Time // a look before that is too old

	epoch string
	at    uint64    // nothing of the topic up to this sequence is new to the reader
	last  uint64    // the newest entry of the topic that is not new, or 0
	seen  time.Time // when that was found; zero if only the id of the caller says it
	moved time.Time // when the reader came to its place
	yield func(feed.Entry[T], error) bool
	done  bool      // yield has returned false
	late  time.Time // until when a server may be behind the place
}

// An entryError is the error of an entry that is not a T.
type entryError struct {
	stream   string
	sequence uint64
	err      error
}

func (e *entryError) Error() string {
	return fmt.Sprintf("jetstream: entry %d of stream %s is not of this type: %v", e.sequence, e.stream, e.err)
}

func (e *entryError) Unwrap() error { return e.err }

// errBehind is a failure that may be gone when the stream is looked at again.
var errBehind = errors.New("jetstream: the server that answers is behind")

// Follow yields the entries after the id after, then waits for new ones. It also waits
// for servers that are away.
func (l *streamLog[T]) Follow(ctx context.Context, topic, after string) iter.Seq2[feed.Entry[T], error] {
	return func(yield func(feed.Entry[T], error) bool) {
		if ctx.Err() != nil {
			return
		}
		r := &reader[T]{log: l, live: make(chan *nats.Msg, ahead), lost: make(chan struct{}, 1), yield: yield}
		err := r.follow(ctx, topic, after)
		if err != nil && ctx.Err() == nil && !r.done {
			yield(feed.Entry[T]{}, err)
		}
	}
}

func (r *reader[T]) follow(ctx context.Context, topic, after string) (err error) {
	tok, err := token(topic)
	if err != nil {
		return err
	}
	r.subject = r.log.name + ".entry." + tok
	sub, err := r.log.js.Conn().Subscribe(r.log.name+".live."+tok, r.receive)
	if err != nil {
		return fmt.Errorf("jetstream: %w", err)
	}
	defer sub.Unsubscribe() //nolint:errcheck // the connection is closed then
	r.poll = r.log.polls.join(r.subject)
	defer r.log.polls.leave(r.subject)
	r.since = time.Now()
	if err := r.retry(ctx, func(ctx context.Context) error { return r.begin(ctx, after) }); err != nil {
		return err
	}
	timer := time.NewTimer(pollInterval)
	defer timer.Stop()
	for stale := true; !r.done && ctx.Err() == nil; {
		if stale {
			if err := r.retry(ctx, r.sync); err != nil {
				return err
			}
			stale = false
			continue
		}
		timer.Reset(pollInterval)
		select {
		case msg := <-r.live:
			stale, err = r.take(msg)
			r.since = time.Now()
		case <-r.lost:
			r.since, stale = time.Now(), true
		case <-timer.C:
			r.since, stale = time.Now().Add(-pollInterval), true
		case <-ctx.Done():
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// receive never waits. The reader reads from the stream what does not fit.
func (r *reader[T]) receive(msg *nats.Msg) {
	select {
	case r.live <- msg:
	default:
		select {
		case r.lost <- struct{}{}:
		default:
		}
	}
}

// take yields a message that follows the last one. It reports whether messages between
// are missing.
func (r *reader[T]) take(msg *nats.Msg) (gap bool, err error) {
	sequence, isNumber := parse(msg.Header.Get(js.SequenceHeader))
	before, isToo := parse(msg.Header.Get("Nats-Last-Sequence"))
	switch {
	case !isNumber || !isToo: // not from the server; what is in the stream counts
		return true, nil
	case sequence <= r.at:
		return false, nil
	case before > r.at, before == 0: // 0 is nothing before it, or nothing that has not expired
		return true, nil
	}
	return false, r.give(sequence, msg.Data)
}

func parse(digits string) (n uint64, ok bool) {
	n, err := strconv.ParseUint(digits, 10, 64)
	return n, err == nil
}

func (r *reader[T]) give(sequence uint64, data []byte) error {
	var v T
	if err := r.log.codec.Decode(data, &v); err != nil {
		return &entryError{r.log.name, sequence, err}
	}
	r.at, r.last, r.moved = sequence, sequence, time.Now()
	r.done = !r.yield(feed.Entry[T]{ID: eventid.Format(r.epoch, sequence), Value: v}, nil)
	return nil
}

// retry calls try until it succeeds, fails for good, or ctx is done. It waits for servers
// without a limit.
func (r *reader[T]) retry(ctx context.Context, try func(ctx context.Context) error) error {
	var gone absence
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		err := try(ctx)
		if err == nil || r.done || ctx.Err() != nil {
			return nil //nolint:nilerr // the end of ctx is none
		}
		if isClosed(err) || gone.lasts(err) || errors.Is(err, feed.ErrReset) || errors.As(err, new(*entryError)) {
			return err
		}
		pause(ctx, wait)
		r.since = time.Now()
	}
}

// begin finds the place of the id.
func (r *reader[T]) begin(ctx context.Context, after string) error {
	seen := r.poll.look(ctx, r.since, r.look)
	if seen.err != nil {
		return seen.err
	}
	r.epoch = r.log.see(seen.info)
	end := max(seen.info.State.LastSeq, seen.newest)
	if after == "" {
		r.at, r.last, r.seen = end, seen.newest, seen.asked
		return nil
	}
	sequence, known := eventid.Parse(r.epoch, after)
	if !known {
		return feed.ErrReset
	}
	if err := r.within(end, sequence); err != nil {
		return err
	}
	r.at, r.last = sequence, sequence
	return nil
}
