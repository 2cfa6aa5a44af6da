package feed

import (
	"errors"
	"iter"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// SSE answers with the entries of a topic as an event stream that goes on where
// the client was. Return it from a typed function, or call its ServeHTTP. The data
// of an event is the JSON form of the entry's value, and its id that of the
// entry. If the value has a method EventType() string, that is the event's type;
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
	stream.SSE[stream.Event]{Seq: s.events(r), Options: &s.Options}.ServeHTTP(w, r)
}

// StreamType describes the body, as StreamType of [stream.SSE] does.
func (SSE[T]) StreamType() (mediaTypes []string, item reflect.Type) {
	return []string{"text/event-stream"}, reflect.TypeFor[T]()
}

// events yields what the client of r gets.
func (s SSE[T]) events(r *http.Request) iter.Seq2[stream.Event, error] {
	return func(yield func(stream.Event, error) bool) {
		after, known := stream.LastEventID(r)
		if !known {
			after = s.After
		}
		opening := stream.Event{}
		for {
			if after == "" {
				var err error
				if after, err = s.Log.Last(r.Context(), s.Topic); err != nil {
					yield(stream.Event{}, err)
					return
				}
				if opening.ID = after; !yield(opening, nil) {
					return
				}
			}
			if !s.follow(r, after, yield) {
				return
			}
			after, opening = "", stream.Event{Type: "reset", Data: "{}"}
		}
	}
}

// follow yields the entries after that id, and reports whether the client has to
// reset.
func (s SSE[T]) follow(r *http.Request, after string, yield func(stream.Event, error) bool) (reset bool) {
	if m, ok := s.Log.(*Memory[T]); ok {
		err := m.follow(r.Context(), s.Topic, after, func(it *item[T]) bool { return yield(it.event, nil) })
		return err != nil
	}
	for e, err := range s.Log.Follow(r.Context(), s.Topic, after) {
		if errors.Is(err, ErrReset) {
			return true
		}
		if err != nil {
			yield(stream.Event{}, err)
			return false
		}
		if !yield(eventOf(&e), nil) {
			return false
		}
	}
	return false
}

// eventOf returns the event of an entry.
func eventOf[T any](e *Entry[T]) stream.Event {
	event, ok := asEvent(&e.Value)
	if !ok {
		// A pointer, because a nil in an interface is the value null.
		event = stream.Event{Type: eventType(&e.Value), Value: &e.Value}
	}
	event.ID = e.ID
	return event
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
