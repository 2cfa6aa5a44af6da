// Realworld is the RealWorld API, a blog with many authors, as one would write it for a
// company. README.md says how to run and test it.
package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/tenonkit/tenon/examples/realworld/service"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	database := flag.String("db", "realworld.db", "SQLite database, where DATABASE_URL is not set")
	flag.Parse()
	if url := os.Getenv("DATABASE_URL"); url != "" {
		*database = url
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := service.Run(ctx, *addr, *database); err != nil {
		slog.Error("realworld", "error", err)
		os.Exit(1)
	}
}
