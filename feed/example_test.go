package feed_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/feed"
)

type Comment struct {
	By   string `json:"by"`
	Text string `json:"text"`
}

// EventType is the name that the page listens for.
func (Comment) EventType() string { return "comment" }

// This is the program of the package documentation.
func Example() {
	ctx, mux := context.Background(), http.NewServeMux()
	log := feed.NewMemory[Comment](feed.Options{})
	before, err := log.Last(ctx, "article-42")
	fmt.Println(err)

	// The handler answers with the events of a topic.
	mux.Handle("GET /comments", tenon.Handle(func(context.Context, tenon.None) (feed.SSE[Comment], error) {
		return feed.SSE[Comment]{Log: log, Topic: "article-42"}, nil
	}))

	// Append adds an event.
	id, err := log.Append(ctx, "article-42", Comment{"Ada", "First."})
	fmt.Println(err)

	// A program reads the events after an id with a loop.
	for e, err := range log.Follow(ctx, "article-42", before) {
		fmt.Println(e.ID == id, e.Value.Text, err)
		break
	}
	// Output:
	// <nil>
	// <nil>
	// true First. <nil>
}

// A client that comes back sends the id of the last event it has seen, as browsers
// do by themselves, and gets what it has missed.
func ExampleSSE() {
	ctx := context.Background()
	log := feed.NewMemory[Comment](feed.Options{})
	server := httptest.NewServer(tenon.Handle(func(context.Context, tenon.None) (feed.SSE[Comment], error) {
		return feed.SSE[Comment]{Log: log, Topic: "article-42"}, nil
	}))
	defer server.Close()
	defer server.CloseClientConnections()

	seen, _ := log.Append(ctx, "article-42", Comment{"Ada", "First."})
	_, _ = log.Append(ctx, "article-42", Comment{"Ben", "While nobody looked."})

	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
	request.Header.Set("Last-Event-ID", seen)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "event: ") {
			fmt.Println(lines.Text())
		}
		if strings.HasPrefix(lines.Text(), "data: ") {
			fmt.Println(lines.Text())
			break
		}
	}
	// Output:
	// event: comment
	// data: {"by":"Ben","text":"While nobody looked."}
}

func ExampleLog() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	log := feed.NewMemory[string](feed.Options{Keep: 100})
	before, _ := log.Last(ctx, "workshop")
	for _, wood := range []string{"oak", "ash", "elm"} {
		_, _ = log.Append(ctx, "workshop", wood)
	}
	for e, err := range log.Follow(ctx, "workshop", before) {
		if err != nil {
			fmt.Println(err) // feed.ErrReset: read the state anew
			return
		}
		fmt.Println(e.Value)
		if e.Value == "elm" {
			break
		}
	}
	// Output:
	// oak
	// ash
	// elm
}
