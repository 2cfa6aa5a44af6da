package stream_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

func collect(r io.Reader) ([]stream.Event, error) {
	var events []stream.Event
	for event, err := range stream.Events(r) {
		if err != nil {
			return events, err
		}
		events = append(events, event)
	}
	return events, nil
}

// parserCases are the rules of WHATWG HTML, sections 9.2.5 and 9.2.6.
var parserCases = []struct {
	name, wire string
	want       []stream.Event
}{
	{"nothing", "", nil},
	{"one", "data: a\n\n", []stream.Event{{Data: "a"}}},
	{"CR", "data: a\rdata: b\r\r", []stream.Event{{Data: "a\nb"}}},
	{"CRLF", "data: a\r\ndata: b\r\n\r\n", []stream.Event{{Data: "a\nb"}}},
	{"mixed line ends", "data: a\r\n\ndata: b\n\r\ndata: c\r\r\n", []stream.Event{{Data: "a"}, {Data: "b"}, {Data: "c"}}},
	{"byte order mark", "\ufeffdata: a\n\n\ufeffdata: b\n\n", []stream.Event{{Data: "a"}}},
	{"one byte order mark only", "\ufeff\ufeffdata: a\n\n", nil},
	{"one space", "data:a\n\ndata: a\n\ndata:  a\n\n", []stream.Event{{Data: "a"}, {Data: "a"}, {Data: " a"}}},
	{"no colon", "data\n\ndata\ndata\n\n", []stream.Event{{Data: ""}, {Data: "\n"}}}, //nolint:dupword // lines on the wire
	{"comment", ": x\n:data: a\ndata: b\n\n", []stream.Event{{Data: "b"}}},
	{"unknown fields", "Data: a\ndata : b\nfoo: c\ndata: d\n\n", []stream.Event{{Data: "d"}}},
	{"the last type counts", "event: a\nevent: b\ndata: c\n\n", []stream.Event{{Type: "b", Data: "c"}}},
	{"no data", "event: a\nid: 1\n\ndata: b\n\n", []stream.Event{{ID: "1", Data: "b"}}},
	{"id stays", "id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", []stream.Event{{ID: "1", Data: "a"}, {ID: "1", Data: "b"}, {Data: "c"}}},
	{"NUL in id", "id: 1\ndata: a\n\nid: 2\x00\ndata: b\n\n", []stream.Event{{ID: "1", Data: "a"}, {ID: "1", Data: "b"}}},
	{"retry", "retry: 10\ndata: a\n\ndata: b\n\nretry: 20\n\ndata: c\n\n", []stream.Event{
		{Data: "a", Retry: 10 * time.Millisecond}, {Data: "b"}, {Data: "c", Retry: 20 * time.Millisecond},
	}},
	{"retry of digits only", "retry: 1.5\nretry: -1\nretry: +1\nretry:\nretry: 99999999999999999999\nretry: 9999999999999999\ndata: a\n\n", []stream.Event{{Data: "a"}}}, //nolint:dupword // lines on the wire
	{"unfinished", "data: a\n\ndata: b\n", []stream.Event{{Data: "a"}}},
	{"not UTF-8", "data: a\xff\xfeb\n\n", []stream.Event{{Data: "a\ufffd\ufffdb"}}},
	{"not UTF-8 in any field", "event: \xff\xff\nid: \xe2\x82\ndata: \xf0\x9f\ndata: \x98\x80\n\n", []stream.Event{{Type: "\ufffd\ufffd", ID: "\ufffd", Data: "\ufffd\n\ufffd\ufffd"}}},
	{"long line", "data: " + strings.Repeat("x", 1<<20) + "\n\n", []stream.Event{{Data: strings.Repeat("x", 1<<20)}}},
	{
		"of the standard", "data: YHOO\ndata: +2\ndata: 10\n\n: test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
		[]stream.Event{{Data: "YHOO\n+2\n10"}, {ID: "1", Data: "first event"}, {Data: "second event"}, {Data: " third event"}},
	},
}

func TestEvents(t *testing.T) {
	t.Parallel()
	for _, tc := range parserCases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for name, r := range readers(tc.wire) {
				got, err := collect(r)
				require.NoError(t, err, name)
				assert.Equal(t, tc.want, got, name)
			}
		})
	}
}

// readers cut the text into reads in different ways.
func readers(text string) map[string]io.Reader {
	return map[string]io.Reader{
		"whole":         strings.NewReader(text),
		"byte by byte":  iotest.OneByteReader(strings.NewReader(text)),
		"half":          iotest.HalfReader(strings.NewReader(text)),
		"data with EOF": iotest.DataErrReader(strings.NewReader(text)),
	}
}

