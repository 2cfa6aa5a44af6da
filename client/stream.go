package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/choice"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// Stream sends in to the route of op and returns the items of the answer as they arrive.
// The Out of op is a stream of package stream. Each range over the sequence is one call;
// nothing is sent before. Leaving the loop ends the call.
//
//	for event, err := range client.Stream(ctx, c, api.Watch, api.WatchIn{Topic: "orders"}) {
//
// An error is the last element of the sequence. It is an error of [Call], or a stream
// that breaks off before its end. So a list without an error is complete. An event stream
// may end after any event. The pieces of [stream.Text], [stream.Bytes] and [stream.Body]
// may be cut at other places than they were sent.
//
// The type T decides what an event becomes:
//
//	stream.Event              the event as it is
//	embeds a respond.OneOf    the field that the type of the event names; other types are left out
//	any other                 the data, read as JSON
//
// The event reset of a feed.SSE says that entries are missing. It ends the sequence with
// feed.ErrReset. An answer 204 to the request for an event stream ends the sequence without
// an error.
//
// With [Options.Reconnect] and the method GET, an event stream that ends or breaks off is
// requested again, if it has sent an id. The last id is sent as Last-Event-ID:
//
//	pause         one second, or the retry of the stream; it doubles with each failure in a row, up to
//	              30 s; a random part of at most half of it is added
//	429 and 5xx   are a failure: the next attempt follows
//	other status  ends the sequence with an error, and so does the end of ctx
func Stream[In any, Out interface {
	Items() iter.Seq2[T, error]
}, T any](ctx context.Context, c *Client, op tenon.Op[In, Out], in In) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		s := &source[T]{ctx: ctx, client: c, op: operationOf(c, &op), in: reflect.ValueOf(&in).Elem(), yield: yield}
		s.media, _ = streamTypeOf(reflect.TypeFor[Out]())
		s.isEvents = len(s.media) == 1 && s.media[0] == eventType
		s.codec = encode.For(reflect.TypeFor[T]())
		s.choices, _ = choice.Of(reflect.TypeFor[T](), reflect.TypeFor[respond.OneOf]())
		if r, ok := any(*new(Out)).(describe.Resetter); ok {
			s.reset = r.DescribeReset()
		}
		if err := s.run(); err != nil && !s.stopped {
			yield(*new(T), err)
		}
	}
}

// streamTypeOf returns the media types of a stream, and false if t is not one.
func streamTypeOf(t reflect.Type) (media []string, ok bool) {
	s, ok := reflect.TypeAssert[describe.Stream](reflect.New(t))
	if ok {
		media, _ = s.StreamType()
	}
	return media, ok
}

const (
	eventType  = "text/event-stream"
	ndjsonType = "application/x-ndjson"
)

// acceptOfStream returns the field Accept for a stream with these media types. NDJSON is
// preferred, because its items are the easiest to separate.
func acceptOfStream(media []string) string {
	if len(media) > 1 && slices.Contains(media, ndjsonType) {
		return ndjsonType
	}
	if len(media) == 1 && media[0] == eventType {
		return eventType
	}
	return ""
}

// A source is one range over a stream.
type source[T any] struct {
	ctx     context.Context //nolint:containedctx // that of the range, which s does not outlive
	client  *Client
	op      *operation
	in      reflect.Value
	media   []string // that the Out declares
	codec   encode.Codec
	choices *choice.Choices // of a T that embeds a OneOf, else nil
	reset   error           // what an event of the type reset means, nil if nothing
	yield   func(T, error) bool
	stopped bool // the caller has left the loop
	ended   bool // for good, by a 204 or an event

	resume
}

// run yields the items of one answer, or of several with Reconnect.
func (s *source[T]) run() error {
	for {
		err := s.once()
		if s.stopped || s.ended || !s.mayReconnect(err) {
			return err
		}
		if err := s.pause(s.ctx); err != nil {
			return s.op.broken(s.ctx, err)
		}
	}
}

// mayReconnect reports whether to request the stream again after it ended with err.
func (s *source[T]) mayReconnect(err error) bool {
	if !s.client.reconnect || s.op.method != http.MethodGet || !s.isEvents || s.lastID == "" || s.ctx.Err() != nil {
		return false
	}
	if failure, ok := errors.AsType[*Error](err); ok {
		return failure.Status >= http.StatusInternalServerError || failure.Status == http.StatusTooManyRequests
	}
	_, isBroken := errors.AsType[*broken](err)
	return err == nil || isBroken
}

