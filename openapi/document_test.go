package openapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
)

var update = flag.Bool("update", false, "write the golden files anew")

func info() openapi.Info { return openapi.Info{Title: "Articles", Version: "1.0.0"} }

func newDocument(t *testing.T, routes tenon.Routes, opts ...openapi.Option) *openapi.Document {
	t.Helper()
	doc, err := openapi.New(info(), routes, opts...)
	require.NoError(t, err)
	return doc
}

func TestNew_golden(t *testing.T) {
	if strconv.IntSize != 64 {
		t.Skip("the golden document has the bounds of an int of 64 bits")
	}
	doc := newDocument(t, richRoutes(),
		openapi.Servers(openapi.Server{URL: "."}),
		openapi.Tags(openapi.Tag{Name: "write", Description: "What changes something"}))
	older, left := doc.Version30()
	assertGolden(t, "rich.json", doc)
	assertGolden(t, "rich30.json", older)
	for _, words := range left {
		t.Log(words)
	}
}

// assertGolden compares a document with that of a file.
func assertGolden(t *testing.T, name string, doc *openapi.Document) {
	t.Helper()
	var pretty bytes.Buffer
	require.NoError(t, json.Indent(&pretty, doc.JSON(), "", "  "))
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(path, pretty.Bytes(), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	lines := strings.Split(pretty.String(), "\n")
	for i, line := range strings.Split(string(want), "\n") {
		require.Equal(t, line, lines[i], "line %d of %s: go test -run golden -update ./openapi", i+1, path)
	}
	assert.Len(t, pretty.Bytes(), len(want))
}

func TestNew_deterministic(t *testing.T) {
	t.Parallel()
	want := string(newDocument(t, richRoutes()).JSON())
	for range 20 {
		assert.Equal(t, want, string(newDocument(t, richRoutes()).JSON()))
	}
}

// A route that is added changes no line of the document but by adding some.
func TestNew_addingRenamesNothing(t *testing.T) {
	t.Parallel()
	routes := richRoutes()
	before := flatten(t, newDocument(t, routes[:len(routes)-4]))
	after := flatten(t, newDocument(t, routes))
	for path, value := range before {
		assert.Equal(t, value, after[path], path)
	}
}

// flatten returns the scalars of a document by their JSON Pointers, and the sets
// of names below components.
func flatten(t *testing.T, doc *openapi.Document) map[string]any {
	t.Helper()
	var whole any
	require.NoError(t, json.Unmarshal(doc.JSON(), &whole))
	flat := map[string]any{}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				walk(at+"/"+name, inner)
			}
		case []any:
			for i, inner := range v {
				walk(fmt.Sprintf("%s/%d", at, i), inner)
			}
		default:
			flat[at] = v
		}
	}
	walk("", whole)
	return flat
}

func TestDocument_ServeHTTP(t *testing.T) {
	t.Parallel()
	doc := newDocument(t, richRoutes())
	kittest.ServeBehind(t, doc, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got := s.Get(t, "/openapi.json")
		assert.Equal(t, http.StatusOK, got.StatusCode)
		assert.Equal(t, "application/json", got.Header.Get("Content-Type"))
		assert.Equal(t, string(doc.JSON()), got.Text)
		again := s.Do(t, http.MethodGet, "/openapi.json", nil, http.Header{"If-None-Match": {got.Header.Get("ETag")}})
		assert.Equal(t, http.StatusNotModified, again.StatusCode)
		assert.Empty(t, again.Text)
		head := s.Do(t, http.MethodHead, "/openapi.json", nil, nil)
		assert.Equal(t, got.Header.Get("Content-Length"), head.Header.Get("Content-Length"))
		post := s.Do(t, http.MethodPost, "/openapi.json", nil, nil)
		assert.Equal(t, http.StatusMethodNotAllowed, post.StatusCode)
		assert.Equal(t, "GET, HEAD", post.Header.Get("Allow"))
	})
}

// parsed returns a document as JSON.
func parsed(t *testing.T, doc *openapi.Document) map[string]any {
	t.Helper()
	var whole map[string]any
	require.NoError(t, json.Unmarshal(doc.JSON(), &whole))
	return whole
}

// componentNames returns the names of the schemas of a document, in their order.
func componentNames(t *testing.T, doc *openapi.Document) []string {
	t.Helper()
	var parsed struct {
		Components struct {
			Schemas map[string]any `json:"schemas"`
		} `json:"components"`
	}
	require.NoError(t, json.Unmarshal(doc.JSON(), &parsed))
	return slices.Sorted(maps.Keys(parsed.Components.Schemas))
}
