//go:build unix || windows

package fileserve

import (
	"os"
	"syscall"
)

// openFlags keep the open of a FIFO from waiting for a writer and that of a
// terminal from claiming it. Reading a regular file is the same with them.
const openFlags = os.O_RDONLY | syscall.O_NONBLOCK
