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

// SSE answers with an event stream (WHATWG HTML, section 9.2), which browsers read with
// EventSource. If T is [Event], the events are sent as they are. Any other T is the data
// of an event, as JSON. If T embeds a [respond.OneOf], the events have several types: the
// field that is set is the data, and its name is the type.
//
//	type Change struct {
//		respond.OneOf
//		Created *Article // event: Created
//		Deleted *struct{ ID int64 `json:"id"` }
//	}
//
// The stream begins with an empty comment, which sends the header through proxies and
// compressors before the first event.
//
// Browsers connect again after every end of an event stream, and the sequence runs again.
// Use [LastEventID] to continue where the client was. To end the stream for good, send an
// event that makes the page call close, or answer the next request with 204.
//
// A response writer that cannot flush is a 500, because the client would never see an event.
type SSE[T any] struct {
	// Seq yields the items and ends with its first error. Nil means no items. It runs on the
	// goroutine of the handler. After the client has left, yield returns false and the context
	// of the request is canceled.
	Seq iter.Seq2[T, error]
	// Options may change how the stream is sent. Zero fields mean the defaults.
	Options Options
}

// ServeHTTP sends the stream by the rules of the package.
func (s SSE[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	serveHTTP(w, r, &eventStream, &s.Options, eventItems(s.Seq))
}

// Serve sends the stream, as ServeHTTP does, and returns what ended it: nil if it is
// complete, [ErrDraining], the [context.Cause] of a client that left, or a failure. The
// request is answered in any case. A response that failed after its start is aborted and
// not logged.
func (s SSE[T]) Serve(w http.ResponseWriter, r *http.Request) error {
	return serve(w, r, &eventStream, &s.Options, eventItems(s.Seq))
}

// StreamType returns the media types that the body may have and the type of its items,
// for a document such as that of OpenAPI. They are the same for every value of the type.
// The caller owns the slice.
func (SSE[T]) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{eventType}, reflect.TypeFor[T]()
}

// DescribeFaults returns why a T cannot be sent, for package respond.
func (SSE[T]) DescribeFaults() []string { return faultsOf(reflect.TypeFor[T](), true) }

// Items returns the items. Package client finds their type by this method.
func (s SSE[T]) Items() iter.Seq2[T, error] { return itemsOf(s.Seq) }

// Event is one event of an event stream (WHATWG HTML, section 9.2). The zero value is an
// event with empty data, which clients dispatch.
type Event struct {
	// ID becomes the last event ID of the client, which it sends when it connects again. Empty
	// does not change it. CR, LF and NUL are an error.
	ID string
	// Type is the name of the event. Empty means "message". CR and LF are an error. Do not use
	// "error": browsers fire it when a connection breaks.
	Type string
	// Data is the content. Its line breaks, CR, LF or CRLF, arrive as LF.
	Data string
	// Value, if not nil, is the content as JSON, in place of Data. Having both
	// is an error.
	Value any
	// Comment is text that clients ignore.
	Comment string
	// Retry is how long the client should wait before it connects again, rounded up to
	// milliseconds. With zero or less the client decides.
	Retry time.Duration
}

var (
	errID   = errors.New("stream: event ID contains CR, LF or NUL")
	errType = errors.New("stream: event type contains CR or LF")
	errBoth = errors.New("stream: event has both Data and Value")
)

// AppendTo appends the event as it is sent, with the empty line that ends it. If only ID,
// Retry or Comment is set, the event has no data: the client stores ID and Retry and
// dispatches nothing. After an error AppendTo returns dst unchanged.
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

// DescribeEvent tells package openapi that an Event is a whole event.
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

// appendLines appends each line of text after prefix. The text after the last line break
// is a line, even if it is empty.
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

// LastEventID returns the ID of the last event that the client of r has seen, and false
// if there is none. A client that connects again sends it in the field Last-Event-ID, or
// in the query parameter last_event_id if it cannot set header fields. It is untrusted
// input: the server may never have sent this ID.
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
