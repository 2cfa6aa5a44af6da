package systems

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

type humaIn struct {
	ID      int      `path:"id"`
	Limit   int      `query:"limit" default:"20"`
	Tags    []string `query:"tag,explode"`
	Full    bool     `query:"full"`
	Token   string   `header:"X-Token" required:"true"`
	Session string   `cookie:"session" required:"true"`
}

type humaShelf struct {
	ID   int  `path:"id"`
	Page int  `query:"page" required:"true"`
	Full bool `query:"full" required:"true"`
}

type humaOut[T any] struct{ Body T }

type humaText struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func humaService(string) http.Handler {
	type body[T any] struct{ Body T }
	mux := http.NewServeMux()
	config := huma.DefaultConfig("peers", "1.0.0")
	config.CreateHooks = nil // no $schema member and Link header in each answer
	api := humago.New(mux, config)
	huma.Get(api, "/articles/{id}", func(_ context.Context, in *humaIn) (*humaOut[Article], error) {
		return &humaOut[Article]{Article{ID: in.ID, Title: in.Token, Body: in.Session, Tags: in.Tags, Draft: in.Full && in.Limit > 0}}, nil
	})
	huma.Register(api, huma.Operation{Method: http.MethodPost, Path: "/articles", OperationID: "create"},
		func(_ context.Context, in *body[Draft]) (*humaOut[Article], error) {
			return &humaOut[Article]{in.Body.article()}, nil
		})
	huma.Register(api, huma.Operation{Method: http.MethodPost, Path: "/orders", OperationID: "order", MaxBodyBytes: limit},
		func(_ context.Context, in *body[Order]) (*humaOut[Sum], error) {
			return &humaOut[Sum]{in.Body.sum()}, nil
		})
	huma.Get(api, "/robots.txt", func(context.Context, *struct{}) (*humaText, error) {
		return &humaText{ContentType: "text/plain; charset=utf-8", Body: []byte(robots)}, nil
	})
	huma.Get(api, "/articles", func(context.Context, *struct{}) (*humaOut[[]Article], error) {
		return &humaOut[[]Article]{articles}, nil
	})
	huma.Delete(api, "/articles/{id}", func(context.Context, *struct {
		ID int `path:"id"`
	},
	) (*struct{}, error) {
		return nil, nil
	})
	huma.Get(api, "/greeting", func(context.Context, *struct{}) (*humaOut[Greeting], error) {
		return &humaOut[Greeting]{greeting}, nil
	})
	huma.Get(api, "/shelves/{id}", func(_ context.Context, in *humaShelf) (*humaOut[Shelf], error) {
		return &humaOut[Shelf]{Shelf(*in)}, nil
	})
	huma.Get(api, "/lines", func(context.Context, *struct{}) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: humaLines}, nil
	})
	return mux
}

func humaLines(c huma.Context) {
	c.SetHeader("Content-Type", "text/plain; charset=utf-8")
	if w, ok := c.BodyWriter().(http.ResponseWriter); ok {
		flushed(w)
	}
}
