package fileserve

import (
	"net/http"
	"strconv"
	"time"

	"github.com/tenonkit/tenon/internal/header"
)

const (
	// Archives and reproducible builds give every file a time before unknownBefore: 0, 1, or
	// the start of 1980 in any time zone. Such a file may change without a change of its time.
	unknownBefore = 315_705_600 // 1980-01-03T00:00:00Z
	// A modification that is older than settled has a time that no later one can have, on a
	// file system that counts in units of one or two seconds.
	settled = 2 * time.Second
	// settledFraction is settled for a file system that keeps fractions of a second. The clock
	// of the system moves on every few milliseconds.
	settledFraction = 50 * time.Millisecond
)

// mayRecur reports whether a later modification may have the same time: the time is too
// recent, or in the future of this clock.
func mayRecur(mtime, now time.Time) bool {
	if mtime.Nanosecond() != 0 {
		return now.Sub(mtime) < settledFraction
	}
	return now.Sub(mtime) < settled
}

// A stamp has the values of the header for one stored file. They are parts of one string, which
// takes one allocation.
type stamp struct {
	length       string // of Content-Length
	etag         string // empty if there is none
	lastModified string // empty if it is not known
	// modified is lastModified in Unix seconds.
	modified int64
	// recent means that the file may still change within the second of lastModified.
	recent bool
}

// newStamp describes a file of the given size and time. Its entity tag is made of both.
// While the time may recur, the tag is weak and no other file has it. After that it is
// strong and stays. coding gives each coding of a file its own tag.
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
		s.recent = now.Sub(mtime) < settled
		text = appendTag(text, size, mtime, coding, mayRecur(mtime, now))
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

func appendTag(text []byte, size int64, mtime time.Time, coding string, weak bool) []byte {
	if weak {
		text = append(text, "W/"...)
	}
	text = append(text, '"')
	if coding != "" {
		// In front, because middleware that compresses looks for its own suffix.
		text = append(text, coding...)
		text = append(text, '.')
	}
	text = strconv.AppendInt(text, mtime.Unix(), 16)
	text = append(text, '.')
	text = strconv.AppendInt(text, int64(mtime.Nanosecond()), 16)
	text = append(text, '-')
	text = strconv.AppendInt(text, size, 16)
	if weak {
		text = append(text, "-new"...)
	}
	return append(text, '"')
}

// validators returns what the preconditions of a request are evaluated for.
func (s *stamp) validators() header.Validators {
	return header.Validators{ETag: s.etag, Dated: s.lastModified != "", Modified: s.modified, LastModified: s.lastModified}
}

// rangeApplies evaluates If-Range (RFC 9110, section 13.1.5). It needs the same strong entity
// tag, or the exact time if that is a strong validator.
func (s *stamp) rangeApplies(h http.Header) bool {
	lines := h["If-Range"]
	switch {
	case len(lines) == 0:
		return true
	case len(lines) > 1:
		return false
	case header.EqualStrong(header.Trim(lines[0]), s.etag):
		return true
	}
	known := s.validators()
	date, ok := known.Date(lines)
	return ok && date == s.modified && !s.recent
}
