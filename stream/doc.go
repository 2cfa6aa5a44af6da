// Package stream turns iterators into responses that are sent item by item.
//
// A stream is a value with a ServeHTTP method. Return it from a handler of package tenon or
// respond, or call the method:
//
//	countdown := tenon.Handle(func(context.Context, tenon.None) (stream.SSE[Tick], error) {
//		return stream.SSE[Tick]{Seq: func(yield func(Tick, error) bool) {
//			for n := 2; n > 0; n-- {
//				if !yield(Tick{n}, nil) {
//					return // the client has left
//				}
//			}
//		}}, nil
//	})
//
// The sequence runs on the goroutine of the handler. When the client leaves, yield
// returns false at the next item, and the deferred functions of the sequence run. A
// sequence that waits must also watch the context of the request, as [Chan] does.
//
//	type         Content-Type                body
//	SSE[T]       text/event-stream           events: an Event, or T as JSON data
//	NDJSON[T]    application/x-ndjson        one JSON value in each line
//	Array[T]     application/json            one JSON array
//	Auto[T]      one of the three            as Accept asks, with Vary: Accept
//	Text         text/plain; charset=utf-8   the strings
//	Bytes        application/octet-stream    the bytes
//	Body         application/octet-stream    the bytes of an io.Reader
//
// Each sets Cache-Control: no-cache, X-Content-Type-Options: nosniff, and
// X-Accel-Buffering: no, so that nginx does not hold the body back. A field that is
// already set is kept, also Content-Type. Set fields before the stream is served, not in
// the sequence. The status is 200, or that of a wrapper of package respond. A
// Content-Length is kept, and the body must then have this length.
//
// # Flushing
//
// A single item is sent at once. If items come faster than the network takes them, up to
// 64 KiB of them wait while another goroutine writes the batch before; then the sequence
// waits. With the policy [EachItem] every item is flushed. BenchmarkStream compares both.
//
// # Beginning and end
//
//	what happens                                the response
//	the first item comes, or Grace ends         starts
//	the sequence fails within Options.Grace     respond.Error answers with a status of its own
//	the sequence ends                           ends; without items it is an empty 200
//	the sequence fails later                    ends with the record of OnError; the connection is
//	                                            aborted
//	an item cannot be encoded                   as if the sequence had failed; no part of the item is
//	                                            sent
//	the sequence or an encoder panics           before the start Recover can answer; later the
//	                                            connection is aborted; the panic continues
//	the client leaves                           the sequence ends; nothing is logged
//	the client takes nothing for WriteTimeout   as if it had left
//	a Drain starts                              SSE ends as if the sequence had ended
//	the server ends the context, by a cause     SSE ends as if the sequence had ended; the others as
//	of its own or a deadline                    if it had failed with this cause
//	HEAD                                        only the header; the sequence does not start
//
// # Limits
//
// net/http notices that a client left, except while a part of the request body is unread.
// Only a write notices it then, so give such a stream a Heartbeat. If the server cancels
// the context without a cause, the client seems to have left: use
// [context.WithCancelCause].
//
// A client of HTTP/1.0 takes the end of the connection for the end of the body. So the
// connection is reset if a stream fails. Behind a writer that hides Hijack, such a client
// cannot see the failure.
//
// Neither WriteTimeout of [net/http.Server] nor a long pause ends a stream. The deadline
// of the connection is set only to end a batch that takes too long, and for the end of
// the response.
//
// A response writer that cannot flush makes SSE a 500. The other formats then arrive when
// the buffers of the server are full. Do not compress event streams: compression holds
// events back or takes about a megabyte for each stream.
//
// A response that fails after its start is aborted by a panic with
// [net/http.ErrAbortHandler], which net/http expects. No other panic of this package
// comes from a request.
package stream
