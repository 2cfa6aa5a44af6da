package feed

import (
	"context"
	"errors"
	"iter"
)

// ErrReset is the error of a Follow that cannot give its reader all entries after its id.
// The id is too old, so that entries after it are gone, or the log never gave it out in
// its present life. Call Last, read the state again, and follow from there. [SSE] tells
// its client to do so.
var ErrReset = errors.New("feed: entries after this id are gone, or the id is unknown")

// An Entry is one value of a topic.
type Entry[T any] struct {
	// ID is the place of the entry in its topic: epoch-sequence. It has neither spaces
	// nor control characters.
	ID string
	// Value is what was appended. All readers share it: do not change what it points to.
	Value T
}

// A Log keeps the newest entries of each topic, in order. A topic is any string and needs
// no declaration. [NewMemory] makes a log for one process. All methods are safe for
// concurrent use.
type Log[T any] interface {
	// Append adds v to the topic and returns its id. It never waits for a reader. It
	// returns an error and adds nothing if v has no JSON form or ctx is done.
	Append(ctx context.Context, topic string, v T) (id string, err error)

	// Last returns the id of the newest entry of the topic, or epoch-0 if it never had
	// one. Call Last before you read the state that the entries change: a reader that
	// follows from this id then misses nothing.
	Last(ctx context.Context, topic string) (id string, err error)

	// Follow yields the entries after the one with the id after, each once and in order.
	// Then it waits for new ones. An empty id stands for the moment at which the range
	// starts. If ctx is done, the sequence ends without an error.
	//
	// The sequence ends with [ErrReset] if after is too old, unknown or of another life
	// of the log. It also ends so if the reader has fallen so far behind that entries it
	// has not read are gone. Each range over the sequence starts at the same id.
	Follow(ctx context.Context, topic, after string) iter.Seq2[Entry[T], error]
}
