package middleware

import (
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// fields are header fields that are the same in every response. They are read
// only once they are compiled.
type fields struct {
	list   []field
	values []string // those of all fields, one after the other
}

type field struct {
	name string
	end  int // in values
}

// compileFields copies h. The faults are sentences without a prefix, sorted by
// name.
func compileFields(h http.Header) (f fields, faults []string) {
	seen := make(map[string]bool, len(h))
	for _, given := range slices.Sorted(maps.Keys(h)) {
		name := textproto.CanonicalMIMEHeaderKey(given)
		if fault := fieldFault(name, h[given], seen[name]); fault != "" {
			faults = append(faults, fmt.Sprintf("%q %s", given, fault))
			continue
		}
		seen[name] = true
		f.values = append(f.values, h[given]...)
		f.list = append(f.list, field{name, len(f.values)})
	}
	return f, faults
}

func fieldFault(name string, values []string, seen bool) string {
	switch {
	case !header.IsToken(name):
		return "is not a field name"
	case seen:
		return "is there twice, in other letters"
	case len(values) == 0:
		return "has no value"
	}
	switch name {
	case "Connection", "Content-Length", "Trailer", "Transfer-Encoding":
		return "frames the message and is the server's"
	}
	for _, value := range values {
		if !header.IsValue(value) || value != header.Trim(value) {
			return fmt.Sprintf("has the value %q, which is not a field value", value)
		}
	}
	return ""
}

// mustFields is compileFields that panics with all the faults.
func mustFields(constructor string, h http.Header) fields {
	f, faults := compileFields(h)
	if len(faults) > 0 {
		panic("middleware: " + constructor + ": " + strings.Join(faults, "; "))
	}
	return f
}

// set puts the fields into h. The values are copied, into one array that belongs
// to this response alone, because whoever sees h may write into them; each is
// cut to its capacity, so that an append to one does not reach the next.
func (f *fields) set(h http.Header) {
	values := slices.Clone(f.values)
	start := 0
	for _, field := range f.list {
		own := values[start:field.end:field.end]
		start = field.end
		if old := h[field.name]; len(old) > 0 && isAdded(field.name) {
			own = slices.Concat(old, own)
		}
		h[field.name] = own
	}
}

// isAdded names the fields of which every one counts, whoever has set it.
func isAdded(name string) bool { return name == "Vary" || name == "Set-Cookie" }
