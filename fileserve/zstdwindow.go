package fileserve

import (
	"bufio"
	"encoding/binary"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
)

const (
	// maxWindow is the largest window of a zstd frame that browsers decode as a
	// content coding (RFC 9659).
	maxWindow = 8 << 20
	// maxWindows is how many results are remembered.
	maxWindows = 10_000
)

// windows remembers whether clients accept the window of a zstd file. So each version of
// a file is read and logged once.
type windows struct {
	mu    sync.RWMutex
	known map[string]windowOf
}

type windowOf struct {
	version version
	fits    bool
}

// fits reports whether clients can decode the zstd file name, which x has open. A file that is
// not zstd fits, because its author has chosen the name.
func (ws *windows) fits(r *http.Request, fsys fs.FS, name string, x openFile) bool {
	v := version{size: x.size}
	if x.info != nil { // else the file cannot change
		v, _ = versionOf(x.info)
	}
	ws.mu.RLock()
	known, ok := ws.known[name]
	ws.mu.RUnlock()
	if ok && known.version == v {
		return known.fits
	}
	window, ok := readWindow(fsys, name)
	fits := !ok || window <= maxWindow
	if ws.remember(name, windowOf{v, fits}) && !fits {
		slog.LogAttrs(r.Context(), slog.LevelWarn,
			"fileserve: a zstd file is not sent, because browsers take no window above 8 MiB: compress it without --long and --ultra",
			slog.String("file", name), slog.Uint64("window", window))
	}
	return fits
}

// remember stores a result, and reports whether it is new.
func (ws *windows) remember(name string, verdict windowOf) bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if known, ok := ws.known[name]; ok && known == verdict {
		return false
	}
	if ws.known == nil || len(ws.known) >= maxWindows {
		ws.known = make(map[string]windowOf)
	}
	ws.known[name] = verdict
	return true
}

// readWindow returns the size of the window that the first zstd frame of a file needs (RFC 8878,
// section 3.1). It reports false if the file does not begin with zstd frames. It opens the file
// again, because the open one may not be able to seek.
func readWindow(fsys fs.FS, name string) (uint64, bool) {
	file, err := fsys.Open(name)
	if err != nil {
		return 0, false
	}
	defer func() { _ = file.Close() }() // nothing was written
	const far = 1 << 20                 // the first frame is expected within it
	return frameWindow(bufio.NewReaderSize(io.LimitReader(file, far), 64))
}

func frameWindow(r *bufio.Reader) (uint64, bool) {
	var b [8]byte
	for {
		if _, err := io.ReadFull(r, b[:4]); err != nil {
			return 0, false
		}
		magic := binary.LittleEndian.Uint32(b[:4])
		if magic == 0xFD2FB528 {
			break
		}
		const skippable = 0x184D2A50 // and 15 more
		if magic&^0xF != skippable {
			return 0, false
		}
		if _, err := io.ReadFull(r, b[:4]); err != nil {
			return 0, false
		}
		if _, err := io.CopyN(io.Discard, r, int64(binary.LittleEndian.Uint32(b[:4]))); err != nil {
			return 0, false
		}
	}
	if _, err := io.ReadFull(r, b[:2]); err != nil {
		return 0, false
	}
	descriptor := b[0]
	if single := descriptor&0x20 != 0; !single {
		exponent, mantissa := b[1]>>3, uint64(b[1]&7)
		base := uint64(1) << (10 + exponent)
		return base + base/8*mantissa, true
	}
	// The window of a single-segment frame is its content. The size of the content follows the
	// ID of a dictionary; b[1] is the first byte of the two.
	ids := [4]int{0, 1, 2, 4}
	sizes := [4]int{1, 2, 4, 8}
	id, size := ids[descriptor&3], sizes[descriptor>>6]
	var rest [4 + 8]byte
	rest[0] = b[1]
	if _, err := io.ReadFull(r, rest[1:id+size]); err != nil {
		return 0, false
	}
	clear(b[:])
	copy(b[:], rest[id:id+size])
	content := binary.LittleEndian.Uint64(b[:])
	if size == 2 {
		content += 256
	}
	return content, true
}
