package main

import (
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/justinas/alice"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/middleware"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	if err := run(*addr); err != nil {
		slog.Error("articles", "error", err)
		os.Exit(1)
	}
}

func run(addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	slog.Info("listening", "url", "http://"+listener.Addr().String())
	server := &http.Server{Handler: newHandler(), ReadHeaderTimeout: 5 * time.Second}
	return server.Serve(listener)
}

// newHandler mounts the typed functions on a standard mux. RouterErrors gives the
// mux's own 404 and 405 the form of every other failure.
func newHandler() http.Handler {
	s := &Service{NewStore(
		Draft{Title: "Mortise and tenon", Body: "A joint that needs no glue.", Tags: []string{"joints", "wood"}},
		Draft{Title: "Dovetails", Body: "A joint that pulls itself tight.", Tags: []string{"joints"}},
	)}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", tenon.Handle(s.Home))
	mux.Handle("GET /articles", tenon.Handle(s.List))
	mux.Handle("POST /articles", tenon.Handle(s.Create))
	mux.Handle("GET /articles/{id}", tenon.Handle(s.Get))
	mux.Handle("PUT /articles/{id}", tenon.Handle(s.Replace))
	mux.Handle("DELETE /articles/{id}", tenon.Handle(s.Delete))
	mux.Handle("GET /latest", tenon.Handle(s.Latest))
	mux.Handle("GET /robots.txt", tenon.Handle(s.Robots))
	mux.Handle("GET /pixel.gif", tenon.Handle(s.Pixel))
	mux.Handle("PUT /preference", tenon.Handle(s.Prefer))
	return alice.New(middleware.RouterErrors()).Then(mux)
}
