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

// A found is a stored file: the one that was named, or the one beside it in a
// content coding that the client prefers. It may be a directory too.
type found struct {
	opened

	stamp  stamp
	coding string
}

// find opens the file name, or the coding of it that r likes best.
func (d *Dir) find(r *http.Request, name string) (found, error) {
	// A file that cannot change need not be opened to know that it is there.
	if _, indexed := d.index[name]; indexed {
		if coded, ok := d.findCoded(r, name, true); ok {
			return coded, nil
		}
		return d.open(name, "")
	}
	plain, err := d.open(name, "")
	if err != nil || plain.dir {
		return plain, err
	}
	if coded, ok := d.findCoded(r, name, false); ok {
		_ = plain.Close() // nothing was read
		return coded, nil
	}
	return plain, nil
}

// findCoded opens the coding of the file that has the greatest weight, of equal
// ones the first in the options. It finds none if the client likes the plain
// file better. Beside an indexed file it looks for those in the index alone.
func (d *Dir) findCoded(r *http.Request, name string, indexed bool) (found, bool) {
	accept := r.Header["Accept-Encoding"]
	codings := d.options.Precompressed
	if len(accept) == 0 || len(codings) == 0 {
		return found{}, false
	}
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
		if _, known := d.index[stored]; indexed && !known {
			continue
		}
		coded, err := d.open(stored, codings[best])
		if err == nil && !coded.dir && (codings[best] != "zstd" || d.windows.fits(r, d.fsys, stored, coded.opened)) {
			return coded, true
		}
		if err == nil {
			_ = coded.Close() // nothing was read
		}
	}
	return found{}, false
}

// open opens one stored file and describes it.
func (d *Dir) open(name, coding string) (found, error) {
	known, indexed := d.index[name]
	if indexed && (d.cache == nil || known.size > inOneWrite) {
		file, err := d.fsys.Open(name)
		return found{opened{File: file, size: known.size}, known.stamp, coding}, err
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
		return found{}, err
	}
	x := found{opened: file, coding: coding}
	if !file.dir {
		x.stamp = newStamp(file.size, file.mtime, time.Now(), coding)
	}
	return x, nil
}

// An indexed is a file that does not change.
type indexed struct {
	stamp stamp
	size  int64
}

// newIndex reads every file of fsys. Those behind a symbolic link to a directory
// are left out: they are served as files that may change.
func newIndex(fsys fs.FS) (map[string]indexed, error) {
	index := make(map[string]indexed)
	err := fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		file, err := open(fsys, name)
		if isMissing(err) {
			return nil // a link that leads nowhere, or no regular file
		}
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }() // nothing was written
		if !file.dir {
			index[name], err = newIndexed(file)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("fileserve: %w", err)
	}
	return index, nil
}

// newIndexed describes a file by its content.
func newIndexed(file opened) (indexed, error) {
	hash := sha256.New()
	size, err := io.Copy(hash, file)
	if err != nil {
		return indexed{}, err
	}
	s := newStamp(size, file.mtime, time.Now(), "")
	s.etag = `"` + base64.RawURLEncoding.EncodeToString(hash.Sum(nil)[:16]) + `"`
	s.recent = false
	return indexed{s, size}, nil
}
