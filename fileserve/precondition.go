package fileserve

import (
	"net/http"
	"time"

	"github.com/tenonkit/tenon/internal/header"
)

// A verdict is what the preconditions of a request come to.
type verdict uint8

const (
	proceed verdict = iota
	notModified
	failed
)

// evaluate goes through the preconditions of a GET or HEAD request in the order
// of RFC 9110, section 13.2.2, up to If-Range.
func (s *stamp) evaluate(h http.Header) verdict {
	if tags := h["If-Match"]; len(tags) > 0 {
		if !header.MatchStrong(tags, s.etag) {
			return failed
		}
	} else if date, ok := s.date(h["If-Unmodified-Since"]); ok && s.modified > date {
		return failed
	}
	if tags := h["If-None-Match"]; len(tags) > 0 {
		if header.MatchWeak(tags, s.etag) {
			return notModified
		}
	} else if date, ok := s.date(h["If-Modified-Since"]); ok && s.modified <= date {
		return notModified
	}
	return proceed
}

// rangeApplies evaluates If-Range (RFC 9110, section 13.1.5): a strong entity tag
// or the exact time, which must be a strong validator too. Anything else does
// not match.
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
	date, ok := s.date(lines)
	return ok && date == s.modified && !s.recent
}

// date reads a field that holds one date, in seconds. It reports false if the
// field must be ignored: it is missing, repeated or no date, or the time of the
// file is not known (RFC 9110, sections 13.1.3 and 13.1.4).
func (s *stamp) date(lines []string) (int64, bool) {
	if len(lines) != 1 || s.lastModified == "" {
		return 0, false
	}
	line := header.Trim(lines[0])
	if line == s.lastModified {
		return s.modified, true
	}
	date, err := http.ParseTime(line)
	if err != nil {
		return 0, false
	}
	// The parser lets the obsolete form of RFC 850 have any zone.
	if zone := date.Location(); zone != time.UTC && zone.String() != "GMT" {
		return 0, false
	}
	return date.Unix(), true
}
