package benchmarks_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
)

// oneIn is the input of a route with a path value.
type oneIn struct {
	ID int `path:"id"`
}

func oneTyped(_ context.Context, in oneIn) (string, error) { return strconv.Itoa(in.ID), nil }

func oneByHand(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		http.Error(w, "id must be an integer", http.StatusBadRequest)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write([]byte(strconv.Itoa(id)))
}

// viewOfOne is the typed function as a method of a view, which is called by
// reflection.
type viewOfOne struct{}

func (viewOfOne) Get(ctx context.Context, in oneIn) (string, error) { return oneTyped(ctx, in) }

func serve(b *testing.B, h http.Handler, path string) {
	b.Helper()
	var sink kittest.Sink
	r := httptest.NewRequest(http.MethodGet, path, nil)
	b.ReportAllocs()
	for b.Loop() {
		sink.Reset()
		h.ServeHTTP(&sink, r)
	}
	if sink.Status != http.StatusOK {
		b.Fatalf("status %d", sink.Status)
	}
}

// BenchmarkMount serves one route of a table, on both routers.
func BenchmarkMount(b *testing.B) {
	b.Run("router=ServeMux/by=tenon", func(b *testing.B) {
		mux := http.NewServeMux()
		tenon.Routes{tenon.Get("/articles/{id}", oneTyped)}.Mount(mux)
		serve(b, mux, "/articles/42")
	})
	b.Run("router=ServeMux/by=hand", func(b *testing.B) {
		mux := http.NewServeMux()
		mux.HandleFunc("GET /articles/{id}", oneByHand)
		serve(b, mux, "/articles/42")
	})
	b.Run("router=chi/by=tenon", func(b *testing.B) {
		router := chi.NewRouter()
		tenon.Routes{tenon.Get("/articles/{id}", oneTyped)}.Mount(router)
		serve(b, router, "/articles/42")
	})
	b.Run("router=chi/by=hand", func(b *testing.B) {
		router := chi.NewRouter()
		router.Get("/articles/{id}", oneByHand)
		serve(b, router, "/articles/42")
	})
}

// BenchmarkView shows what reflection costs: a typed method of a View against
// the same method given to Handle.
func BenchmarkView(b *testing.B) {
	b.Run("by=View", func(b *testing.B) {
		mux := http.NewServeMux()
		mux.Handle("/articles/{id}", tenon.View(viewOfOne{}))
		serve(b, mux, "/articles/42")
	})
	b.Run("by=Methods", func(b *testing.B) {
		mux := http.NewServeMux()
		mux.Handle("/articles/{id}", tenon.Methods{http.MethodGet: tenon.Handle(viewOfOne{}.Get)})
		serve(b, mux, "/articles/42")
	})
}

// BenchmarkURL builds an address from a map and from an In.
func BenchmarkURL(b *testing.B) {
	routes := tenon.Routes{tenon.Get("/articles/{id}", oneTyped, tenon.Named("one"))}
	for _, bc := range []struct {
		name string
		in   any
	}{{"from=map", map[string]any{"id": 42}}, {"from=In", oneIn{42}}} {
		b.Run(bc.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := routes.URL("one", bc.in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
