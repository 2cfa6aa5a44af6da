package bind_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// TestValue_unreachable sends everything that is called like a value field.
func TestValue_unreachable(t *testing.T) {
	t.Parallel()
	const json = `{"user":{"name":"eve"},"User":{"name":"eve"},"Locale":{"tag":"eve"},"locale":"eve","name":"eve","Raw":"ZXZl"}`
	const pairs = "user=eve&User=eve&user[name]=eve&user.name=eve&Locale=eve&locale=eve&value=eve&name=eve"
	opts := []bind.Option{bind.Value("user", userOf)}
	request := func(contentType, body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/?"+pairs, strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("User", "ada")
		r.Header.Set("Accept-Language", "fr")
		r.AddCookie(&http.Cookie{Name: "user", Value: "eve"})
		return r
	}
	kit, parts := "application/json", "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\neve\r\n--b--\r\n"
	for _, tc := range []struct {
		name string
		bind func() (any, error)
	}{
		{"JSON beside", boundOf[struct {
			Provided
			Body map[string]any `body:"json"`
		}](request(kit, json), opts)},
		{"nothing but values", boundOf[struct{ Provided }](request(kit, json), opts)},
		{"form", boundOf[struct {
			Provided
			Name string `form:"name"`
		}](request(urlencoded, pairs), opts)},
		{"multipart", boundOf[struct {
			Provided
			Name string `form:"name,optional"`
		}](request("multipart/form-data; boundary=b", parts), opts)},
		{"query", boundOf[struct {
			Provided
			Name  string            `query:"name"`
			Other map[string]string `query:"other,deep"`
		}](request(kit, json), opts)},
	} {
		got, err := tc.bind()
		require.NoError(t, err, tc.name)
		assert.Equal(t, Provided{user{"ada"}, locale{"fr"}}, reflect.ValueOf(got).Field(0).Interface(), tc.name)
	}
	_, err := bind.For[struct{ Provided }](bind.Strict(), opts[0]).Bind(request(kit, json))
	require.ErrorContains(t, err, `query "user": is not known`)
}

// A counted body counts what is read of it.
type counted struct {
	io.Reader

	n *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}

func (counted) Close() error { return nil }

// TestValue_refusesBeforeTheBody sends a body of 1 MiB, of which nothing is taken: not by
// the handler and, where the client waits to be asked, not from the client.
func TestValue_refusesBeforeTheBody(t *testing.T) {
	t.Parallel()
	var taken atomic.Int64
	inner := bind.Func(func(http.ResponseWriter, *http.Request, struct {
		User user           `value:"user"`
		Body map[string]any `body:"json"`
	},
	) {
		t.Error("called")
	}, bind.Value("user", func(*http.Request) (user, error) {
		return user{}, respond.NewProblem(http.StatusUnauthorized, "")
	}))
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// net/http looks in its own request for a body that waits to be asked for.
		copied := *r
		copied.Body = counted{r.Body, &taken}
		inner.ServeHTTP(w, &copied)
	})
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, waits := range []bool{false, true} {
			var sent atomic.Int64
			body := counted{io.LimitReader(zeros{}, 1<<20), &sent}
			r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.URL, body)
			require.NoError(t, err)
			r.ContentLength = 1 << 20
			r.Header.Set("Content-Type", "application/json")
			if waits {
				r.Header.Set("Expect", "100-continue")
				transport, ok := s.Client.Transport.(*http.Transport)
				require.True(t, ok)
				transport.ExpectContinueTimeout = s.Client.Timeout
			}
			answer, err := s.Client.Do(r)
			require.NoError(t, err, "waits: %t", waits)
			require.NoError(t, answer.Body.Close())
			assert.Equal(t, http.StatusUnauthorized, answer.StatusCode)
			assert.Zero(t, taken.Load())
			if waits {
				assert.Zero(t, sent.Load())
			}
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
