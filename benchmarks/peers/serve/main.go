// Command serve runs the service of one system on the loopback interface, for a
// load generator:
//
//	$ go run ./serve -by tenon
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"time"

	"github.com/tenonkit/tenon/benchmarks/peers/systems"
)

func main() {
	by := flag.String("by", "tenon", "name of the system")
	addr := flag.String("addr", "127.0.0.1:0", "address to listen on")
	flag.Parse()
	if err := run(*by, *addr); err != nil {
		slog.Error("serve", "error", err)
		os.Exit(1)
	}
}

func run(by, addr string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	all := systems.All()
	i := slices.IndexFunc(all, func(s systems.System) bool { return s.Name == by })
	if i < 0 {
		return errors.New("no system of this name: " + by)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: all[i].Handler(), ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	slog.Info("listening", "url", "http://"+listener.Addr().String())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
