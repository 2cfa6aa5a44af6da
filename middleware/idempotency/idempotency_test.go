package idempotency_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/idempotency"
	"github.com/tenonkit/tenon/respond"
)

const key = "8e03978e-40d5-43dd-bc93-6894a57f9324"

func keyed(value string) http.Header { return http.Header{"Idempotency-Key": {value}} }

func everybody(*http.Request) string { return "everybody" }

// user is the scope of the tests: whoever the request says.
func user(r *http.Request) string { return r.Header.Get("X-User") }

// A service counts how often it runs.
type service struct {
	mu   sync.Mutex
	runs int
	keys []string
	do   http.HandlerFunc
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.runs++
	s.keys = append(s.keys, idempotency.KeyFrom(r.Context()))
	s.mu.Unlock()
	s.do(w, r)
}

// ran returns how often it has run since it was last asked.
func (s *service) ran() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.runs = 0 }()
	return s.runs
}

// creates answers 201 with what was sent.
func creates(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		respond.Error(w, r, err)
		return
	}
	w.Header().Set("Location", "/orders/1")
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(text)
}

func answers(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

// send sends a request to h itself.
func send(ctx context.Context, h http.Handler, method, target, body string, header http.Header) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	maps.Copy(r.Header, header)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func detailOf(t *testing.T, body string) string {
	t.Helper()
	var problem struct{ Detail string }
	require.NoError(t, json.Unmarshal([]byte(body), &problem), body)
	return problem.Detail
}

func TestNew_faults(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "idempotency: New: the store is nil: pass one, such as NewMemory(0); "+
		"the scope is nil: pass a function that returns the user of a request; "+
		"TTL is 0s: pass a positive duration; MaxAnswer is -1: pass a number of bytes, 0 or more", func() {
		idempotency.New(nil, nil, idempotency.TTL(0), idempotency.MaxAnswer(-1), idempotency.Option{})
	})
	assert.PanicsWithValue(t, "idempotency: New: the store is nil: pass one, such as NewMemory(0)", func() {
		idempotency.New((*idempotency.Memory)(nil), func(*http.Request) string { return "" })
	})
	assert.Panics(t, func() { idempotency.NewMemory(-1) })
	assert.Empty(t, idempotency.KeyFrom(t.Context()))
}

// TestNew_replay is the same over both protocols, and behind neighbors: the first request
// runs, and the same one is answered again.
func TestNew_replay(t *testing.T) {
	t.Parallel()
	s := &service{do: creates}
	kittest.ServeBehind(t, idempotency.New(idempotency.NewMemory(0), everybody)(s), func(t *testing.T, server *kittest.Server) {
		t.Helper()
		for _, method := range []string{http.MethodPost, http.MethodPatch} {
			path := pathOf(t)
			first := server.Do(t, method, path, strings.NewReader(`{"item":1}`), keyed(key))
			require.Equal(t, http.StatusCreated, first.StatusCode)
			assert.Empty(t, first.Header["Idempotency-Replayed"])
			for range 2 {
				again := server.Do(t, method, path, strings.NewReader(`{"item":1}`), keyed(`"`+key+`"`))
				assert.Equal(t, []string{"true"}, again.Header["Idempotency-Replayed"])
				again.Header.Del("Idempotency-Replayed")
				for _, h := range []http.Header{first.Header, again.Header} {
					h.Del("Date")
				}
				assert.Equal(t, first.StatusCode, again.StatusCode)
				assert.Equal(t, first.Header, again.Header)
				assert.Equal(t, `{"item":1}`, again.Text)
				assert.EqualValues(t, len(again.Text), again.ContentLength)
			}
			assert.Equal(t, 1, s.ran())

			other := server.Do(t, method, path, strings.NewReader(`{"item":2}`), keyed(key))
			assert.Equal(t, http.StatusUnprocessableEntity, other.StatusCode)
			assert.Contains(t, detailOf(t, other.Text), "send a new key")
			assert.Zero(t, s.ran())
		}
	})
	for _, k := range s.keys {
		assert.Equal(t, key, k)
	}
}

// TestNew_untouched passes what is idempotent by itself or has no key: nobody is asked
// whose it is.
func TestNew_untouched(t *testing.T) {
	t.Parallel()
	nobody := func(*http.Request) string { panic("asked") }
	s := &service{do: answers(http.StatusOK)}
	h := idempotency.New(idempotency.NewMemory(0), nobody)(s)
	for _, method := range []string{"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "QUERY"} {
		for range 2 {
			assert.Equal(t, http.StatusOK, send(t.Context(), h, method, "/", "", keyed("bad\x00")).Code, method)
		}
	}
	for range 2 {
		assert.Equal(t, http.StatusOK, send(t.Context(), h, http.MethodPost, "/", "", nil).Code)
	}
	assert.Equal(t, 14, s.ran())
	assert.Equal(t, make([]string, 14), s.keys)

	required := idempotency.New(idempotency.NewMemory(0), nobody, idempotency.Require())(s)
	w := send(t.Context(), required, http.MethodPost, "/", "", nil)
	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.Contains(t, detailOf(t, w.Body.String()), "Idempotency-Key is required")
	assert.Equal(t, http.StatusOK, send(t.Context(), required, http.MethodGet, "/", "", nil).Code)
	assert.Equal(t, 1, s.ran())
}

