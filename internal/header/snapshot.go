package header

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// A Snapshot is the header of a response when it began. A writer that holds the
// beginning back needs it, because what the handler changes later is not to be
// sent (see [http.ResponseWriter]). The zero Snapshot is that of no response.
type Snapshot struct{ fields []field }

type field struct {
	name   string
	values []string
}

// Take keeps a copy of h, unless there is one already.
func (s *Snapshot) Take(h http.Header) {
	if s.fields != nil {
		return
	}
	s.fields = make([]field, 0, len(h))
	all := make([]string, 0, len(h)) // one array for the values of most headers
	for name, values := range h {
		start := len(all)
		all = append(all, values...)
		s.fields = append(s.fields, field{name, all[start:len(all):len(all)]})
	}
}

// Restore makes h what it was, and returns what has been set since, for the
// caller to put back by [maps.Copy] once the header is sent: trailers are among
// it. Those with [http.TrailerPrefix] stay, since net/http has to see that they
// come.
func (s *Snapshot) Restore(h http.Header) (late http.Header) {
	if s.fields == nil || s.same(h) {
		return nil
	}
	late = maps.Clone(h)
	maps.DeleteFunc(h, func(name string, _ []string) bool { return !strings.HasPrefix(name, http.TrailerPrefix) })
	for _, then := range s.fields {
		h[then.name] = then.values
		if slices.Equal(late[then.name], then.values) {
			delete(late, then.name)
		}
	}
	return late
}

func (s *Snapshot) same(h http.Header) bool {
	if len(h) != len(s.fields) {
		return false
	}
	for _, then := range s.fields {
		if now, ok := h[then.name]; !ok || !slices.Equal(now, then.values) {
			return false
		}
	}
	return true
}
