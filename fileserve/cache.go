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
	// aroundCached is about the memory of a cached file without its name and its bytes.
	aroundCached = 512
)

// A cache keeps small files in memory. Each request asks the file system whether the name
// still stands for the same version of the same file. So a change needs no invalidation.
//
// Only names of existing files are kept, and their memory counts. Files that nobody
// requests are dropped one generation at a time. Each of the two generations may take half
// of the limit.
type cache struct {
	limit int64
	seed  maphash.Seed
	// asked has the hashes of the names of recent requests.
	asked [1024]atomic.Uint64

	mu         sync.RWMutex
	young, old map[cacheKey]*cachedFile
	size       int64 // of young
}

// A cacheKey names a stored file. The coding is part of it, because a file has another header if
// it is served as the sibling of another one.
type cacheKey struct{ name, coding string }

// A cachedFile is the content of one version of a file, with the values of its header.
type cachedFile struct {
	version version
	text    []byte
	stamp   stamp
}

// newCache returns nil if nothing is kept: if the limit is negative, and for file systems of
// other packages, which may want to see every Open.
func newCache(fsys fs.FS, limit int64) *cache {
	_, rooted := fsys.(rootFS)
	if limit < 0 || !rooted && packageOf(fsys) != "os" {
		return nil
	}
	if limit == 0 {
		limit = defaultMemory
	}
	return &cache{limit: limit, seed: maphash.MakeSeed(), young: make(map[cacheKey]*cachedFile)}
}

// packageOf returns the path of the package that declares the type of v: "os" for the results of
// [os.DirFS] and [os.Root.FS], "embed" for a directory of an [embed.FS], even under an [fs.Sub].
func packageOf(v any) string {
	t := reflect.TypeOf(v)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.PkgPath()
}

// open returns a file or directory of fsys: from memory, or opened.
func (c *cache) open(fsys fs.FS, name, coding string) (storedFile, error) {
	key := cacheKey{name, coding}
	if x := c.load(key); x != nil {
		// Stat follows the name, and the file need not be opened.
		if info, err := fs.Stat(fsys, name); err == nil && x.isOf(info) {
			return x.stored(info, coding), nil
		}
	}
	file, err := open(fsys, name)
	if err != nil || file.dir {
		return storedFile{openFile: file}, err
	}
	now := time.Now()
	x := storedFile{file, newStamp(file.size, file.mtime, now, coding), coding}
	if file.size > inOneWrite {
		return x, nil
	}
	if v, ok := versionOf(file.info); ok && v.isSettled(now) && c.isAskedAgain(key) {
		if text, ok := readVersion(file.File, v); ok {
			_ = file.Close() // nothing was written
			k := &cachedFile{v, text, x.stamp}
			c.store(key, k)
			return k.stored(file.info, coding), nil
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
		return nil, false // sending the file will fail and report it
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

func (c *cache) load(key cacheKey) *cachedFile {
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
func (c *cache) store(key cacheKey, x *cachedFile) {
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
		c.old, c.young, c.size = c.young, make(map[cacheKey]*cachedFile), 0
	}
	c.young[key] = x
	c.size += size
}

func sizeOf(key cacheKey, x *cachedFile) int64 {
	return int64(len(key.name) + len(x.text) + aroundCached)
}

func (f *cachedFile) isOf(info fs.FileInfo) bool {
	v, ok := versionOf(info)
	return ok && v == f.version
}

// stored returns the file for one request.
func (f *cachedFile) stored(info fs.FileInfo, coding string) storedFile {
	file := &memoryFile{info: info, text: f.text}
	file.Reset(f.text)
	return storedFile{openFile{File: file, info: info, size: int64(len(f.text)), mtime: info.ModTime()}, f.stamp, coding}
}

// A memoryFile reads a cached file.
type memoryFile struct {
	bytes.Reader

	info fs.FileInfo
	text []byte
}

// Stat returns what the file system says of the file.
func (f *memoryFile) Stat() (fs.FileInfo, error) { return f.info, nil }

// Close does nothing.
func (*memoryFile) Close() error { return nil }
