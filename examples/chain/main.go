package main

import (
	"context"
	"flag"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/tenonkit/tenon"
)

// An Article is what the service serves.
type Article struct {
	ID    int    `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

func article(_ context.Context, in struct {
	ID int `path:"id" minimum:"1"`
},
) (Article, error) {
	return Article{in.ID, "Joints", strings.Repeat("A tenon fits its mortise. ", 100)}, nil
}

func create(_ context.Context, in Article) (Article, error) { return in, nil }

func crash(context.Context, struct{}) (tenon.None, error) {
	panic("a bug")
}

func slow(ctx context.Context, _ struct{}) (tenon.None, error) {
	<-ctx.Done()
	return tenon.None{}, ctx.Err()
}

func handler(log *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	tenon.Routes{
		tenon.Get("/articles/{id}", article),
		tenon.Post("/articles", create),
		tenon.Get("/crash", crash),
		tenon.Get("/slow", slow),
	}.Mount(mux)
	return chain(log).Then(mux)
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Error(err.Error())
		os.Exit(1)
	}
	log.Info("listening", "url", "http://"+listener.Addr().String())
	server := &http.Server{Handler: handler(log), ReadHeaderTimeout: 5 * time.Second}
	log.Error(server.Serve(listener).Error())
}
