package header

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// IsFraming reports whether a field, by its canonical name, frames a message: it belongs
// to whoever writes the body, not to a value.
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
// message, so that one without content must not have it. Content-Location names the
// resource, and the policies are for the page: they are not among them.
func IsContent(name string) bool {
	switch name {
	case "Transfer-Encoding", "Trailer":
		return true
	case "Content-Location", "Content-Security-Policy", "Content-Security-Policy-Report-Only":
		return false
	}
	return strings.HasPrefix(name, "Content-")
}

// DropContent removes the fields that describe the content of this message, and keeps the
// validators of the resource: what is left of a 200 is right for a 204 or a 304.
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

// DropRepresentation removes all that describes a body which is not going to be sent.
// Vary, cookies, CORS fields and the rest stay.
func DropRepresentation(h http.Header) {
	if len(h) == 0 {
		return
	}
	DropContent(h)
	for _, name := range [...]string{"Content-Location", "Repr-Digest", "Digest", "Etag", "Last-Modified"} {
		delete(h, name)
	}
}

// Add adds values to what h has under a canonical name, or replaces it if the field can
// stand only once. The values that are there are left as they are.
func Add(h http.Header, name string, values []string) {
	switch {
	case len(values) == 0:
	case IsSingleton(name):
		h[name] = []string{values[len(values)-1]}
	default:
		h[name] = slices.Concat(h[name], values)
	}
}

// AddVary adds the name of a request field to the field Vary of h, unless that
// has it or is "*" (RFC 9110, section 12.5.5). The values that are there are left
// as they are: others may share them.
func AddVary(h http.Header, name string) {
	if values := h["Vary"]; !HasMember(values, name) && !HasMember(values, "*") {
		h["Vary"] = append(slices.Clip(values), name)
	}
}

// Length returns the Content-Length that a handler has set in h, or -1 if there
// is none or it is no length.
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

// A Snapshot is the header of a response when it began. A writer that holds the
// beginning back needs it, because what the handler changes later is not to be
// sent (see [http.ResponseWriter]). The zero Snapshot is that of no response. It
// has room for a common header, so that it costs nothing beside what it is a
// part of. It must not be copied once it is taken.
type Snapshot struct {
	single []field     // the fields with one value; not nil once it is taken
	others http.Header // those with several, or none
	room   [3]field
}

type field struct{ name, value string }

// Take keeps a copy of h, unless there is one already.
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

// Forget makes s the snapshot of no response.
func (s *Snapshot) Forget() { s.single, s.others = nil, nil }

// Restore makes h what it was, and returns what has been set since, for the
// caller to put back by [maps.Copy] once the header is sent: trailers are among
// it. Those with [http.TrailerPrefix] stay, since net/http has to see that they
// come.
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

// HasTrailers reports whether there were trailers in the header already; see the
// function of that name.
func (s *Snapshot) HasTrailers() bool {
	for _, then := range s.single {
		if strings.HasPrefix(then.name, http.TrailerPrefix) {
			return true
		}
	}
	return HasTrailers(s.others)
}

// HasTrailers reports whether h has trailers that were not announced, by
// [http.TrailerPrefix].
func HasTrailers(h http.Header) bool {
	for name := range h {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			return true
		}
	}
	return false
}

// IsRedirect reports whether a response with the status sends its client to a Location
// by itself (RFC 9110, section 15.4).
func IsRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}
