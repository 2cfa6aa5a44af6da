package compress_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware/compress"
)

// What the handler sees of a conditional request, and what those outside do.
func TestNew_request(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		method    string
		sent      http.Header
		match     []string
		noneMatch []string
		ranged    bool
	}{
		{"nothing", "GET", gz, nil, nil, false},
		{"tags", "GET", request(ae, "gzip", "If-None-Match", `"a"`), nil, []string{`"a"`}, false},
		{"coded", "GET", request(ae, "gzip", "If-None-Match", `"a-gzip"`), nil, []string{`"a", "a-gzip"`}, false},
		{"coded list", "GET", request(ae, "gzip", "If-None-Match", `"a-gzip", W/"b-gzip",`, "If-None-Match", `"c,-gzip"`), nil, []string{`"a", W/"b", "a-gzip", W/"b-gzip",`, `"c,", "c,-gzip"`}, false},
		{"coded among others", "GET", request(ae, "gzip", "If-None-Match", `"x", "a-gzip"`, "If-None-Match", `"y"`), nil, []string{`"a", "x", "a-gzip"`, `"y"`}, false},
		{"nothing else", "GET", request(ae, "gzip", "If-None-Match", `"-gzip"`), nil, []string{`"", "-gzip"`}, false},
		{"not accepted", "GET", request(ae, "gzip", "If-None-Match", `"a-zstd"`), nil, []string{`"a-zstd"`}, false},
		{"weight 0", "GET", request(ae, "gzip, zstd;q=0", "If-None-Match", `"a-zstd"`), nil, []string{`"a-zstd"`}, false},
		{"for a write", "PUT", request("If-None-Match", `"a-zstd"`, "If-Match", `"a-gzip", *`), []string{`"a", "a-gzip", *`}, []string{`"a", "a-zstd"`}, false},
		{"no-transform", "GET", request(ae, "gzip", "Cache-Control", "no-transform", "If-None-Match", `"a-gzip"`), nil, []string{`"a-gzip"`}, false},
		{"range", "GET", request(ae, "gzip", "Range", "bytes=0-"), nil, nil, true},
		{"range if tag", "GET", request(ae, "gzip", "Range", "bytes=0-", "If-Range", `"a"`), nil, nil, true},
		{"range if date", "GET", request(ae, "gzip", "Range", "bytes=0-", "If-Range", date), nil, nil, false},
		{"range if unmodified", "GET", request(ae, "gzip", "Range", "bytes=0-", "If-Unmodified-Since", date), nil, nil, false},
		{"range if unmodified, plain", "GET", request("Range", "bytes=0-", "If-Unmodified-Since", date), nil, nil, true},
		{"range if match", "GET", request(ae, "gzip", "Range", "bytes=0-", "If-Match", `"a"`), []string{`"a"`}, nil, true},
		{"range if coded match", "GET", request("Range", "bytes=0-", "If-Match", `"a-gzip"`), []string{`"a", "a-gzip"`}, nil, false},
		{"range if date, plain", "GET", request("Range", "bytes=0-", "If-Range", date), nil, nil, true},
	} {
		mux := http.NewServeMux()
		mux.HandleFunc("/{path}", func(_ http.ResponseWriter, r *http.Request) {
			assert.Equal(t, tc.match, r.Header["If-Match"], tc.name)
			assert.Equal(t, tc.noneMatch, r.Header["If-None-Match"], tc.name)
			assert.Equal(t, tc.ranged, r.Header.Get("Range") != "", tc.name)
			panic("seen")
		})
		r := httptest.NewRequest(tc.method, "/x", nil)
		r.Header = tc.sent.Clone()
		assert.PanicsWithValue(t, "seen", func() { compress.New()(mux).ServeHTTP(httptest.NewRecorder(), r) })
		assert.Equal(t, tc.sent, r.Header, tc.name)
		assert.Equal(t, "/{path}", r.Pattern, tc.name)
	}
}

