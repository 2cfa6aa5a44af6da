//go:build unix || windows

package fileserve

import (
	"os"
	"syscall"
)

// openFlags keep the open of a FIFO from waiting for a writer, and the open of a terminal from
// waiting for a carrier. They do not change how a regular file is read.
const openFlags = os.O_RDONLY | syscall.O_NONBLOCK
