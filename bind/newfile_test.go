package bind_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

// closing is a reader that can be closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func TestNewFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x")
	require.NoError(t, os.WriteFile(path, []byte("0123456789"), 0o600))
	onDisk, err := os.Open(path)
	require.NoError(t, err)
	defer onDisk.Close()
	_, err = onDisk.Seek(7, io.SeekStart)
	require.NoError(t, err)
	part := strings.NewReader("0123456789")
	_, err = part.Seek(7, io.SeekStart)
	require.NoError(t, err)
	once := &closing{Reader: strings.NewReader("789")}
	for _, test := range []struct {
		name   string
		from   io.Reader
		size   int64
		isOnce bool
	}{
		{"file", onDisk, 3, false},
		{"string", part, 3, false},
		{"bytes", bytes.NewReader([]byte("789")), 3, false},
		{"section", io.NewSectionReader(bytes.NewReader([]byte("0123456789")), 7, 3), 3, false},
		{"buffer", bytes.NewBufferString("789"), 3, true},
		{"reader", once, -1, true},
	} {
		f := bind.NewFile("name", "text/plain", test.from)
		assert.Equal(t, test.size, f.Size, test.name)
		require.NoError(t, bind.FileFault(f), test.name)
		for range 2 {
			content, err := f.Open()
			require.NoError(t, err, test.name)
			text, err := io.ReadAll(content)
			require.NoError(t, err, test.name)
			assert.Equal(t, "789", string(text), test.name)
			_, err = content.Seek(0, io.SeekStart)
			assert.Equal(t, test.isOnce, errors.Is(err, errors.ErrUnsupported), test.name)
			require.NoError(t, content.Close())
			if test.isOnce {
				_, err = f.Open()
				require.ErrorContains(t, err, "once", test.name)
				break
			}
		}
	}
	assert.True(t, once.closed)
	require.ErrorContains(t, bind.FileFault(bind.NewFile("x", "", nil)), "without content")
	require.ErrorContains(t, bind.FileFault(bind.File{Name: "x"}), "without content")
}
