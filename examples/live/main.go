package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

//go:embed page.html
var page respond.HTML

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	defer stop()
	if err := run(ctx, *addr); err != nil {
		slog.Error("live", "error", err)
		os.Exit(1)
	}
}

// run serves until ctx is done, and then waits for the downloads, while the
// event streams end at once.
func run(ctx context.Context, addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	slog.Info("listening", "url", "http://"+listener.Addr().String())
	workshop, err := NewWorkshop(ctx)
	if err != nil {
		return err
	}
	go func() { slog.Info("the work ends", "why", workshop.Work(ctx, 250*time.Millisecond)) }()

	var drain stream.Drain
	server := &http.Server{Handler: drain.Handler(newHandler(workshop)), ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second}
	server.RegisterOnShutdown(drain.Start)
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		ended <- server.Shutdown(limited)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}

func newHandler(s *Workshop) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", tenon.Handle(func(context.Context, tenon.None) (respond.HTML, error) { return page, nil }))
	mux.Handle("GET /events", s.Droppable(tenon.Handle(s.Events)))
	mux.Handle("POST /drop", tenon.Handle(s.DropAll))
	mux.Handle("GET /table", tenon.Handle(Table))
	return mux
}
