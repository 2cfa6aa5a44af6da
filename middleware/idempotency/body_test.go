package idempotency_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/idempotency"
)

// readers are handlers that read more or less of their body.
var readers = map[string]http.HandlerFunc{
	"all":     creates,
	"nothing": answers(http.StatusCreated),
	"a part": func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.CopyN(io.Discard, r.Body, 3)
		w.WriteHeader(http.StatusCreated)
	},
	"closed": func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.CopyN(io.Discard, r.Body, 3)
		_ = r.Body.Close()
		if _, err := r.Body.Read(make([]byte, 1)); err == nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusCreated)
	},
	"writes first": func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "text")
		if text, err := io.ReadAll(r.Body); err != nil || len(text) == 0 {
			panic("the body is gone")
		}
	},
}

// TestNew_bodies compares whole bodies, whatever the handler has read of them and
// whatever was known of their length.
func TestNew_bodies(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0123456789", 50_000)
	for name, do := range readers {
		s := &service{do: do}
		kittest.Serve(t, idempotency.New(idempotency.NewMemory(0), everybody, idempotency.MaxAnswer(1<<20))(s), func(t *testing.T, server *kittest.Server) {
			t.Helper()
			for i, of := range []func(string) io.Reader{
				func(text string) io.Reader { return strings.NewReader(text) },
				func(text string) io.Reader { return io.MultiReader(strings.NewReader(text)) }, // of unknown length
			} {
				path := pathOf(t) + strings.Repeat("/x", i)
				first := server.Do(t, http.MethodPost, path, of(long), keyed(key))
				require.Equal(t, http.StatusCreated, first.StatusCode, name)
				for body, status := range map[string]int{
					long: http.StatusCreated, long[1:] + "0": http.StatusUnprocessableEntity, long[:len(long)-1] + "x": http.StatusUnprocessableEntity,
					long + "x": http.StatusUnprocessableEntity, long[1:]: http.StatusUnprocessableEntity, "": http.StatusUnprocessableEntity,
				} {
					got := server.Do(t, http.MethodPost, path, of(body), keyed(key))
					assert.Equal(t, status, got.StatusCode, "%s: %d bytes", name, len(body))
				}
				assert.Equal(t, 1, s.ran(), name)
			}
		})
	}
}

// TestNew_unreadBody has more left than is read for the handler: a retry cannot be told
// from another request, and neither runs.
func TestNew_unreadBody(t *testing.T) {
	t.Parallel()
	for size, status := range map[int]int{1 << 20: http.StatusCreated, 1<<20 + 1: http.StatusConflict} {
		s := &service{do: answers(http.StatusCreated)}
		h := idempotency.New(idempotency.NewMemory(0), everybody)(s)
		body := strings.Repeat("x", size)
		assert.Equal(t, http.StatusCreated, send(t.Context(), h, http.MethodPost, "/", body, keyed(key)).Code)
		assert.Equal(t, status, send(t.Context(), h, http.MethodPost, "/", body, keyed(key)).Code, size)
		assert.Equal(t, 1, s.ran())
	}
}

// TestNew_badBody answers a retry whose body cannot be read.
func TestNew_badBody(t *testing.T) {
	t.Parallel()
	s := &service{do: creates}
	once := idempotency.New(idempotency.NewMemory(0), everybody)(s)
	require.Equal(t, http.StatusCreated, send(t.Context(), once, http.MethodPost, "/", "0123456789", keyed(key)).Code)
	for name, tc := range map[string]struct {
		h      http.Handler
		body   io.ReadCloser
		status int
	}{
		"too long": {middleware.BodyLimit(4)(once), io.NopCloser(strings.NewReader("0123456789")), http.StatusRequestEntityTooLarge},
		"cut":      {once, kittest.BrokenReader("0123", io.ErrUnexpectedEOF), http.StatusBadRequest},
		"broken":   {once, kittest.BrokenReader("0123", io.ErrClosedPipe), http.StatusBadRequest},
		"refused":  {once, kittest.BrokenReader("0123", unsupported{}), http.StatusUnsupportedMediaType},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", tc.body)
		r.Header = keyed(key)
		r.ContentLength = -1
		w := httptest.NewRecorder()
		tc.h.ServeHTTP(w, r)
		assert.Equal(t, tc.status, w.Code, name)
	}
	assert.Equal(t, 1, s.ran())
}

type unsupported struct{}

func (unsupported) Error() string   { return "unsupported" }
func (unsupported) StatusCode() int { return http.StatusUnsupportedMediaType }
