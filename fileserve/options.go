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

// Options say how a [Dir] serves its files. The zero value serves them, and the
// index.html of a directory. [Open] and [New] copy the options; their error names
// everything that is wrong in them.
type Options struct {
	// Index are the names of the files that stand for their directory, of which
	// the first that is there is served. Nil is index.html, and an empty list none.
	Index []string

	// Browse lists the directories that have no index: at most 10,000 entries,
	// sorted by ?sort=name, size or time and ?order=asc or desc.
	Browse bool

	// Fallback is the file that answers for paths that name none and have no
	// extension, as a single-page application wants it. A missing asset stays 404.
	Fallback string

	// Precompressed are the content codings, the preferred one first, whose files
	// may lie beside a file: "zstd" (.zst), "br" (.br) and "gzip" (.gz). The client
	// gets the one that it likes best. Nothing checks that they hold the same as the
	// file. A .zst file that needs a window above 8 MiB, as zstd --long and --ultra
	// write it, is passed over and logged once, because browsers do not decode it
	// (RFC 9659). Nil is none.
	Precompressed []string

	// Hidden serves and lists names that begin with a dot, and on Windows those
	// that hold a tilde, which may be short forms of other names. Without it the
	// only one that is there is .well-known at the top.
	Hidden bool

	// Immutable promises that the files which are there at the start do not change
	// as long as the Dir is used. They are read once, for strong entity tags of their
	// content. The files of an [embed.FS] are immutable in any case.
	Immutable bool

	// CacheControl returns the Cache-Control of the file name, such as
	// "assets/app.js", or "" for none. Nil is none for every file. Many requests
	// call it at once.
	CacheControl func(name string) string

	// ContentTypes are media types by extension, as in ".glb", which win over those
	// that the package knows.
	ContentTypes map[string]string

	// MemoryLimit is how many bytes of memory the Dir may take to keep small files
	// that are asked for again and again, as the package documentation says: those
	// of up to 16 KiB that have not changed for two seconds. Zero is 16 MiB, which
	// fill as they are needed. A negative one keeps nothing, which suits a file
	// system whose times lag behind, as some over a network do, and files that are
	// written through a mapping of memory.
	MemoryLimit int64

	// WriteTimeout is how long a client may take nothing of a file that is being
	// sent, before the connection is broken off. It takes the place of the
	// WriteTimeout of [http.Server], which is for the whole of a response and would
	// cut a long download. Zero is 30 seconds; a negative one leaves the deadlines
	// of the server alone.
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
			faults = append(faults, fmt.Errorf("fileserve: Options.Index: %q is not the name of a file", name))
		}
	}
	if o.Fallback != "" && (!fs.ValidPath(o.Fallback) || o.Fallback == root) {
		faults = append(faults, fmt.Errorf("fileserve: Options.Fallback: %q is not the path of a file, which has no slash at its start", o.Fallback))
	}
	for i, coding := range o.Precompressed {
		if extension(coding) == "" || slices.Contains(o.Precompressed[:i], coding) {
			faults = append(faults, fmt.Errorf("fileserve: Options.Precompressed: %q is not one of zstd, br and gzip, or stands there twice", coding))
		}
	}
	for _, ext := range slices.Sorted(maps.Keys(o.ContentTypes)) {
		if _, _, err := mime.ParseMediaType(o.ContentTypes[ext]); err != nil || len(ext) < 2 || ext[0] != '.' {
			faults = append(faults, fmt.Errorf("fileserve: Options.ContentTypes: %q: %q is not a media type of an extension with its dot", ext, o.ContentTypes[ext]))
		}
	}
	return errors.Join(faults...)
}

// maxCodings is how many codings extension knows.
const maxCodings = 3

// extension returns what the file of a content coding has at the end of its
// name, or "" if the coding is not known.
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
