package middleware_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/justinas/alice"

	"github.com/tenonkit/tenon/middleware"
)

// This is the chain of the package documentation.
func Example() {
	logger := slog.New(slog.DiscardHandler)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /crash", func(http.ResponseWriter, *http.Request) { panic("a bug") })

	chain := alice.New(
		middleware.RequestID(),
		middleware.AccessLog(logger),
		middleware.Recover(),
		middleware.Secure(),
		middleware.Timeout(10*time.Second),
		middleware.BodyLimit(1<<20),
		middleware.RouterErrors(),
	)
	h := chain.Then(mux)

	for _, path := range []string{"/crash", "/nowhere"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		fmt.Println(w.Body, w.Header().Get("X-Content-Type-Options"), len(w.Header().Get("X-Request-Id")))
	}
	// Output:
	// {"type":"about:blank","title":"Internal Server Error","status":500} nosniff 32
	// {"type":"about:blank","title":"Not Found","status":404} nosniff 32
}
