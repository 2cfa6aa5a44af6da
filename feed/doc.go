// Package feed keeps the newest events of each topic, so that a page which lost
// its connection goes on where it was.
//
//	var log = feed.NewMemory[Comment](feed.Options{})
//
//	// Whoever changes something appends it.
//	id, err := log.Append(ctx, "article-42", comment)
//
//	// Whoever looks at it follows. This is a handler of package tenon.
//	func Comments(ctx context.Context, in In) (feed.SSE[Comment], error) {
//		return feed.SSE[Comment]{Log: log, Topic: "article-" + in.ID}, nil
//	}
//
// A program follows by itself with a loop:
//
//	for e, err := range log.Follow(ctx, "article-42", after) { ... }
//
// A page that shows a state and keeps it up to date takes the id before it reads the
// state, so that nothing is missing between the two:
//
//	after, err := log.Last(ctx, topic)
//	state, err := load(ctx)             // then the client follows from after
//
// [Log] is what the rest is written against. [Memory] is one for a single process;
// past one machine another Log takes its place, and nothing else changes.
//
// # Rules
//
//	an id                                  epoch-sequence: the life of the log, and the place in it. A sequence
//	                                           is never used twice in an epoch, and grows in each topic. Compare
//	                                           ids for equality only
//	order                                  that of Append, the same for all readers of a topic
//	a client that comes back               sends the id it has, and gets each later entry exactly once
//	an id that is too old, that was never  ErrReset; the client of SSE gets an event of the type reset, with the
//	    given out, or of another epoch         newest id and the data {}, and goes on from there
//	a reader that is slow                  reads on from the entries that are kept. Nobody waits for it. When one
//	                                           that it has not read goes, that is ErrReset
//	a client that begins now               is told the present id first, by an event that no browser dispatches, so
//	                                           that it misses nothing if its connection breaks before an entry
//	ctx is done                            Follow ends without an error; Append and Last return its cause
//	a value without a JSON form            an error of Append; nothing is added
//	more than Options.Keep entries         the oldest go
//	a topic without readers and Appends    goes after Options.Idle, at the latest after twice that; its old ids are
//	                                           ErrReset then
//	EventType() string on the value        the event's type; a line break in it is an error of Append
//
// # Costs
//
// Append encodes the value once for all clients of [SSE]. Readers take no lock while
// there are entries for them, and wait for one channel, which the next Append
// closes: Append takes as long as waking them does, and no longer where some of them
// are slow. There is no goroutine in a log and in a topic, and one timer for all
// topics that nobody reads. A connection that waits costs at most 1 KiB more than one
// of package stream; BenchmarkFeed and TestFeed_idle in benchmarks have the numbers.
//
// # Limits
//
// A Memory forgets everything when the process ends; the epoch tells clients that.
// Once a topic has gone, a Memory cannot tell one that never had an entry from one
// whose entries are gone. Last of both is then the present id of the log, and an
// older id of either is ErrReset: at worst a client reads its state once too often.
//
// Keep in mind what a page has to do: on reset it reads the state anew. An event of
// your own should have another type.
package feed
