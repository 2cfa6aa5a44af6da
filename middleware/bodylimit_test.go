package middleware_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

var _ alice.Constructor = middleware.BodyLimit(1)

const tooLarge = `{"type":"about:blank","title":"Request Entity Too Large","status":413,"detail":"the body is larger than 10 bytes"}`

// wrapped is a writer of somebody else that can be seen through.
type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// bodyRoutes read the body in several ways, below two wrappers and a limit of
// ten bytes.
func bodyRoutes() http.Handler {
	m := http.NewServeMux()
	m.Handle("POST /read", respond.Func(func(r *http.Request) (any, error) {
		text, err := io.ReadAll(r.Body)
		return string(text), err
	}))
	m.Handle("POST /bind", bind.Func(func(w http.ResponseWriter, _ *http.Request, in struct {
		Body []byte `body:"bytes"`
	},
	) {
		_, _ = w.Write(in.Body)
	}))
	m.HandleFunc("POST /ignore", handle("ignored", http.StatusOK))
	limited := middleware.BodyLimit(10)(m)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limited.ServeHTTP(wrapped{rw.Wrap(w)}, r)
	})
}

func TestBodyLimit(t *testing.T) {
	kittest.ServeBehind(t, bodyRoutes(), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, path := range []string{"/read", "/bind"} {
			for _, tc := range []struct {
				text, want string
				status     int
			}{
				{"0", "0", 200},
				{"0123456789", "0123456789", 200},
				{"0123456789a", tooLarge[:len(tooLarge)-1], 413},
				{strings.Repeat("x", 1_000_000), tooLarge[:len(tooLarge)-1], 413},
			} {
				known := strings.NewReader(tc.text)
				chunked := io.MultiReader(strings.NewReader(tc.text))
				for _, body := range []io.Reader{known, chunked} {
					got := s.Do(t, "POST", path, body, nil)
					assert.Equal(t, tc.status, got.StatusCode, "%s of %d bytes", path, len(tc.text))
					assert.True(t, strings.HasPrefix(got.Text, tc.want), got.Text)
				}
			}
		}
		assert.Equal(t, "ignored", s.Do(t, "POST", "/ignore", strings.NewReader("short"), nil).Text)
		assert.Equal(t, 405, s.Get(t, "/read").StatusCode)
		assert.Empty(t, s.Log())
	})
}

// raw sends a request as it is written and returns the answer, with what came
// before the status, and whether the server then ends the connection, which it
// has the time of patience for.
func raw(t *testing.T, h http.Handler, request string, patience time.Duration) (response *http.Response, text, before string, ended bool) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	require.NoError(t, conn.SetDeadline(time.Now().Add(kittest.Patience)))
	_, err = io.WriteString(conn, request)
	require.NoError(t, err)
	reader := bufio.NewReader(conn)
	for {
		line, err := reader.Peek(len("HTTP/1.1 100"))
		require.NoError(t, err)
		if string(line) != "HTTP/1.1 100" {
			break
		}
		status, _ := reader.ReadString('\n')
		empty, _ := reader.ReadString('\n')
		before = status + empty
		_, err = io.WriteString(conn, "0123456789")
		require.NoError(t, err)
	}
	response, err = http.ReadResponse(reader, nil)
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err = reader.ReadByte()
	return response, string(body), before, errors.Is(err, io.EOF)
}

