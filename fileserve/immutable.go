package fileserve

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"reflect"
	"time"
)

// An indexed is a file that does not change.
type indexed struct {
	stamp stamp
	size  int64
}

// isEmbedded reports whether a directory is one of an [embed.FS], also below
// the wrapper that [fs.Sub] puts around it.
func isEmbedded(dir fs.File) bool {
	t := reflect.TypeOf(dir)
	return t.Kind() == reflect.Pointer && t.Elem().PkgPath() == "embed"
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
