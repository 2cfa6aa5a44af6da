package mcp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/mcp"
	"github.com/tenonkit/tenon/respond"
)

type Article struct {
	ID    int    `json:"id"`
	Title string `json:"title"`
}

type ArticleKey struct {
	ID int `doc:"The number of the article." minimum:"1" path:"id"`
}

type NewArticle struct {
	Title string `json:"title" minLength:"3"`
}

func getArticle(_ context.Context, in ArticleKey) (Article, error) {
	if in.ID != 1 {
		return Article{}, respond.NotFound("there is no such article")
	}
	return Article{ID: 1, Title: "Mortise and tenon"}, nil
}

func createArticle(_ context.Context, in NewArticle) (respond.Created[Article], error) {
	return respond.Created[Article]{Location: "/articles/2", Body: Article{ID: 2, Title: in.Title}}, nil
}

func deleteArticle(context.Context, ArticleKey) (tenon.None, error) { return tenon.None{}, nil }

func Example() {
	routes := tenon.Routes{
		tenon.Get("/articles/{id}", getArticle, tenon.Doc{Summary: "Get an article"}),
		tenon.Post("/articles", createArticle, tenon.Doc{Summary: "Write an article"}),
		tenon.Delete("/articles/{id}", deleteArticle),
	}
	mux := http.NewServeMux()
	routes.Mount(mux)

	// The first two are tools. No agent deletes.
	tools, err := mcp.New(mcp.Info{Name: "articles", Version: "1.0.0"}, mux, routes[:2])
	if err != nil {
		panic(err)
	}
	mux.Handle("/mcp", tools)
	server := httptest.NewServer(mux)
	defer server.Close()

	if err := askTools(server.URL + "/mcp"); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	// Output:
	// createArticle: Write an article
	// getArticle: Get an article
	// {"id":1,"title":"Mortise and tenon"}
	// failed: {"type":"about:blank","title":"Not Found","status":404,"detail":"there is no such article"}
	// failed: {"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"body","pointer":"#/title","code":"minLength","limit":"3","detail":"must have at least 3 characters"}]}
}

// askTools is what an agent does.
func askTools(endpoint string) error {
	ctx := context.Background()
	client := sdk.NewClient(&sdk.Implementation{Name: "agent", Version: "1.0.0"}, nil)
	session, err := client.Connect(ctx, &sdk.StreamableClientTransport{Endpoint: endpoint}, nil)
	if err != nil {
		return err
	}
	defer session.Close()
	for tool, err := range session.Tools(ctx, nil) {
		if err != nil {
			return err
		}
		fmt.Printf("%s: %s\n", tool.Name, tool.Title)
	}
	for _, call := range []struct{ name, arguments string }{
		{"getArticle", `{"id": 1}`},
		{"getArticle", `{"id": 2}`},
		{"createArticle", `{"title": "No"}`},
	} {
		result, err := session.CallTool(ctx, &sdk.CallToolParams{Name: call.name, Arguments: json.RawMessage(call.arguments)})
		if err != nil {
			return err
		}
		if result.IsError {
			fmt.Print("failed: ")
		}
		for _, content := range result.Content {
			if text, ok := content.(*sdk.TextContent); ok {
				fmt.Println(text.Text)
			}
		}
	}
	return nil
}
