package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/client"
)

var anyOp = tenon.Op[tenon.None, any]{Method: "GET", Pattern: "/x"}

// A told is an answer as a test compares it.
type told struct {
	status int
	body   string
	fields map[string]string
	err    bool
}

func tell(t *testing.T, c *client.Client, method string) told {
	t.Helper()
	op := anyOp
	op.Method = method
	answer, err := client.Raw(t.Context(), c, op, tenon.None{})
	if err != nil {
		return told{err: true}
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	got := told{status: answer.StatusCode, body: string(text), fields: map[string]string{}, err: err != nil}
	for _, name := range []string{"Content-Type", "Content-Length", "X-One", "X-Late", "Connection"} {
		got.fields[name] = strings.Join(answer.Header[name], "|")
	}
	if err != nil {
		got.body = "" // how much has come is by chance
	}
	return got
}

// handlers do what a handler can do to an answer.
func handlers() map[string]http.HandlerFunc {
	flush := func(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }
	return map[string]http.HandlerFunc{
		"nothing":      func(http.ResponseWriter, *http.Request) {},
		"a status":     func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) },
		"two statuses": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); w.WriteHeader(202) },
		"no content":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204); _, _ = io.WriteString(w, "x") },
		"early hints":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(201) },
		"sniffed text": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "text") },
		"sniffed HTML": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"no type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			_, _ = io.WriteString(w, "text")
		},
		"coded": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "x")
			_, _ = io.WriteString(w, "text")
		},
		"large": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 1_000_000)) },
		"large in pieces": func(w http.ResponseWriter, _ *http.Request) {
			for range 1000 {
				_, _ = io.WriteString(w, strings.Repeat("x", 1000))
			}
		},
		"flushed": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "a")
			flush(w)
			_, _ = io.WriteString(w, "b")
		},
		"flushed at once": func(w http.ResponseWriter, _ *http.Request) { flush(w); _, _ = io.WriteString(w, "b") },
		"late field": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-One", "1")
			w.WriteHeader(200)
			w.Header().Set("X-Late", "1")
			w.Header().Set("X-One", "2")
		},
		"declared length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "4")
			_, _ = io.WriteString(w, "text")
		},
		"too much": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "4")
			_, _ = io.WriteString(w, "textile")
		},
		"too little": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "4")
			_, _ = io.WriteString(w, "te")
		},
		"aborted": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"aborted held back": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "x")
			panic(http.ErrAbortHandler)
		},
		"aborted in the midst": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "x")
			flush(w)
			panic(http.ErrAbortHandler)
		},
		"panicked": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x"); flush(w); panic("x") },
		"past deadline": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "x")
			flush(w)
			_ = http.NewResponseController(w).SetWriteDeadline(time.Unix(1, 0))
			_, _ = io.WriteString(w, strings.Repeat("x", 100_000))
		},
	}
}

// Whatever a handler does, the client sees the same as over HTTP/1.1.
func TestInProcess_asOverHTTP1(t *testing.T) {
	t.Parallel()
	for name, h := range handlers() {
		for _, method := range []string{"GET", "HEAD"} {
			answers := map[string]told{}
			over(t, h, client.Options{}, func(t *testing.T, c *client.Client) {
				t.Helper()
				answers[t.Name()[strings.LastIndexByte(t.Name(), '/')+1:]] = tell(t, c, method)
			})
			// The subtests have numbers, but for the first.
			var network, process told
			for of, answer := range answers {
				switch {
				case strings.HasPrefix(of, "in_process"):
					process = answer
				case !strings.HasPrefix(of, "2"):
					network = answer
				}
			}
			assert.Equal(t, network, process, "%s %s", method, name)
		}
	}
}

// The context of the handler has no value of the caller's, and ends with the call.
func TestInProcess_context(t *testing.T) {
	t.Parallel()
	type key struct{}
	ended := make(chan error, 2)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Nil(t, r.Context().Value(key{}))
		_, hasDeadline := r.Context().Deadline()
		assert.False(t, hasDeadline)
		assert.NoError(t, r.Context().Err())
		if r.Header.Get("X-Wait") != "" {
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
			ended <- context.Cause(r.Context())
			return
		}
		ctx := r.Context()
		context.AfterFunc(ctx, func() { ended <- context.Cause(ctx) })
	})
	ctx, cancel := context.WithTimeoutCause(context.WithValue(t.Context(), key{}, "x"), time.Minute, errors.New("the cause of the caller"))
	defer cancel()
	c := client.InProcess(h, client.Options{})
	answer, err := client.Raw(ctx, c, anyOp, tenon.None{})
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.ErrorIs(t, <-ended, context.Canceled)
	c = client.InProcess(h, client.Options{Header: http.Header{"X-Wait": {"1"}}})
	answer, err = client.Raw(ctx, c, anyOp, tenon.None{})
	require.NoError(t, err)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	_, err = answer.Body.Read(make([]byte, 1))
	require.ErrorIs(t, err, context.Canceled)
}

// What the handler sees is what a server makes of the request.
func TestInProcess_request(t *testing.T) {
	t.Parallel()
	type in struct {
		P    string `path:"p"`
		Q    string `query:"q"`
		H    string `header:"X-H"`
		Body string `body:"text"`
	}
	op := tenon.Op[in, string]{Method: "POST", Pattern: "example.com/a b/{p}"}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		r.Header.Set("X-H", "changed")
		r.Header.Add("X-More", "x")
		user, password, _ := r.BasicAuth()
		_, _ = io.WriteString(w, strings.Join([]string{
			r.Method, r.URL.String(), r.RequestURI, r.Host, r.Proto, string(text), user, password, strings.Join(r.TransferEncoding, ","),
		}, " | "))
		assert.Equal(t, int64(4), r.ContentLength)
	})
	kind := http.Header{"X-More": {"1"}}
	over(t, h, client.Options{Header: kind, Base: "/v1/"}, func(t *testing.T, c *client.Client) {
		t.Helper()
		got, err := client.Call(t.Context(), c, op, in{"c/d", "e&f", "h", "body"})
		require.NoError(t, err)
		got = strings.ReplaceAll(got, "HTTP/2.0", "HTTP/1.1")
		assert.Equal(t, "POST | /v1/a%20b/c%2Fd?q=e%26f | /v1/a%20b/c%2Fd?q=e%26f | example.com | HTTP/1.1 | body |  |  | ", got)
	})
	assert.Equal(t, http.Header{"X-More": {"1"}}, kind)
}

