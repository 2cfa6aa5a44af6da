package main

import (
	"context"
	_ "embed"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

//go:embed page.html
var page respond.HTML

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	if err := run(*addr); err != nil {
		slog.Error("upload", "error", err)
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

const maxUpload = 1 << 30

func newHandler() http.Handler {
	var s Service
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", tenon.Handle(func(context.Context, tenon.None) (respond.HTML, error) { return page, nil }))
	mux.Handle("POST /uploads/{id}", tenon.Handle(s.Upload, bind.MaxBody(maxUpload)))
	mux.Handle("GET /uploads/{id}", tenon.Handle(s.Progress))
	return mux
}
