//go:build linux || dragonfly || openbsd || solaris

package fileserve

import (
	"io/fs"
	"syscall"
)

// identify returns the device, the inode, and the nanosecond of its last change.
func identify(info fs.FileInfo) (device, inode uint64, changed int64, ok bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, 0, false
	}
	return uint64(stat.Dev), uint64(stat.Ino), stat.Ctim.Nano(), true //nolint:unconvert // the types are those of the system
}
