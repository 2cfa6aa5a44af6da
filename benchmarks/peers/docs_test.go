package peers_test

import (
	"path/filepath"
	"testing"

	"github.com/tenonkit/tenon/internal/kittest"
)

// TestDocs_from compiles and runs what the pages for who comes from a rival show of
// both, so that what they say of the rival is true as well.
func TestDocs_from(t *testing.T) {
	t.Parallel()
	imports := map[string]string{
		"echo": "github.com/labstack/echo/v5", "gin": "github.com/gin-gonic/gin",
		"chi": "github.com/go-chi/chi/v5", "chimw": "github.com/go-chi/chi/v5/middleware",
		"huma": "github.com/danielgtaylor/huma/v2", "humago": "github.com/danielgtaylor/huma/v2/adapters/humago",
	}
	var pages []string
	for _, name := range []string{"echo", "gin", "chi", "huma"} {
		pages = append(pages, "../../docs/from-"+name+".md")
	}
	programs := kittest.BuildPages(t, pages, imports)
	for _, page := range pages {
		t.Run(filepath.Base(page), func(t *testing.T) {
			t.Parallel()
			programs.Replay(t, page)
		})
	}
}
