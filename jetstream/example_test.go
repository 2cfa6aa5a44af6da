package jetstream_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	js "github.com/nats-io/nats.go/jetstream"

	"github.com/tenonkit/tenon/jetstream"
	"github.com/tenonkit/tenon/jetstream/embedded"
	"github.com/tenonkit/tenon/middleware/idempotency"
)

// withServer calls use with a connection to a server inside the process.
func withServer(use func(ctx context.Context, stream js.JetStream) error) error {
	dir, err := os.MkdirTemp("", "nats") // a program has a place that stays
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	server, err := embedded.Start(dir, embedded.Options{})
	if err != nil {
		return err
	}
	defer server.Close()
	conn, err := server.Connect()
	if err != nil {
		return err
	}
	defer conn.Close()
	stream, err := js.New(conn)
	if err != nil {
		return err
	}
	return use(context.Background(), stream)
}

func ExampleNewLog() {
	if err := withServer(appendAndFollow); err != nil {
		fmt.Println(err)
	}
	// Output: Hello true
}

func appendAndFollow(ctx context.Context, stream js.JetStream) error {
	log, err := jetstream.NewLog[string](ctx, stream, jetstream.Options{Stream: "comments"})
	if err != nil {
		return err
	}
	after, err := log.Last(ctx, "article-42")
	if err != nil {
		return err
	}
	id, err := log.Append(ctx, "article-42", "Hello")
	if err != nil {
		return err
	}
	for e, err := range log.Follow(ctx, "article-42", after) {
		if err != nil {
			return err
		}
		fmt.Println(e.Value, e.ID == id)
		break
	}
	return nil
}

func ExampleNewStore() {
	if err := withServer(payTwice); err != nil {
		fmt.Println(err)
	}
	// Output:
	// paid
	// 200 thank you
	// 200 true thank you
}

func payTwice(ctx context.Context, stream js.JetStream) error {
	bucket, err := stream.CreateOrUpdateKeyValue(ctx, js.KeyValueConfig{Bucket: "requests", TTL: 48 * time.Hour})
	if err != nil {
		return err
	}
	store, err := jetstream.NewStore(ctx, bucket)
	if err != nil {
		return err
	}
	userOf := func(*http.Request) string { return "ada" } // a program finds out who sends the request
	pay := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Println("paid")
		_, _ = io.WriteString(w, "thank you")
	})
	h := idempotency.New(store, userOf)(pay)
	for range 2 {
		r := httptest.NewRequest(http.MethodPost, "/payments", strings.NewReader("500"))
		r.Header.Set("Idempotency-Key", `"8e03978e"`)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		fmt.Println(strings.Join(strings.Fields(fmt.Sprint(w.Code, " ", w.Header().Get("Idempotency-Replayed"), " ", w.Body)), " "))
	}
	return nil
}
