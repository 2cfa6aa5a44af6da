package fileserve

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"slices"
	"strings"
	"time"
)

// Options say how a [Dir] serves its files. The zero value serves all files without a dot
// at the beginning of their name, and index.html for a directory. [Open] and [New] copy
// the options, and their error lists everything that is wrong in them.
type Options struct {
	// Index are names of files that are served for their directory. The first one that exists
	// counts. Nil means index.html. An empty list means none.
	Index []string

	// Browse serves a listing for a directory without an index: at most 10,000 entries, sorted
	// by ?sort=name, size or time and ?order=asc or desc.
	Browse bool

	// Fallback is the path of the file that is served for paths without an extension that name
	// no file, for a single-page application. A missing file with an extension stays a 404.
	Fallback string

	// Precompressed are the content codings, preferred ones first, for which a compressed
	// file may stand beside a file: "zstd" (.zst), "br" (.br) and "gzip" (.gz). The
	// client gets the coding that it prefers. The Dir does not check that both have the
	// same content. A .zst file with a window above 8 MiB, as zstd --long and --ultra
	// write it, is skipped and logged once, because browsers do not decode it (RFC 9659).
	// Nil means none.
	Precompressed []string

	// Hidden also serves and lists names that begin with a dot and, on Windows, names with a
	// tilde, which may be short forms of other names. Without it, only .well-known at the top
	// is served.
	Hidden bool

	// Immutable promises that the files that exist at the start do not change while the Dir is
	// used. They are read once, for strong entity tags of their content. The files of an
	// [embed.FS] are always immutable.
	Immutable bool

	// CacheControl returns the Cache-Control of the file name, such as "assets/app.js", or ""
	// for none. Nil means none for every file. Many requests may call it at once.
	CacheControl func(name string) string

	// ContentTypes are media types by extension, such as ".glb". They come before those that
	// the package knows.
	ContentTypes map[string]string

	// MemoryLimit is the memory in bytes for small files that are requested repeatedly: files
	// of up to 16 KiB that have not changed for two seconds. Zero means 16 MiB, taken as
	// needed. A negative limit keeps nothing. Use it for a file system that reports changes
	// late, such as some network file systems, and for files that are written through a memory
	// mapping.
	MemoryLimit int64

	// WriteTimeout is how long a client may receive nothing of a file before the
	// connection is aborted. It replaces the WriteTimeout of [http.Server], which limits
	// a whole response and would cut a long download. Zero means 30 seconds. A negative
	// value keeps the deadlines of the server.
	WriteTimeout time.Duration
}

// withDefaults returns a copy of o that nobody else can change.
func (o Options) withDefaults() Options {
	if o.Index == nil {
		o.Index = []string{"index.html"}
	}
	o.Index = slices.Clone(o.Index)
	o.Precompressed = slices.Clone(o.Precompressed)
	types := make(map[string]string, len(o.ContentTypes))
	for ext, media := range o.ContentTypes {
		types[strings.ToLower(ext)] = media
	}
	o.ContentTypes = types
	return o
}

// check returns all that is wrong.
func (o Options) check() error {
	var faults []error
	for _, name := range o.Index {
		if !fs.ValidPath(name) || name == root || strings.Contains(name, "/") {
			faults = append(faults, fmt.Errorf("fileserve: Options.Index: %q is not the name of a file: give it one without a slash, such as index.html", name))
		}
	}
	if o.Fallback != "" && (!fs.ValidPath(o.Fallback) || o.Fallback == root) {
		faults = append(faults, fmt.Errorf("fileserve: Options.Fallback: %q is not the path of a file: give it one without a slash at its start, such as app/index.html", o.Fallback))
	}
	for i, coding := range o.Precompressed {
		if extension(coding) == "" || slices.Contains(o.Precompressed[:i], coding) {
			faults = append(faults, fmt.Errorf("fileserve: Options.Precompressed: %q is unknown or there twice: use zstd, br and gzip", coding))
		}
	}
	for _, ext := range slices.Sorted(maps.Keys(o.ContentTypes)) {
		if _, _, err := mime.ParseMediaType(o.ContentTypes[ext]); err != nil || len(ext) < 2 || ext[0] != '.' {
			faults = append(faults, fmt.Errorf("fileserve: Options.ContentTypes: %q: %q: give it an extension with its dot and a media type, such as .glb: model/gltf-binary", ext, o.ContentTypes[ext]))
		}
	}
	return errors.Join(faults...)
}

// maxCodings is how many codings extension knows.
const maxCodings = 3

// extension returns the extension of files in a content coding, or "" if the coding is
// not known.
func extension(coding string) string {
	switch coding {
	case "zstd":
		return ".zst"
	case "br":
		return ".br"
	case "gzip":
		return ".gz"
	}
	return ""
}
