package openapi

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/schema"
)

// maxChecked bounds the bodies and the lines of a stream that are checked. Longer ones are
// not checked at all.
const maxChecked = 1 << 20

// A bodyCheck compares a body with its schema while it is written.
type bodyCheck interface {
	write(p []byte) error
	close() error
}

// newBodyCheck returns the check of a body of a media type, nil if it needs none.
func newBodyCheck(c *schema.Checker, sent string, x *schema.Schema) bodyCheck {
	switch {
	case x == nil:
		return nil
	case sent == jsonType || strings.HasSuffix(sent, "+json"):
		return &wholeBody{checker: c, schema: x}
	case sent == ndjsonType:
		return &lines{check: func(line []byte) error { return c.JSON(x, line) }}
	case sent == sseType && (x.Event != nil || len(x.EventTypes) > 0):
		e := &events{check: func(name string, data []byte) error { return checkEvent(c, x, name, data) }}
		return &lines{check: e.line}
	case strings.HasPrefix(sent, "text/") && slices.Contains(x.Type, "string"):
		return &wholeBody{checker: c, schema: x, isText: true}
	}
	return nil
}

// A wholeBody checks a body that is one value.
type wholeBody struct {
	checker *schema.Checker
	schema  *schema.Schema
	isText  bool
	buf     bytes.Buffer
	isOver  bool
}

func (b *wholeBody) write(p []byte) error {
	if b.buf.Len()+len(p) > maxChecked {
		b.isOver = true
	}
	if !b.isOver {
		b.buf.Write(p)
	}
	return nil
}

func (b *wholeBody) close() error {
	switch {
	case b.isOver:
		return nil
	case b.isText:
		return b.checker.Text(b.schema, b.buf.String())
	}
	return b.checker.JSON(b.schema, b.buf.Bytes())
}

// lines checks the lines of a body one by one. It returns the first fault only, because a
// stream has no end.
type lines struct {
	check  func(line []byte) error
	buf    []byte
	isOver bool // the current line is too long
	told   bool
}

func (l *lines) write(p []byte) error {
	for len(p) > 0 && !l.told {
		line, rest, ended := bytes.Cut(p, []byte{'\n'})
		if len(l.buf)+len(line) > maxChecked {
			l.isOver = true
		}
		if !l.isOver {
			l.buf = append(l.buf, line...)
		}
		if p = rest; !ended {
			break
		}
		if err := l.end(); err != nil {
			return err
		}
	}
	return nil
}

// end checks the line that is complete.
func (l *lines) end() error {
	line, isOver := l.buf, l.isOver
	l.buf, l.isOver = l.buf[:0], false
	if isOver {
		return nil
	}
	err := l.check(line)
	l.told = err != nil
	return err
}

func (l *lines) close() error {
	if len(l.buf) == 0 || l.told {
		return nil
	}
	return l.end()
}

// checkEvent checks the data of an event of a type.
func checkEvent(c *schema.Checker, x *schema.Schema, name string, data []byte) error {
	of := x.Event
	if len(x.EventTypes) > 0 {
		var ok bool
		if of, ok = x.EventTypes.Get(name); !ok {
			return fmt.Errorf("the event type %q is not declared", name)
		}
	}
	return c.JSON(of, data)
}

// events gathers the data of server-sent events from their lines (WHATWG HTML, section
// 9.2.6). It skips the event of type reset, which is not an item of the stream.
type events struct {
	check  func(name string, data []byte) error
	data   []byte
	isOver bool
	name   string // the type of the event
}

// maxEventName bounds the bytes that are kept of the type of an event.
const maxEventName = 256

func (e *events) line(line []byte) error {
	line = bytes.TrimSuffix(line, []byte{'\r'})
	if len(line) == 0 {
		data, isOver, name := e.data, e.isOver, e.name
		e.data, e.isOver, e.name = e.data[:0], false, ""
		if len(data) == 0 || isOver || name == "reset" && string(data) == "{}" {
			return nil
		}
		return e.check(name, data)
	}
	if name, ok := bytes.CutPrefix(line, []byte("event:")); ok {
		name = bytes.TrimPrefix(name, []byte{' '})
		e.name = string(name[:min(len(name), maxEventName)])
	}
	data, ok := bytes.CutPrefix(line, []byte("data:"))
	if !ok {
		return nil
	}
	if e.isOver = e.isOver || len(e.data)+len(data) > maxChecked; e.isOver {
		return nil
	}
	if len(e.data) > 0 {
		e.data = append(e.data, '\n')
	}
	e.data = append(e.data, bytes.TrimPrefix(data, []byte{' '})...)
	return nil
}
