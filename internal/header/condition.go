package header

import (
	"net/http"
	"time"
)

// Conditions are the preconditions of one request, except If-Range (RFC 9110, section 13.1).
// The zero Conditions always hold.
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

// Validators are what is known of a representation that exists. In the zero Validators nothing
// is known.
type Validators struct {
	// ETag is its entity tag, or "" if it has none.
	ETag string
	// Modified is the time of the last change, in seconds since 1970. Dated means that it is
	// known.
	Dated    bool
	Modified int64
	// LastModified is Modified as text, or "". It saves parsing a date with the same text.
	LastModified string
}

// A Verdict is the result of the preconditions of a request: the request goes on, or is
// answered 304 or 412. Each condition that can fail has its own verdict.
type Verdict uint8

// The verdicts.
const (
	Proceed          Verdict = iota
	NotModified              // 304
	FailedMatch              // 412, by If-Match
	FailedUnmodified         // 412, by If-Unmodified-Since
	FailedNoneMatch          // 412, by If-None-Match
)

// Evaluate evaluates the preconditions for a representation that exists, in the order of RFC
// 9110, section 13.2.2.
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

// EvaluateAbsent is [Conditions.Evaluate] for a resource without a representation. No entity
// tag matches, not even "*", and dates are ignored.
func (c *Conditions) EvaluateAbsent() Verdict {
	if len(c.Match) > 0 {
		return FailedMatch
	}
	return Proceed
}

// Date returns the date in the lines of a field, in seconds since 1970, to compare with
// Modified. It reports false if the field has to be ignored: if it is missing, repeated or not
// a date, or if Modified is not known (RFC 9110, sections 13.1.3 and 13.1.4).
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

// ParseDate returns the date in the lines of a field, in any of the three forms of RFC 9110,
// section 5.6.7. It reports false unless there is one line with a date in GMT.
func ParseDate(lines []string) (time.Time, bool) {
	if len(lines) != 1 {
		return time.Time{}, false
	}
	date, err := http.ParseTime(Trim(lines[0]))
	if err != nil {
		return time.Time{}, false
	}
	// The parser accepts any zone in the obsolete form of RFC 850.
	if zone := date.Location(); zone != time.UTC && zone.String() != "GMT" {
		return time.Time{}, false
	}
	return date, true
}
