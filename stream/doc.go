// Package stream turns iterators into responses that arrive while they are
// made.
//
// A stream is a value with a ServeHTTP method: return it from a handler of
// package tenon or respond, or call the method. The sequence runs on the
// goroutine of the handler. When the client leaves, yield returns false at the
// next item and the deferred functions of the sequence run; a sequence that
// waits by itself has to watch the context of the request, which [Chan] does.
//
//	SSE[T]     text/event-stream          events, of the type Event or of data as JSON
//	NDJSON[T]  application/x-ndjson       one JSON value per line
//	Array[T]   application/json           one JSON array
//	Auto[T]    one of the three           as Accept says, with Vary: Accept
//	Text       text/plain; charset=utf-8  the strings one after another
//	Bytes      application/octet-stream   the bytes one after another
//	Body       application/octet-stream   what an io.Reader yields
//
// Each also sets Cache-Control: no-cache, X-Accel-Buffering: no, which keeps
// nginx from holding the body back, and X-Content-Type-Options: nosniff. Header
// fields that are set before win, Content-Type as well. The status is 200, or that
// of a wrapper of package respond. A Content-Length that is set is kept, and then
// the body has to have it. Set header fields before the stream is served, not in
// the sequence.
//
// # Flushing
//
// An item that comes alone is sent at once. Items that come faster than the
// network takes them wait, up to 64 KiB, while the batch before them is written
// by another goroutine; then the sequence waits. BenchmarkStream compares this
// with a flush per item. The policy [EachItem] is a flush per item.
//
// # Beginning and end
//
//	the sequence fails within Options.Grace      respond.Error answers, with a status of its own
//	the first item, or the end of Grace          the response starts
//	the sequence ends                            the response ends; without items it is an empty 200
//	the sequence fails later                     what came before is sent, then Options.OnError's
//	                                                 record, then the connection is broken off
//	an item cannot be encoded                    as if the sequence had failed; no part of it is sent
//	the sequence or an encoder panics            the panic goes on. Before the response starts Recover can
//	                                                 answer it; later the connection is broken off
//	the client leaves                            the sequence ends; nothing is logged
//	the client takes nothing for WriteTimeout    as if it had left
//	a Drain starts                               SSE ends as if the sequence had ended
//	the server ends the context, as by a         SSE ends as if the sequence had ended; the
//	    cause of its own or a deadline               others as if it had failed with that cause
//	HEAD                                         the header; the sequence is not started
//
// A client that left is noticed by net/http, unless a part of the request body
// is unread: then only a write finds out, so give such a stream a Heartbeat. To
// a client of HTTP/1.0 the end of the connection is that of the body, so the
// connection is reset; behind a writer that hides Hijack such a client cannot
// tell. A context that the server has canceled without a cause looks like that
// of a client that left: use [context.WithCancelCause].
//
// The time of a batch is watched, and the deadline of the connection is set only
// to end one that takes too long and for the end of the response, so neither
// WriteTimeout of [net/http.Server] nor a long pause ends a stream. A response
// writer that cannot flush makes SSE a 500; the other formats then arrive as the
// server's buffers fill.
//
// Compression holds events back or costs about a megabyte per stream: leave
// event streams out of it.
//
// Requests do not make this package panic, with one exception that is meant for
// net/http: a response that fails after it has started is broken off by a panic
// with [net/http.ErrAbortHandler].
package stream
