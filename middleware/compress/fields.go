package compress

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// codedTag returns a strong entity tag with the suffix of the coding, because a body in
// another coding is another representation (RFC 9110, section 8.8.3.3). A weak tag may
// cover all of them and stays.
func (c *coding) codedTag(tag string) string {
	if !header.IsETag(tag) || tag[0] != '"' {
		return tag
	}
	return tag[:len(tag)-1] + c.suffix
}

// baseTag removes the suffix of the coding from an entity tag. The tag was sent as a
// strong one, but a proxy that changes the coding makes it weak.
func (c *coding) baseTag(tag string) (base string, ok bool) {
	base, ok = strings.CutSuffix(tag, c.suffix)
	if !ok || !strings.HasPrefix(base, `"`) && !strings.HasPrefix(base, `W/"`) {
		return tag, false
	}
	return base + `"`, true
}

// translate returns the request for the handler, which does not know codings: r itself in
// most cases, or a copy with its own header. accepted is the coding that the client
// wants, or nil.
func (c *config) translate(r *http.Request, accepted *coding) *http.Request {
	match := c.baseTags(r.Header["If-Match"], nil)
	var noneMatch []string
	switch {
	case !isRead(r):
		noneMatch = c.baseTags(r.Header["If-None-Match"], nil)
	case accepted != nil:
		// A 304 may confirm a coded body in a cache only if the client accepts that coding.
		noneMatch = c.baseTags(r.Header["If-None-Match"], r.Header["Accept-Encoding"])
	}
	// The client may have a part of a coded body, and no part of the plain body continues it.
	// Its tag shows that. A date does not, because it is the same for both (RFC 9110, section
	// 8.8.1).
	unsure := len(r.Header["Range"]) > 0 && (match != nil || accepted != nil && hasDate(r.Header))
	if match == nil && noneMatch == nil && !unsure {
		return r
	}
	r = r.WithContext(r.Context()) // a copy
	r.Header = r.Header.Clone()
	if match != nil {
		r.Header["If-Match"] = match
	}
	if noneMatch != nil {
		r.Header["If-None-Match"] = noneMatch
	}
	if unsure {
		delete(r.Header, "Range")
	}
	return r
}

func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// hasDate reports whether a date is the condition of a range.
func hasDate(h http.Header) bool {
	ifRange := h["If-Range"]
	return len(ifRange) > 0 && !header.IsETag(ifRange[0]) || len(h["If-Unmodified-Since"]) > 0
}

// baseTags returns the lines of If-Match or If-None-Match for the handler. Each line
// begins with those of its tags that have a suffix, without the suffix. The line itself
// follows, because a handler may have tags of its own that end like that. The number of
// lines stays, because some servers refuse a second line. It is nil if no tag has a
// suffix. With accept, the lines of Accept-Encoding, only the suffixes of accepted
// codings count.
func (c *config) baseTags(lines, accept []string) []string {
	var all []string
	for i := range lines {
		var list strings.Builder
		for tag := range header.ETags(lines[i : i+1]) {
			if _, base := c.decodedTag(tag, accept); base != tag {
				list.WriteString(base)
				list.WriteString(", ")
			}
		}
		if list.Len() == 0 {
			continue
		}
		if all == nil {
			all = slices.Clone(lines)
		}
		all[i] = list.String() + lines[i]
	}
	return all
}

// decodedTag returns the coding whose suffix a tag has, and the tag without it.
func (c *config) decodedTag(tag string, accept []string) (*coding, string) {
	for _, offered := range c.codings {
		if base, ok := offered.baseTag(tag); ok {
			if accept == nil || header.CodingWeight(accept, offered.name) > 0 {
				return offered, base
			}
		}
	}
	return nil, tag
}

// clientTag returns the tag of a 304. Of the tags in the request that match the tag of
// the handler, it is the one of the coding that a 200 would have, or else the first.
func (c *config) clientTag(r *http.Request, wanted *coding, tag string) string {
	if wanted == nil {
		return tag
	}
	known := tag
	for sent := range header.ETags(r.Header["If-None-Match"]) {
		of, base := c.decodedTag(sent, r.Header["Accept-Encoding"])
		if of == nil || !header.EqualWeak(base, tag) {
			continue
		}
		if of == wanted {
			return of.codedTag(tag)
		}
		if known == tag {
			known = of.codedTag(tag)
		}
	}
	return known
}

// keepHeader copies the header if the handler continues while the response is held back.
func (x *writer) keepHeader() {
	if x.state == undecided {
		x.header.Take(x.below.Header())
	}
}

// describe changes the header fields of the plain body into those of the coded one. The
// values of all fields share one array, each cut to capacity 1.
func (x *writer) describe(h http.Header) {
	if _, typed := h["Content-Type"]; !typed {
		x.set(h, 0, "Content-Type", x.media)
	}
	x.set(h, 1, "Content-Encoding", x.coding.name)
	delete(h, "Content-Length")
	delete(h, "Accept-Ranges")
	if tags := h["Etag"]; len(tags) > 0 {
		x.set(h, 2, "Etag", x.coding.codedTag(tags[0]))
	}
}

// addVary tells caches that the answer depends on Accept-Encoding (RFC 9110,
// section 12.5.5).
func (x *writer) addVary(h http.Header) {
	if vary := varyOf(h); vary != "" {
		h["Vary"] = x.below.FieldValue(vary)
	}
}

// varyOf returns the new value of Vary, or "" if it need not change.
func varyOf(h http.Header) string {
	const name = "Accept-Encoding"
	lines := h["Vary"]
	switch {
	case len(lines) == 0:
		return name
	case header.HasMember(lines, name), header.HasMember(lines, "*"):
		return ""
	}
	return strings.Join(lines, ", ") + ", " + name
}

// restoreTag sets the entity tag that the client knows, and reports whether it is the tag
// of an encoded body.
func (x *writer) restoreTag(h http.Header) bool {
	tags := h["Etag"]
	if len(tags) == 0 {
		return false
	}
	known := x.config.clientTag(x.request, x.coding, tags[0])
	if known == tags[0] {
		return false
	}
	x.set(h, 2, "Etag", known)
	return true
}

// set sets a field to a value that stands in the place i of values.
func (x *writer) set(h http.Header, i int, name, value string) {
	x.values[i] = value
	h[name] = x.values[i : i+1 : i+1]
}
