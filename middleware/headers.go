package middleware

import (
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
)

// Headers sets the fields of h on every response, before the handler runs. They replace
// what middleware further out has set. The handler may set, delete or add to any of them,
// and its values are then sent alone: a proxy that adds a field (as
// [net/http/httputil.ReverseProxy] does) does not send it twice. Vary and Set-Cookie are
// different: all their values are sent. Failures of
// [github.com/tenonkit/tenon/respond.Error] keep the fields, except those that describe a
// body, such as Content-Language.
//
// h is copied. Names may be in any case. Headers panics, and names all faults at once,
// for:
//
//   - a name that is not a token (RFC 9110, section 5.1) or is there twice
//   - a name without a value
//   - a value with control characters, or with whitespace at an end
//   - the fields that frame the message: Connection, Content-Length, Trailer and
//     Transfer-Encoding
func Headers(h http.Header) func(http.Handler) http.Handler {
	f, faults := compileFields(h)
	faults.refuse("Headers")
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.serve(next, w, r) })
	}
}

// fields are header fields that are the same in every response. They do not change after
// compileFields.
type fields struct {
	list   []field
	values []string // those of all fields, one after the other
	yields rw.Hook  // yield for each of the fields
}

type field struct {
	name string
	end  int // in values
}

// compileFields copies h. Each fault is a text without a prefix. They are sorted by name.
func compileFields(h http.Header) (f fields, faults faults) {
	seen := make(map[string]bool, len(h))
	for _, given := range slices.Sorted(maps.Keys(h)) {
		name := textproto.CanonicalMIMEHeaderKey(given)
		if fault := fieldFault(name, h[given], seen[name]); fault != "" {
			faults.add("%q %s", given, fault)
			continue
		}
		seen[name] = true
		f.values = append(f.values, h[given]...)
		f.list = append(f.list, field{name, len(f.values)})
	}
	list, values := f.list, f.values
	f.yields = func(w *rw.Writer, _ *http.Request, status int) bool {
		start := 0
		for _, field := range list {
			yield(w, status, field.name, values[start:field.end]...)
			start = field.end
		}
		return true
	}
	return f, faults
}

func fieldFault(name string, values []string, seen bool) string {
	switch {
	case !header.IsToken(name):
		return "is not a field name"
	case seen:
		return "is there twice, in different case"
	case len(values) == 0:
		return "has no value"
	case header.IsFraming(name):
		return "frames the message, so only the server may set it"
	}
	for _, value := range values {
		if !header.IsValue(value) || value != header.Trim(value) {
			return fmt.Sprintf("has the value %q, which has a control character or a space at an end", value)
		}
	}
	return ""
}

// serve sets the fields before next runs. Fields that next sets itself stay. If next adds
// to a field, as a proxy does, the values from here are removed when the header is sent.
func (f *fields) serve(next http.Handler, w http.ResponseWriter, r *http.Request) {
	var own *rw.Writer
	var values []string
	switch shared, ok := w.(*rw.Writer); {
	case len(f.values) == 1:
		own = rw.Wrap(w)
		values = own.FieldValue(f.values[0])
	case ok:
		own, values = shared, slices.Clone(f.values)
	default:
		x := new(dressed)
		own, values = rw.WrapIn(&x.writer, w), append(x.values[:0], f.values...)
	}
	f.set(own.Header(), values)
	own.Around(next, r, r, f.yields)
}

// A dressed is a Writer with room for the values of the fields, in one allocation.
type dressed struct {
	writer rw.Writer
	values [6]string
}

// set puts the fields into h, with a copy of their values for this response alone,
// because others may write into them. Each slice is cut to its capacity, so that an
// append to one does not write into the next.
func (f *fields) set(h http.Header, values []string) {
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

// yield removes the values from here if others follow them. An informational response may
// have others too: then the values from here, or those that the handler has set in their
// place, are kept for the final response.
func yield(w *rw.Writer, status int, name string, own ...string) {
	h := w.Header()
	values, informs := h[name], status < http.StatusOK && status != http.StatusSwitchingProtocols
	isFirst := len(values) >= len(own) && slices.Equal(values[:len(own)], own) && !isAdded(name)
	switch {
	case informs && isFirst:
		w.Keep(name, own)
	case informs:
		w.Keep(name, values)
	case isFirst && len(values) > len(own):
		h[name] = values[len(own):]
	}
}

// faults are the faults of a declaration.
type faults []string

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

// refuse panics with all faults, if there are any.
func (f *faults) refuse(constructor string) {
	if len(*f) > 0 {
		panic("middleware: " + constructor + ": " + strings.Join(*f, "; "))
	}
}

// isAdded reports whether all values of the field are sent, whoever has set them.
func isAdded(name string) bool { return name == "Vary" || name == "Set-Cookie" }
