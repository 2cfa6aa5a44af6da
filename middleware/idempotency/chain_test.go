package idempotency_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/middleware/idempotency"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// The constructor is what alice and chi take, without a conversion.
var (
	_ alice.Constructor = idempotency.New(idempotency.NewMemory(0), everybody)
	_                   = func(r chi.Router) { r.Use(idempotency.New(idempotency.NewMemory(0), everybody)) }
)

// An order is what the routes of these tests take and give.
type order struct {
	Item int    `json:"item" minimum:"1"`
	Key  string `json:"key,omitempty"`
	Note string `json:"note,omitempty"`
}

// TestChain_typed stands around a typed function, in the documented chain.
func TestChain_typed(t *testing.T) {
	t.Parallel()
	runs := 0
	place := func(ctx context.Context, in order) (respond.Created[order], error) {
		runs++
		in.Key, in.Note = idempotency.KeyFrom(ctx), strings.Repeat("note ", 1000)
		return respond.Created[order]{Location: "/orders/1", Body: in}, nil
	}
	mux := http.NewServeMux()
	tenon.Routes{tenon.Post("/orders/{$}", place)}.With(idempotency.New(idempotency.NewMemory(0), user)).Mount(mux)
	var log bytes.Buffer
	h := alice.New(
		middleware.RequestID(), accessLog(&log), middleware.Recover(), middleware.Secure(), middleware.Timeout(time.Minute),
		middleware.BodyLimit(1<<20), compress.New(), middleware.ETag(), middleware.RouterErrors(),
	).Then(mux)
	kittest.Serve(t, h, func(t *testing.T, server *kittest.Server) {
		t.Helper()
		runs = 0
		log.Reset()
		post := func(body string, header http.Header) *kittest.Response {
			header.Set("Content-Type", "application/json")
			header.Set("Idempotency-Key", key)
			header.Set("X-User", server.Proto)
			return server.Do(t, http.MethodPost, "/orders/", strings.NewReader(body), header)
		}
		// A refusal is not kept, so that the mistake can be corrected under the same key.
		assert.Equal(t, http.StatusBadRequest, post(`{"item":0}`, http.Header{}).StatusCode)
		assert.Zero(t, runs)

		first := post(`{"item":1}`, http.Header{"Accept-Encoding": {"gzip"}})
		assert.Equal(t, http.StatusCreated, first.StatusCode)
		assert.Equal(t, "gzip", first.Header.Get("Content-Encoding"))
		plain := post(`{"item":1}`, http.Header{})
		assert.Empty(t, plain.Header["Content-Encoding"])
		coded := post(`{"item":1}`, http.Header{"Accept-Encoding": {"gzip"}})
		for _, got := range []*kittest.Response{plain, coded} {
			assert.Equal(t, "true", got.Header.Get("Idempotency-Replayed"))
			assert.NotEqual(t, first.Header.Get("X-Request-Id"), got.Header.Get("X-Request-Id"))
			assert.Len(t, got.Header["X-Request-Id"], 1)
			assert.Len(t, got.Header["X-Content-Type-Options"], 1)
			assert.Equal(t, "/orders/1", got.Header.Get("Location"))
			assert.Equal(t, "application/json", got.Header.Get("Content-Type"))
		}
		assert.Equal(t, first.Text, coded.Text)
		reader, err := gzip.NewReader(strings.NewReader(first.Text))
		require.NoError(t, err)
		text, err := io.ReadAll(reader)
		require.NoError(t, err)
		assert.Equal(t, plain.Text, string(text))
		assert.Contains(t, plain.Text, key)
		assert.Equal(t, 1, runs)
		assert.Equal(t, 3, strings.Count(log.String(), `"status":201`), log.String())
		assert.Equal(t, 4, strings.Count(log.String(), `"pattern":"POST /orders/{$}"`), log.String())
	})
}

// TestChain_guard has a scope that a guard finds out, which a replay passes first.
func TestChain_guard(t *testing.T) {
	t.Parallel()
	isOut := false
	session := openapi.Guard[string]{Name: "session", Scheme: openapi.HeaderKey("X-User"), Check: func(r *http.Request) (string, error) {
		if isOut {
			return "", respond.NewProblem(http.StatusUnauthorized, "")
		}
		return r.Header.Get("X-User"), nil
	}}
	scope := func(r *http.Request) string {
		name, _ := session.From(r.Context())
		return name
	}
	runs := 0
	place := func(context.Context, tenon.None) (respond.Created[string], error) {
		runs++
		return respond.Created[string]{Body: "secret of ada"}, nil
	}
	routes := session.Protect(tenon.Routes{tenon.Post("/orders", place)}.With(idempotency.New(idempotency.NewMemory(0), scope)))
	post := func(user string) *httptest.ResponseRecorder {
		return send(t.Context(), routes[0].Handler(), http.MethodPost, "/orders", "", http.Header{"Idempotency-Key": {key}, "X-User": {user}})
	}
	assert.Equal(t, http.StatusCreated, post("ada").Code)
	assert.Equal(t, "true", post("ada").Header().Get("Idempotency-Replayed"))
	assert.Equal(t, 1, runs)
	assert.Empty(t, post("eve").Header()["Idempotency-Replayed"])
	assert.Equal(t, 2, runs)
	isOut = true
	assert.Equal(t, http.StatusUnauthorized, post("ada").Code)
}

