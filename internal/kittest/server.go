package kittest

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// A Server is a handler that listens on the loopback interface, and a client
// of it. Its methods may be called from several goroutines at once, but those
// that take a [testing.T] only from the goroutine of that test.
type Server struct {
	// URL is where the server listens, without a final slash.
	URL string
	// Client follows no redirect, asks for no compression, keeps no cookies
	// and gives up after [Patience], so that an exchange that hangs fails its
	// own test and not the whole run.
	Client *http.Client
	// Proto is the protocol the client speaks: "HTTP/1.1", or "HTTP/2" over TLS.
	Proto string

	errors capture
}

// A Response is an answer whose body has been read and closed.
type Response struct {
	*http.Response

	// Text is the body as far as it arrived.
	Text string
}

// Serve runs fn as the subtests "HTTP/1.1" and "HTTP/2", each against a server
// of its own that ends with the subtest.
func Serve(t *testing.T, h http.Handler, fn func(t *testing.T, s *Server)) {
	t.Helper()
	for _, proto := range []string{"HTTP/1.1", "HTTP/2"} {
		t.Run(proto, func(t *testing.T) {
			t.Helper()
			fn(t, Start(t, h, proto))
		})
	}
}

// ServeBehind is [Serve] for h itself, as the subtest "plain", and for h behind
// each of [Neighbors], as a subtest of the neighbor's name. What h answers must
// not depend on them.
func ServeBehind(t *testing.T, h http.Handler, fn func(t *testing.T, s *Server)) {
	t.Helper()
	t.Run("plain", func(t *testing.T) {
		t.Helper()
		Serve(t, h, fn)
	})
	for _, neighbor := range Neighbors() {
		t.Run(neighbor.Name, func(t *testing.T) {
			t.Helper()
			Serve(t, neighbor.Wrap(h), fn)
		})
	}
}

// Run is the method Run of t, for a helper that runs fn once more beside [Serve]. A linter
// takes a call in the package of the test for one of the test itself.
func Run(t *testing.T, name string, fn func(t *testing.T)) {
	t.Helper()
	t.Run(name, fn)
}

// Start returns a server of h that ends with t, for a client that speaks "HTTP/1.1" or
// "HTTP/2".
func Start(t *testing.T, h http.Handler, proto string) *Server {
	t.Helper()
	s := &Server{Proto: proto}
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(&s.errors, "", 0) //nolint:forbidigo // http.Server takes no other kind of logger
	if proto == "HTTP/2" {
		server.EnableHTTP2 = true
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(func() {
		// A handler that hangs would make Close wait for it.
		server.CloseClientConnections()
		server.Close()
		if text := s.Log(); t.Failed() && text != "" {
			t.Logf("error log of the %s server:\n%s", proto, text)
		}
	})

	s.URL = server.URL
	s.Client = server.Client()
	s.Client.Timeout = Patience
	s.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if transport, ok := s.Client.Transport.(*http.Transport); ok {
		transport.DisableCompression = true
	}
	return s
}

// HalfClosed sends the text of a request to a server of h and closes its half of the
// connection, which net/http takes for a client that has left. It returns what it then hears.
func HalfClosed(t *testing.T, h http.Handler, request string) (answer string) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	address, _ := server.Listener.Addr().(*net.TCPAddr)
	answer, err := halfClosed(address, request)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func halfClosed(address *net.TCPAddr, request string) (answer string, err error) {
	conn, err := net.DialTCP("tcp", nil, address)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }() // all that is wanted has been read
	if _, err := io.WriteString(conn, request); err != nil {
		return "", err
	}
	if err := conn.CloseWrite(); err != nil {
		return "", err
	}
	text, err := io.ReadAll(conn)
	return string(text), err
}

// Get is [Server.Do] with the method GET, no body and no header.
func (s *Server) Get(t *testing.T, path string) *Response {
	t.Helper()
	return s.Do(t, http.MethodGet, path, nil, nil)
}

// Do sends a request and reads the whole answer. It fails t at once when the
// exchange breaks, be it after the status has arrived. path begins with a slash
// and may carry a query. The header field Host, if set, becomes the request's host.
func (s *Server) Do(t *testing.T, method, path string, body io.Reader, header http.Header) *Response {
	t.Helper()
	response, err := s.exchange(t.Context(), method, path, body, header)
	if err != nil {
		t.Fatalf("%s %s %s: %v", s.Proto, method, path, err)
	}
	return response
}

// TryDo is [Server.Do] for an exchange that is meant to break. With an error
// the response is what arrived until then: nil before the status, later one
// with the part of the body that came.
func (s *Server) TryDo(method, path string, body io.Reader, header http.Header) (*Response, error) {
	return s.exchange(context.Background(), method, path, body, header)
}

func (s *Server) exchange(ctx context.Context, method, path string, body io.Reader, header http.Header) (*Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, s.URL+path, body)
	if err != nil {
		return nil, err
	}
	if header != nil {
		request.Header = header.Clone()
	}
	if host := header.Get("Host"); host != "" {
		request.Host = host
	}
	response, err := s.Client.Do(request)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(response.Body)
	if closing := response.Body.Close(); err == nil {
		err = closing
	}
	return &Response{Response: response, Text: string(text)}, err
}

// Log returns what the server has logged about errors so far, such as the
// panics of handlers. It appears in the test's output only if the test fails.
func (s *Server) Log() string { return s.errors.String() }

// A capture is a log that several goroutines write.
type capture struct {
	mu   sync.Mutex
	text strings.Builder
}

func (c *capture) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.Write(p)
}

func (c *capture) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.String()
}
