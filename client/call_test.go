package client_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// over calls fn with a client of h over HTTP/1.1, over HTTP/2 and in process.
func over(t *testing.T, h http.Handler, o client.Options, fn func(t *testing.T, c *client.Client)) {
	t.Helper()
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		o := o
		o.HTTP = s.Client
		c, err := client.New(s.URL, o)
		require.NoError(t, err)
		fn(t, c)
	})
	kittest.Run(t, "in process", func(t *testing.T) {
		t.Helper()
		fn(t, client.InProcess(h, o))
	})
}

// mounted returns a mux with the routes.
func mounted(routes ...tenon.Route) http.Handler {
	mux := http.NewServeMux()
	tenon.Routes(routes).Mount(mux)
	return mux
}

// echo returns the route of an Op that answers with its In.
func echo[T any](op tenon.Op[T, T]) tenon.Route {
	return op.Route(func(_ context.Context, in T) (T, error) { return in, nil })
}

type article struct {
	ID    int       `json:"id"`
	Title string    `json:"title" minLength:"1"`
	At    time.Time `json:"at,omitzero"`
}

type saveIn struct {
	ID     int            `path:"id" minimum:"1"`
	Rest   string         `path:"rest"`
	Tags   []string       `query:"tag"`
	Sizes  []int          `query:"size,csv"`
	Filter map[string]int `query:"filter,deep"`
	Token  string         `header:"X-Token"`
	List   []string       `header:"X-List"`
	Theme  string         `cookie:"theme,optional"`
	Body   article        `json:"-" body:"json"`
}

var save = tenon.Op[saveIn, respond.Created[article]]{Method: "POST", Pattern: "/articles/{id}/{rest...}"}

func TestCall(t *testing.T) {
	t.Parallel()
	var got saveIn
	h := mounted(save.Route(func(_ context.Context, in saveIn) (respond.Created[article], error) {
		got = in
		return respond.Created[article]{Location: "/articles/7", Body: in.Body}, nil
	}))
	in := saveIn{
		ID: 7, Rest: "a b/c%2F/é?", Tags: []string{"x,y", "", "&="}, Sizes: []int{1, 2}, Filter: map[string]int{"a": 1, "b&": 2},
		Token: "t o", List: []string{`"a,b"`, "c"}, Theme: "a b,c", Body: article{ID: 7, Title: "<Mortise>"},
	}
	over(t, h, client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		out, err := client.Call(t.Context(), c, save, in)
		require.NoError(t, err)
		assert.Equal(t, in, got)
		assert.Equal(t, in.Body, out.Body)
		assert.Equal(t, "/articles/7", out.Location)
		_, err = client.Call(t.Context(), c, save, saveIn{})
		require.EqualError(t, err, `client: POST /articles/{id}/{rest...}: bind: path "id": must be at least 1; body #/title: must have at least 1 character`)
	})
}

// Calls of every outcome leave the connection to the next one.
func TestCall_connection(t *testing.T) {
	t.Parallel()
	var opened atomic.Int64
	server := httptest.NewUnstartedServer(mounted(
		save.Route(func(_ context.Context, in saveIn) (respond.Created[article], error) {
			if in.ID%2 == 0 {
				return respond.Created[article]{}, respond.Conflict("it is there")
			}
			return respond.Created[article]{Body: in.Body}, nil
		}),
		ndjson.Route(func(_ context.Context, in streamIn) (stream.NDJSON[item], error) {
			return stream.NDJSON[item]{Seq: numbered(in)}, nil
		}),
	))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	c, err := client.New(server.URL, client.Options{HTTP: server.Client()})
	require.NoError(t, err)
	for i := range 20 {
		_, err := client.Call(t.Context(), c, save, saveIn{ID: i + 1, Body: article{Title: "x"}})
		assert.Equal(t, i%2 == 1, err != nil)
		_, err = all(client.Stream(t.Context(), c, ndjson, streamIn{N: 5}))
		require.NoError(t, err)
	}
	assert.Equal(t, int64(1), opened.Load())
}

// Whoever repeats a request can have its body again, unless that can be read once only.
func TestCall_again(t *testing.T) {
	t.Parallel()
	type in struct {
		Title string    `form:"title"`
		File  bind.File `form:"file"`
	}
	upload := tenon.Op[in, tenon.None]{Method: "POST", Pattern: "/x"}
	var bodies []string
	var failed error
	twice := roundTripper(func(r *http.Request) (*http.Response, error) {
		bodies, failed = nil, nil
		for _, open := range []func() (io.ReadCloser, error){func() (io.ReadCloser, error) { return r.Body, nil }, r.GetBody} {
			body, err := open()
			if err != nil {
				failed = err
				break
			}
			text, err := io.ReadAll(body)
			if err != nil {
				return nil, err
			}
			bodies = append(bodies, string(text))
			if err := body.Close(); err != nil {
				return nil, err
			}
		}
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	})
	c, err := client.New("http://service.test", client.Options{HTTP: &http.Client{Transport: twice}})
	require.NoError(t, err)
	_, err = client.Call(t.Context(), c, upload, in{"t", bind.NewFile("f", "", strings.NewReader("content"))})
	require.NoError(t, err)
	require.NoError(t, failed)
	require.Len(t, bodies, 2)
	assert.Contains(t, bodies[0], "content")
	assert.Equal(t, bodies[0], bodies[1])
	_, err = client.Call(t.Context(), c, upload, in{"t", bind.NewFile("f", "", io.LimitReader(strings.NewReader("content"), 9))})
	require.NoError(t, err)
	require.ErrorContains(t, failed, "once only")
	_, err = client.Call(t.Context(), c, tenon.Op[article, tenon.None]{Method: "POST", Pattern: "/x"}, article{Title: "x"})
	require.NoError(t, err)
	require.Len(t, bodies, 2)
	assert.Equal(t, bodies[0], bodies[1])
}
