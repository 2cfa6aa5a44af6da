// Command serve runs the service of one system on the loopback interface, for a
// load generator:
//
//	$ go run ./serve -by tenon -addr 127.0.0.1:8080
package main

import (
	"context"
	"flag"
	"log/slog"
	"net"
	"os"
	"os/signal"

	"github.com/tenonkit/tenon/benchmarks/peers/systems"
)

func main() {
	by := flag.String("by", "tenon", "name of the system")
	addr := flag.String("addr", "127.0.0.1:0", "address to listen on")
	files := flag.String("files", "", "directory of the files under /files/")
	flag.Parse()
	if err := run(*by, *addr, *files); err != nil {
		slog.Error("serve", "error", err)
		os.Exit(1)
	}
}

func run(by, addr, files string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	slog.Info("listening", "url", "http://"+listener.Addr().String())
	return systems.Serve(ctx, by, files, listener)
}
