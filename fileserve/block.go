//go:build !unix && !windows

package fileserve

import "os"

// openFlags open a file where there are no FIFOs.
const openFlags = os.O_RDONLY
