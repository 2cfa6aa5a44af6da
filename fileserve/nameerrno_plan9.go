package fileserve

import (
	"errors"
	"slices"
	"syscall"
)

// isFaultOfName reports whether err says that the name is at fault: it is too long, invalid, or
// not that of a regular file.
func isFaultOfName(err error) bool {
	text, ok := errors.AsType[syscall.ErrorString](err)
	return ok && slices.Contains([]error{
		syscall.ENOTDIR, syscall.EISDIR, syscall.ENAMETOOLONG, syscall.EINVAL,
	}, error(text))
}
