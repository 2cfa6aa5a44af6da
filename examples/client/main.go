package main

import (
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/tenonkit/tenon/client"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address that the shop listens on")
	flag.Parse()
	if err := run(*addr); err != nil {
		slog.Error("client", "error", err)
		os.Exit(1)
	}
}

func run(addr string) error {
	stock, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { slog.Error("stock", "error", serve(stock, newStock())) }()
	c, err := client.New("http://"+stock.Addr().String(), options(http.DefaultTransport))
	if err != nil {
		return err
	}
	shop, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	slog.Info("listening", "url", "http://"+shop.Addr().String())
	return serve(shop, newShop(c))
}

// options are those of the way to the stock, over a transport.
func options(transport http.RoundTripper) client.Options {
	way := Retry{Pause: 10 * time.Millisecond, Next: Bearer{Token: token, Next: transport}}
	return client.Options{HTTP: &http.Client{Transport: way, Timeout: 5 * time.Second}}
}

func serve(l net.Listener, h http.Handler) error {
	return (&http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}).Serve(l)
}