// A handler that waits for a client which has gone learns of it, and no goroutine is left.
func TestInProcess_noGoroutineLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := w.Write(make([]byte, 1000)); err != nil {
					return
				}
			}
		})
		c := client.InProcess(h, client.Options{})
		answer, err := client.Raw(t.Context(), c, anyOp, tenon.None{})
		require.NoError(t, err)
		synctest.Wait() // the handler waits: the client is behind
		require.NoError(t, answer.Body.Close())
		// The bubble fails where a goroutine stays.
	})
	synctest.Test(t, func(t *testing.T) {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			rc := http.NewResponseController(w)
			assert.NoError(t, rc.SetWriteDeadline(time.Now().Add(time.Second)))
			for {
				if _, err := w.Write(make([]byte, 1000)); err != nil {
					assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
					return
				}
			}
		})
		c := client.InProcess(h, client.Options{})
		start := time.Now()
		answer, err := client.Raw(t.Context(), c, anyOp, tenon.None{})
		require.NoError(t, err)
		synctest.Wait()
		time.Sleep(2 * time.Second)
		_, err = io.ReadAll(answer.Body)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, 2*time.Second, time.Since(start))
		require.NoError(t, answer.Body.Close())
	})
}

// A panic of a handler is the failure of the call, with its value.
func TestInProcess_panic(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("out of glue") })
	_, err := client.Raw(t.Context(), client.InProcess(h, client.Options{}), anyOp, tenon.None{})
	require.ErrorContains(t, err, "the handler panicked: out of glue")
	goexit := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { runtime.Goexit() })
	_, err = client.Raw(t.Context(), client.InProcess(goexit, client.Options{}), anyOp, tenon.None{})
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

// Requests and answers stream past each other.
func TestInProcess_duplex(t *testing.T) {
	t.Parallel()
	type in struct {
		Body io.Reader `body:"stream"`
	}
	op := tenon.Op[in, io.ReadCloser]{Method: "POST", Pattern: "/x"}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rc := http.NewResponseController(w)
		assert.NoError(t, rc.EnableFullDuplex())
		buf := make([]byte, 10)
		for {
			n, err := r.Body.Read(buf)
			_, _ = w.Write(buf[:n])
			_ = rc.Flush()
			if err != nil {
				return
			}
		}
	})
	from, to := io.Pipe()
	c := client.InProcess(h, client.Options{})
	go func() { _, _ = to.Write([]byte("one")) }()
	answer, err := client.Call(t.Context(), c, op, in{from})
	require.NoError(t, err)
	buf := make([]byte, 10)
	n, err := answer.Read(buf)
	require.NoError(t, err)
	assert.Equal(t, "one", string(buf[:n]))
	_, _ = to.Write([]byte("two"))
	n, err = answer.Read(buf)
	require.NoError(t, err)
	assert.Equal(t, "two", string(buf[:n]))
	require.NoError(t, to.Close())
	rest, err := io.ReadAll(answer)
	require.NoError(t, err)
	assert.Empty(t, rest)
	require.NoError(t, answer.Close())
}

// A jar of cookies makes a session, and a RoundTripper goes around Transport.
func TestTransport(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "n", Value: r.Header.Get("X-Attempt")})
		if r.Header.Get("X-Attempt") == "1" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		cookie, err := r.Cookie("n")
		if err == nil {
			_, _ = io.WriteString(w, cookie.Value)
		}
	})
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	retry := roundTripper(func(r *http.Request) (*http.Response, error) {
		first := r.Clone(r.Context())
		first.Header.Set("X-Attempt", "1")
		answer, err := client.Transport(h).RoundTrip(first)
		if err != nil || answer.StatusCode != http.StatusServiceUnavailable {
			return answer, err
		}
		_ = answer.Body.Close()
		second := r.Clone(r.Context())
		second.Header.Set("X-Attempt", "2")
		return client.Transport(h).RoundTrip(second)
	})
	c, err := client.New("http://service.test", client.Options{HTTP: &http.Client{Transport: retry, Jar: jar}})
	require.NoError(t, err)
	op := tenon.Op[tenon.None, string]{Method: "GET", Pattern: "/x"}
	got, err := client.Call(t.Context(), c, op, tenon.None{})
	require.NoError(t, err)
	assert.Empty(t, got)
	got, err = client.Call(t.Context(), c, op, tenon.None{})
	require.NoError(t, err)
	assert.Equal(t, "2", got)
}

type roundTripper func(r *http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Many goroutines share a client.
func TestClient_concurrent(t *testing.T) {
	t.Parallel()
	h := mounted(echo(tenon.Op[article, article]{Method: "POST", Pattern: "/x"}))
	op := tenon.Op[article, article]{Method: "POST", Pattern: "/x"}
	over(t, h, client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				for range 20 {
					got, err := client.Call(t.Context(), c, op, article{ID: i, Title: "x"})
					if assert.NoError(t, err) {
						assert.Equal(t, i, got.ID)
					}
				}
			})
		}
		all.Wait()
	})
}
