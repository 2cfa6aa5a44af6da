package client_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
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
	run := t.Run // the linter takes it for the test of the caller otherwise
	run("in process", func(t *testing.T) {
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
		require.EqualError(t, err, `client: POST /articles/{id}/{rest...}: path "id" must be at least 1; body #/title must have at least 1 character`)
	})
}
