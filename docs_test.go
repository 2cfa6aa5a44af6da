package tenon_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

// TestDocs compiles and runs what the pages of docs show. Those for who comes from a
// rival are held to their word in benchmarks/peers, where the rivals are.
func TestDocs(t *testing.T) {
	pages, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	for _, page := range pages {
		if name := filepath.Base(page); !strings.HasPrefix(name, "from-") && name != "README.md" {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				kittest.ReplayPage(t, page, nil)
			})
		}
	}
}
