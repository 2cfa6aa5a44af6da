package feed

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/internal/choice"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// SSE answers with the entries of a topic as an event stream. Return it from a typed
// function, or call its ServeHTTP. Only Log is required: without it the answer is a 500.
//
// The client starts after the first of these ids that is there: the field Last-Event-ID,
// which browsers send when they reconnect; the query parameter last_event_id; After. Else
// it starts now, and first gets an event with the present id and without data, which
// browsers do not dispatch. So it misses nothing if it reconnects before the next entry.
//
// The id of an event is that of its entry. The value decides the rest:
//
//	stream.Event               is sent as it is
//	embeds a respond.OneOf     the field that is set is the data; its name is the type
//	EventType() string         the value as JSON is the data; the method returns the type
//	any other                  the value as JSON is the data; there is no type
//
// A client that cannot get all entries after its id gets an event of the type reset, with
// the newest id and the data {}. Then it gets what comes after that id. It should read
// its state again. The same happens to a client that reads too slowly.
type SSE[T any] struct {
	// Log is the log to read. It is required.
	Log Log[T]
	// Topic is the topic in Log.
	Topic string
	// After is the id to start after, for a client that sends none: what Last returned
	// before you read the state that the client has. Empty means from now on.
	After string
	// Options change how the stream is sent. The zero value means the defaults.
	Options stream.Options
}

var errNoLog = errors.New("feed: SSE has no Log: set the field Log")

// ServeHTTP implements [http.Handler].
func (s SSE[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if option.IsNil(s.Log) {
		respond.Error(w, r, errNoLog)
		return
	}
	stream.SSE[*stream.Event]{Seq: eventsFor(s.Log, s.Topic, s.After, r), Options: s.Options}.ServeHTTP(w, r)
}

// eventsFor returns the events for the client of r. If it were inlined, its frame would be
// on the stack of every stream that waits.
//
//go:noinline
func eventsFor[T any](log Log[T], topic, after string, r *http.Request) iter.Seq2[*stream.Event, error] {
	c := &client[T]{log: log, topic: topic, after: after, r: r}
	if id, ok := stream.LastEventID(r); ok {
		c.after = id
	}
	if m, ok := log.(*Memory[T]); ok {
		return (&memoryClient[T]{client: c, memory: m}).events()
	}
	return c.events()
}

// StreamType describes the body, as StreamType of [stream.SSE] does.
func (SSE[T]) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{"text/event-stream"}, reflect.TypeFor[T]()
}

// DescribeFaults returns why a T cannot be sent, for package respond.
func (SSE[T]) DescribeFaults() []string { return stream.SSE[T]{}.DescribeFaults() }

// DescribeReset returns [ErrReset]. It is for package openapi, which documents an event
// of the type reset, and for package client, which turns that event into this error.
func (SSE[T]) DescribeReset() error { return ErrReset }

// Items returns the values that the log gets after After, as Items of [stream.SSE] does.
// The sequence waits for more until the caller stops. It ends with the first error.
func (s SSE[T]) Items() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if option.IsNil(s.Log) {
			yield(*new(T), errNoLog)
			return
		}
		for e, err := range s.Log.Follow(context.Background(), s.Topic, s.After) {
			if !yield(e.Value, err) {
				return
			}
		}
	}
}

// A client is one response. It is on the heap and hands out pointers, because the stack
// of a waiting goroutine is most of the cost of an idle connection.
type client[T any] struct {
	log   Log[T]
	topic string
	after string // the id it has; empty if it has none
	r     *http.Request
	own   stream.Event // the last event that is not an entry
}

// begin returns the event with the present id, for a client without an id.
func (c *client[T]) begin() (*stream.Event, error) {
	id, err := c.log.Last(c.r.Context(), c.topic)
	c.after, c.own.ID = id, id
	return &c.own, err
}

// reset drops the id of the client.
func (c *client[T]) reset() {
	c.after, c.own.Type, c.own.Data = "", "reset", "{}"
}

