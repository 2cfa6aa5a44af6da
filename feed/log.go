package feed

import (
	"context"
	"errors"
	"iter"
)

// ErrReset is the end of a Follow whose reader cannot be told all that came after
// its id: the id is too old, so that entries behind it are gone, or the log never
// gave it out in its present life. Take [Log] Last, read the state anew, and
// follow from there. [SSE] tells its client to do so.
var ErrReset = errors.New("feed: entries after this id are gone, or the id is unknown")

// An Entry is one value of a topic.
type Entry[T any] struct {
	// ID names the place of the entry in its topic: epoch-sequence. It has
	// neither spaces nor control characters.
	ID string
	// Value is what was appended. All readers share it: do not change what it
	// points to.
	Value T
}

// A Log keeps the newest entries of each topic, in order, for readers that come
// and go. A topic is any string, and needs no declaration. [NewMemory] makes a log
// for one process.
//
// All methods may be called by many goroutines at once.
type Log[T any] interface {
	// Append adds v to the topic and returns its id. It never waits for a reader.
	// A value that has no JSON form, and a ctx that is done, are errors; then
	// nothing was added.
	Append(ctx context.Context, topic string, v T) (id string, err error)

	// Last returns the id of the newest entry of the topic. Take it before you
	// read the state that the entries are about: whoever follows from this id
	// misses nothing that the state does not have. Of a topic that never had an
	// entry it is epoch-0.
	Last(ctx context.Context, topic string) (id string, err error)

	// Follow yields the entries after the one with that id, each once and in
	// order, and then waits for those to come. An empty id is from now on, which
	// is when the sequence is started. It ends with an error: [ErrReset] where
	// after is too old, unknown or of another life of the log, or where the
	// reader has fallen so far behind that entries it has not seen are gone. When
	// ctx is done the sequence ends without an error.
	//
	// A sequence may be used several times, each time from the same id.
	Follow(ctx context.Context, topic, after string) iter.Seq2[Entry[T], error]
}
