package fileserve_test

import (
	"mime"
	"os"
	"regexp"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
)

// TestMediaType holds that the table of the package wins over that of the system,
// which is another one on each and may be missing. The types are none that other
// tests get from net/http, which has the same table.
func TestMediaType(t *testing.T) {
	t.Parallel()
	const ofSystem = "application/x-of-the-system"
	types := map[string]string{
		".vtt": "text/vtt; charset=utf-8", ".srt": "application/x-subrip", ".jfif": "image/jpeg", ".avif": "image/avif", ".heic": "image/heic", ".heif": "image/heif", ".hif": "image/heif",
		".mid": "audio/midi", ".midi": "audio/midi", ".opus": "audio/ogg", ".aiff": "audio/aiff", ".amr": "audio/amr", ".mka": "audio/matroska",
		".3gp": "video/3gpp", ".3g2": "video/3gpp2", ".avi": "video/x-msvideo", ".mpg": "video/mpeg", ".wmv": "video/x-ms-wmv",
		".flv": "video/x-flv", ".mkv": "video/matroska", ".m3u8": "application/vnd.apple.mpegurl",
		".ttc": "font/collection", ".eot": "application/vnd.ms-fontobject", ".woff2": "font/woff2",
		".glb": "model/gltf-binary", ".gltf": "model/gltf+json", ".stl": "model/stl", ".usdz": "model/vnd.usdz+zip",
		".ndjson": "application/x-ndjson", ".gpx": "application/gpx+xml", ".kml": "application/vnd.google-earth.kml+xml", ".toml": "application/toml",
		".doc": "application/msword", ".odp": "application/vnd.oasis.opendocument.presentation", ".ps": "application/postscript",
		".rar": "application/vnd.rar", ".jar": "application/java-archive", ".dmg": "application/octet-stream",
		".ofsystem": ofSystem, ".nobody-knows": "application/octet-stream",
	}
	for ext := range types {
		if ext != ".nobody-knows" {
			require.NoError(t, mime.AddExtensionType(ext, ofSystem))
		}
	}
	for ext, want := range types {
		for _, name := range []string{"a" + ext, "A.B" + ext} {
			d := newDir(t, fstest.MapFS{name: {}}, fileserve.Options{})
			assert.Equal(t, want, get(d, "/"+name).Header().Get("Content-Type"), name)
		}
	}
	own := newDir(t, fstest.MapFS{"a.GLB": {}}, fileserve.Options{ContentTypes: map[string]string{".glb": "model/own"}})
	assert.Equal(t, "model/own", get(own, "/a.GLB").Header().Get("Content-Type"))
}

// TestMediaType_table holds that the table is in the order in which it is searched, and has
// no extension twice.
func TestMediaType_table(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("mediatype.go")
	require.NoError(t, err)
	var extensions []string
	for _, row := range regexp.MustCompile(`(?m)^\t\{"(\.[^"]+)", `).FindAllSubmatch(source, -1) {
		extensions = append(extensions, string(row[1]))
	}
	require.Greater(t, len(extensions), 100)
	require.True(t, slices.IsSorted(extensions))
	assert.Len(t, slices.Compact(slices.Clone(extensions)), len(extensions), "an extension twice")
}
