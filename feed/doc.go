// Package feed keeps the newest events of each topic, so that a page that lost its
// connection continues where it was.
//
//	log := feed.NewMemory[Comment](feed.Options{})
//
//	// The handler answers with the events of a topic.
//	mux.Handle("GET /comments", tenon.Handle(func(context.Context, tenon.None) (feed.SSE[Comment], error) {
//		return feed.SSE[Comment]{Log: log, Topic: "article-42"}, nil
//	}))
//
//	// Append adds an event.
//	id, err := log.Append(ctx, "article-42", Comment{"Ada", "First."})
//
//	// A program reads the events after an id with a loop.
//	for e, err := range log.Follow(ctx, "article-42", before) {
//		...
//	}
//
// A page that shows a state and its changes must not miss a change between the two. Take
// the id first, then read the state:
//
//	after, err := log.Last(ctx, topic)
//	state, err := load(ctx)             // the client then follows from after
//
// [Log] is an interface. [Memory] implements it for a single process, and package
// jetstream for several.
//
// # Rules
//
//	an id                    epoch-sequence: the life of the log, and the place in it. A sequence is used once
//	                         in an epoch and grows in each topic. Compare ids only for equality
//	order                    that of Append, the same for all readers of a topic
//	a client reconnects      it sends its last id and gets each later entry exactly once
//	an unknown id            too old, never given out, or of another epoch: ErrReset. A client of SSE gets an event
//	                         of the type reset with the newest id and the data {}, and continues from there
//	a reader is slow         it reads on while its entries are kept; nobody waits for it. If an entry that it
//	                         has not read is dropped, it gets ErrReset
//	a client starts now      it first gets an event with the present id, which browsers do not dispatch. So it
//	                         misses nothing if its connection breaks before the next entry
//	ctx is done              Follow ends without an error. Append and Last return its cause
//	no JSON form             Append returns an error and adds nothing
//	more than Options.Keep   the oldest entries are dropped
//	no reader and no Append  the topic is dropped after Options.Idle, at the latest after twice that. Its old
//	                         ids are then ErrReset
//	EventType() string       a method of the value: the type of the event. A line break in it is an error of
//	                         Append
//
// The page has to read its state again on the event reset. Do not use the type reset for
// an event of your own.
//
// # Costs
//
// Append encodes the value once for all clients of SSE. It wakes the waiting readers and
// does not wait for slow ones. Readers take no lock while there are entries to read. A
// log has no goroutine. One timer serves all topics that nobody reads. A waiting
// connection costs at most 1 KiB more than one of package stream: see BenchmarkFeed and
// TestFeed_idle in benchmarks.
//
// # Limits
//
// A Memory loses everything when the process ends. The new epoch then tells clients to
// reset.
//
// A Memory does not remember dropped topics. So it cannot distinguish a topic that never
// had an entry from a dropped one. For both, Last returns the present id of the log, and
// an older id is ErrReset. At worst a client reads its state once too often.
package feed
