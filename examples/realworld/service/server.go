package service

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/justinas/alice"
	"github.com/rs/cors"

	"github.com/tenonkit/tenon/examples/realworld/api"
	"github.com/tenonkit/tenon/examples/realworld/auth"
	"github.com/tenonkit/tenon/examples/realworld/store"
	"github.com/tenonkit/tenon/examples/realworld/web"
	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// New returns the service with its pages, and its document.
func New(db *store.Store, tokens *auth.Tokens, log *slog.Logger) (http.Handler, *openapi.Document, error) {
	news := feed.NewMemory[api.Summary](feed.Options{})
	s := &service{Store: db, tokens: tokens, passwords: auth.NewPasswords(), news: news}
	s.routes = s.table()
	form := api.NewErrorBody()
	doc, docErr := openapi.New(openapi.Info{Title: "Conduit", Version: "1.0.0"}, s.routes, openapi.ErrorBody(form))
	pages, err := fileserve.New(web.Files, fileserve.Options{Precompressed: []string{"zstd", "gzip"}})
	if err = errors.Join(docErr, err); err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	s.routes.Mount(mux)
	mux.Handle("GET /openapi.json", doc)
	mux.Handle("GET /docs", openapi.Docs(doc))
	mux.Handle("GET /{$}", pages)
	mux.Handle("GET /{file}", pages)
	// Tokens come in a header field, never by themselves as cookies do: pages of any
	// origin may read the answers.
	crossOrigin := cors.New(cors.Options{
		AllowedMethods: []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete},
		AllowedHeaders: []string{"Authorization", "Content-Type", "Last-Event-ID"},
		ExposedHeaders: []string{"Location", "X-Request-Id"},
	})
	return alice.New(
		middleware.RequestID(),
		middleware.AccessLog(log),
		form.Middleware,
		respond.MapErrors(mapErrors),
		middleware.Recover(),
		middleware.Secure(middleware.SecureHeader("Content-Security-Policy", "default-src 'self'")),
		crossOrigin.Handler,
		middleware.Timeout(30*time.Second),
		compress.New(),
		middleware.ETag(),
		middleware.RouterErrors(),
	).Then(mux), doc, nil
}

// Main calls run, which is [Run] with what a program adds to it, with what the flags and
// the environment say, until the program is told to end.
func Main(run func(ctx context.Context, addr, database string) error) {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	database := flag.String("db", "realworld.db", "SQLite database, where DATABASE_URL is not set")
	flag.Parse()
	if url := os.Getenv("DATABASE_URL"); url != "" {
		*database = url
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	defer stop()
	if err := run(ctx, *addr, *database); err != nil {
		slog.Error("realworld", "error", err)
		os.Exit(1)
	}
}

// Run serves the database at addr until ctx is done. Then it ends the event streams, whose
// clients come back to the next process, and waits for the requests that are under way.
// Tokens are under TOKEN_SECRET of the environment. What is around goes outside of the
// chain, as middleware that measures does.
func Run(ctx context.Context, addr, database string, around ...alice.Constructor) error {
	db, err := store.Open(ctx, database)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tokens, err := auth.NewTokens(os.Getenv("TOKEN_SECRET"))
	if err != nil {
		return err
	}
	handler, _, err := New(db, tokens, slog.Default())
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	slog.Info("listening", "url", "http://"+listener.Addr().String())
	return serve(ctx, listener, alice.New(around...).Then(handler))
}

func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	drain := stream.Drain{Spread: time.Second}
	server := &http.Server{Handler: drain.Handler(handler), ReadHeaderTimeout: 5 * time.Second}
	server.RegisterOnShutdown(drain.Start)
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		ended <- server.Shutdown(limited)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}