// The files of a form are removed by the server, which knows only its own
// request.
func TestNew_requestForm(t *testing.T) {
	t.Parallel()
	h := compress.New()(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "1", r.FormValue("a"))
		assert.Equal(t, `"x", "x-gzip"`, r.Header.Get("If-Match"))
	}))
	body := "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--\r\n"
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set(ct, "multipart/form-data; boundary=b")
	r.Header.Set("If-Match", `"x-gzip"`)
	h.ServeHTTP(httptest.NewRecorder(), r)
	assert.NotNil(t, r.MultipartForm)
}

// A tunnel gets the writer as it is.
func TestNew_connect(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodConnect, "example.com:80", nil)
	r.Header.Set(ae, "gzip")
	compress.New()(http.HandlerFunc(func(got http.ResponseWriter, seen *http.Request) {
		assert.Same(t, w, got)
		assert.Same(t, r, seen)
	})).ServeHTTP(w, r)
}

// An offer of another protocol, as curl --http2 makes it, that is not taken up
// changes nothing.
func TestNew_upgradeOffered(t *testing.T) {
	t.Parallel()
	kittest.Serve(t, compress.New()(file("a.html", text, `"abc"`)), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		if s.Proto == "HTTP/2" {
			return // which has no such field
		}
		offers := request("Connection", "Upgrade, HTTP2-Settings", "Upgrade", "h2c", "HTTP2-Settings", "AAMAAABkAARAAAAAAAIAAAAA", ae, "gzip")
		got := s.Do(t, "GET", "/", nil, offers)
		assert.Equal(t, "gzip", got.Header.Get(ce))
		assert.Equal(t, `"abc-gzip"`, got.Header.Get("ETag"))
		assert.Equal(t, text, decoded(t, got))
		offers.Set("If-None-Match", `"abc-gzip"`)
		got = s.Do(t, "GET", "/", nil, offers)
		assert.Equal(t, 304, got.StatusCode)
		assert.Equal(t, `"abc-gzip"`, got.Header.Get("ETag"))
	})
}

// An offer that is taken up is another protocol from there on.
func TestNew_upgraded(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.HandlerFunc{
		"hijacked": func(w http.ResponseWriter, _ *http.Request) {
			conn, buf, err := http.NewResponseController(w).Hijack()
			if assert.NoError(t, err) {
				_, _ = buf.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
				echo(t, conn, buf)
			}
		},
		"101 and hijacked": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Upgrade", "echo")
			w.WriteHeader(http.StatusSwitchingProtocols)
			conn, buf, err := http.NewResponseController(w).Hijack()
			if assert.NoError(t, err) {
				echo(t, conn, buf)
			}
		},
	} {
		server := httptest.NewServer(compress.New()(h))
		t.Cleanup(server.Close)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		require.NoError(t, err)
		r.Header = request("Connection", "Upgrade", "Upgrade", "echo", ae, "gzip")
		got, err := server.Client().Do(r)
		require.NoError(t, err, name)
		assert.Equal(t, 101, got.StatusCode, name)
		assert.Empty(t, got.Header[ce], name)
		conn, ok := got.Body.(io.ReadWriteCloser)
		require.True(t, ok, name)
		_, err = io.WriteString(conn, "hello\n")
		require.NoError(t, err, name)
		line, err := bufio.NewReader(conn).ReadString('\n')
		require.NoError(t, err, name)
		assert.Equal(t, "hello\n", line, name)
		require.NoError(t, conn.Close())
	}
}

// echo sends the first line back and ends the connection.
func echo(t *testing.T, conn net.Conn, buf *bufio.ReadWriter) {
	t.Helper()
	_ = buf.Flush()
	line, err := buf.ReadString('\n')
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = buf.WriteString(line)
	assert.NoError(t, buf.Flush())
	assert.NoError(t, conn.Close())
}