// events yields the events for the client.
func (c *client[T]) events() iter.Seq2[*stream.Event, error] {
	return func(yield func(*stream.Event, error) bool) {
		for {
			if c.after == "" {
				if e, err := c.begin(); !yield(e, err) || err != nil {
					return
				}
			}
			if !c.follow(yield) {
				return
			}
			c.reset()
		}
	}
}

// follow yields entries until the client has left. It reports whether the client must
// reset.
func (c *client[T]) follow(yield func(*stream.Event, error) bool) (reset bool) {
	choices := choicesOf[T]()
	for e, err := range c.log.Follow(c.r.Context(), c.topic, c.after) {
		if errors.Is(err, ErrReset) {
			return true
		}
		var event stream.Event
		if err == nil {
			event, err = eventOf(&e, choices)
		}
		if !yield(&event, err) || err != nil {
			return false
		}
	}
	return false
}

// A memoryClient is a client of a [Memory], which has the encoded events.
type memoryClient[T any] struct {
	*client[T]

	memory *Memory[T]
	from   *topic[T] // nil before it has joined
	index  uint64    // of the next item
}

// events yields the events for the client.
func (c *memoryClient[T]) events() iter.Seq2[*stream.Event, error] {
	return func(yield func(*stream.Event, error) bool) {
		defer c.leave()
		for {
			e, err := c.next()
			if e == nil && err == nil || !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// next returns the next event, or nil if the client has left. Its frame is on the stack
// of every reader that waits, so it is kept small.
func (c *memoryClient[T]) next() (*stream.Event, error) {
	for c.from != nil || c.join() {
		it, err := c.from.next(c.r.Context(), c.index)
		if it != nil {
			c.index++
			return &it.event, nil
		}
		if err == nil {
			return nil, nil //nolint:nilnil // the end is no failure
		}
		c.leave()
		c.reset()
	}
	return c.begin()
}

// join returns false if the client has no id, or an id that the log does not know.
func (c *memoryClient[T]) join() bool {
	if c.after == "" {
		return false
	}
	var err error
	if c.from, c.index, err = c.memory.join(c.topic, c.after); err != nil {
		c.reset()
	}
	return err == nil
}

func (c *memoryClient[T]) leave() {
	if c.from != nil {
		c.memory.leave(c.from)
		c.from = nil
	}
}

// eventOf returns the event of an entry.
func eventOf[T any](e *Entry[T], choices *choice.Choices) (stream.Event, error) {
	event, ok := asEvent(&e.Value)
	if !ok {
		var err error
		if event.Type, event.Value, err = named(choices, &e.Value); err != nil {
			return event, err
		}
	}
	event.ID = e.ID
	return event, nil
}

// named returns the type of the event of a value, and a pointer to its data. A pointer is
// needed because a nil in an interface is the value null.
func named[T any](choices *choice.Choices, v *T) (name string, data any, err error) {
	if choices == nil {
		return eventType(v), v, nil
	}
	if name, data, err = choices.Set(reflect.ValueOf(v).Elem()); err != nil {
		err = fmt.Errorf("feed: the value is not an event: %w", err)
	}
	return name, data, err
}

// choicesOf returns the fields of a T that embeds a [respond.OneOf], or nil.
func choicesOf[T any]() *choice.Choices {
	choices, _ := choice.Of(reflect.TypeFor[T](), reflect.TypeFor[respond.OneOf]())
	return choices
}

// asEvent returns the value as an event, if it is one.
func asEvent[T any](v *T) (event stream.Event, ok bool) {
	switch v := any(*v).(type) {
	case stream.Event:
		return v, true
	case *stream.Event:
		if v != nil {
			return *v, true
		}
	}
	return stream.Event{}, false
}

// eventType returns the result of the method EventType of a value, or "".
func eventType[T any](v *T) string {
	type typed interface{ EventType() string }
	if v, ok := any(*v).(typed); ok {
		return v.EventType()
	}
	if v, ok := any(v).(typed); ok {
		return v.EventType()
	}
	return ""
}