// TestNew_apart has requests of one key that are no repetition.
func TestNew_apart(t *testing.T) {
	t.Parallel()
	s := &service{do: creates}
	h := idempotency.New(idempotency.NewMemory(0), user)(s)
	for _, tc := range []struct{ user, method, target, key string }{
		{"ada", "POST", "/a", "k"},
		{"eve", "POST", "/a", "k"},
		{"ada", "PATCH", "/a", "k"},
		{"ada", "POST", "/b", "k"},
		{"ada", "POST", "/a?x=1", "k"},
		{"ada", "POST", "/a?x=2", "k"},
		{"ada", "POST", "/a%2F", "k"},
		{"ada", "POST", "/a", "K"},
		{"adaPOST", "PATCH", "/a", "k"},
		{"ada", "POST", "/", "ak"},
	} {
		w := send(t.Context(), h, tc.method, tc.target, "same", http.Header{"X-User": {tc.user}, "Idempotency-Key": {tc.key}})
		assert.Equal(t, http.StatusCreated, w.Code)
		assert.Empty(t, w.Header()["Idempotency-Replayed"], tc)
	}
	assert.Equal(t, 10, s.ran())

	w := send(t.Context(), h, http.MethodPost, "/a", "same", keyed("k"))
	assert.Equal(t, http.StatusUnauthorized, w.Code)
	assert.Zero(t, s.ran())
}

// TestNew_prefix tells targets apart that a router has made the same.
func TestNew_prefix(t *testing.T) {
	t.Parallel()
	s := &service{do: creates}
	once := idempotency.New(idempotency.NewMemory(0), everybody)
	mux := http.NewServeMux()
	mux.Handle("/a/", http.StripPrefix("/a", once(s)))
	mux.Handle("/b/", http.StripPrefix("/b", once(s)))
	for _, target := range []string{"/a/x", "/b/x"} {
		assert.Empty(t, send(t.Context(), mux, http.MethodPost, target, "", keyed("k")).Header()["Idempotency-Replayed"])
	}
	assert.Equal(t, 2, s.ran())
}

// TestNew_statuses keeps what has changed something, and nothing else.
func TestNew_statuses(t *testing.T) {
	t.Parallel()
	for status, isKept := range map[int]bool{
		200: true, 201: true, 202: true, 204: true, 205: true, 299: true, 301: true, 303: true, 304: true, 307: true,
		400: false, 401: false, 403: false, 404: false, 409: false, 413: false, 422: false, 429: false, 500: false, 503: false, 504: false, 599: false,
	} {
		s := &service{do: answers(status)}
		h := idempotency.New(idempotency.NewMemory(0), everybody)(s)
		first := send(t.Context(), h, http.MethodPost, "/", "a", keyed(key))
		again := send(t.Context(), h, http.MethodPost, "/", "a", keyed(key))
		assert.Equal(t, status, first.Code)
		assert.Equal(t, status, again.Code)
		assert.Equal(t, isKept, again.Header().Get("Idempotency-Replayed") == "true", status)
		if isKept {
			assert.Equal(t, 1, s.ran(), status)
			continue
		}
		assert.Equal(t, 2, s.ran(), status)
		// The key is free, for another body too.
		assert.Equal(t, status, send(t.Context(), h, http.MethodPost, "/", "other", keyed(key)).Code)
	}
}

