package tenon_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon"
)

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
