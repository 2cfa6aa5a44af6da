package fileserve

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// maxEntries is how many entries of a directory are listed at most.
const maxEntries = 10_000

// An entry is one line of a listing.
type entry struct {
	name  string
	dir   bool
	size  int64
	mtime time.Time
}

// readEntries returns what can be asked for in the directory name, and whether
// there is more than that. What it leaves out would be a 404.
func (d *Dir) readEntries(name string, dir fs.File) (entries []entry, more bool, err error) {
	lister, ok := dir.(fs.ReadDirFile)
	if !ok {
		return nil, false, &fs.PathError{Op: "readdir", Path: name, Err: errors.ErrUnsupported}
	}
	for len(entries) <= maxEntries {
		batch, err := lister.ReadDir(512)
		for _, found := range batch {
			if x, ok := d.newEntry(name, found.Name()); ok {
				entries = append(entries, x)
			}
		}
		if errors.Is(err, io.EOF) || err == nil && len(batch) == 0 {
			return entries, false, nil
		}
		if err != nil {
			return nil, false, err
		}
	}
	return entries[:maxEntries], true, nil
}

// newEntry asks the file system, which follows links as far as it serves them.
func (d *Dir) newEntry(dir, name string) (entry, bool) {
	full := path.Join(dir, name)
	if !d.options.Hidden && isHidden(full) {
		return entry{}, false
	}
	info, err := fs.Stat(d.fsys, full)
	if err != nil || !isServed(info) {
		return entry{}, false
	}
	return entry{name: name, dir: info.IsDir(), size: info.Size(), mtime: info.ModTime()}, true
}

// An ordering is how a listing is sorted, as its query asks for it.
type ordering struct {
	by   string
	desc bool
}

// newOrdering reads a query; what it does not know is sorted by name.
func newOrdering(by, order string) ordering {
	if by != bySize && by != byTime {
		by = byName
	}
	return ordering{by: by, desc: order == "desc"}
}

const (
	byName = "name"
	bySize = "size"
	byTime = "time"
)

// sort puts directories first, whatever the ordering.
func (o ordering) sort(entries []entry) {
	slices.SortFunc(entries, func(a, b entry) int {
		if a.dir != b.dir {
			if a.dir {
				return -1
			}
			return 1
		}
		c := o.compare(a, b)
		if o.desc {
			return -c
		}
		return c
	})
}

func (o ordering) compare(a, b entry) int {
	c := 0
	switch o.by {
	case bySize:
		c = cmp.Compare(a.size, b.size)
		if a.dir {
			c = 0
		}
	case byTime:
		c = a.mtime.Compare(b.mtime)
	}
	return cmp.Or(c, strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), strings.Compare(a.name, b.name))
}
