package stream_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// Tick is an item of the examples.
type Tick struct {
	N int `json:"n"`
}

// ask prints what h answers.
func ask(h http.Handler, fields ...string) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for i := 0; i+1 < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	fmt.Println(strings.TrimRight(w.Body.String(), "\n"))
}

// A typed handler returns a stream as any other value.
func ExampleSSE() {
	countdown := tenon.Handle(func(context.Context, tenon.None) (stream.SSE[Tick], error) {
		return stream.SSE[Tick]{Seq: func(yield func(Tick, error) bool) {
			for n := 2; n > 0; n-- {
				if !yield(Tick{n}, nil) {
					return // the client has left
				}
			}
		}}, nil
	})
	ask(countdown)
	// Output:
	// 200 text/event-stream
	// :
	//
	// data: {"n":2}
	//
	// data: {"n":1}
}

// A client that connects again gets what it has missed.
func ExampleLastEventID() {
	history := []string{"sawn", "planed", "joined"}
	handler := respond.Func(func(r *http.Request) (any, error) {
		id, _ := stream.LastEventID(r)
		seen, _ := strconv.Atoi(id)
		return stream.SSE[stream.Event]{Seq: func(yield func(stream.Event, error) bool) {
			for i := min(max(seen, 0), len(history)); i < len(history); i++ {
				if !yield(stream.Event{ID: strconv.Itoa(i + 1), Type: "step", Data: history[i]}, nil) {
					return
				}
			}
		}}, nil
	})
	ask(handler, "Last-Event-ID", "2")
	// Output:
	// 200 text/event-stream
	// :
	//
	// id: 3
	// event: step
	// data: joined
}

func ExampleNDJSON() {
	ask(stream.NDJSON[Tick]{Seq: stream.Values(slices.Values([]Tick{{1}, {2}}))})
	// Output:
	// 200 application/x-ndjson
	// {"n":1}
	// {"n":2}
}

// A failure before the first item has a status of its own.
func ExampleArray() {
	ask(stream.Array[Tick]{Seq: stream.Values(slices.Values([]Tick{{1}, {2}}))})
	ask(stream.Array[Tick]{Seq: func(yield func(Tick, error) bool) {
		yield(Tick{}, respond.NewProblem(http.StatusGone, "the table was dropped"))
	}})
	// Output:
	// 200 application/json
	// [{"n":1},{"n":2}]
	// 410 application/problem+json
	// {"type":"about:blank","title":"Gone","status":410,"detail":"the table was dropped"}
}

func ExampleAuto() {
	ticks := stream.Auto[Tick]{Seq: stream.Values(slices.Values([]Tick{{1}}))}
	ask(ticks)
	ask(ticks, "Accept", "application/x-ndjson")
	ask(ticks, "Accept", "text/event-stream")
	// Output:
	// 200 application/json
	// [{"n":1}]
	// 200 application/x-ndjson
	// {"n":1}
	// 200 text/event-stream
	// :
	//
	// data: {"n":1}
}

func ExampleText() {
	ask(stream.Text{
		Seq:     stream.Values(slices.Values([]string{"id,name\n", "1,oak\n"})),
		Options: stream.Options{ContentType: "text/csv; charset=utf-8"},
	})
	// Output:
	// 200 text/csv; charset=utf-8
	// id,name
	// 1,oak
}

func ExampleBytes() {
	ask(stream.Bytes{Seq: stream.Values(slices.Values([][]byte{[]byte("one "), []byte("two")}))})
	// Output:
	// 200 application/octet-stream
	// one two
}

// Serve tells how the stream ended.
func ExampleBody() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := stream.Body{Reader: strings.NewReader("what a command prints")}.Serve(w, r)
		fmt.Println("ended:", err)
	})
	ask(handler)
	// Output:
	// ended: <nil>
	// 200 application/octet-stream
	// what a command prints
}

// The record of OnError is the last line of a response that fails half-way,
// which is then broken off: here the panic is meant for net/http.
func ExampleOptions() {
	options := stream.Options{
		OnError: func(error) any { return map[string]bool{"incomplete": true} },
		OnEnd:   func(err error) { fmt.Println("ended:", err) },
	}
	rows := func(yield func(Tick, error) bool) {
		if yield(Tick{1}, nil) {
			yield(Tick{}, errors.New("the disk is gone"))
		}
	}
	defer func() { fmt.Println("recovered:", recover()) }()
	w := httptest.NewRecorder()
	defer func() { fmt.Print(w.Body) }()
	stream.NDJSON[Tick]{Seq: rows, Options: options}.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	// Output:
	// ended: the disk is gone
	// {"n":1}
	// {"incomplete":true}
	// recovered: net/http: abort Handler
}

func ExampleValues() {
	for v, err := range stream.Values(slices.Values([]string{"a", "b"})) {
		fmt.Println(v, err)
	}
	// Output:
	// a <nil>
	// b <nil>
}

// A channel ends with the context of the request at the latest.
func ExampleChan() {
	news := make(chan string, 1)
	news <- "a"
	close(news)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stream.Text{Seq: stream.Chan(r.Context(), news)}.ServeHTTP(w, r)
	})
	ask(handler)
	// Output:
	// 200 text/plain; charset=utf-8
	// a
}

// A source that calls back becomes a sequence.
func ExamplePush() {
	fields := stream.Push(func(send func(string) error) error {
		for field := range strings.FieldsSeq("mortise and tenon") {
			if err := send(field); err != nil {
				return err // nobody takes further fields
			}
		}
		return nil
	})
	for field := range fields {
		fmt.Println(field)
		if field == "and" {
			break
		}
	}
	// Output:
	// mortise
	// and
}

func ExampleEvent_AppendTo() {
	wire, err := stream.Event{ID: "7", Type: "step", Data: "sawn\nplaned", Retry: time.Second}.AppendTo(nil)
	fmt.Printf("%s%v\n", wire, err)
	_, err = stream.Event{ID: "7\n8"}.AppendTo(nil)
	fmt.Println(err)
	// Output:
	// id: 7
	// event: step
	// retry: 1000
	// data: sawn
	// data: planed
	//
	// <nil>
	// stream: event ID contains CR, LF or NUL
}

// Events reads the stream of a server.
func ExampleEvents() {
	server := httptest.NewServer(stream.SSE[Tick]{Seq: stream.Values(slices.Values([]Tick{{1}, {2}}))})
	defer server.Close()
	response, err := http.Get(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	for event, err := range stream.Events(response.Body) {
		fmt.Println(event.Data, err)
	}
	// Output:
	// {"n":1} <nil>
	// {"n":2} <nil>
}

// The streams end when the server shuts down.
func ExampleDrain() {
	drain := stream.Drain{Farewell: &stream.Event{Retry: 2 * time.Second}}
	forever := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		drain.Start() // by server.RegisterOnShutdown(drain.Start) in earnest
		stream.SSE[Tick]{Seq: stream.Chan(r.Context(), make(chan Tick))}.ServeHTTP(w, r)
	})
	ask(drain.Handler(forever))
	// Output:
	// 200 text/event-stream
	// :
	//
	// retry: 2000
}

// StreamType tells a generator of documents what a stream sends.
func ExampleAuto_StreamType() {
	types, item := stream.Auto[Tick]{}.StreamType()
	fmt.Fprintln(os.Stdout, types, item)
	// Output:
	// [application/json application/x-ndjson text/event-stream] stream_test.Tick
}