// decoderCases are what the UTF-8 decoder of browsers makes of bytes.
var decoderCases = []struct {
	name, bytes string
	want        string // each ? is one U+FFFD
}{
	{"no beginning", "\xff\xff", "??"},
	{"continuations", "\x80\xbf", "??"},
	{"surrogate", "\xed\xa0\x80", "???"},
	{"pair of surrogates", "\xed\xa0\xbd\xed\xb8\x80", "??????"},
	{"too large", "\xf4\x90\x80\x80", "????"},
	{"five bytes", "\xf8\x88\x80\x80\x80", "?????"},
	{"overlong", "\xc0\xaf", "??"},
	{"overlong of three", "\xe0\x80\xaf", "???"},
	{"overlong of four", "\xf0\x80\x80\xaf", "????"},
	{"cut after one of two", "\xc3a", "?a"},
	{"cut after two of three", "\xe2\x82a", "?a"},
	{"cut after two of four", "\xf0\x9fa", "?a"},
	{"cut after three of four", "\xf0\x9f\x98a", "?a"},
	{"cut by another", "\xe2\x82\xe2\x82\xac", "?\u20ac"},
	{"cut at the end", "a\xf0\x9f\x98", "a?"},
	{"of Unicode, table 3-8", "\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64", "a???b?c??d"},
	{"U+FFFD itself", "\ufffd\xff\ufffd", "???"},
	{"valid", "\u00e9\u20ac\U0001f600", "\u00e9\u20ac\U0001f600"},
}

func TestEvents_notUTF8(t *testing.T) {
	t.Parallel()
	for _, tc := range decoderCases {
		want := strings.ReplaceAll(tc.want, "?", "\ufffd")
		for name, r := range readers("data: " + tc.bytes + "\n\n") {
			got, err := collect(r)
			require.NoError(t, err)
			assert.Equal(t, []stream.Event{{Data: want}}, got, "%s, %s", tc.name, name)
		}
	}
}

func TestEvents_failures(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	got, err := collect(kittest.BrokenReader("data: a\n\ndata: b\n", down))
	require.ErrorIs(t, err, down)
	assert.Equal(t, []stream.Event{{Data: "a"}}, got)

	_, err = collect(endless{})
	require.ErrorContains(t, err, "16 MiB")
	_, err = collect(io.MultiReader(repeated("data: 0123456789\n", 2_000_000)))
	require.ErrorContains(t, err, "16 MiB")
}

func repeated(line string, n int) io.Reader {
	lines := make([]io.Reader, 0, 100)
	block := strings.Repeat(line, n/100)
	for range cap(lines) {
		lines = append(lines, strings.NewReader(block))
	}
	return io.MultiReader(lines...)
}

// TestEvents_stop holds that an event is there before the next read, a lone CR
// included, and that nothing is read after the loop has ended.
func TestEvents_stop(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	defer r.Close()
	go func() { _, _ = w.Write([]byte("data: a\r\r")) }()
	for event, err := range stream.Events(r) {
		require.NoError(t, err)
		assert.Equal(t, "a", event.Data)
		break
	}
}

// FuzzEvents holds that how the bytes are cut into reads makes no difference,
// and that what was decoded is encoded to the same events.
func FuzzEvents(f *testing.F) {
	for _, tc := range parserCases {
		if len(tc.wire) < 1000 {
			f.Add(tc.wire)
		}
	}
	for _, tc := range decoderCases {
		f.Add("data: " + tc.bytes + "\n\n")
	}
	f.Fuzz(func(t *testing.T, wire string) {
		want, err := collect(strings.NewReader(wire))
		if err != nil {
			t.Fatal(err)
		}
		for name, r := range readers(wire) {
			if got, err := collect(r); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %#v, %v\nwant %#v", name, got, err, want)
			}
		}
		var again []byte
		last := ""
		for _, event := range want {
			if event.ID == "" && last != "" {
				again = append(again, "id\n"...) // AppendTo never takes an ID back
			}
			last = event.ID
			if event.Data == "" && event.Type == "" && (event.ID != "" || event.Retry > 0) {
				again = append(again, "data\n"...) // AppendTo would only move the ID
			}
			if again, err = event.AppendTo(again); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := collect(strings.NewReader(string(again))); err != nil || !slices.Equal(got, want) {
			t.Errorf("%#v, %v\nwant %#v", got, err, want)
		}
	})
}