// TestNew_fields replays those of the answer, and no others.
func TestNew_fields(t *testing.T) {
	t.Parallel()
	once := idempotency.New(idempotency.NewMemory(0), everybody)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h["X-Own"] = []string{"one", "two"}
		h["Etag"] = []string{`"tag"`}
		h["Set-Cookie"] = []string{"session=secret"}
		h["X-Request-Id"] = []string{"first"}
		h["Keep-Alive"] = []string{"timeout=5"}
		h["X-Hop"] = []string{"hop"}
		h["Connection"] = []string{"keep-alive, x-hop"}
		h.Add("Vary", "Accept")
		h.Del("Cache-Control")
		w.WriteHeader(http.StatusCreated)
		h["X-Late"] = []string{"late"}
		_, _ = io.WriteString(w, "text")
	}))
	n := 0
	outside := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++
		h := w.Header()
		h["Access-Control-Allow-Origin"] = r.Header["Origin"]
		h["Vary"] = []string{"Origin"}
		h["Cache-Control"] = []string{"no-store"}
		h["X-Time"] = []string{strings.Repeat("t", n)}
		once.ServeHTTP(w, r)
	})
	request := func(origin string) http.Header {
		w := send(t.Context(), outside, http.MethodPost, "/", "a", http.Header{"Idempotency-Key": {key}, "Origin": {origin}})
		assert.Equal(t, http.StatusCreated, w.Code)
		assert.Equal(t, "text", w.Body.String())
		return w.Result().Header
	}
	common := http.Header{
		"X-Own": {"one", "two"}, "Etag": {`"tag"`}, "Vary": {"Origin", "Accept"}, "Content-Length": {"4"},
	}
	first := common.Clone()
	first["Access-Control-Allow-Origin"] = []string{"https://a.example"}
	first["X-Time"] = []string{"t"}
	first["Set-Cookie"] = []string{"session=secret"}
	first["X-Request-Id"] = []string{"first"}
	first["Keep-Alive"] = []string{"timeout=5"}
	first["X-Hop"] = []string{"hop"}
	first["Connection"] = []string{"keep-alive, x-hop"}
	got := request("https://a.example")
	got.Del("Content-Type") // the recorder has found one
	assert.Equal(t, first, got)

	again := common.Clone()
	again["Access-Control-Allow-Origin"] = []string{"https://b.example"}
	again["X-Time"] = []string{"tt"}
	again["Idempotency-Replayed"] = []string{"true"}
	got = request("https://b.example")
	got.Del("Content-Type")
	assert.Equal(t, again, got)

	kittest.CheckHeaders(t, outside, func() *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("a"))
		r.Header.Set("Idempotency-Key", key)
		return r
	})
}

// TestNew_nested stands around a router and around its route.
func TestNew_nested(t *testing.T) {
	t.Parallel()
	s := &service{do: creates}
	once := idempotency.New(idempotency.NewMemory(0), everybody)
	h := once(once(s))
	assert.Empty(t, send(t.Context(), h, http.MethodPost, "/", "a", keyed(key)).Header()["Idempotency-Replayed"])
	assert.Equal(t, "true", send(t.Context(), h, http.MethodPost, "/", "a", keyed(key)).Header().Get("Idempotency-Replayed"))
	assert.Equal(t, 1, s.ran())

	// The context of one request does not stand for another.
	inner := &service{do: creates}
	calls := once(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range 2 {
			assert.Equal(t, http.StatusCreated, send(r.Context(), once(inner), http.MethodPost, "/charge", "b", keyed("k")).Code)
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	assert.Equal(t, http.StatusAccepted, send(t.Context(), calls, http.MethodPost, "/calls", "a", keyed(key)).Code)
	assert.Equal(t, 1, inner.ran())
}

// TestNew_panics keeps nothing of what was broken off.
func TestNew_panics(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]http.HandlerFunc{
		"panic":              func(http.ResponseWriter, *http.Request) { panic(errors.New("planned")) },
		"abort":              func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"panic after status": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); panic(http.ErrAbortHandler) },
		"panic in a body": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("half"))
			panic(http.ErrAbortHandler)
		},
		"panic in a stream": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("half"))
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		},
		"less than the length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10")
			_, _ = w.Write([]byte("half"))
		},
	} {
		s := &service{do: do}
		kittest.Serve(t, idempotency.New(idempotency.NewMemory(0), everybody)(s), func(t *testing.T, server *kittest.Server) {
			t.Helper()
			for range 2 {
				_, err := server.TryDo(http.MethodPost, "/", strings.NewReader("a"), keyed(key))
				require.Error(t, err, name)
			}
			assert.Equal(t, 2, s.ran(), name)
		})
	}
}

// TestNew_inFlight refuses what comes while the first request runs, whatever its body.
func TestNew_inFlight(t *testing.T) {
	t.Parallel()
	begun, goOn := make(chan struct{}), make(chan struct{})
	s := &service{do: func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-goOn
		creates(w, r)
	}}
	h := idempotency.New(idempotency.NewMemory(0), everybody)(s)
	done := make(chan *httptest.ResponseRecorder)
	go func() { done <- send(t.Context(), h, http.MethodPost, "/", "a", keyed(key)) }()
	<-begun
	for _, body := range []string{"a", "b"} {
		w := send(t.Context(), h, http.MethodPost, "/", body, keyed(key))
		assert.Equal(t, http.StatusConflict, w.Code)
		assert.Equal(t, "1", w.Header().Get("Retry-After"))
		assert.Contains(t, detailOf(t, w.Body.String()), "send it again later")
	}
	close(goOn)
	assert.Equal(t, http.StatusCreated, (<-done).Code)
	assert.Equal(t, 1, s.ran())
}

// discard is a logger that is enabled and writes nowhere.
func discard() *slog.Logger { return slog.New(slog.NewJSONHandler(io.Discard, nil)) }

// pathOf returns a path that is the test's own.
func pathOf(t *testing.T) string {
	t.Helper()
	return "/" + strings.NewReplacer(" ", "-", "#", "-").Replace(t.Name())
}

// accessLog is middleware that collects causes.
func accessLog(to io.Writer) func(http.Handler) http.Handler {
	return middleware.AccessLog(slog.New(slog.NewJSONHandler(to, nil)))
}
