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
	"github.com/tenonkit/tenon/respond"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	if err := run(*addr); err != nil {
		slog.Error("errors", "error", err)
		os.Exit(1)
	}
}

func run(addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	slog.Info("listening", "url", "http://"+listener.Addr().String())
	handler, _, err := newHandler()
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	return server.Serve(listener)
}

// newHandler returns the service and its document. The form of failures stands inside of
// AccessLog, which sees what is sent, and outside of Recover, so that a panic has it too.
func newHandler() (http.Handler, *openapi.Document, error) {
	orders := &Orders{rows: []Order{{1, "Chisel", 1}, {2, "Oak", 12}}}
	routes, form := orders.routes(), newErrorBody()
	doc, err := openapi.New(openapi.Info{Title: "Orders", Version: "1.0.0"}, routes, openapi.ErrorBody(form))
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	routes.Mount(mux)
	mux.Handle("GET /openapi.json", doc)
	chain := alice.New(
		middleware.AccessLog(slog.Default()),
		form.Middleware,
		respond.MapErrors(mapErrors),
		middleware.Recover(),
		middleware.RouterErrors(),
	)
	return chain.Then(mux), doc, nil
}
