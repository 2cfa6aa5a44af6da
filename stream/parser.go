package stream

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxEvent limits the memory that a server can make the parser take.
const maxEvent = 16 << 20

var errTooLong = errors.New("stream: an event is longer than 16 MiB")

// Events returns the events of an event stream as a browser dispatches them (WHATWG HTML,
// section 9.2.6):
//
//   - ID is the last event ID. An event without one has that of the event before.
//   - Type is empty if the stream names none.
//   - Retry is set if the stream has sent one since the event before.
//   - Comments, unknown fields, events without data and an incomplete event at the end
//     are skipped.
//   - Bytes that are not UTF-8 are replaced by U+FFFD.
//
// The sequence ends at the end of r, with an error of r, or with an error after an event
// of more than 16 MiB. It reads only when it is asked for the next event, and is for one
// goroutine.
func Events(r io.Reader) iter.Seq2[Event, error] {
	return EventsNoting(r, maxEvent, nil)
}

// EventsNoting is [Events] for package client. most replaces the limit of 16 MiB. note is called
// for each event, also for events without data: with the last event ID, whether r has sent one,
// which may be empty, and the Retry.
func EventsNoting(r io.Reader, most int64, note func(id string, named bool, retry time.Duration)) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		p := parser{yield: yield, note: note}
		buf := make([]byte, 4096)
		for {
			n, err := r.Read(buf)
			if !p.take(buf[:n]) {
				return
			}
			switch {
			case int64(p.size()) > most:
				yield(Event{}, errTooLong)
				return
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(Event{}, err)
				return
			}
		}
	}
}

// A parser holds the state of a client between two lines.
type parser struct {
	yield  func(Event, error) bool
	note   func(id string, named bool, retry time.Duration) // may be nil
	line   []byte                                           // the beginning of a line that is not complete
	sawCR  bool                                             // the last line ended in CR, so that an LF belongs to it
	sawAny bool                                             // the first line, which may have a byte order mark, is over
	sawID  bool                                             // there was a valid field id
	next   Event                                            // without Data
	data   []byte                                           // each line with an LF behind it
}

func (p *parser) size() int { return len(p.line) + len(p.data) + len(p.next.Type) + len(p.next.ID) }

// take reads further and reports whether more events are wanted.
func (p *parser) take(chunk []byte) bool {
	for len(chunk) > 0 {
		if p.sawCR && chunk[0] == '\n' {
			chunk = chunk[1:]
		}
		p.sawCR = false
		end := lineEnd(chunk)
		if end < 0 {
			p.line = append(p.line, chunk...)
			return true
		}
		line := chunk[:end]
		if len(p.line) > 0 {
			p.line = append(p.line, line...)
			line = p.line
		}
		p.sawCR = chunk[end] == '\r'
		chunk = chunk[end+1:]
		wanted := p.takeLine(line)
		p.line = p.line[:0]
		if !wanted {
			return false
		}
	}
	return true
}

// lineEnd returns the index of the first CR or LF, or -1. It is faster than
// [bytes.IndexAny].
func lineEnd(chunk []byte) int {
	end := bytes.IndexByte(chunk, '\n')
	before := chunk
	if end >= 0 {
		before = chunk[:end]
	}
	if cr := bytes.IndexByte(before, '\r'); cr >= 0 {
		return cr
	}
	return end
}

func (p *parser) takeLine(line []byte) bool {
	if !p.sawAny {
		p.sawAny = true
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	if len(line) == 0 {
		return p.dispatch()
	}
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(name) {
	case "data":
		p.data = append(append(p.data, value...), '\n')
	case "event":
		p.next.Type = text(value)
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			p.next.ID, p.sawID = text(value), true
		}
	case "retry":
		if retry, ok := parseRetry(string(value)); ok {
			p.next.Retry = retry
		}
	}
	return true
}

func (p *parser) dispatch() bool {
	if p.note != nil {
		p.note(p.next.ID, p.sawID, p.next.Retry)
	}
	if len(p.data) == 0 {
		p.next.Type = ""
		return true
	}
	event := p.next
	event.Data = text(p.data[:len(p.data)-1])
	p.next = Event{ID: event.ID}
	p.data = p.data[:0]
	return p.yield(event, nil)
}

// text decodes UTF-8 as browsers do: each maximal subpart of invalid bytes becomes one
// U+FFFD (WHATWG Encoding, section 8.1.1).
func text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var out strings.Builder
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			size = subpart(b)
		}
		out.WriteRune(r)
		b = b[size:]
	}
	return out.String()
}

// subpart returns the length of the maximal subpart that b begins with: the
// longest beginning of a rune, or one byte that no rune begins with.
func subpart(b []byte) int {
	n := 1
	for n < len(b) && !utf8.FullRune(b[:n+1]) {
		n++
	}
	return n
}

func parseRetry(s string) (time.Duration, bool) {
	if strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	ms, err := strconv.ParseInt(s, 10, 64)
	const most = int64(1<<63-1) / int64(time.Millisecond)
	if err != nil || ms > most {
		return 0, false
	}
	return time.Duration(ms) * time.Millisecond, true
}
