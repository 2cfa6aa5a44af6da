//go:build !plan9

package fileserve

import (
	"errors"
	"slices"
	"syscall"
)

// isFaultOfName reports whether err says that the name is at fault: it is too long, invalid, or
// not that of a regular file.
func isFaultOfName(err error) bool {
	errno, ok := errors.AsType[syscall.Errno](err)
	return ok && slices.Contains([]syscall.Errno{
		syscall.ENOTDIR, syscall.EISDIR, syscall.ENAMETOOLONG, syscall.ELOOP, syscall.EINVAL,
		syscall.EILSEQ, syscall.ENXIO, syscall.ENODEV, syscall.EOPNOTSUPP,
	}, errno)
}
