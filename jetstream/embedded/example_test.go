package embedded_test

import (
	"context"
	"fmt"
	"os"

	js "github.com/nats-io/nats.go/jetstream"

	"github.com/tenonkit/tenon/jetstream/embedded"
)

func Example() {
	dir, err := os.MkdirTemp("", "nats")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := count(context.Background(), dir); err != nil {
		fmt.Println(err)
	}
	// Output: streams: 1
}

// count makes a stream in a server of this process, and prints how many there are.
func count(ctx context.Context, dir string) error {
	server, err := embedded.Start(dir, embedded.Options{}) //nolint:contextcheck // Start takes none
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
	if _, err := stream.CreateStream(ctx, js.StreamConfig{Name: "orders"}); err != nil {
		return err
	}
	account, err := stream.AccountInfo(ctx)
	if err != nil {
		return err
	}
	fmt.Println("streams:", account.Streams)
	return nil
}
