package fileserve

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// rootFS is the file system of an [os.Root]. In contrast to [os.Root.FS], its Open does not wait
// for the writer of a FIFO.
type rootFS struct{ root *os.Root }

// Open opens a file or directory below the root.
func (x rootFS) Open(name string) (fs.File, error) {
	local, err := filepath.Localize(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	file, err := x.root.OpenFile(local, openFlags, 0)
	if err != nil {
		return nil, err
	}
	return file, nil
}

// Stat follows symbolic links as far as they stay below the root.
func (x rootFS) Stat(name string) (fs.FileInfo, error) {
	local, err := filepath.Localize(name)
	if err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrInvalid}
	}
	return x.root.Stat(local)
}

// osFS opens paths of the operating system, wherever they lead.
type osFS struct{}

// Open opens the file at a path of the operating system.
func (osFS) Open(path string) (fs.File, error) {
	file, err := os.OpenFile(path, openFlags, 0) //nolint:gosec // the caller knows where the path leads
	if err != nil {
		return nil, err
	}
	return file, nil
}

// An openFile is an open regular file or directory.
type openFile struct {
	fs.File

	info  fs.FileInfo
	size  int64
	mtime time.Time
	dir   bool
}

// open opens the name in fsys. It refuses anything but a regular file or a directory,
// because reading it may never end.
func open(fsys fs.FS, name string) (openFile, error) {
	// A file system of another package may wait when it opens a FIFO, so Stat comes
	// first. A FIFO that appears between the two calls is refused below.
	if x, ok := fsys.(fs.StatFS); ok && !opensAtOnce(fsys) {
		info, err := x.Stat(name)
		if err != nil {
			return openFile{}, err
		}
		if !isServed(info) {
			return openFile{}, &fs.PathError{Op: "open", Path: name, Err: errIrregular}
		}
	}
	file, err := fsys.Open(name)
	if err != nil {
		return openFile{}, err
	}
	info, err := file.Stat()
	if err == nil && !isServed(info) {
		err = &fs.PathError{Op: "open", Path: name, Err: errIrregular}
	}
	if err != nil {
		_ = file.Close() // nothing was read
		return openFile{}, err
	}
	return openFile{File: file, info: info, size: info.Size(), mtime: info.ModTime(), dir: info.IsDir()}, nil
}

func opensAtOnce(fsys fs.FS) bool {
	_, ok := fsys.(rootFS)
	return ok
}

func isServed(info fs.FileInfo) bool { return info.Mode().IsRegular() || info.IsDir() }

// errIrregular says that a name is that of a device, FIFO or socket.
var errIrregular = errors.New("neither a regular file nor a directory")

// A version identifies a file until it changes. A write, a change of its mode, and another file
// moved into its place all give another version. A program can set the time of the modification,
// but not the time of the last change of the inode.
type version struct {
	device, inode uint64
	size          int64
	modified      int64 // in nanoseconds, as changed
	changed       int64
}

// versionOf reports false if the system does not tell the parts of a version.
func versionOf(info fs.FileInfo) (version, bool) {
	device, inode, changed, ok := identify(info)
	return version{device, inode, info.Size(), info.ModTime().UnixNano(), changed}, ok
}

// isSettled reports whether every later change of the file gives another version, even on
// a file system that counts in units of one or two seconds. It is false if the file
// system keeps no time of change.
func (v version) isSettled(now time.Time) bool {
	latest := time.Unix(0, max(v.modified, v.changed))
	return now.Sub(latest) >= settled && time.Unix(0, v.changed).Unix() >= unknownBefore
}
