// Realworld is the RealWorld API, a blog with many authors, as one would write it for a
// company. README.md says how to run and test it.
package main

import (
	"context"
	"flag"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/tenonkit/tenon/examples/realworld/auth"
	"github.com/tenonkit/tenon/examples/realworld/service"
	"github.com/tenonkit/tenon/examples/realworld/store"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	file := flag.String("db", "realworld.db", "file of the SQLite database, unless DATABASE_URL names one of PostgreSQL")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	database := os.Getenv("DATABASE_URL")
	if database == "" {
		database = *file
	}
	if err := run(ctx, *addr, database); err != nil {
		slog.Error("realworld", "error", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, addr, database string) error {
	db, err := store.Open(ctx, database)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tokens, err := auth.NewTokens(os.Getenv("TOKEN_SECRET"))
	if err != nil {
		return err
	}
	handler, _, err := service.New(db, tokens, slog.Default())
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	slog.Info("listening", "url", "http://"+listener.Addr().String())
	return service.Serve(ctx, listener, handler)
}