// TestChain_recover answers a panic with 500, and the request may run again.
func TestChain_recover(t *testing.T) {
	t.Parallel()
	once := idempotency.New(idempotency.NewMemory(0), everybody)
	for name, around := range map[string]func(http.Handler) http.Handler{
		"outside": func(h http.Handler) http.Handler { return middleware.Recover()(once(h)) },
		"inside":  func(h http.Handler) http.Handler { return once(middleware.Recover()(h)) },
	} {
		s := &service{do: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, "half of it")
			panic("planned")
		}}
		h := accessLog(io.Discard)(around(s))
		for range 2 {
			w := send(t.Context(), h, http.MethodPost, "/"+name, "a", keyed(key))
			assert.Equal(t, http.StatusInternalServerError, w.Code, name)
			assert.NotContains(t, w.Body.String(), "half")
		}
		assert.Equal(t, 2, s.ran(), name)
	}
}

// TestChain_proxy has another server behind it, whose transport reads the body by itself.
func TestChain_proxy(t *testing.T) {
	t.Parallel()
	s := &service{do: func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "of the backend")
		if r.URL.Path != "/unread" {
			_, _ = io.Copy(io.Discard, r.Body)
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "text")
	}}
	backend := httptest.NewServer(s)
	defer backend.Close()
	target, err := url.Parse(backend.URL)
	require.NoError(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	h := middleware.RequestID()(idempotency.New(idempotency.NewMemory(0), everybody)(proxy))
	front := httptest.NewServer(h)
	defer front.Close()
	for _, path := range []string{"/read", "/unread"} {
		for i := range 2 {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, front.URL+path, strings.NewReader(strings.Repeat("x", 200<<10)))
			require.NoError(t, err)
			r.Header = keyed(key)
			response, err := front.Client().Do(r)
			require.NoError(t, err)
			text, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			response.Body.Close()
			assert.Equal(t, http.StatusCreated, response.StatusCode)
			assert.Equal(t, "text", string(text))
			assert.Equal(t, i == 1, response.Header.Get("Idempotency-Replayed") == "true")
			assert.Equal(t, i == 0, response.Header.Get("X-Request-Id") == "of the backend")
		}
		assert.Equal(t, 1, s.ran())
	}
}

// TestChain_stream sends events through compress as they come, and leaves a mark.
func TestChain_stream(t *testing.T) {
	t.Parallel()
	goOn := make(chan struct{}, 2)
	s := &service{do: func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		stream.NDJSON[int]{Seq: func(yield func(int, error) bool) {
			if yield(1, nil) {
				<-goOn
				yield(2, nil)
			}
		}}.ServeHTTP(w, r)
	}}
	var log bytes.Buffer
	h := alice.New(accessLog(&log), middleware.Recover(), compress.New(), middleware.ETag(), idempotency.New(idempotency.NewMemory(0), everybody)).Then(s)
	kittest.Serve(t, h, func(t *testing.T, server *kittest.Server) {
		t.Helper()
		log.Reset()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+pathOf(t), strings.NewReader("a"))
		require.NoError(t, err)
		r.Header = http.Header{"Idempotency-Key": {key}, "Accept-Encoding": {"gzip"}}
		response, err := server.Client.Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		require.Equal(t, "gzip", response.Header.Get("Content-Encoding"))
		reader, err := gzip.NewReader(response.Body)
		require.NoError(t, err)
		lines := bufio.NewReader(reader)
		line, err := lines.ReadString('\n')
		require.NoError(t, err)
		assert.Equal(t, "1\n", line, "before there is a second one")
		goOn <- struct{}{}
		rest, err := io.ReadAll(lines)
		require.NoError(t, err)
		assert.Equal(t, "2\n", string(rest))

		again := server.Do(t, http.MethodPost, pathOf(t), strings.NewReader("a"), keyed(key))
		assert.Equal(t, http.StatusConflict, again.StatusCode)
		assert.Empty(t, again.Header["Retry-After"])
		assert.Equal(t, 1, s.ran())
	})
}

// TestChain_ownCoding keeps the coding that a handler has given its body, and adds none.
func TestChain_ownCoding(t *testing.T) {
	t.Parallel()
	var coded bytes.Buffer
	writer := gzip.NewWriter(&coded)
	_, err := io.WriteString(writer, strings.Repeat("text ", 1000))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	s := &service{do: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(coded.Bytes())
	}}
	h := compress.New()(idempotency.New(idempotency.NewMemory(0), everybody)(s))
	kittest.Serve(t, h, func(t *testing.T, server *kittest.Server) {
		t.Helper()
		for i := range 2 {
			got := server.Do(t, http.MethodPost, pathOf(t), strings.NewReader("a"), http.Header{"Idempotency-Key": {key}, "Accept-Encoding": {"gzip"}})
			assert.Equal(t, []string{"gzip"}, got.Header["Content-Encoding"])
			assert.Equal(t, coded.String(), got.Text)
			assert.Equal(t, i == 1, got.Header.Get("Idempotency-Replayed") == "true")
		}
		assert.Equal(t, 1, s.ran())
	})
}
