package respond_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/respond"
)

// TestError_malformedBody holds that chunks which are none are a fault of the
// request, unless they are those of another server.
func TestError_malformedBody(t *testing.T) {
	t.Parallel()
	upstream := errors.New("malformed chunked encoding") // as a client of net/http would return it
	read := func(r *http.Request) error {
		_, err := io.ReadAll(r.Body)
		return err
	}
	for name, tc := range map[string]struct {
		body string // after the header
		fail func(r *http.Request) error
		want int
	}{
		"no number":          {"zz\r\n", read, 400},
		"no size":            {"\r\n", read, 400},
		"bare LF":            {"1;a=\nb\r\n", read, 400},
		"no end of a chunk":  {"1\r\nabc\r\n", read, 400},
		"number too large":   {"fffffffffffffffff\r\n", read, 400},
		"behind a limit":     {"zz\r\n", func(r *http.Request) error { return read(&http.Request{Body: http.MaxBytesReader(nil, r.Body, 9)}) }, 400},
		"joined":             {"zz\r\n", func(r *http.Request) error { return errors.Join(errors.New("import"), read(r)) }, 400},
		"a problem":          {"zz\r\n", func(r *http.Request) error { return respond.NewProblem(422, "").WithCause(read(r)) }, 422},
		"a deadline":         {"zz\r\n", func(r *http.Request) error { return errors.Join(read(r), context.DeadlineExceeded) }, 504},
		"of another server":  {"1\r\na\r\n0\r\n\r\n", func(r *http.Request) error { return errors.Join(read(r), upstream) }, 500},
		"both are malformed": {"zz\r\n", func(r *http.Request) error { _ = read(r); return upstream }, 500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			served := make(chan []string, 1)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ctx, book := withLog(r.Context())
				r = r.WithContext(ctx)
				respond.UseErrorHandler(says("own form"))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					respond.Error(w, r, tc.fail(r))
				})).ServeHTTP(w, r)
				served <- book.all()
			}))
			defer server.Close()
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			require.NoError(t, err)
			defer conn.Close()
			_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"+tc.body)
			require.NoError(t, err)
			answer, err := io.ReadAll(conn)
			require.NoError(t, err)
			status, _, _ := strings.Cut(string(answer), "\r\n")
			assert.Contains(t, status, http.StatusText(tc.want))
			assert.Equal(t, tc.want >= 500, len(<-served) > 0, "a fault of the request is not logged")
		})
	}
}
