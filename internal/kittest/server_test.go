package kittest_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

func TestServe_speaksBothProtocols(t *testing.T) {
	var ran []string
	t.Run("serve", func(t *testing.T) {
		kittest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, r.Proto)
		}), func(t *testing.T, s *kittest.Server) {
			t.Helper()
			ran = append(ran, s.Proto)
			response := s.Get(t, "/")
			assert.Equal(t, response.Proto, response.Text)
			assert.Contains(t, response.Text, s.Proto)
			assert.Equal(t, int64(len(response.Text)), response.ContentLength)
			assert.Empty(t, s.Log())
		})
	})
	assert.Equal(t, []string{"HTTP/1.1", "HTTP/2"}, ran)
}

func TestServer_Do(t *testing.T) {
	t.Parallel()
	kittest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(http.StatusSeeOther)
		_, _ = io.WriteString(w, strings.Join([]string{
			r.Method, r.URL.Path, r.URL.RawQuery, r.Host, r.Header.Get("X-Token"), r.Header.Get("Accept-Encoding"), string(body),
		}, "|"))
	}), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		header := http.Header{"Host": {"tenon.test"}, "X-Token": {"t"}}
		response := s.Do(t, http.MethodPut, "/a?b=%zz", strings.NewReader("body"), header)
		assert.Equal(t, http.StatusSeeOther, response.StatusCode, "redirects are not followed")
		assert.Equal(t, "PUT|/a|b=%zz|tenon.test|t||body", response.Text)
	})
}

func TestServer_TryDo(t *testing.T) {
	t.Parallel()
	failed := errors.New("the reader broke")
	kittest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			_, err := io.Copy(io.Discard, r.Body)
			assert.Error(t, err, "the server sees half a body")
			return
		}
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		response, err := s.TryDo(http.MethodGet, "/", nil, nil)
		require.Error(t, err)
		require.NotNil(t, response)
		assert.Equal(t, http.StatusOK, response.StatusCode)
		assert.Equal(t, "half", response.Text)

		body := kittest.BrokenReader("half", failed)
		response, err = s.TryDo(http.MethodPost, "/", body, nil)
		require.ErrorIs(t, err, failed)
		assert.Nil(t, response)

		_, err = s.TryDo("bad method", "/", nil, nil)
		require.Error(t, err)
	})
}

func TestServer_Log(t *testing.T) {
	t.Parallel()
	kittest.Serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("a handler's panic")
	}), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		_, err := s.TryDo(http.MethodGet, "/", nil, nil)
		require.Error(t, err)
		// On HTTP/2 net/http resets the stream first and logs then.
		assert.Eventually(t, func() bool { return strings.Contains(s.Log(), "a handler's panic") }, kittest.Patience, time.Millisecond)
	})
}

func TestServeBehind(t *testing.T) {
	var ran []string
	t.Run("behind", func(t *testing.T) {
		kittest.ServeBehind(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Field", "value")
			w.Header().Set("Trailer", "X-Declared")
			_, _ = io.WriteString(w, "text")
			w.Header().Set("X-Declared", "one")
			w.Header().Set(http.TrailerPrefix+"X-Undeclared", "two")
		}), func(t *testing.T, s *kittest.Server) {
			t.Helper()
			ran = append(ran, strings.TrimPrefix(t.Name(), "TestServeBehind/behind/"))
			for range 2 {
				response := s.Get(t, "/")
				assert.Equal(t, "text", response.Text)
				assert.Equal(t, []string{"value"}, response.Header["X-Field"])
				assert.Equal(t, http.Header{"X-Declared": {"one"}, "X-Undeclared": {"two"}}, response.Trailer)
			}
			assert.Empty(t, s.Log())
		})
	})
	assert.Equal(t, []string{
		"plain/HTTP/1.1", "plain/HTTP/2",
		"mutates_headers/HTTP/1.1", "mutates_headers/HTTP/2",
		"bare_writer/HTTP/1.1", "bare_writer/HTTP/2",
	}, ran)
}
