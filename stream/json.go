package stream

import (
	"iter"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/internal/header"
)

// NDJSON answers with one JSON value in each line, as application/x-ndjson.
type NDJSON[T any] struct {
	// Seq yields the items and ends with its first error. Nil means no items. It runs on the
	// goroutine of the handler. After the client has left, yield returns false and the context
	// of the request is canceled.
	Seq iter.Seq2[T, error]
	// Options may change how the stream is sent. Zero fields mean the defaults.
	Options Options
}

// ServeHTTP sends the stream by the rules of the package.
func (s NDJSON[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	serveHTTP(w, r, &ndjson, &s.Options, jsonItems(s.Seq))
}

// Serve sends the stream and returns what ended it, as [SSE.Serve] does.
func (s NDJSON[T]) Serve(w http.ResponseWriter, r *http.Request) error {
	return serve(w, r, &ndjson, &s.Options, jsonItems(s.Seq))
}

// StreamType describes the body, as [SSE.StreamType] does.
func (NDJSON[T]) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{ndjsonType}, reflect.TypeFor[T]()
}

// DescribeFaults returns why a T cannot be sent, for package respond.
func (NDJSON[T]) DescribeFaults() []string { return faultsOf(reflect.TypeFor[T](), false) }

// Items returns the items, as [SSE.Items] does.
func (s NDJSON[T]) Items() iter.Seq2[T, error] { return itemsOf(s.Seq) }

// Array answers with one JSON array, as application/json, and sends the elements as they
// come. A response that fails after its start has no closing bracket.
type Array[T any] struct {
	// Seq yields the items and ends with its first error. Nil means no items. It runs on the
	// goroutine of the handler. After the client has left, yield returns false and the context
	// of the request is canceled.
	Seq iter.Seq2[T, error]
	// Options may change how the stream is sent. Zero fields mean the defaults.
	Options Options
}

// ServeHTTP sends the stream by the rules of the package.
func (s Array[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	serveHTTP(w, r, &array, &s.Options, jsonItems(s.Seq))
}

// Serve sends the stream and returns what ended it, as [SSE.Serve] does.
func (s Array[T]) Serve(w http.ResponseWriter, r *http.Request) error {
	return serve(w, r, &array, &s.Options, jsonItems(s.Seq))
}

// StreamType describes the body, as [SSE.StreamType] does. The body is one array of items.
func (Array[T]) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{jsonType}, reflect.TypeFor[T]()
}

// DescribeFaults returns why a T cannot be sent, for package respond.
func (Array[T]) DescribeFaults() []string { return faultsOf(reflect.TypeFor[T](), false) }

// Items returns the items, as [SSE.Items] does.
func (s Array[T]) Items() iter.Seq2[T, error] { return itemsOf(s.Seq) }

// Auto answers as [Array], [NDJSON] or [SSE]: the one with the highest weight in Accept
// (RFC 9110, section 12.5.1). Between equal weights, and if Accept has none of them, the
// first in this order counts. The answer has Vary: Accept. Do not use it with T [Event],
// which has a meaning only in SSE.
type Auto[T any] struct {
	// Seq yields the items and ends with its first error. Nil means no items. It runs on the
	// goroutine of the handler. After the client has left, yield returns false and the context
	// of the request is canceled.
	Seq iter.Seq2[T, error]
	// Options may change how the stream is sent. Zero fields mean the defaults.
	Options Options
}

// ServeHTTP sends the stream by the rules of the package.
func (s Auto[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, items := s.negotiate(w, r)
	serveHTTP(w, r, f, &s.Options, items)
}

// Serve sends the stream and returns what ended it, as [SSE.Serve] does.
func (s Auto[T]) Serve(w http.ResponseWriter, r *http.Request) error {
	f, items := s.negotiate(w, r)
	return serve(w, r, f, &s.Options, items)
}

// StreamType describes the body, as [SSE.StreamType] does.
func (Auto[T]) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{jsonType, ndjsonType, eventType}, reflect.TypeFor[T]()
}

// DescribeFaults returns why a T cannot be sent, for package respond.
func (Auto[T]) DescribeFaults() []string { return faultsOf(reflect.TypeFor[T](), true) }

// Items returns the items, as [SSE.Items] does.
func (s Auto[T]) Items() iter.Seq2[T, error] { return itemsOf(s.Seq) }

func (s Auto[T]) negotiate(w http.ResponseWriter, r *http.Request) (*format, feed) {
	header.AddVary(w.Header(), "Accept")
	switch preferred(r.Header["Accept"]) {
	case ndjsonType:
		return &ndjson, jsonItems(s.Seq)
	case eventType:
		return &eventStream, eventItems(s.Seq)
	}
	return &array, jsonItems(s.Seq)
}

// preferred returns the media type of the highest weight in the lines of
// Accept.
func preferred(accept []string) string {
	best, highest := jsonType, 0
	for _, offer := range [...]struct {
		name  string
		media header.MediaType
	}{
		{jsonType, header.MediaType{Type: "application", Subtype: "json"}},
		{ndjsonType, header.MediaType{Type: "application", Subtype: "x-ndjson"}},
		{eventType, header.MediaType{Type: "text", Subtype: "event-stream"}},
	} {
		if weight, _ := header.Quality(accept, offer.media); weight > highest {
			best, highest = offer.name, weight
		}
	}
	return best
}