// The connection ends where a body is in the way, and nowhere else. The answer
// does not wait for the body.
func TestBodyLimit_connection(t *testing.T) {
	t.Parallel()
	head := func(path, fields string) string {
		return "POST " + path + " HTTP/1.1\r\nHost: example.com\r\n" + fields + "\r\n\r\n"
	}
	const proceed = "HTTP/1.1 100 Continue\r\n\r\n"
	for name, tc := range map[string]struct {
		request, before string
		status          int
		ended           bool
	}{
		"one byte over, not sent":   {head("/read", "Content-Length: 11"), "", 413, false},
		"long, not sent":            {head("/read", "Content-Length: 1000000"), "", 413, true},
		"one byte over, sent":       {head("/read", "Content-Length: 11") + "0123456789a", "", 413, true},
		"chunked":                   {head("/read", "Transfer-Encoding: chunked") + "b\r\n0123456789a\r\n0\r\n\r\n", "", 413, true},
		"within":                    {head("/read", "Content-Length: 10") + "0123456789", "", 200, false},
		"over, expects":             {head("/read", "Content-Length: 1000000\r\nExpect: 100-continue"), "", 413, true},
		"within, expects":           {head("/read", "Content-Length: 10\r\nExpect: 100-continue"), proceed, 200, false},
		"within, expects, not read": {head("/ignore", "Content-Length: 10\r\nExpect: 100-continue"), "", 200, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			patience := 100 * time.Millisecond
			if tc.ended {
				patience = kittest.Patience
			}
			response, text, before, ended := raw(t, bodyRoutes(), tc.request, patience)
			assert.Equal(t, tc.status, response.StatusCode)
			assert.Equal(t, tc.before, before)
			assert.Equal(t, tc.ended, ended)
			refused := tc.status == http.StatusRequestEntityTooLarge
			assert.Equal(t, refused, text == tooLarge)
			assert.Equal(t, refused || strings.HasSuffix(name, "not read"), response.Close, "Connection: close")
		})
	}
}

// On HTTP/2 the other streams go on.
func TestBodyLimit_stream(t *testing.T) {
	kittest.Serve(t, bodyRoutes(), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		if s.Proto != "HTTP/2" {
			return
		}
		for i, body := range []io.Reader{strings.NewReader("0123456789a"), io.MultiReader(strings.NewReader("0123456789a")), nil} {
			reused := false
			ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
				GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused },
			})
			request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/read", body)
			require.NoError(t, err)
			response, err := s.Client.Do(request)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			assert.Equal(t, body == nil, response.StatusCode == http.StatusOK)
			assert.Equal(t, i > 0, reused)
		}
	})
}

// What handlers leave on the request reaches those outside.
func TestBodyLimit_request(t *testing.T) {
	t.Parallel()
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part, err := writer.CreateFormFile("file", "name")
	require.NoError(t, err)
	_, _ = io.WriteString(part, "text")
	require.NoError(t, writer.Close())

	var temporary string
	m := http.NewServeMux()
	m.HandleFunc("POST /{id}", func(_ http.ResponseWriter, r *http.Request) {
		assert.NoError(t, r.ParseMultipartForm(0), "nothing stays in memory")
		file, _, err := r.FormFile("file")
		assert.NoError(t, err)
		if onDisk, ok := file.(*os.File); assert.True(t, ok) {
			temporary = onDisk.Name()
			assert.FileExists(t, temporary)
		}
	})
	var pattern string
	limited := middleware.BodyLimit(1000)(m)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limited.ServeHTTP(w, r)
		pattern = r.Pattern
	}))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/7", &form)
	require.NoError(t, err)
	request.Header.Set("Content-Type", writer.FormDataContentType())
	response, err := server.Client().Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	server.Close()
	assert.Equal(t, "POST /{id}", pattern)
	assert.NotEmpty(t, temporary)
	assert.NoFileExists(t, temporary)
}

func TestBodyLimit_faults(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "middleware: BodyLimit: the number of bytes is negative: pass 0 or more; 0 allows no body", func() { middleware.BodyLimit(-1) })
	w := httptest.NewRecorder()
	middleware.BodyLimit(0)(handle("none", http.StatusOK)).ServeHTTP(w, get())
	assert.Equal(t, "none", w.Body.String())
}

func TestBodyLimit_allocs(t *testing.T) {
	h := middleware.BodyLimit(1000)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for name, tc := range map[string]struct {
		body   io.Reader
		budget float64
	}{"none": {nil, 0}, "some": {strings.NewReader("body"), 2}} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/", tc.body)
			var sink kittest.Sink
			kittest.Allocs(t, tc.budget, func() { sink.Reset(); h.ServeHTTP(&sink, r) })
		})
	}
}

func ExampleBodyLimit() {
	h := middleware.BodyLimit(8 << 20)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			respond.Error(w, r, err)
			return
		}
		fmt.Fprintf(w, "%d bytes", len(text))
	}))
	for _, size := range []int{100, 9 << 20} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(make([]byte, size))))
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 100 bytes
	// 413 {"type":"about:blank","title":"Request Entity Too Large","status":413,"detail":"the body is larger than 8388608 bytes"}
}
