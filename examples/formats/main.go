package main

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/fxamacker/cbor/v2"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	if err := run(*addr); err != nil {
		slog.Error("formats", "error", err)
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

// A Point is read and written in every format. The constraint holds in all of
// them: bind checks what a format has decoded.
type Point struct {
	X int `json:"x" maximum:"100"`
	Y int `json:"y" maximum:"100"`
}

// Mirror answers the point with its coordinates changed round.
func Mirror(_ context.Context, p Point) (Point, error) {
	return Point{X: p.Y, Y: p.X}, nil
}

// answers are JSON, XML and CBOR, chosen by Accept; JSON where it names none.
func answers() respond.Option {
	return respond.Formats(
		respond.XML(),
		respond.Format{Type: "application/cbor", Encode: func(w io.Writer, v any) error { return cbor.NewEncoder(w).Encode(v) }},
	)
}

// bodies are JSON and CBOR, chosen by Content-Type.
func bodies() bind.Option {
	return bind.Formats(
		bind.Format{Type: "application/cbor", Decode: func(r io.Reader, v any) error { return cbor.NewDecoder(r).Decode(v) }},
	)
}

func newHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /mirror", tenon.Handle(Mirror, answers(), bodies()))
	return mux
}
