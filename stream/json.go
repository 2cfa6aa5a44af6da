package stream

import (
	"iter"
	"net/http"
	"reflect"
)

// NDJSON answers with one JSON value per line, application/x-ndjson.
type NDJSON[T any] struct {
	// Seq yields the items and ends with its first error. Nil is empty. It runs
	// on the goroutine of the handler; when the client has left, yield returns
	// false and the context of the request is canceled.
	Seq iter.Seq2[T, error]
	// Options may be nil, which asks for the defaults.
	Options *Options
}

// ServeHTTP implements [http.Handler] by the rules of the package.
func (s NDJSON[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	serveHTTP(w, r, &ndjson, s.Options, jsonItems(s.Seq))
}

// Serve is ServeHTTP that returns what ended the stream, as Serve of [SSE] does.
func (s NDJSON[T]) Serve(w http.ResponseWriter, r *http.Request) error {
	return serve(w, r, &ndjson, s.Options, jsonItems(s.Seq))
}

// StreamType describes the body, as StreamType of [SSE] does.
func (NDJSON[T]) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{ndjsonType}, reflect.TypeFor[T]()
}

// Array answers with one JSON array, application/json, whose elements are sent
// as they come. A response that fails half-way has no closing bracket.
type Array[T any] struct {
	// Seq yields the items and ends with its first error. Nil is empty. It runs
	// on the goroutine of the handler; when the client has left, yield returns
	// false and the context of the request is canceled.
	Seq iter.Seq2[T, error]
	// Options may be nil, which asks for the defaults.
	Options *Options
}

// ServeHTTP implements [http.Handler] by the rules of the package.
func (s Array[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	serveHTTP(w, r, &array, s.Options, jsonItems(s.Seq))
}

// Serve is ServeHTTP that returns what ended the stream, as Serve of [SSE] does.
func (s Array[T]) Serve(w http.ResponseWriter, r *http.Request) error {
	return serve(w, r, &array, s.Options, jsonItems(s.Seq))
}

// StreamType describes the body, as StreamType of [SSE] does. The body is one
// array of items.
func (Array[T]) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{jsonType}, reflect.TypeFor[T]()
}
