package jetstream_test

import (
	"context"
	"fmt"
	"os"

	js "github.com/nats-io/nats.go/jetstream"

	"github.com/tenonkit/tenon/jetstream"
	"github.com/tenonkit/tenon/jetstream/embedded"
)

func ExampleNewLog() {
	if err := example(); err != nil {
		fmt.Println(err)
	}
	// Output: Hello
}

func example() error {
	ctx := context.Background()
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

	log, err := jetstream.NewLog[string](ctx, stream, jetstream.Options{Stream: "comments"})
	if err != nil {
		return err
	}
	after, err := log.Last(ctx, "article-42")
	if err != nil {
		return err
	}
	if _, err := log.Append(ctx, "article-42", "Hello"); err != nil {
		return err
	}
	for e, err := range log.Follow(ctx, "article-42", after) {
		if err != nil {
			return err
		}
		fmt.Println(e.Value)
		break
	}
	return nil
}
