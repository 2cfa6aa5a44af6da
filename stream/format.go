package stream

import (
	"bytes"
	"fmt"
	"iter"
	"net/http"
	"reflect"
	"sync"

	"github.com/tenonkit/tenon/internal/choice"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/respond"
)

const (
	eventType  = "text/event-stream"
	ndjsonType = "application/x-ndjson"
	jsonType   = "application/json"
	textType   = "text/plain; charset=utf-8"
	bytesType  = "application/octet-stream"
)

// A format says how items become one body.
type format struct {
	media string
	// open begins the body, close ends a complete one.
	open, close string
	// before and after stand around each item, between separates two.
	before, between, after string
	// beat is the sign of life.
	beat string
	// The client of an endless stream does not wait for its end. The stream needs a
	// writer that flushes, and ends when the server drains.
	endless bool
	// frame encodes a value whose type is known at run time only.
	frame func(f *format, buf *bytes.Buffer, v any, first bool) error
}

//nolint:gochecknoglobals // constants that Go cannot declare as such
var (
	// The opening comment sends the header through compressors, which hold it back until there
	// is a body.
	eventStream = format{
		media: eventType, open: ":\n\n", before: "data: ", after: "\n\n", beat: ":\n\n",
		endless: true, frame: frameEvent,
	}
	ndjson    = format{media: ndjsonType, after: "\n", beat: "\n", frame: frameJSON}
	array     = format{media: jsonType, open: "[", between: ",", close: "]", beat: "\n", frame: frameJSON}
	plainText = format{media: textType, frame: frameRaw}
	octets    = format{media: bytesType, frame: frameRaw}
)

// frameWith appends to buf the JSON form of *p as an item of f.
func (f *format) frameWith(codec encode.Codec, buf *bytes.Buffer, p any, first bool) error {
	if !first {
		buf.WriteString(f.between)
	}
	buf.WriteString(f.before)
	if err := codec.Encode(buf, p); err != nil {
		return err
	}
	buf.WriteString(f.after)
	return nil
}

func frameJSON(f *format, buf *bytes.Buffer, v any, first bool) error {
	return f.frameWith(encode.DynamicAnswer(), buf, &v, first)
}

func frameEvent(f *format, buf *bytes.Buffer, v any, first bool) error {
	event, ok := v.(Event)
	if !ok {
		return frameJSON(f, buf, v, first)
	}
	return writeEvent(buf, &event)
}

//nolint:gochecknoglobals // holds what was found out about types, one entry per type in the program
var codecs sync.Map // reflect.Type to encode.Codec

func codecOf(t reflect.Type) encode.Codec {
	if found, ok := codecs.Load(t); ok {
		codec, _ := found.(encode.Codec)
		return codec
	}
	codec := encode.Toward(shape.Answer, t)
	codecs.Store(t, codec)
	return codec
}

// encodedItems feeds the items of seq as encode writes them. All of them use one place,
// so that encoding through a pointer does not allocate for each item.
func encodedItems[T any](seq iter.Seq2[T, error], encode func(p *pump, buf *bytes.Buffer, v *T) error) feed {
	return func(p *pump) error {
		if seq == nil {
			return nil
		}
		var zero T
		place := new(T)
		for v, err := range seq {
			if err = failure.WithoutNils(err); err != nil {
				return err
			}
			buf := getFrame()
			*place = v
			if err := encode(p, buf, place); err != nil {
				// It is always a fault of the server, whatever status the error has.
				return respond.NewProblem(http.StatusInternalServerError, "").
					WithCause(fmt.Errorf("stream: item %d: %w", p.frames, err))
			}
			*place = zero // An idle stream keeps nothing alive.
			taken := put(p, buf.Bytes())
			putFrame(buf)
			if !taken {
				break
			}
		}
		return nil
	}
}

