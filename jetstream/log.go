package jetstream

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/eventid"
	"github.com/tenonkit/tenon/stream"
)

// A streamLog is the log of NewLog.
type streamLog[T any] struct {
	js     js.JetStream
	stream js.Stream
	name   string
	// patience is how long a message is sent again: half of the time for which the server
	// knows its id, and a minute at most. That leaves it as long to arrive.
	patience time.Duration
	// grace is how long a server that was just made the leader may lack entries.
	grace time.Duration
	epoch atomic.Pointer[string]
	// newest is the highest sequence that the server has told of an Append.
	newest atomic.Uint64
	// reading has as many places as readers may catch up at once.
	reading chan struct{}
	polls   polls
	codec   encode.Codec
}

// NewLog returns a log on a stream of JetStream. All logs with the same Stream are one
// log, in any number of processes. NewLog creates the stream, or changes the existing one
// to o: the process that starts last decides. It returns an error for a bad option, and
// if no server answers until ctx is done or a minute is over.
//
// The log uses conn as long as it lives. Let conn reconnect without end, with
// [nats.MaxReconnects] of -1.
func NewLog[T any](ctx context.Context, conn js.JetStream, o Options) (feed.Log[T], error) {
	config, err := o.config()
	if err != nil {
		return nil, err
	}
	l := &streamLog[T]{
		js: conn, name: o.Stream, codec: encode.For(reflect.TypeFor[T]()),
		patience: config.Duplicates / 2, reading: make(chan struct{}, readers),
	}
	if config.Replicas > 1 {
		l.grace = attempt
	}
	err = persist(ctx, time.Minute, func(ctx context.Context) (err error) {
		l.stream, err = open(ctx, conn, config)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("jetstream: stream %s: %w", o.Stream, err)
	}
	l.see(l.stream.CachedInfo())
	return l, nil
}

// subject returns the subject of the entries of a topic.
func (l *streamLog[T]) subject(topic string) (string, error) {
	tok, err := token(topic)
	return l.name + ".entry." + tok, err
}

// see takes the epoch from a description of the stream.
func (l *streamLog[T]) see(info *js.StreamInfo) (epoch string) {
	epoch = strconv.FormatInt(info.Created.UnixNano(), 36)
	if known := l.epoch.Load(); known == nil || *known != epoch {
		l.epoch.Store(&epoch)
	}
	return epoch
}

// encode returns the JSON form of v. It refuses an event that no stream can send.
func (l *streamLog[T]) encode(v *T) ([]byte, error) {
	if typed, ok := any(v).(interface{ EventType() string }); ok {
		if kind := typed.EventType(); kind != "" {
			if _, err := (stream.Event{Type: kind}).AppendTo(nil); err != nil {
				return nil, fmt.Errorf("jetstream: the value is not an event: %w", err)
			}
		}
	}
	var buf bytes.Buffer
	if err := l.codec.Encode(&buf, v); err != nil {
		return nil, fmt.Errorf("jetstream: the value has no JSON form: %w", err)
	}
	return buf.Bytes(), nil
}

// Append sends one message until the server confirms it. The server recognizes a repeated
// message by its id.
func (l *streamLog[T]) Append(ctx context.Context, topic string, v T) (id string, err error) {
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	subject, err := l.subject(topic)
	if err != nil {
		return "", err
	}
	data, err := l.encode(&v)
	if err != nil {
		return "", err
	}
	name, before := rand.Text(), l.newest.Load()
	var ack *js.PubAck
	err = persist(ctx, l.patience, func(ctx context.Context) (err error) {
		if l.js.Conn().IsReconnecting() {
			return nats.ErrDisconnected // It would be sent later, when its id is forgotten.
		}
		msg := &nats.Msg{Subject: subject, Data: data, Header: nats.Header{}}
		ack, err = l.js.PublishMsg(ctx, msg, js.WithMsgID(name), js.WithRetryAttempts(0))
		if errors.Is(err, js.ErrNoStreamResponse) || errors.Is(err, nats.ErrNoResponders) {
			return errors.Join(err, l.missing(ctx))
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("jetstream: append to stream %s: %w", l.name, err)
	}
	return eventid.Format(l.epochOf(ctx, ack.Sequence, before), ack.Sequence), nil
}

// epochOf returns the epoch of an entry that was added when before was the newest
// sequence.
func (l *streamLog[T]) epochOf(ctx context.Context, sequence, before uint64) string {
	if sequence <= before { // The stream was made anew.
		l.newest.Store(sequence)
		_ = l.missing(ctx) // With the old epoch it is an id that nobody knows.
	}
	for known := l.newest.Load(); sequence > known && !l.newest.CompareAndSwap(known, sequence); known = l.newest.Load() {
		continue
	}
	return *l.epoch.Load()
}

// missing returns an error if the stream does not exist. If no server answers, that is
// not known.
func (l *streamLog[T]) missing(ctx context.Context) error {
	info, err := l.stream.Info(ctx)
	switch {
	case err == nil:
		l.see(info)
	case errors.Is(err, js.ErrStreamNotFound):
		return err
	}
	return nil
}

// Last returns the id of the newest entry of the topic.
func (l *streamLog[T]) Last(ctx context.Context, topic string) (id string, err error) {
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	subject, err := l.subject(topic)
	if err != nil {
		return "", err
	}
	err = persist(ctx, time.Minute, func(ctx context.Context) error {
		info, newest, err := l.look(ctx, subject)
		if err != nil {
			return err
		}
		if newest == 0 && info.State.FirstSeq > 1 {
			newest = info.State.LastSeq // The topic may have had entries.
		}
		id = eventid.Format(l.see(info), newest)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("jetstream: stream %s: %w", l.name, err)
	}
	return id, nil
}

// look returns the state of the stream, and then the newest sequence of the subject, or
// 0. The leader of the stream answers both.
func (l *streamLog[T]) look(ctx context.Context, subject string) (info *js.StreamInfo, newest uint64, err error) {
	info, err = l.stream.Info(ctx, js.WithSubjectFilter(subject))
	if err != nil {
		return nil, 0, err
	}
	msg, err := l.stream.GetLastMsgForSubject(ctx, subject)
	switch {
	case err == nil:
		return info, msg.Sequence, nil
	case errors.Is(err, js.ErrMsgNotFound):
		return info, 0, nil
	default:
		return nil, 0, err
	}
}
