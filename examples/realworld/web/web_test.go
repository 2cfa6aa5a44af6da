package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/examples/realworld/web"
)

// TestFiles holds that what is compressed is what is there: after a change, go generate.
func TestFiles(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"*.html", "*.css", "*.js"} {
		names, err := fs.Glob(web.Files, kind)
		require.NoError(t, err)
		require.NotEmpty(t, names)
		for _, name := range names {
			want, err := web.Files.ReadFile(name)
			require.NoError(t, err)
			packed, err := web.Files.ReadFile(name + ".gz")
			require.NoError(t, err)
			r, err := gzip.NewReader(bytes.NewReader(packed))
			require.NoError(t, err)
			got, err := io.ReadAll(r)
			require.NoError(t, err)
			assert.True(t, bytes.Equal(want, got), name)
			packed, err = web.Files.ReadFile(name + ".zst")
			require.NoError(t, err)
			z, err := zstd.NewReader(bytes.NewReader(packed))
			require.NoError(t, err)
			got, err = io.ReadAll(z)
			z.Close()
			require.NoError(t, err)
			assert.True(t, bytes.Equal(want, got), name)
		}
	}
}
