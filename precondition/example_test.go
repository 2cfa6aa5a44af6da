package precondition_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/precondition"
	"github.com/tenonkit/tenon/respond"
)

// Two editors have read version 1. The second to write is told to read again.
func Example() {
	type getIn struct{ If precondition.Headers }
	type putIn struct {
		If   precondition.Required
		Note string `body:"text"`
	}
	note, version := "milk", 1 // of a store, which compares the version within its write
	tag := func() string { return precondition.Tag(strconv.Itoa(version)) }
	mux := http.NewServeMux()
	tenon.Routes{
		tenon.Get("/note", func(_ context.Context, in getIn) (respond.OK[string], error) {
			return respond.OK[string]{Body: note}.WithETag(tag()), in.If.Check(tag(), time.Time{})
		}),
		tenon.Put("/note", func(_ context.Context, in putIn) (respond.NoContent, error) {
			if err := in.If.Check(tag(), time.Time{}); err != nil {
				return respond.NoContent{}, err
			}
			note, version = in.Note, version+1
			return respond.NoContent{}.WithETag(tag()), nil
		}),
	}.Mount(mux)

	send := func(method, body, name, value string) {
		r := httptest.NewRequest(method, "/note", strings.NewReader(body))
		r.Header.Set(name, value)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		fmt.Println(strings.TrimSpace(fmt.Sprintln(w.Code, w.Header().Get("ETag"), w.Body)))
	}
	send("GET", "", "If-None-Match", "")
	send("PUT", "milk, eggs", "If-Match", `"1"`)
	send("PUT", "milk, bread", "If-Match", `"1"`)
	send("GET", "", "If-None-Match", `"1"`)
	send("PUT", "milk, eggs, bread", "If-Match", `"2"`)
	send("GET", "", "If-None-Match", `"3"`)
	// Output:
	// 200 "1" milk
	// 204 "2"
	// 412  {"type":"about:blank","title":"Precondition Failed","status":412,"detail":"If-Match does not name the current version: read it again, make the change to what it is now, and send its ETag in If-Match"}
	// 200 "2" milk, eggs
	// 204 "3"
	// 304 "3"
}

// Notes is a store that compares the version within its write.
type Notes struct {
	mu      sync.Mutex
	note    string
	version int
}

// Load returns the note and its version.
func (n *Notes) Load() (note, version string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.note, strconv.Itoa(n.version)
}

// Swap replaces the note if it has the version, and reports whether it has.
func (n *Notes) Swap(version, note string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if version != strconv.Itoa(n.version) {
		return false
	}
	n.note, n.version = note, n.version+1
	return true
}

// This is the handler of the package documentation.
func ExampleFailed() {
	type putIn struct {
		If   precondition.Required
		Note string `body:"text"`
	}
	notes := &Notes{note: "milk", version: 1}
	put := func(_ context.Context, in putIn) (respond.NoContent, error) {
		_, version := notes.Load()
		if err := in.If.Check(precondition.Tag(version), time.Time{}); err != nil {
			return respond.NoContent{}, err
		}
		if !notes.Swap(version, in.Note) { // UPDATE ... WHERE version = $1 has changed no row
			return respond.NoContent{}, precondition.Failed()
		}
		return respond.NoContent{}, nil
	}

	for _, tag := range []string{`"1"`, `"1"`, ""} {
		r := httptest.NewRequest(http.MethodPut, "/note", strings.NewReader("milk, eggs"))
		if tag != "" {
			r.Header.Set("If-Match", tag)
		}
		w := httptest.NewRecorder()
		tenon.Handle(put).ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	// Output:
	// 204
	// 412
	// 428
}

// A client sends back the ETag of what it has read.
func ExampleIfMatch() {
	r, _ := http.NewRequest(http.MethodPut, "http://example.com/note", nil)
	err := precondition.IfMatch(`"1"`).MarshalRequest(r)
	fmt.Println(r.Header, err)
	err = precondition.IfMatch("").MarshalRequest(r)
	fmt.Println(err)
	// Output:
	// map[If-Match:["1"]] <nil>
	// precondition: If-Match has [""]: use the ETag of an answer, precondition.Tag or "*"
}

func ExampleTag() {
	fmt.Println(precondition.Tag("7"), precondition.Tag(`json "7"`))
	// Output: "7" "json%20%227%22"
}
