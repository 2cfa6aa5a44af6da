package main

import (
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/go-chi/httprate"
	"github.com/justinas/alice"
	"github.com/rs/cors"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/respond"
)

// chain is the order that package middleware documents, with what it leaves to
// other libraries at its place. The first is the outermost.
func chain(log *slog.Logger) alice.Chain {
	return alice.New(
		// Tracing is outside of everything it is to measure.
		otelhttp.NewMiddleware("articles"),
		middleware.RequestID(),
		middleware.AccessLog(log),
		middleware.Recover(),
		middleware.Secure(),
		crossOrigin().Handler,
		sameOrigin().Handler,
		// Before any work is done for a client that asks too often.
		httprate.LimitBy(100, time.Minute, byAddress, httprate.WithLimitHandler(tooMany)),
		middleware.Timeout(200*time.Millisecond),
		middleware.BodyLimit(1<<20),
		compress.New(),
		middleware.ETag(),
		middleware.RouterErrors(),
	)
}

// crossOrigin lets the scripts of one other site read the answers.
func crossOrigin() *cors.Cors {
	return cors.New(cors.Options{
		AllowedOrigins: []string{"https://app.example.com"},
		AllowedMethods: []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: []string{"Content-Type"},
	})
}

// sameOrigin refuses requests that change something and that a page of another
// site made the browser send.
func sameOrigin() *http.CrossOriginProtection {
	p := http.NewCrossOriginProtection()
	if err := p.AddTrustedOrigin("https://app.example.com"); err != nil {
		panic(err)
	}
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		respond.Error(w, r, respond.NewProblem(http.StatusForbidden, "The request comes from another site."))
	}))
	return p
}

// byAddress counts for each client by its network address. Behind a proxy that is
// the proxy's: there take the address that a ClientIPFrom middleware of chi, put
// first in the chain, has found.
func byAddress(r *http.Request) (string, error) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	return httprate.CanonicalizeIP(host), err
}

func tooMany(w http.ResponseWriter, r *http.Request) {
	respond.Error(w, r, respond.NewProblem(http.StatusTooManyRequests, ""))
}
