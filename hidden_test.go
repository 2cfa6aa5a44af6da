package tenon_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
)

type hiddenBase struct {
	ID   int    `path:"id"`
	Page int    `query:"page,optional"`
	Kept string `query:"kept,optional"`
	F    struct {
		A int `query:"a,optional"`
	} `query:"f,deep"`
}

// A hidingIn hides fields of what it embeds, one of which reads itself from text.
type hidingIn struct {
	hiddenBase
	time.Time
	Slug string `path:"id"`
	Page string `query:"page,optional"`
	F    struct {
		B int `query:"b,optional"`
	} `query:"f,deep"`
}

// Check, URL and bind have one idea of which field a name stands for.
func TestURL_hidden(t *testing.T) {
	t.Parallel()
	var got hidingIn
	routes := tenon.Routes{tenon.Get("/a/{id}", func(_ context.Context, in hidingIn) (tenon.None, error) {
		got = in
		return tenon.None{}, nil
	}, tenon.Named("a"))}
	require.NoError(t, routes.Check())
	in := hidingIn{Slug: "x y", Page: "two"}
	in.Kept, in.F.B = "k", 3
	address, err := routes.URL("a", in)
	require.NoError(t, err)
	assert.Equal(t, "/a/x%20y?kept=k&page=two&f%5Bb%5D=3", address)
	mux := http.NewServeMux()
	routes.Mount(mux)
	assert.Equal(t, http.StatusNoContent, send(mux, "GET", address).Code)
	assert.Equal(t, in, got)
	assert.NotPanics(t, func() { bind.For[hidingIn]() })
}
