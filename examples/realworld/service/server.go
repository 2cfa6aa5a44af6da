package service

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
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
	s := &Service{store: db, tokens: tokens, passwords: auth.NewPasswords(), news: feed.NewMemory[api.Summary](feed.Options{})}
	s.table = s.routes()
	form := api.NewErrorBody()
	doc, err := openapi.New(openapi.Info{Title: "Conduit", Version: "1.0.0"}, s.table, openapi.ErrorBody(form))
	if err != nil {
		return nil, nil, err
	}
	pages, err := fileserve.New(web.Files, fileserve.Options{Precompressed: []string{"zstd", "gzip"}})
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	s.table.Mount(mux)
	mux.Handle("GET /openapi.json", doc)
	mux.Handle("GET /docs", openapi.Docs(doc))
	mux.Handle("GET /", pages)
	return alice.New(
		middleware.RequestID(),
		middleware.AccessLog(log),
		form.Middleware,
		respond.MapErrors(mapErrors),
		middleware.Recover(),
		middleware.Secure(),
		// Tokens are in a header field, so that any page may be trusted with the answers.
		cors.New(cors.Options{
			AllowedMethods: []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete},
			AllowedHeaders: []string{"Authorization", "Content-Type", "Last-Event-ID"},
			ExposedHeaders: []string{"Location", "X-Request-Id"},
			MaxAge:         3600,
		}).Handler,
		middleware.Timeout(30*time.Second),
		compress.New(),
		middleware.ETag(),
		middleware.RouterErrors(),
	).Then(mux), doc, nil
}

// Serve answers on the listener until ctx is done. Then it ends the event streams, whose
// clients come back to another process, and waits for the requests that are under way.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	drain := stream.Drain{Spread: time.Second}
	server := &http.Server{
		Handler:           drain.Handler(handler),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
	}
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
