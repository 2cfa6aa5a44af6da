package main

import (
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	dir := flag.String("dir", "downloads", "directory to browse")
	flag.Parse()
	if err := run(*addr, *dir); err != nil {
		slog.Error("files", "error", err)
		os.Exit(1)
	}
}

func run(addr, dir string) error {
	handler, err := newHandler(dir)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	slog.Info("listening", "url", "http://"+listener.Addr().String())
	// A download may take longer than WriteTimeout: fileserve moves it on as long
	// as the client takes something.
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second}
	return server.Serve(listener)
}
