package stream

import (
	"bytes"
	"errors"
	"iter"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// SSE answers with an event stream (WHATWG HTML, section 9.2), for EventSource
// of browsers. A T that is [Event] is sent as it is; any other T is the data of
// an event, as JSON. A T that embeds a [respond.OneOf] makes events of several types: the
// field that is set is the data, and its name the type.
//
//	type Change struct {
//		respond.OneOf
//		Created *Article // event: Created
//		Deleted *struct{ ID int64 `json:"id"` }
//	}
//
// The stream begins with an empty comment, so that the header passes
// proxies and compressors before there is an event.
//
// The end of an event stream makes browsers connect again, be it an error or
// not, and the sequence run anew: use [LastEventID] to go on where the client
// was, send an event of your own that makes the page call close, and answer 204
// to a client that should not come back.
//
// A response writer that cannot flush is a 500, because its client would never
// see an event.
type SSE[T any] struct {
	// Seq yields the items and ends with its first error. Nil is empty. It runs
	// on the goroutine of the handler; when the client has left, yield returns
	// false and the context of the request is canceled.
	Seq iter.Seq2[T, error]
	// Options asks for the defaults where it is zero.
	Options Options
}

// ServeHTTP implements [http.Handler] by the rules of the package.
func (s SSE[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	serveHTTP(w, r, &eventStream, &s.Options, eventItems(s.Seq))
}

// Serve is ServeHTTP that returns what ended the stream: nil if it is complete,
// [ErrDraining], the [context.Cause] of a client that left, or a failure. In
// every case the request has had its answer: one that failed half-way is broken
// off without being logged.
func (s SSE[T]) Serve(w http.ResponseWriter, r *http.Request) error {
	return serve(w, r, &eventStream, &s.Options, eventItems(s.Seq))
}

// StreamType describes the body for a document such as that of OpenAPI: the
// media types it may have, and the type of its items. It is the same for every
// value of the type. The slice belongs to the caller.
func (SSE[T]) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{eventType}, reflect.TypeFor[T]()
}

// DescribeFaults returns what keeps a T from being sent, for package respond.
func (SSE[T]) DescribeFaults() []string { return faultsOf(reflect.TypeFor[T](), true) }

// Items returns the items, by which package client knows the type of them.
func (s SSE[T]) Items() iter.Seq2[T, error] { return itemsOf(s.Seq) }

// Event is one event of an event stream (WHATWG HTML, section 9.2). The zero
// value is an event without data, which clients do dispatch.
type Event struct {
	// ID becomes the client's last event ID, which it sends when it connects
	// again. Empty leaves that as it is. CR, LF and NUL are an error.
	ID string
	// Type names the event. Empty is "message" to the client. CR and LF are an
	// error. Browsers fire "error" themselves when a connection breaks.
	Type string
	// Data is the content. Its line breaks, CR, LF or CRLF, arrive as LF.
	Data string
	// Value, if not nil, is the content as JSON, in place of Data. Having both
	// is an error.
	Value any
	// Comment is for whoever looks at the wire; clients ignore it.
	Comment string
	// Retry is how long the client should wait before it connects again, in
	// whole milliseconds, rounded up. Zero and less leave that to the client.
	Retry time.Duration
}

var (
	errID   = errors.New("stream: event ID contains CR, LF or NUL")
	errType = errors.New("stream: event type contains CR or LF")
	errBoth = errors.New("stream: event has both Data and Value")
)

// AppendTo appends the event as it is sent, with the empty line that ends it.
// An event with an ID, a Retry or a Comment alone has no data: the client takes
// note of it and dispatches nothing. After an error dst is returned as it was.
func (e Event) AppendTo(dst []byte) ([]byte, error) {
	switch {
	case strings.ContainsAny(e.ID, "\r\n\x00"):
		return dst, errID
	case strings.ContainsAny(e.Type, "\r\n"):
		return dst, errType
	case e.Data != "" && e.Value != nil:
		return dst, errBoth
	}
	out := dst
	if e.Comment != "" {
		out = appendLines(out, ": ", e.Comment)
	}
	if e.ID != "" {
		out = append(append(append(out, "id: "...), e.ID...), '\n')
	}
	if e.Type != "" {
		out = append(append(append(out, "event: "...), e.Type...), '\n')
	}
	if e.Retry > 0 {
		ms := int64(e.Retry / time.Millisecond)
		if e.Retry%time.Millisecond > 0 {
			ms++
		}
		out = append(strconv.AppendInt(append(out, "retry: "...), ms, 10), '\n')
	}
	switch {
	case e.Value != nil:
		var err error
		if out, err = appendValue(out, e.Value); err != nil {
			return dst, err
		}
	case e.Data != "", e.Type != "", e.ID == "" && e.Retry <= 0 && e.Comment == "":
		out = appendLines(out, "data: ", e.Data)
	}
	return append(out, '\n'), nil
}

// DescribeEvent says that an Event is one as a whole, for package openapi.
func (Event) DescribeEvent() {}

// appendValue needs no look at line breaks: the engine writes none.
func appendValue(dst []byte, v any) ([]byte, error) {
	// A pointer, so that methods with pointer receivers apply.
	t := reflect.TypeOf(v)
	p := reflect.New(t)
	p.Elem().Set(reflect.ValueOf(v))
	buf := getFrame()
	if err := codecOf(t).Encode(buf, p.Interface()); err != nil {
		return dst, err
	}
	dst = append(append(append(dst, "data: "...), buf.Bytes()...), '\n')
	putFrame(buf)
	return dst, nil
}

// appendLines appends each line of text behind prefix. What follows the last
// line break is a line too, be it empty.
func appendLines(dst []byte, prefix, text string) []byte {
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	for more := true; more; {
		var line string
		line, text, more = strings.Cut(text, "\n")
		dst = append(append(append(dst, prefix...), line...), '\n')
	}
	return dst
}

// writeEvent is AppendTo for a buffer.
func writeEvent(buf *bytes.Buffer, e *Event) error {
	out, err := e.AppendTo(buf.AvailableBuffer())
	if err == nil {
		buf.Write(out)
	}
	return err
}

// LastEventID returns the ID of the last event that the client of r has seen: a
// client that connects again sends it in the field Last-Event-ID. For clients
// that cannot set header fields the query parameter last_event_id does the same.
// It reports false if there is none. The text is the client's: an ID that the
// server never gave out is possible.
func LastEventID(r *http.Request) (string, bool) {
	if id := r.Header.Get("Last-Event-ID"); id != "" {
		return id, true
	}
	if r.URL.RawQuery == "" {
		return "", false // without a map for nothing
	}
	id := r.URL.Query().Get("last_event_id")
	return id, id != ""
}
