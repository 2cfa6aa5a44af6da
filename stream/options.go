package stream

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/tenonkit/tenon/internal/header"
)

// Options change how a stream is sent. The zero value and each zero field mean the
// defaults. A ContentType with control characters and an unknown Flush are faults: the
// stream is then a 500, its error has all faults, and the sequence does not start.
type Options struct {
	// ContentType is the media type. Empty means that of the format. A Content-Type that is
	// already set on the response, also by a wrapper of package respond, replaces both.
	ContentType string

	// Heartbeat is the time without a write after which the stream sends a sign of life: a
	// comment in an event stream, an empty line between items of NDJSON and Array. Zero means
	// 15 seconds for SSE and none for the others. Negative means none. Text, Bytes and Body
	// send none.
	Heartbeat time.Duration

	// WriteTimeout is how long the network may take to accept one batch of bytes. After
	// that the client counts as gone. It replaces WriteTimeout of [net/http.Server] for
	// the stream. It limits the time to write into the buffers of the kernel, not the
	// time to deliver. Zero means 30 seconds, negative no limit.
	WriteTimeout time.Duration

	// Grace is how long the response waits for the first item. A failure within this time is
	// answered with a status of its own. Zero means 100 ms. Negative starts the response at
	// once.
	Grace time.Duration

	// Flush says when items are sent. The zero value is [OnDemand].
	Flush Policy

	// OnError returns the last record of a response that fails after its start, before
	// the connection is aborted. The record is encoded as an item of the format: an
	// [Event] or a JSON value for SSE, a JSON value for NDJSON and Array, a string or
	// []byte for the others. A nil record or a nil OnError sends none. Do not name the
	// event "error": browsers use that name.
	OnError func(err error) any

	// OnEnd, if not nil, is called once for each sequence that was started, after its
	// deferred functions have run. err is nil if the sequence is complete, [ErrDraining],
	// or what stopped it, such as the [context.Cause] of a client that left.
	OnEnd func(err error)
}

// Policy says when items are sent to the client.
type Policy int

const (
	// OnDemand sends an item at once, unless items come faster than the network takes them.
	// Then it sends several together.
	OnDemand Policy = iota
	// EachItem sends each item by itself, before it asks the sequence for the next one. It is
	// for clients that need one chunk for each item, and costs a system call for each.
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
		faults = append(faults, fmt.Errorf("stream: Options.ContentType %q has control characters: give it a media type", o.ContentType))
	}
	if o.Flush != OnDemand && o.Flush != EachItem {
		faults = append(faults, fmt.Errorf("stream: Options.Flush %d is unknown: use OnDemand or EachItem", o.Flush))
	}
	return errors.Join(faults...)
}

// settle returns a copy of the options with the defaults of the format for zero fields.
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
