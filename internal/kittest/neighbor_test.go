package kittest_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

func neighbor(t *testing.T, name string) func(http.Handler) http.Handler {
	t.Helper()
	for _, neighbor := range kittest.Neighbors() {
		if neighbor.Name == name {
			return neighbor.Wrap
		}
	}
	require.FailNow(t, "no such neighbor", name)
	return nil
}

func TestNeighbors_mutatesHeaders(t *testing.T) {
	t.Parallel()
	shared := make([]string, 1, 2)
	shared[0] = "value"
	beyond := shared[:2]
	h := neighbor(t, "mutates headers")(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["X-Shared"] = shared
	}))
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		shared[0], beyond[1] = "value", "more"
		first, second := s.Get(t, "/"), s.Get(t, "/")
		assert.Equal(t, []string{"value"}, first.Header["X-Shared"], "the answer itself is committed by then")
		assert.NotEqual(t, first.Header["X-Shared"], second.Header["X-Shared"], "a shared slice shows in the next answer")
		assert.NotEqual(t, "more", beyond[1], "the slice is overwritten up to its capacity")
		assert.Empty(t, first.Text)
		assert.Equal(t, http.StatusOK, first.StatusCode)
	})
}

func TestNeighbors_bareWriter(t *testing.T) {
	t.Parallel()
	var full, hidden http.ResponseWriter
	keep := func(w *http.ResponseWriter) http.Handler {
		return http.HandlerFunc(func(got http.ResponseWriter, _ *http.Request) { *w = got })
	}
	kittest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keep(&full).ServeHTTP(w, r)
		neighbor(t, "bare writer")(keep(&hidden)).ServeHTTP(w, r)
	}), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		s.Get(t, "/")
		assert.Implements(t, (*http.Flusher)(nil), full)
		assert.NotImplements(t, (*http.Flusher)(nil), hidden)
		assert.NotImplements(t, (*http.Hijacker)(nil), hidden)
		assert.NotImplements(t, (*io.ReaderFrom)(nil), hidden)
		assert.NotImplements(t, (*io.StringWriter)(nil), hidden)
		assert.NotImplements(t, (*interface{ Unwrap() http.ResponseWriter })(nil), hidden)
	})
}

func TestWriteEarly(t *testing.T) {
	t.Parallel()
	h := kittest.WriteEarly(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Late", "late")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "late")
	}))
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		response := s.Get(t, "/")
		assert.Equal(t, http.StatusOK, response.StatusCode)
		assert.Equal(t, kittest.Early+"late", response.Text)
		assert.Empty(t, response.Header.Get("X-Late"))
	})
}

func TestCheckHeaders(t *testing.T) {
	t.Parallel()
	constant := []string{"constant"}
	for _, tc := range []struct {
		name string
		set  func(http.Header)
		want []string
	}{
		{"own values", func(h http.Header) { h.Set("X-Own", "1"); h.Add("X-Own", "2") }, nil},
		{"one array, capped", func(h http.Header) {
			v := [2]string{"a", "b"}
			h["X-A"], h["X-B"] = v[0:1:1], v[1:2:2]
		}, nil},
		{"one array, not capped", func(h http.Header) {
			v := [2]string{"a", "b"}
			h["X-A"], h["X-B"] = v[0:1], v[1:2]
		}, []string{"header field X-B lies within the capacity of X-A"}},
		{"shared by responses", func(h http.Header) {
			h["X-Constant"] = constant
		}, []string{"header field X-Constant is shared between responses"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { tc.set(w.Header()) })
			newRequest := func() *http.Request { return httptest.NewRequest(http.MethodGet, "/", nil) }
			assert.Equal(t, tc.want, kittest.HeaderFaults(h, newRequest))
			if tc.want == nil {
				kittest.CheckHeaders(t, h, newRequest)
			}
		})
	}
}

func TestBrokenReader(t *testing.T) {
	t.Parallel()
	failed := errors.New("disk on fire")
	body := kittest.BrokenReader("half of it", failed)
	text, err := io.ReadAll(body)
	require.ErrorIs(t, err, failed)
	assert.Equal(t, "half of it", string(text))
	_, err = body.Read(make([]byte, 1))
	require.ErrorIs(t, err, failed)

	assert.False(t, body.Closed())
	require.NoError(t, body.Close())
	assert.True(t, body.Closed())
}