// once yields the items of one answer.
func (s *source[T]) once() error {
	q, err := s.client.request(s.ctx, s.op, s.in)
	if err != nil {
		return err
	}
	s.ask(q)
	sent, err := s.client.do(s.op, q)
	if err != nil {
		return err
	}
	r := &response{Response: sent, client: s.client, method: s.op.method, isLive: sent.ContentLength < 0}
	defer func() { _ = sent.Body.Close() }() // at once: more may never come
	if sent.StatusCode == http.StatusNoContent && s.isEvents {
		s.ended = true
		return nil
	}
	if sent.StatusCode != http.StatusOK {
		return r.undeclared(s.op)
	}
	read, err := s.reader(sent.Header.Get("Content-Type"))
	if err == nil {
		body := &beginning{from: sent.Body}
		err = read(body)
		r.start = body.start
	}
	switch wrong, isWrong := errors.AsType[*misfit](err); {
	case s.stopped:
		return nil
	case isWrong:
		return r.fail(s.op, wrong.words)
	case err != nil:
		return s.op.broken(s.ctx, err)
	}
	return nil
}

// A beginning reads a body and keeps its start for an [Error].
type beginning struct {
	from  io.Reader
	start []byte
}

// Read implements [io.Reader].
func (b *beginning) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	if room := maxStart - len(b.start); room > 0 {
		b.start = append(b.start, p[:min(n, room)]...)
	}
	return n, err
}

// reader returns the function that reads a body of the media type.
func (s *source[T]) reader(contentType string) (func(io.Reader) error, error) {
	media, _ := header.ParseMediaType(contentType)
	full := media.Essence()
	isJSON := full == jsonType || strings.HasSuffix(full, "+json")
	declared := s.media[0]
	if len(s.media) > 1 {
		declared = full
	}
	switch {
	case declared == eventType && full == eventType:
		return s.events, nil
	case declared == ndjsonType && strings.Contains(full, "json"):
		return s.lines, nil
	case declared == jsonType && isJSON:
		return s.array, nil
	case len(s.media) == 1 && declared != eventType && declared != ndjsonType && declared != jsonType:
		return s.pieces, nil
	}
	return nil, &misfit{fmt.Sprintf("has the media type %.100q, but %s is expected", contentType, strings.Join(s.media, " or "))}
}

// give yields one item.
func (s *source[T]) give(v T) bool {
	s.failures = 0
	s.stopped = !s.yield(v, nil)
	return !s.stopped
}

// giveJSON yields the item that a JSON text describes.
func (s *source[T]) giveJSON(text []byte) error {
	var v T
	if err := s.codec.Decode(text, &v); err != nil {
		return &misfit{fmt.Sprintf("has an item that cannot be read as %s: %v", reflect.TypeFor[T](), err)}
	}
	if !s.give(v) {
		return errStopped
	}
	return nil
}

var errStopped = errors.New("client: nobody wants more")

// events yields the events of an event stream.
func (s *source[T]) events(body io.Reader) error {
	from := &limited{from: body, limit: -1}
	most := s.client.maxBody
	if most < 0 || most > math.MaxInt64-readSize {
		most = math.MaxInt64 - readSize
	}
	// The parser counts the names and the other fields too.
	for event, err := range stream.EventsNoting(from, most+readSize, s.note) {
		switch {
		case err != nil && errors.Is(err, from.err):
			return fmt.Errorf("%w: %w", errCut, err)
		case err != nil || int64(len(event.Data)) > most:
			return s.tooLarge()
		}
		if event.Type == "reset" && s.reset != nil {
			s.ended = true
			return s.reset
		}
		if err := s.giveEvent(&event); err != nil {
			return err
		}
	}
	return nil
}

// giveEvent yields an event, or the item in its data. With a OneOf the type names the
// field; an event of another type is left out, as in browsers.
func (s *source[T]) giveEvent(event *stream.Event) error {
	var v T
	switch place := any(&v).(type) {
	case *stream.Event:
		*place = *event
	case **stream.Event:
		*place = event
	default:
		if s.choices == nil {
			return s.giveJSON([]byte(event.Data))
		}
		known, err := s.choices.Read(event.Type, []byte(event.Data), reflect.ValueOf(&v).Elem())
		if err != nil {
			return &misfit{fmt.Sprintf("has an event %.100q that cannot be read as %s: %v", event.Type, reflect.TypeFor[T](), err)}
		}
		if !known {
			return nil
		}
	}
	if !s.give(v) {
		return errStopped
	}
	return nil
}
