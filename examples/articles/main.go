package main

import (
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/justinas/alice"

	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/openapi"
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
	handler, err := newHandler()
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	return server.Serve(listener)
}

// newHandler mounts the routes, the document about them and the page that shows it on an
// http.ServeMux. RouterErrors gives the mux's own 404 and 405 the form of other failures.
func newHandler() (http.Handler, error) {
	s := &Service{NewStore(
		Draft{Title: "Mortise and tenon", Body: "A joint that needs no glue.", Tags: []string{"joints", "wood"}},
		Draft{Title: "Dovetails", Body: "A joint that pulls itself tight.", Tags: []string{"joints"}},
	)}
	routes := s.routes()
	doc, err := openapi.New(openapi.Info{Title: "Articles", Version: "1.0.0"}, routes)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	routes.Mount(mux)
	mux.Handle("GET /openapi.json", doc)
	older, _ := doc.Version30() // for tools that do not read 3.1; what it cannot say is in the list
	mux.Handle("GET /openapi-3.0.json", older)
	mux.Handle("GET /docs", openapi.Docs(doc))
	return alice.New(middleware.RouterErrors()).Then(mux), nil
}
