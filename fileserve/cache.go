package fileserve

import (
	"bytes"
	"hash/maphash"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// defaultMemory is the default of Options.MemoryLimit.
	defaultMemory = 16 << 20
	// aroundKept is about the memory of a kept file without its name and its bytes.
	aroundKept = 512
)

// A cache keeps small files in memory. Each request asks the file system whether the name
// still stands for the same version of the same file. So a change needs no invalidation.
//
// Only names of existing files are kept, and their memory counts. Files that nobody
// requests are dropped a generation at a time. Each of the two generations may take half
// of the limit.
type cache struct {
	limit int64
	seed  maphash.Seed
	// asked has the hashes of the names of recent requests.
	asked [1024]atomic.Uint64

	mu         sync.RWMutex
	young, old map[cacheKey]*kept
	size       int64 // of young
}

// A cacheKey names a stored file. Its header depends on whether it was asked for
// as itself or as the coding of another.
type cacheKey struct{ name, coding string }

// A kept is a version of a file, and what the header says about it.
type kept struct {
	version version
	text    []byte
	stamp   stamp
}

// newCache returns nil if nothing is kept: without memory, and for a file system of
// another package, which may want to see every open.
func newCache(fsys fs.FS, limit int64) *cache {
	_, rooted := fsys.(rootFS)
	if limit < 0 || !rooted && packageOf(fsys) != "os" {
		return nil
	}
	if limit == 0 {
		limit = defaultMemory
	}
	return &cache{limit: limit, seed: maphash.MakeSeed(), young: make(map[cacheKey]*kept)}
}

// packageOf returns the path of the package that declares the type of v: "os" for what
// [os.DirFS] and [os.Root.FS] return, "embed" for a directory of an [embed.FS], also below
// the wrapper that [fs.Sub] puts around it.
func packageOf(v any) string {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.PkgPath()
}

// open opens a file or directory of fsys, or takes it out of memory.
func (c *cache) open(fsys fs.FS, name, coding string) (found, error) {
	key := cacheKey{name, coding}
	if x := c.load(key); x != nil {
		// Stat follows the name, and the file need not be opened.
		if info, err := fs.Stat(fsys, name); err == nil && x.isOf(info) {
			return x.found(info, coding), nil
		}
	}
	file, err := open(fsys, name)
	if err != nil || file.dir {
		return found{opened: file}, err
	}
	now := time.Now()
	x := found{file, newStamp(file.size, file.mtime, now, coding), coding}
	if file.size > inOneWrite {
		return x, nil
	}
	if v, ok := versionOf(file.info); ok && v.isSettled(now) && c.isAskedAgain(key) {
		if text, ok := readVersion(file.File, v); ok {
			_ = file.Close() // nothing was written
			k := &kept{v, text, x.stamp}
			c.store(key, k)
			return k.found(file.info, coding), nil
		}
	}
	return x, nil
}

// readVersion reads an open file and reports whether it had the version v all the time.
// It does not move the position of the file.
func readVersion(file fs.File, v version) ([]byte, bool) {
	f, ok := file.(*os.File)
	if !ok {
		return nil, false
	}
	text := make([]byte, v.size)
	if _, err := f.ReadAt(text, 0); err != nil {
		return nil, false // who sends the file will find out and say so
	}
	info, err := f.Stat()
	if err != nil {
		return nil, false
	}
	after, ok := versionOf(info)
	return text, ok && after == v
}

// isAskedAgain reports whether key was requested recently. So a client that requests
// every file once does not fill the memory.
func (c *cache) isAskedAgain(key cacheKey) bool {
	hash := maphash.Comparable(c.seed, key)
	return c.asked[hash%uint64(len(c.asked))].Swap(hash) == hash
}

func (c *cache) load(key cacheKey) *kept {
	c.mu.RLock()
	x, young := c.young[key]
	if !young {
		x = c.old[key]
	}
	c.mu.RUnlock()
	if x != nil && !young {
		c.store(key, x)
	}
	return x
}

// store adds a file to the young generation. If there is no room, the young generation
// becomes the old one, and the old one is dropped.
func (c *cache) store(key cacheKey, x *kept) {
	key.name = strings.Clone(key.name) // it may be a piece of a long request
	size := sizeOf(key, x)
	c.mu.Lock()
	defer c.mu.Unlock()
	if size > c.limit/2 {
		return
	}
	if before := c.young[key]; before != nil {
		c.size -= sizeOf(key, before)
	}
	if c.size+size > c.limit/2 {
		c.old, c.young, c.size = c.young, make(map[cacheKey]*kept), 0
	}
	c.young[key] = x
	c.size += size
}

func sizeOf(key cacheKey, x *kept) int64 { return int64(len(key.name) + len(x.text) + aroundKept) }

func (k *kept) isOf(info fs.FileInfo) bool {
	v, ok := versionOf(info)
	return ok && v == k.version
}

// found is the file for one request.
func (k *kept) found(info fs.FileInfo, coding string) found {
	file := &memoryFile{info: info, text: k.text}
	file.Reset(k.text)
	return found{opened{File: file, info: info, size: int64(len(k.text)), mtime: info.ModTime()}, k.stamp, coding}
}

// A memoryFile reads a kept file.
type memoryFile struct {
	bytes.Reader

	info fs.FileInfo
	text []byte
}

// Stat returns what the file system says of the file.
func (f *memoryFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close does nothing.
func (*memoryFile) Close() error { return nil }
