package jetstream

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/eventid"
	"github.com/tenonkit/tenon/stream"
)

// Options say where a log is and how much it keeps.
type Options struct {
	// Stream is the name of the log's stream: letters, digits, - and _. The log alone
	// uses it, and the subjects that begin with this name and a dot.
	Stream string
	// Keep is how many entries of each topic are kept: how far a reader may fall
	// behind, and how long it may be away. Zero means 256.
	Keep int
	// MaxAge is how long an entry is kept at most, at least ten seconds. Zero means 24
	// hours; negative is without end.
	MaxAge time.Duration
	// Replicas is how many servers of a cluster have the stream: 3 go on where one is
	// lost. Zero means 1.
	Replicas int
}

const (
	defaultKeep = 256
	defaultAge  = 24 * time.Hour
	minAge      = 10 * time.Second
	// window is how long the server knows the ids of messages. A message is sent again
	// for patience at most, which leaves it the rest of the window to arrive.
	window   = 2 * time.Minute
	patience = time.Minute
	// attempt is how long one request may take.
	attempt = 3 * time.Second
	// maxTopic is the length of the longest topic. Subjects have to fit into a line of
	// the protocol.
	maxTopic = 1024
)

// streamLog is the log of NewLog.
type streamLog[T any] struct {
	js     js.JetStream
	stream js.Stream
	name   string
	keep   uint64
	maxAge time.Duration // 0 is without end
	// grace is how long a server that was just made the leader may lack entries.
	grace time.Duration
	epoch atomic.Pointer[string]
	// reading has as many places as readers may catch up at once.
	reading chan struct{}
	codec   encode.Codec
}

