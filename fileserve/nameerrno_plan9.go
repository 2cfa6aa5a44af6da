package fileserve

import (
	"errors"
	"slices"
	"syscall"
)

// isFaultOfName reports whether the system refuses err's name for what it is.
func isFaultOfName(err error) bool {
	text, ok := errors.AsType[syscall.ErrorString](err)
	return ok && slices.Contains([]error{
		syscall.ENOTDIR, syscall.EISDIR, syscall.ENAMETOOLONG, syscall.EINVAL,
	}, error(text))
}
