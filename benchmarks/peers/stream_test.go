package peers_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	humasse "github.com/danielgtaylor/huma/v2/sse"
	ginsse "github.com/gin-contrib/sse"
	"github.com/gin-gonic/gin"
	gosse "github.com/tmaxmax/go-sse"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/stream"
)

// reading is the data of an event, as JSON.
type reading struct {
	Sensor string  `json:"sensor"`
	Value  float64 `json:"value"`
	Alarm  bool    `json:"alarm"`
}

func readingOf(i int) reading { return reading{"oak-" + strconv.Itoa(i%7), float64(i) / 4, i%100 == 0} }

// eventServers stream the readings 1 to n, each with its number as the ID.
func eventServers(n int) map[string]http.Handler {
	return map[string]http.Handler{
		"tenon":  tenonEvents(n),
		"go-sse": goSSEEvents(n),
		"huma":   humaEvents(n),
		"gin":    ginEvents(n),
	}
}

func tenonEvents(n int) http.Handler {
	return stream.SSE[stream.Event]{Seq: func(yield func(stream.Event, error) bool) {
		for i := range n {
			if !yield(stream.Event{ID: strconv.Itoa(i + 1), Value: readingOf(i + 1)}, nil) {
				return
			}
		}
	}}
}

func goSSEEvents(n int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session, err := gosse.Upgrade(w, r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		for i := range n {
			v := readingOf(i + 1)
			data, err := json.Marshal(&v)
			if err != nil {
				return
			}
			message := &gosse.Message{ID: gosse.ID(strconv.Itoa(i + 1))}
			message.AppendData(string(data))
			if session.Send(message) != nil || session.Flush() != nil {
				return
			}
		}
	})
}

func humaEvents(n int) http.Handler {
	mux := http.NewServeMux()
	api := humago.New(mux, huma.DefaultConfig("events", "1"))
	humasse.Register(api, huma.Operation{OperationID: "events", Method: http.MethodGet, Path: "/"},
		map[string]any{"message": reading{}},
		func(_ context.Context, _ *struct{}, send humasse.Sender) {
			for i := range n {
				if send(humasse.Message{ID: i + 1, Data: readingOf(i + 1)}) != nil {
					return
				}
			}
		})
	return mux
}

func ginEvents(n int) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.GET("/", func(c *gin.Context) {
		i := 0
		c.Stream(func(io.Writer) bool {
			i++
			c.Render(-1, ginsse.Event{Id: strconv.Itoa(i), Data: readingOf(i)})
			return i < n
		})
	})
	return router
}

// TestStream_equal holds that a client gets the same events from all.
func TestStream_equal(t *testing.T) {
	const n = 200
	for name, h := range eventServers(n) {
		server := httptest.NewServer(h)
		response, err := http.Get(server.URL)
		if err != nil {
			t.Fatal(name, err)
		}
		i := 0
		for event, err := range stream.Events(response.Body) {
			i++
			var got reading
			if err != nil || event.ID != strconv.Itoa(i) || json.Unmarshal([]byte(event.Data), &got) != nil || got != readingOf(i) {
				t.Fatalf("%s: event %d: %+v, %v", name, i, event, err)
			}
		}
		if i != n {
			t.Errorf("%s: %d events, want %d", name, i, n)
		}
		if media := response.Header.Get("Content-Type"); !strings.HasPrefix(media, "text/event-stream") {
			t.Errorf("%s: %s", name, media)
		}
		_ = response.Body.Close()
		server.Close()
	}
}

// BenchmarkStream measures a burst of events to a client on the loopback
// interface.
func BenchmarkStream(b *testing.B) {
	const n = 100_000
	for _, name := range []string{"tenon", "go-sse", "huma", "gin"} {
		b.Run(fmt.Sprintf("events=%d/by=%s", n, name), func(b *testing.B) {
			server := httptest.NewServer(eventServers(n)[name])
			defer server.Close()
			b.ReportAllocs()
			for b.Loop() {
				response, err := http.Get(server.URL)
				if err != nil {
					b.Fatal(err)
				}
				if size, err := io.Copy(io.Discard, response.Body); err != nil || size < 50*n {
					b.Fatal(size, err)
				}
				_ = response.Body.Close()
			}
			b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "events/s")
		})
	}
}
