package main

import (
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gorilla/mux"
	"github.com/julienschmidt/httprouter"
	"github.com/labstack/echo/v4"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	router := flag.String("router", "servemux", "servemux, chi, gorilla, httprouter, echo or gin")
	flag.Parse()
	if err := run(*addr, *router); err != nil {
		slog.Error("routers", "error", err)
		os.Exit(1)
	}
}

func run(addr, router string) error {
	handler, err := newHandler(router)
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

// newHandler mounts the same routes on the router of a name.
func newHandler(router string) (http.Handler, error) {
	switch router {
	case "servemux":
		m := http.NewServeMux()
		Routes().Mount(m)
		return m, nil
	case "chi":
		m := chi.NewRouter()
		Routes().Mount(m)
		return m, nil
	case "gorilla":
		m := mux.NewRouter()
		MountGorilla(m, Routes())
		return m, nil
	case "httprouter":
		m := httprouter.New()
		MountHTTPRouter(m, Routes())
		return m, nil
	case "echo":
		e := echo.New()
		MountEcho(e, Routes())
		return e, nil
	case "gin":
		gin.SetMode(gin.ReleaseMode)
		e := gin.New()
		MountGin(e, Routes())
		return e, nil
	}
	return nil, fmt.Errorf("there is no router %q", router)
}