// NewLog returns a log that stands on a stream of JetStream. Logs of any number of
// processes with the same Stream are one. NewLog makes the stream, and changes one that
// is there to what o says: the process that starts last decides. A bad option is an
// error, as is a server that does not answer until ctx is done.
//
// The log lives as long as the connection, which should reconnect without end:
// [nats.MaxReconnects] of -1.
func NewLog[T any](ctx context.Context, conn js.JetStream, o Options) (feed.Log[T], error) {
	config, err := o.config()
	if err != nil {
		return nil, err
	}
	l := &streamLog[T]{
		js: conn, name: o.Stream, codec: encode.For(reflect.TypeFor[T]()),
		keep:   uint64(config.MaxMsgsPerSubject - 1), //nolint:gosec // it is positive
		maxAge: config.MaxAge, reading: make(chan struct{}, readers),
	}
	if config.Replicas > 1 {
		l.grace = attempt
	}
	err = persist(ctx, func(ctx context.Context) (err error) {
		l.stream, err = conn.CreateOrUpdateStream(ctx, config)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("jetstream: stream %s: %w", o.Stream, err)
	}
	l.see(l.stream.CachedInfo())
	return l, nil
}

// config returns the configuration of the stream. It has one place more for each topic
// than entries are kept: as long as the entry that a reader had last is there, nothing
// after it is gone.
func (o Options) config() (js.StreamConfig, error) {
	var faults []error
	if o.Stream == "" || strings.ContainsFunc(o.Stream, isUnsafe) {
		faults = append(faults, fmt.Errorf("jetstream: Options.Stream is %q: write a name of letters, digits, - and _", o.Stream))
	}
	if o.Keep < 0 {
		faults = append(faults, fmt.Errorf("jetstream: Options.Keep is %d: write how many entries of a topic to keep, or 0 for %d", o.Keep, defaultKeep))
	}
	if o.MaxAge > 0 && o.MaxAge < minAge {
		faults = append(faults, fmt.Errorf("jetstream: Options.MaxAge is %v: write at least %v, or 0 for %v", o.MaxAge, minAge, defaultAge))
	}
	if o.Replicas < 0 {
		faults = append(faults, fmt.Errorf("jetstream: Options.Replicas is %d: write how many servers have the stream, or 0 for 1", o.Replicas))
	}
	if o.Keep == 0 {
		o.Keep = defaultKeep
	}
	switch {
	case o.MaxAge == 0:
		o.MaxAge = defaultAge
	case o.MaxAge < 0:
		o.MaxAge = 0
	}
	duplicates := window
	if o.MaxAge > 0 {
		duplicates = min(window, o.MaxAge) // the server takes no longer one
	}
	return js.StreamConfig{
		Name:              o.Stream,
		Subjects:          []string{o.Stream + ".entry.*"},
		RePublish:         &js.RePublish{Source: o.Stream + ".entry.*", Destination: o.Stream + ".live.{{wildcard(1)}}"},
		MaxMsgsPerSubject: int64(o.Keep) + 1,
		MaxAge:            o.MaxAge,
		Duplicates:        duplicates,
		Replicas:          max(o.Replicas, 1),
		Storage:           js.FileStorage,
		Discard:           js.DiscardOld,
	}, errors.Join(faults...)
}

func isUnsafe(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
}

var errTopic = fmt.Errorf("jetstream: the topic has more than %d bytes", maxTopic)

// token returns the topic as one token of a subject: as it is where that is safe, else
// in base64 after an equals sign, which no safe topic has.
func token(topic string) (string, error) {
	if len(topic) > maxTopic {
		return "", errTopic
	}
	if topic == "" || strings.ContainsFunc(topic, isUnsafe) {
		return "=" + base64.RawURLEncoding.EncodeToString([]byte(topic)), nil
	}
	return topic, nil
}

// subject returns where the entries of a topic are in the stream.
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

// encode returns the JSON form of v, and refuses what no stream can send.
func (l *streamLog[T]) encode(v *T) ([]byte, error) {
	if typed, ok := any(v).(interface{ EventType() string }); ok {
		if kind := typed.EventType(); kind != "" {
			if _, err := (stream.Event{Type: kind}).AppendTo(nil); err != nil {
				return nil, fmt.Errorf("jetstream: not an event: %w", err)
			}
		}
	}
	var buf bytes.Buffer
	if err := l.codec.Encode(&buf, v); err != nil {
		return nil, fmt.Errorf("jetstream: no JSON form: %w", err)
	}
	return buf.Bytes(), nil
}

// Append sends one message until the server says that it has it. The server knows it
// again by its id.
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
	name := rand.Text()
	var ack *js.PubAck
	err = persist(ctx, func(ctx context.Context) (err error) {
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
	return eventid.Format(*l.epoch.Load(), ack.Sequence), nil
}

// missing returns an error if the stream is gone, which the absence of an answer does
// not tell from one whose servers are away.
func (l *streamLog[T]) missing(ctx context.Context) error {
	if _, err := l.stream.Info(ctx); errors.Is(err, js.ErrStreamNotFound) {
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
	err = persist(ctx, func(ctx context.Context) error {
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

// look returns the state of the stream, and after that the newest sequence of the
// subject, or 0. The stream's leader answers both.
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

// persist calls try until it succeeds, fails for good, or patience or ctx ends.
func persist(ctx context.Context, try func(ctx context.Context) error) error {
	until := time.Now().Add(patience)
	var gone absence
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		one, cancel := context.WithTimeout(ctx, attempt)
		err := try(one)
		cancel()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case isFinal(err) || gone.lasts(err) || time.Now().Add(wait).After(until):
			return err
		}
		pause(ctx, wait)
	}
}

// isFinal reports whether trying again is of no use. Errors of the server with a status
// from 500 on pass, and so do those of a connection that is not closed.
func isFinal(err error) bool {
	const (
		duplicateInFlight = 10158 // the first attempt is on its way
		noCluster         = 10074 // there are fewer servers than replicas
	)
	if api, ok := errors.AsType[*js.APIError](err); ok {
		return api.ErrorCode == noCluster || api.Code < 500 && api.ErrorCode != duplicateInFlight && api.ErrorCode != js.JSErrCodeStreamNotFound
	}
	return isClosed(err) || errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, nats.ErrBadSubject) || errors.Is(err, nats.ErrAuthorization) ||
		errors.Is(err, nats.ErrPermissionViolation)
}

// An absence is since when servers say that there is no stream. One that was just
// started does not know all streams, so only an absence that lasts is one.
type absence struct{ since time.Time }

func (a *absence) lasts(err error) bool {
	if !errors.Is(err, js.ErrStreamNotFound) {
		a.since = time.Time{}
		return false
	}
	if a.since.IsZero() {
		a.since = time.Now()
	}
	return time.Since(a.since) >= attempt
}

// isClosed reports whether a connection is of no use any more.
func isClosed(err error) bool {
	return errors.Is(err, nats.ErrConnectionClosed) || errors.Is(err, nats.ErrConnectionDraining)
}

// pause waits, or until ctx is done.
func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
