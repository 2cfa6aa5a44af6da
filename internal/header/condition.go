package header

import (
	"net/http"
	"time"
)

// Conditions are the preconditions of one request, but for If-Range (RFC 9110,
// section 13.1). The zero Conditions always hold.
type Conditions struct {
	// The lines of each field. A field without lines was not sent.
	Match, NoneMatch, ModifiedSince, UnmodifiedSince []string
	// IsRead says that the method is GET or HEAD.
	IsRead bool
}

// ConditionsOf returns the preconditions of a request with the method and the header h.
// It shares the lines with h. A method that neither selects nor changes a representation
// has none (RFC 9110, section 13.2.1).
func ConditionsOf(method string, h http.Header) Conditions {
	c := Conditions{IsRead: method == http.MethodGet || method == http.MethodHead}
	switch method {
	case http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return c
	}
	c.Match, c.NoneMatch = h["If-Match"], h["If-None-Match"]
	c.ModifiedSince, c.UnmodifiedSince = h["If-Modified-Since"], h["If-Unmodified-Since"]
	return c
}

// Validators are what is known of a representation that exists. The zero Validators are
// those of one of which nothing is known.
type Validators struct {
	// ETag is its entity tag, or "" if it has none.
	ETag string
	// Dated says that Modified is known, which is in seconds since 1970.
	Dated    bool
	Modified int64
	// LastModified is Modified as text. It may be missing: it only saves reading a date
	// that is the same text.
	LastModified string
}

// A Verdict is what the preconditions of a request come to: the request goes on, or is
// answered 304 or 412. There is one for each condition that fails.
type Verdict uint8

// The verdicts.
const (
	Proceed          Verdict = iota
	NotModified              // 304
	FailedMatch              // 412, by If-Match
	FailedUnmodified         // 412, by If-Unmodified-Since
	FailedNoneMatch          // 412, by If-None-Match
)

// Evaluate goes through the preconditions in the order of RFC 9110, section 13.2.2, for a
// representation that exists.
func (c *Conditions) Evaluate(v Validators) Verdict {
	if len(c.Match) > 0 {
		if !MatchStrong(c.Match, v.ETag) {
			return FailedMatch
		}
	} else if date, ok := v.Date(c.UnmodifiedSince); ok && v.Modified > date {
		return FailedUnmodified
	}
	if len(c.NoneMatch) > 0 {
		switch {
		case !MatchWeak(c.NoneMatch, v.ETag):
			return Proceed
		case c.IsRead:
			return NotModified
		}
		return FailedNoneMatch
	}
	if c.IsRead {
		if date, ok := v.Date(c.ModifiedSince); ok && v.Modified <= date {
			return NotModified
		}
	}
	return Proceed
}

// EvaluateAbsent is [Conditions.Evaluate] where there is no representation: no entity tag
// matches, "*" neither, and there is no date to compare with.
func (c *Conditions) EvaluateAbsent() Verdict {
	if len(c.Match) > 0 {
		return FailedMatch
	}
	return Proceed
}

// Date reads the lines of a field that holds one date to compare with Modified, in
// seconds. It reports false if the field has to be ignored: it is missing, repeated or no
// date, or Modified is not known (RFC 9110, sections 13.1.3 and 13.1.4).
func (v *Validators) Date(lines []string) (int64, bool) {
	if len(lines) != 1 || !v.Dated {
		return 0, false
	}
	if line := Trim(lines[0]); line != "" && line == v.LastModified {
		return v.Modified, true
	}
	date, ok := ParseDate(lines)
	return date.Unix(), ok
}

// ParseDate reads the lines of a field that holds one date, in any of the three forms of
// RFC 9110, section 5.6.7. A date of another zone than GMT is none.
func ParseDate(lines []string) (time.Time, bool) {
	if len(lines) != 1 {
		return time.Time{}, false
	}
	date, err := http.ParseTime(Trim(lines[0]))
	if err != nil {
		return time.Time{}, false
	}
	// The parser lets the obsolete form of RFC 850 have any zone.
	if zone := date.Location(); zone != time.UTC && zone.String() != "GMT" {
		return time.Time{}, false
	}
	return date, true
}
