package header

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// IsFraming reports whether a field, by its canonical name, frames a message. Only the writer
// of the body sets such a field.
func IsFraming(name string) bool {
	switch name {
	case "Content-Length", "Transfer-Encoding", "Connection", "Trailer":
		return true
	}
	return false
}

// IsSingleton reports whether a field, by its canonical name, is one of the common
// response fields that are not lists. Browsers ignore those of CORS and of security if
// they come twice.
func IsSingleton(name string) bool {
	switch name {
	case "Content-Type", "Content-Location", "Content-Disposition", "Content-Range",
		"Etag", "Last-Modified", "Location", "Retry-After", "Expires", "Date", "Age", "Server",
		"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Max-Age",
		"Cross-Origin-Opener-Policy", "Cross-Origin-Embedder-Policy", "Cross-Origin-Resource-Policy",
		"Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options":
		return true
	}
	return false
}

// IsContent reports whether a field, by its canonical name, describes the content of one
// message. A message without content must not have it. Content-Location and the two
// Content-Security-Policy fields do not count: they describe the resource and the page.
func IsContent(name string) bool {
	switch name {
	case "Transfer-Encoding", "Trailer":
		return true
	case "Content-Location", "Content-Security-Policy", "Content-Security-Policy-Report-Only":
		return false
	}
	return strings.HasPrefix(name, "Content-")
}

// DropContent removes the fields that describe the content of this message. It keeps the
// validators of the resource, so that the rest of the header of a 200 suits a 204 or a 304.
func DropContent(h http.Header) {
	if len(h) == 0 {
		return // before the iterator is made: BenchmarkRespond/body=none
	}
	for name := range h {
		if IsContent(name) {
			delete(h, name)
		}
	}
}

// DropRepresentation removes all fields that describe a body which is not sent. Vary, cookies,
// CORS fields and others stay.
func DropRepresentation(h http.Header) {
	if len(h) == 0 {
		return
	}
	DropContent(h)
	for _, name := range [...]string{"Content-Location", "Repr-Digest", "Digest", "Etag", "Last-Modified"} {
		delete(h, name)
	}
}

// Add adds values to a field of h, by its canonical name. If the field can occur only once,
// the last value replaces the field. Add does not write into the existing slice.
func Add(h http.Header, name string, values []string) {
	switch {
	case len(values) == 0:
	case IsSingleton(name):
		h[name] = []string{values[len(values)-1]}
	default:
		h[name] = slices.Concat(h[name], values)
	}
}

// AddVary adds the name of a request field to the field Vary of h, unless Vary already has it
// or is "*" (RFC 9110, section 12.5.5). It does not write into the existing slice, which others
// may share.
func AddVary(h http.Header, name string) {
	if values := h["Vary"]; !HasMember(values, name) && !HasMember(values, "*") {
		h["Vary"] = append(slices.Clip(values), name)
	}
}

// Length returns the Content-Length in h, or -1 if it is missing or invalid.
func Length(h http.Header) int64 {
	values := h["Content-Length"]
	if len(values) == 0 {
		return -1
	}
	n, err := strconv.ParseInt(values[0], 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// A Snapshot is a copy of the header at the start of a response. A writer that holds the start
// back needs it, because later changes of the header are not sent (see [http.ResponseWriter]).
// The zero Snapshot is not taken yet. It has room for a common header, so that Take mostly does
// not allocate. It must not be copied after Take.
type Snapshot struct {
	single []field     // the fields with one value; nil means not taken
	others http.Header // the fields with several values or without one
	room   [3]field
}

type field struct{ name, value string }

// Take copies h, unless s is taken already.
func (s *Snapshot) Take(h http.Header) {
	if s.single != nil {
		return
	}
	s.single = slices.Grow(s.room[:0], len(h))
	for name, values := range h {
		if len(values) == 1 {
			s.single = append(s.single, field{name, values[0]})
			continue
		}
		if s.others == nil {
			s.others = make(http.Header)
		}
		s.others[name] = slices.Clone(values)
	}
}

// Forget makes s a zero Snapshot.
func (s *Snapshot) Forget() { s.single, s.others = nil, nil }

// Restore makes h what it was when s was taken. It returns the fields that have been set since,
// such as trailers; the caller puts them back by [maps.Copy] once the header is sent. Fields
// with [http.TrailerPrefix] stay in h, because net/http has to know that they follow.
func (s *Snapshot) Restore(h http.Header) (late http.Header) {
	if s.single == nil || s.same(h) {
		return nil
	}
	late = maps.Clone(h)
	maps.DeleteFunc(h, func(name string, _ []string) bool { return !strings.HasPrefix(name, http.TrailerPrefix) })
	restore := func(name string, then []string) {
		h[name] = then
		if slices.Equal(late[name], then) {
			delete(late, name)
		}
	}
	for _, then := range s.single {
		restore(then.name, []string{then.value})
	}
	for name, then := range s.others {
		restore(name, then)
	}
	return late
}

func (s *Snapshot) same(h http.Header) bool {
	if len(h) != len(s.single)+len(s.others) {
		return false
	}
	for _, then := range s.single {
		if now := h[then.name]; len(now) != 1 || now[0] != then.value {
			return false
		}
	}
	for name, then := range s.others {
		if now, ok := h[name]; !ok || !slices.Equal(now, then) {
			return false
		}
	}
	return true
}

// HasTrailers is the function [HasTrailers] for the header at the start.
func (s *Snapshot) HasTrailers() bool {
	for _, then := range s.single {
		if strings.HasPrefix(then.name, http.TrailerPrefix) {
			return true
		}
	}
	return HasTrailers(s.others)
}

// HasTrailers reports whether h has trailers that were not announced, which begin with
// [http.TrailerPrefix].
func HasTrailers(h http.Header) bool {
	for name := range h {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			return true
		}
	}
	return false
}

// IsRedirect reports whether clients follow the Location of a response with the status by
// themselves (RFC 9110, section 15.4).
func IsRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}
