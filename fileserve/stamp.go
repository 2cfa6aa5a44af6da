package fileserve

import (
	"net/http"
	"strconv"
	"time"
)

const (
	// unknownBefore is the end of the times that archives and reproducible builds
	// give to every file: 0, 1, and the start of 1980 in any time zone. A file that
	// bears one of them may change without it.
	unknownBefore = 315_705_600 // 1980-01-03T00:00:00Z
	// settled is how old a modification has to be before nothing that follows it
	// can bear the same time, on a file system that counts in seconds or two.
	settled = 2 * time.Second
)

// A stamp is what the header says about one stored file: values that are parts
// of one string, so that they cost one allocation.
type stamp struct {
	length       string // of Content-Length
	etag         string // empty if there is none
	lastModified string // empty if it is not known
	// modified is the same in seconds.
	modified int64
	// fresh files may still change within the time that they bear.
	fresh bool
}

// newStamp describes a file of the given size and time. Its entity tag is made of
// both and is strong once the file is settled: until then it is a weak one, which
// no settled file bears. coding sets the tags of the codings of a file apart.
func newStamp(size int64, mtime, now time.Time, coding string) stamp {
	var (
		buf [128]byte
		s   stamp
	)
	text := strconv.AppendInt(buf[:0], size, 10)
	length := len(text)
	tag := length
	known := mtime.Unix() >= unknownBefore
	if known {
		s.fresh = now.Sub(mtime).Abs() < settled
		text = appendTag(text, size, mtime, coding, s.fresh)
		tag = len(text)
		// RFC 9110, section 8.8.2.1: never later than the response.
		if !mtime.After(now) {
			s.modified = mtime.Unix()
			text = mtime.UTC().AppendFormat(text, http.TimeFormat)
		}
	}
	all := string(text)
	s.length, s.etag, s.lastModified = all[:length], all[length:tag], all[tag:]
	return s
}

func appendTag(text []byte, size int64, mtime time.Time, coding string, fresh bool) []byte {
	if fresh {
		text = append(text, "W/"...)
	}
	text = append(text, '"')
	if coding != "" {
		// In front, where no middleware that adds a coding looks for its own mark.
		text = append(text, coding...)
		text = append(text, '.')
	}
	text = strconv.AppendInt(text, mtime.Unix(), 16)
	text = append(text, '.')
	text = strconv.AppendInt(text, int64(mtime.Nanosecond()), 16)
	text = append(text, '-')
	text = strconv.AppendInt(text, size, 16)
	if fresh {
		text = append(text, "-new"...)
	}
	return append(text, '"')
}
