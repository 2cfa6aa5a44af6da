//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package embedded

import (
	"os"
	"sync"
	"syscall"
)

// lock keeps others from locking the file, until unlock is called or the process ends.
func lock(name string) (unlock func(), err error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o640) //nolint:gosec // the directory is the caller's
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, &os.PathError{Op: "lock", Path: name, Err: err}
	}
	return sync.OnceFunc(func() { _ = file.Close() }), nil
}
