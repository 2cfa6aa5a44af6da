package client_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scratch is a module with a package of Ops that a service and a program share.
var scratch = map[string]string{
	"api/api.go": `package api

import "github.com/tenonkit/tenon"

type Key struct { ID int ` + "`path:\"id\"`" + ` }
type Article struct { Title string ` + "`json:\"title\"`" + ` }

var Get = tenon.Op[Key, Article]{Method: "GET", Pattern: "/articles/{id}"}
`,
	"service/service.go": `package service

import (
	"maps"
	"context"
	"database/sql"

	"scratch/api"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/openapi"
)

type Store struct{ DB *sql.DB }

func (s *Store) Get(context.Context, api.Key) (api.Article, error) { return api.Article{}, nil }

var Routes = tenon.Routes{api.Get.Route((&Store{}).Get)}.With(middleware.Recover())

var _ = openapi.New
`,
	"main.go": `package main

import (
	"maps"
	"context"
	"fmt"

	"scratch/api"

	"github.com/tenonkit/tenon/client"
)

func main() {
	c, err := client.New("http://localhost:8080", client.Options{})
	if err == nil {
		var article api.Article
		article, err = client.Call(context.Background(), c, api.Get, api.Key{ID: 7})
		fmt.Println(article.Title)
	}
	fmt.Println(err)
}
`,
}

// A program that calls a service imports its Ops, and links nothing of its handlers nor
// of what only a server needs.
func TestDependencies(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	dir := t.TempDir()
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	own := strings.Replace(string(mod), "module github.com/tenonkit/tenon", "module scratch", 1)
	own += "\nrequire github.com/tenonkit/tenon v0.0.0\n\nreplace github.com/tenonkit/tenon => " + root + "\n"
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	files := map[string]string{"go.mod": own, "go.sum": string(sum)}
	maps.Copy(files, scratch)
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	list := func(pkg string) []string {
		command := exec.CommandContext(t.Context(), "go", "list", "-mod=mod", "-deps", pkg)
		command.Dir = dir
		command.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOPROXY=off")
		out, err := command.CombinedOutput()
		require.NoError(t, err, string(out))
		return strings.Fields(string(out))
	}
	deps := list(".")
	assert.Contains(t, deps, "scratch/api")
	assert.Contains(t, deps, "github.com/tenonkit/tenon/client")
	for _, server := range []string{
		"scratch/service", "database/sql", "github.com/tenonkit/tenon/middleware", "github.com/tenonkit/tenon/openapi",
		"github.com/tenonkit/tenon/fileserve", "github.com/tenonkit/tenon/cookie", "github.com/tenonkit/tenon/feed",
		"github.com/tenonkit/tenon/precondition", "html/template",
	} {
		assert.NotContains(t, deps, server)
	}
	assert.Contains(t, list("./service"), "database/sql") // the test looks at the right thing
}