// jsonItems feeds the items of seq as JSON.
func jsonItems[T any](seq iter.Seq2[T, error]) feed {
	codec := codecOf(reflect.TypeFor[T]())
	return encodedItems(seq, func(p *pump, buf *bytes.Buffer, v *T) error {
		return p.format.frameWith(codec, buf, v, p.frames == 0)
	})
}

// eventItems feeds the items of seq as events: an [Event] as it is, anything
// else as the data of one.
func eventItems[T any](seq iter.Seq2[T, error]) feed {
	if _, ok := any(new(T)).(*Event); ok {
		return encodedItems(seq, func(_ *pump, buf *bytes.Buffer, v *T) error {
			event, _ := any(v).(*Event)
			return writeEvent(buf, event)
		})
	}
	t := reflect.TypeFor[T]()
	if c, _ := choice.Of(t, reflect.TypeFor[respond.OneOf]()); c != nil {
		return encodedItems(seq, func(_ *pump, buf *bytes.Buffer, v *T) error { return writeChoice(buf, c, reflect.ValueOf(v).Elem()) })
	}
	if t.Kind() != reflect.Interface && t != reflect.TypeFor[*Event]() {
		return jsonItems(seq)
	}
	codec := codecOf(t)
	return encodedItems(seq, func(p *pump, buf *bytes.Buffer, v *T) error {
		switch event := any(*v).(type) {
		case Event:
			return writeEvent(buf, &event)
		case *Event:
			if event != nil {
				return writeEvent(buf, event)
			}
		}
		return p.format.frameWith(codec, buf, v, p.frames == 0)
	})
}

// writeChoice appends the event of the field of v that is set.
func writeChoice(buf *bytes.Buffer, c *choice.Choices, v reflect.Value) error {
	data := getFrame()
	name, err := c.Append(data, v)
	if err == nil {
		buf.WriteString("event: " + name + "\ndata: ")
		buf.Write(data.Bytes())
		buf.WriteString("\n\n")
	}
	putFrame(data)
	return err
}

// faultsOf returns why items of type t cannot be sent: as JSON and, in an event stream,
// as events.
func faultsOf(t reflect.Type, isEvents bool) []string {
	c, faults := choice.Of(t, reflect.TypeFor[respond.OneOf]())
	switch {
	case t == reflect.TypeFor[Event](), t == reflect.TypeFor[*Event](), t.Kind() == reflect.Interface:
		return nil
	case c == nil || !isEvents:
		faults = shape.OutFaults(t, t.String())
		faults.Append(shape.Answer.Faults(t, t.String())...)
		return faults.Lines()
	}
	c.Each(func(_, path string, t reflect.Type) {
		switch out := respond.New().Describe(t); {
		case t.Kind() == reflect.Interface:
		case t == reflect.TypeFor[Event]():
			faults.Add(path, "is an Event, which has its own type: use a type with the data")
		case out.Type != t, out.Kind == describe.Handler, out.Kind == describe.Problem, out.Kind == describe.OneOf:
			faults.Add(path, "has type %s, which is an answer and not the data of an event: use a type with the data", t)
		default:
			faults.Append(shape.OutFaults(t, path)...)
			faults.Append(shape.Answer.Faults(t, path)...)
		}
	})
	return faults.Lines()
}

// frameSize is the largest buffer of one item that is kept for the next.
const (
	frameSize  = 64 << 10
	smallFrame = 512
)

// A new buffer has room for a small frame: growing it, far down the stack of a
// stream, would double that stack.
//
//nolint:gochecknoglobals // a pool of private buffers
var frames = sync.Pool{New: func() any { return bytes.NewBuffer(make([]byte, 0, smallFrame)) }}

func getFrame() *bytes.Buffer {
	buf, _ := frames.Get().(*bytes.Buffer)
	return buf
}

// putFrame is never deferred: a marshaler that panicked may still hold the
// buffer.
func putFrame(buf *bytes.Buffer) {
	if buf.Cap() <= frameSize {
		buf.Reset()
		frames.Put(buf)
	}
}
