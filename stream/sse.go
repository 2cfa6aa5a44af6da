package stream

import (
	"iter"
	"net/http"
	"reflect"
)

// SSE answers with an event stream (WHATWG HTML, section 9.2), for EventSource
// of browsers. A T that is [Event] is sent as it is; any other T is the data of
// an event, as JSON. It begins with an empty comment, so that the header passes
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
	// Options may be nil, which asks for the defaults.
	Options *Options
}

// ServeHTTP implements [http.Handler] by the rules of the package.
func (s SSE[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	serveHTTP(w, r, &eventStream, s.Options, eventItems(s.Seq))
}

// Serve is ServeHTTP that returns what ended the stream: nil if it is complete,
// [ErrDraining], the [context.Cause] of a client that left, or a failure. In
// every case the request has had its answer: one that failed half-way is broken
// off without being logged.
func (s SSE[T]) Serve(w http.ResponseWriter, r *http.Request) error {
	return serve(w, r, &eventStream, s.Options, eventItems(s.Seq))
}

// StreamType describes the body for a document such as that of OpenAPI: the
// media types it may have, and the type of its items. It is the same for every
// value of the type. The slice belongs to the caller.
func (SSE[T]) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{eventType}, reflect.TypeFor[T]()
}
