package stream

import (
	"bytes"
	"fmt"

	"github.com/tenonkit/tenon/internal/encode"
)

const (
	eventType  = "text/event-stream"
	ndjsonType = "application/x-ndjson"
	jsonType   = "application/json"
	textType   = "text/plain; charset=utf-8"
	bytesType  = "application/octet-stream"
)

// A format is how items become one body.
type format struct {
	media string
	// open begins the body, close ends a complete one.
	open, close string
	// before and after stand around each item, between separates two.
	before, between, after string
	// beat is the sign of life.
	beat string
	// endless streams have no end that the client waits for. They need a writer
	// that flushes, and end when the server drains.
	endless bool
	// frame encodes a value whose type is known at run time only.
	frame func(f *format, buf *bytes.Buffer, v any, first bool) error
}

//nolint:gochecknoglobals // constants that Go cannot declare as such
var (
	// The opening comment makes the header arrive behind compressors, which hold
	// it back until there is a body.
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
	return f.frameWith(encode.Dynamic(), buf, &v, first)
}

func frameEvent(f *format, buf *bytes.Buffer, v any, first bool) error {
	event, ok := v.(Event)
	if !ok {
		return frameJSON(f, buf, v, first)
	}
	return writeEvent(buf, &event)
}

func frameRaw(_ *format, buf *bytes.Buffer, v any, _ bool) error {
	switch v := v.(type) {
	case string:
		buf.WriteString(v)
	case []byte:
		buf.Write(v)
	default:
		return fmt.Errorf("stream: %T is neither a string nor bytes", v)
	}
	return nil
}
