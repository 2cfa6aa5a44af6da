package tenon_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/describe"
)

type metaView struct{}

func (metaView) Get(http.ResponseWriter, *http.Request) {}

// What a route says of its handler stays with it behind middleware, which hides
// the handler.
func TestRoute_Meta(t *testing.T) {
	t.Parallel()
	type in struct {
		ID int `path:"id"`
	}
	fn := func(context.Context, in) (string, error) { return "", nil }
	wrap := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
	}
	routes := tenon.Routes{
		tenon.Get("/a/{id}", fn, tenon.Named("A")),
		tenon.On(http.MethodPost, "/b/{id}", tenon.Handle(fn)),
		tenon.On(http.MethodGet, "/c", http.NotFoundHandler()),
	}.With(wrap).Prefix("/p").Tag("t")
	for _, r := range routes[:2] {
		require.Len(t, r.Meta, 1)
		described, ok := r.Meta[0].(describe.Describer)
		require.True(t, ok)
		assert.Equal(t, "id", described.Input().Params[0].Name)
		assert.Equal(t, http.StatusOK, described.Output().Status)
	}
	assert.IsType(t, describe.Plain{}, routes[2].Meta[0])
	assert.IsType(t, describe.Plain{}, tenon.Resource("/v", metaView{})[0].Meta[0])
}
