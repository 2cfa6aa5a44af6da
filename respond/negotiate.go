package respond

import (
	"net/http"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// choose returns the format for the response, or a 406.
func (rs *Responder) choose(w http.ResponseWriter, r *http.Request, env *envelope) (*offer, error) {
	first := &rs.formats[0]
	if len(rs.formats) == 1 && !rs.notAcceptable {
		return first, nil
	}
	if own := env.contentType(w.Header()); own != "" {
		return rs.fitting(own), nil
	}
	if best := rs.negotiate(r.Header["Accept"]); best >= 0 {
		return &rs.formats[best], nil
	}
	if !rs.notAcceptable {
		return first, nil
	}
	types := make([]string, len(rs.formats))
	for i := range rs.formats {
		types[i] = rs.formats[i].Type
	}
	return nil, NewProblem(http.StatusNotAcceptable, "available media types: "+strings.Join(types, ", "))
}

// negotiate returns the index of the format with the highest weight in the
// lines of Accept, or -1 if all are excluded. The order of the formats decides
// between equals. A field without a valid element says nothing, as if it were
// absent.
func (rs *Responder) negotiate(accept []string) int {
	if len(accept) == 0 || len(accept) == 1 && (accept[0] == "*/*" || accept[0] == rs.formats[0].Type) {
		return 0
	}
	best, highest := -1, 0
	for i := range rs.formats {
		weight, valid := header.Quality(accept, rs.formats[i].media)
		if !valid {
			return 0
		}
		if weight > highest {
			best, highest = i, weight
		}
	}
	return best
}

// contentType returns the media type that the handler has chosen by itself:
// in a wrapper, on the response or by a method of the value.
func (e *envelope) contentType(h http.Header) string {
	if e.more != nil {
		for name, values := range e.more.header {
			if strings.EqualFold(name, "Content-Type") && len(values) > 0 {
				return values[len(values)-1]
			}
		}
	}
	if own := h.Get("Content-Type"); own != "" {
		return own
	}
	return e.mediaType()
}

// fitting returns the format whose bytes the media type can label: the same
// type, or one with its name as structured syntax suffix (RFC 6838, section
// 4.2.8), else the first.
func (rs *Responder) fitting(own string) *offer {
	media, _ := header.ParseMediaType(own)
	for i := range rs.formats {
		if offered := &rs.formats[i]; offered.media.Type == media.Type && offered.media.Subtype == media.Subtype {
			return offered
		}
	}
	_, suffix, _ := strings.Cut(media.Subtype, "+")
	for i := range rs.formats {
		if rs.formats[i].media.Subtype == suffix {
			return &rs.formats[i]
		}
	}
	return &rs.formats[0]
}
