package fileserve

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"time"

	"github.com/tenonkit/tenon/internal/header"
)

// A storedFile is the open file that answers a request: the file with the name, or its
// precompressed sibling. It may also be a directory.
type storedFile struct {
	openFile

	stamp  stamp
	coding string // of a sibling, else ""
}

// find opens the file name, or the sibling of it that r prefers.
func (d *Dir) find(r *http.Request, name string) (storedFile, error) {
	// An indexed file exists, so it is not opened if a sibling is served.
	if _, indexed := d.index[name]; indexed {
		if coded, ok := d.findCoded(r, name); ok {
			return coded, nil
		}
		return d.open(name, "")
	}
	plain, err := d.open(name, "")
	if err != nil || plain.dir {
		return plain, err
	}
	if coded, ok := d.findCoded(r, name); ok {
		_ = plain.Close() // nothing was read
		return coded, nil
	}
	return plain, nil
}

// findCoded opens the sibling of the file with the highest weight in Accept-Encoding. Among
// equal weights the order of Options.Precompressed decides. It finds none if the client prefers
// the plain file. For an indexed file only siblings in the index count.
func (d *Dir) findCoded(r *http.Request, name string) (storedFile, bool) {
	accept := r.Header["Accept-Encoding"]
	codings := d.options.Precompressed
	if len(accept) == 0 || len(codings) == 0 {
		return storedFile{}, false
	}
	_, isIndexed := d.index[name]
	least := max(header.CodingWeight(accept, "identity"), 1)
	var tried [maxCodings]bool
	for range codings {
		best, weight := 0, -1
		for i, coding := range codings {
			if w := header.CodingWeight(accept, coding); w > weight && !tried[i] {
				best, weight = i, w
			}
		}
		if weight < least {
			break
		}
		tried[best] = true
		stored := name + extension(codings[best])
		if _, known := d.index[stored]; isIndexed && !known {
			continue
		}
		coded, err := d.open(stored, codings[best])
		if err == nil && !coded.dir && (codings[best] != "zstd" || d.windows.fits(r, d.fsys, stored, coded.openFile)) {
			return coded, true
		}
		if err == nil {
			_ = coded.Close() // nothing was read
		}
	}
	return storedFile{}, false
}

// open opens the file name, which is stored in a coding, and describes it.
func (d *Dir) open(name, coding string) (storedFile, error) {
	known, indexed := d.index[name]
	if indexed && (d.cache == nil || known.size > inOneWrite) {
		file, err := d.fsys.Open(name)
		return storedFile{openFile{File: file, size: known.size}, known.stamp, coding}, err
	}
	if d.cache != nil {
		x, err := d.cache.open(d.fsys, name, coding)
		if indexed && err == nil && !x.dir {
			x.size, x.stamp = known.size, known.stamp
		}
		return x, err
	}
	file, err := open(d.fsys, name)
	if err != nil {
		return storedFile{}, err
	}
	x := storedFile{openFile: file, coding: coding}
	if !file.dir {
		x.stamp = newStamp(file.size, file.mtime, time.Now(), coding)
	}
	return x, nil
}

// An indexEntry describes a file that does not change.
type indexEntry struct {
	stamp stamp
	size  int64
}

// newIndex reads every file of fsys. It leaves out files behind a symbolic link to a directory,
// which are served as files that may change.
func newIndex(fsys fs.FS) (map[string]indexEntry, error) {
	index := make(map[string]indexEntry)
	err := fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := open(fsys, name)
		if isMissing(err) {
			return nil // a link that leads nowhere, or not a regular file
		}
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }() // nothing was written
		if !file.dir {
			index[name], err = newIndexEntry(file)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("fileserve: %w", err)
	}
	return index, nil
}

// newIndexEntry describes a file by its content.
func newIndexEntry(file openFile) (indexEntry, error) {
	hash := sha256.New()
	size, err := io.Copy(hash, file)
	if err != nil {
		return indexEntry{}, err
	}
	s := newStamp(size, file.mtime, time.Now(), "")
	s.etag = `"` + base64.RawURLEncoding.EncodeToString(hash.Sum(nil)[:16]) + `"`
	s.recent = false
	return indexEntry{s, size}, nil
}
