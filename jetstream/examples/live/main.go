package main

import (
	"context"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/tenonkit/tenon/jetstream/embedded"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	dir := flag.String("dir", "", "run the NATS server, with its files here")
	port := flag.Int("nats-port", 4222, "port of that server for other replicas; -1 is any")
	url := flag.String("nats", "", "address of the NATS server, if another replica runs it")
	flag.Parse()
	if err := run(*addr, *dir, *port, *url); err != nil {
		slog.Error("live", "error", err)
		os.Exit(1)
	}
}

func run(addr, dir string, port int, url string) error {
	conn, end, err := connect(dir, port, url)
	if err != nil {
		return err
	}
	defer end()
	handler, err := newHandler(context.Background(), conn)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	slog.Info("listening", "url", "http://"+listener.Addr().String())
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	return server.Serve(listener)
}

// connect returns a connection to the server at url, or to one that it starts.
func connect(dir string, port int, url string) (conn *nats.Conn, end func(), err error) {
	if dir == "" {
		conn, err = nats.Connect(url, nats.MaxReconnects(-1))
		if err != nil {
			return nil, nil, err
		}
		return conn, conn.Close, nil
	}
	server, err := embedded.Start(dir, embedded.Options{Port: port})
	if err != nil {
		return nil, nil, err
	}
	conn, err = server.Connect(nats.MaxReconnects(-1))
	if err != nil {
		server.Close()
		return nil, nil, err
	}
	return conn, func() {
		conn.Close()
		server.Close()
	}, nil
}
