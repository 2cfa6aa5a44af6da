package stream

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/tenonkit/tenon/internal/header"
)

// Options change how a stream is sent. The zero value asks for the defaults, and
// so does each field that is zero. A ContentType with control characters and a
// Flush that is no [Policy] are faults: the stream is answered with a 500, all
// faults stand in the error, and the sequence is not started.
type Options struct {
	// ContentType is the media type in place of the format's own. One that is
	// set on the response already, by a wrapper of package respond as well, wins
	// over both. Empty means that of the format.
	ContentType string

	// Heartbeat is after how long without a write a sign of life is sent: a
	// comment in an event stream, an empty line between the items of NDJSON and
	// Array. Zero means 15 seconds for SSE and none for the others; negative
	// means none. Text, Bytes and Body have no sign of life.
	Heartbeat time.Duration

	// WriteTimeout is how long the network may take to accept one batch of
	// bytes, after which the client counts as gone. It replaces WriteTimeout of
	// [net/http.Server] for the stream. It bounds the progress into the buffers
	// of the kernel, not the delivery. Zero means 30 seconds, negative no limit.
	WriteTimeout time.Duration

	// Grace is how long the response waits for the first item: until then a
	// failure is answered with a status of its own. Zero means 100 ms; negative
	// starts the response at once.
	Grace time.Duration

	// Flush is when items are sent on. The zero value is [OnDemand].
	Flush Policy

	// OnError may give the last record of a response that fails after it has
	// started, which is then broken off. It is encoded as an item of the format:
	// an [Event] or a JSON value for SSE, a JSON value for NDJSON and Array, a
	// string or []byte for the others. Nil sends none, and so does a nil
	// OnError. Do not call the event "error": browsers use that name.
	OnError func(err error) any

	// OnEnd, if not nil, is called once for each sequence that was started, when
	// it has ended and its deferred functions have run: with nil if it is
	// complete, with [ErrDraining], or with what stopped it, such as the
	// [context.Cause] of a client that left.
	OnEnd func(err error)
}

// Policy is when items are sent on to the client.
type Policy int

const (
	// OnDemand sends an item at once if the one before it was sent a while ago.
	// Items that follow faster than the network takes them are sent together.
	OnDemand Policy = iota
	// EachItem sends each item by itself, before the next one is asked for. It is
	// for clients to which the boundaries of chunks mean something, and costs a
	// system call per item.
	EachItem
)

const (
	defaultHeartbeat    = 15 * time.Second
	defaultWriteTimeout = 30 * time.Second
	defaultGrace        = 100 * time.Millisecond
)

// check returns all that is wrong.
func (o *Options) check() error {
	var faults []error
	if !header.IsValue(o.ContentType) {
		faults = append(faults, fmt.Errorf("stream: Options.ContentType %q has control characters", o.ContentType))
	}
	if o.Flush != OnDemand && o.Flush != EachItem {
		faults = append(faults, fmt.Errorf("stream: Options.Flush %d is neither OnDemand nor EachItem", o.Flush))
	}
	return errors.Join(faults...)
}

// settle copies the options and puts the defaults of the format in place of
// zero.
func (o *Options) settle(from *Options, f *format) {
	*o = *from
	o.ContentType = cmp.Or(o.ContentType, f.media)
	o.WriteTimeout = cmp.Or(o.WriteTimeout, defaultWriteTimeout)
	o.Grace = cmp.Or(o.Grace, defaultGrace)
	if f.endless {
		o.Heartbeat = cmp.Or(o.Heartbeat, defaultHeartbeat)
	}
	if f.beat == "" {
		o.Heartbeat = 0
	}
}
