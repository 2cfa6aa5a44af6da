package tenon_test

import (
	"context"
	"net/http"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/describe"
)

type pageIn struct {
	ID int `path:"id"`
}

func page(_ context.Context, in pageIn) (int, error) { return in.ID, nil }

func TestRoute_isData(t *testing.T) {
	t.Parallel()
	doc := tenon.Doc{Summary: "A page", Tags: []string{"pages"}}
	for method, r := range map[string]tenon.Route{
		http.MethodGet:    tenon.Get("/pages/{id}", page, doc),
		http.MethodPost:   tenon.Post("/pages/{id}", page, doc),
		http.MethodPut:    tenon.Put("/pages/{id}", page, doc),
		http.MethodPatch:  tenon.Patch("/pages/{id}", page, doc),
		http.MethodDelete: tenon.Delete("/pages/{id}", page, doc),
	} {
		assert.Equal(t, method, r.Method)
		assert.Equal(t, "/pages/{id}", r.Pattern)
		assert.Equal(t, "page", r.Name)
		assert.Equal(t, doc, r.Doc)
		assert.Equal(t, reflect.TypeFor[pageIn](), r.In)
		assert.Equal(t, reflect.TypeFor[int](), r.Out)
		assert.Equal(t, method+" /pages/{id}", r.String())
	}
	r := tenon.On("GET", "/x", echo, doc)
	assert.Nil(t, r.In)
	assert.Nil(t, r.Out)
	assert.Equal(t, doc, r.Doc)
}

// shelf is a receiver by value, store one by pointer, box a generic one.
type (
	shelf      struct{}
	store      struct{}
	box[T any] struct{}
	opener     interface {
		Open(ctx context.Context, in tenon.None) (string, error)
	}
	wide struct{ shelf }
)

func (shelf) Open(context.Context, tenon.None) (string, error)  { return "", nil }
func (*store) Find(context.Context, tenon.None) (string, error) { return "", nil }
func (*box[T]) Get(context.Context, tenon.None) (T, error)      { return *new(T), nil }

func health(context.Context, tenon.None) (string, error)    { return "", nil }
func generic[T any](context.Context, tenon.None) (T, error) { return *new(T), nil }
func closure() func(context.Context, tenon.None) (string, error) {
	return func(context.Context, tenon.None) (string, error) { return "", nil }
}

var variable = func(context.Context, tenon.None) (string, error) { return "", nil }

func TestRoute_name(t *testing.T) {
	t.Parallel()
	var iface opener = shelf{}
	inner := func() func(context.Context, tenon.None) (string, error) { return closure() }
	for _, tc := range []struct{ got, want string }{
		{tenon.Get("/x", health).Name, "health"},
		{tenon.Get("/x", shelf{}.Open).Name, "shelf.Open"},
		{tenon.Get("/x", (&store{}).Find).Name, "store.Find"},
		{tenon.Get("/x", wide{}.Open).Name, "shelf.Open"},
		{tenon.Get("/x", iface.Open).Name, "opener.Open"},
		{tenon.Get("/x", generic[int]).Name, "generic"},
		{tenon.Get("/x", (&box[string]{}).Get).Name, "box.Get"},
		{tenon.Get("/x", closure()).Name, "GET /x"},
		{tenon.Post("/x", inner()).Name, "POST /x"},
		{tenon.Put("/x", variable).Name, "PUT /x"},
		{tenon.Patch("/x", func(context.Context, tenon.None) (string, error) { return "", nil }).Name, "PATCH /x"},
		{tenon.Delete("/x", health, tenon.Named("Remove")).Name, "Remove"},
		{tenon.On("PURGE", "/x", echo).Name, "PURGE /x"},
		{tenon.On("GET", "/x", echo, tenon.Named("echo")).Name, "echo"},
	} {
		assert.Equal(t, tc.want, tc.got)
	}
	for range 1 {
		for i := range func(yield func(int) bool) { yield(1) } {
			route := tenon.Get("/x", func(context.Context, tenon.None) (int, error) { return i, nil })
			assert.Equal(t, "GET /x", route.Name, "a literal in the body of a loop")
		}
	}
}

type metaView struct{}

func (metaView) Get(http.ResponseWriter, *http.Request) {}

// What a route says of its handler stays with it behind middleware, which hides
// the handler.
func TestRoute_Describe(t *testing.T) {
	t.Parallel()
	type in struct {
		ID int `path:"id"`
	}
	fn := func(context.Context, in) (string, error) { return "", nil }
	routes := tenon.Routes{
		tenon.Get("/a/{id}", fn, tenon.Named("A")),
		tenon.On(http.MethodPost, "/b/{id}", tenon.Handle(fn)),
		tenon.On(http.MethodGet, "/c", http.NotFoundHandler()),
	}.With(trace("a")).Prefix("/p").Tag("t").Options(tenon.Doc{Summary: "s"})
	for _, r := range routes[:2] {
		described := r.Describe()
		require.NotNil(t, described.Handler)
		assert.Nil(t, described.Plain)
		assert.Equal(t, "id", described.Handler.Input().In.Params[0].Name)
		assert.Equal(t, http.StatusOK, described.Handler.Output().Status)
	}
	assert.Equal(t, reflect.TypeFor[http.HandlerFunc](), routes[2].Describe().Plain)
	assert.Equal(t, reflect.TypeFor[http.HandlerFunc](), tenon.Resource("/v", metaView{})[0].Describe().Plain)

	assert.False(t, routes[0].Describe().HasFoundName)
	assert.True(t, routes[1].Describe().HasFoundName)
	assert.True(t, tenon.Get("/x", health).Describe().HasFoundName)
	renamed := tenon.Get("/x", health)
	renamed.Name = "other"
	assert.False(t, renamed.Describe().HasFoundName)
	assert.Equal(t, describe.Route{HasFoundName: true}, tenon.Route{}.Describe())
}
