package fileserve

import (
	"io/fs"
	"time"
)

// A version is what one file is known by as long as nothing happens to it: what
// is written to it, a change of its mode, and a file that is moved into its place
// all make another one. The time of the last change of the inode is what no program
// can set, as it can that of the modification.
type version struct {
	device, inode uint64
	size          int64
	modified      int64 // in nanoseconds, as changed
	changed       int64
}

// versionOf reports false where the system does not tell the parts of a version.
func versionOf(info fs.FileInfo) (version, bool) {
	device, inode, changed, ok := identify(info)
	return version{device, inode, info.Size(), info.ModTime().UnixNano(), changed}, ok
}

// isSettled reports whether what happens to the file from now on makes another
// version, on a file system that counts in seconds or two. One that has not kept
// the time of a change at all is not known to do so.
func (v version) isSettled(now time.Time) bool {
	latest := time.Unix(0, max(v.modified, v.changed))
	return now.Sub(latest) >= settled && time.Unix(0, v.changed).Unix() >= unknownBefore
}
