package feed

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/internal/choice"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// SSE answers with the entries of a topic as an event stream that goes on where
// the client was. Return it from a typed function, or call its ServeHTTP. The data
// of an event is the JSON form of the entry's value, and its id that of the
// entry. If the value has a method EventType() string, that is the event's type; if it
// embeds a [respond.OneOf], the name of the field that is set is, and the field the data;
// a value of the type [stream.Event] is sent as it is, with the id of the entry.
//
// The client begins where the field Last-Event-ID says, or the query parameter
// last_event_id, as it does by itself when it connects again; else after After;
// else now. One that begins now is told the present id first, by an event without
// data that no browser dispatches, so that it misses nothing if it connects again
// before there is an entry.
//
// A client that cannot have all that came after its id gets an event of the type
// reset with the data {} and the newest id, and then what comes after that: it
// should read the state anew. The same happens to one that reads so slowly that
// entries it has not seen are gone.
//
// The zero value of everything but Log is ready; without a Log the answer is a 500.
type SSE[T any] struct {
	// Log is what is read.
	Log Log[T]
	// Topic is the topic in it.
	Topic string
	// After is the id after which a client begins that says none: what Last
	// returned before the state was read that the client has. Empty is from now
	// on.
	After string
	// Options change how the stream is sent. The zero value asks for the
	// defaults.
	Options stream.Options
}

var errNoLog = errors.New("feed: SSE has no Log")

// ServeHTTP implements [http.Handler].
func (s SSE[T]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.Log == nil {
		respond.Error(w, r, errNoLog)
		return
	}
	stream.SSE[*stream.Event]{Seq: eventsFor(s.Log, s.Topic, s.After, r), Options: s.Options}.ServeHTTP(w, r)
}

// eventsFor returns what the client of r gets. Inlined, its frame would be below
// every stream that waits.
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

// DescribeFaults returns what keeps a T from being sent, for package respond.
func (SSE[T]) DescribeFaults() []string { return stream.SSE[T]{}.DescribeFaults() }

// DescribeReset returns [ErrReset]. It tells package openapi that there is an event of the
// type reset, and package client what that event means.
func (SSE[T]) DescribeReset() error { return ErrReset }

// Items returns the values that the log gets after After, as Items of [stream.SSE] does. The
// sequence waits for more until the caller stops, and ends with the first error.
func (s SSE[T]) Items() iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if s.Log == nil {
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

// A client is one response. It stands on the heap and hands out pointers, because
// the stack of a goroutine that waits is most of what an idle connection costs.
type client[T any] struct {
	log   Log[T]
	topic string
	after string // the id it has; empty if it has none
	r     *http.Request
	own   stream.Event // the last event that is no entry
}

// begin returns the event that tells a client without an id the present one.
func (c *client[T]) begin() (*stream.Event, error) {
	id, err := c.log.Last(c.r.Context(), c.topic)
	c.after, c.own.ID = id, id
	return &c.own, err
}

// reset takes the id of the client away.
func (c *client[T]) reset() {
	c.after, c.own.Type, c.own.Data = "", "reset", "{}"
}

// events yields what the client gets.
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

// follow yields entries until the client has left, and reports whether it has to
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

// A memoryClient is a client of a [Memory], which has the events already.
type memoryClient[T any] struct {
	*client[T]

	memory *Memory[T]
	from   *topic[T] // nil before it has joined
	index  uint64    // of the next item
}

// events yields what the client gets.
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

// next returns the next event, or nil when the client has left. It is one of the
// frames below a reader that waits, and small.
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

// join reports false where the client has no id, or one that the log does not know.
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

// named returns what the event of a value is called, and a pointer to its data, because a nil
// in an interface is the value null.
func named[T any](choices *choice.Choices, v *T) (name string, data any, err error) {
	if choices == nil {
		return eventType(v), v, nil
	}
	if name, data, err = choices.Set(reflect.ValueOf(v).Elem()); err != nil {
		err = fmt.Errorf("feed: not an event: %w", err)
	}
	return name, data, err
}

// choicesOf returns the fields of a T that embeds a [respond.OneOf], nil for another.
func choicesOf[T any]() *choice.Choices {
	choices, _ := choice.Of(reflect.TypeFor[T](), reflect.TypeFor[respond.OneOf]())
	return choices
}

// asEvent returns a value that is an event by itself.
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

// eventType returns what a value calls its event.
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
