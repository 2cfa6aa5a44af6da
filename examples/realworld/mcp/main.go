// Mcp is the service of the directory above with three of its routes as tools of the Model
// Context Protocol at /mcp: agents find and read articles, and write one with the token of
// a user. It is a module of its own, so that the service has no part of the protocol among
// its dependencies.
//
//	$ go run . -addr 127.0.0.1:8090
package main

import (
	"context"
	"net/http"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/examples/realworld/service"
	"github.com/tenonkit/tenon/mcp"
)

func main() {
	service.Main(func(ctx context.Context, addr, database string) error { return service.Run(ctx, addr, database, tools) })
}

// tools serves /mcp beside next. A call is a request to next, with its whole chain.
func tools(next http.Handler) http.Handler {
	all := service.Routes()
	list, _ := all.Lookup("GetArticles")
	read, _ := all.Lookup("GetArticle")
	write, _ := all.Lookup("CreateArticle")
	routes := append(tenon.Routes{list, read}, mcp.Hints{Destructive: new(false)}.On(tenon.Routes{write})...)
	handler, err := mcp.New(mcp.Info{
		Name: "conduit", Title: "Conduit", Version: "1.0.0",
		Instructions: "Articles are found by tag and author, and read by their slug. To write one needs the token of a user.",
	}, next, routes)
	if err != nil {
		panic(err) // a fault of the declaration
	}
	mux := http.NewServeMux()
	mux.Handle("/mcp", handler)
	mux.Handle("/", next)
	return mux
}
