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

// Headers sets the fields of h on every response before the handler runs, so a
// handler that sets, deletes or adds to one of them has its way: no field is sent
// with the value from here and another behind it, as [net/http/httputil.ReverseProxy]
// would make it. What a middleware further out has set is replaced. Vary and
// Set-Cookie are different: every value of them is sent, whoever has set it. A
// failure that [github.com/tenonkit/tenon/respond.Error] answers keeps them, but
// for those that describe a body, such as Content-Language.
//
// h is copied. Names may be in any case of letters. Headers panics, with all the
// faults at once, for a name that is no token (RFC 9110, section 5.1) or is
// there twice, a name without a value, a value with control characters or with
// whitespace around it, and for the fields that frame the message: Connection,
// Content-Length, Trailer and Transfer-Encoding.
func Headers(h http.Header) func(http.Handler) http.Handler {
	f, faults := compileFields(h)
	faults.refuse("Headers")
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.serve(next, w, r) })
	}
}

// fields are header fields that are the same in every response. They are read
// only once they are compiled.
type fields struct {
	list   []field
	values []string // those of all fields, one after the other
	yields rw.Hook  // yield for each of the fields
}

type field struct {
	name string
	end  int // in values
}

// compileFields copies h. The faults are sentences without a prefix, sorted by
// name.
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
		return "is there twice, in other letters"
	case len(values) == 0:
		return "has no value"
	case header.IsFraming(name):
		return "frames the message and is the server's"
	}
	for _, value := range values {
		if !header.IsValue(value) || value != header.Trim(value) {
			return fmt.Sprintf("has the value %q, which is not a field value", value)
		}
	}
	return ""
}

// serve sets the fields before next runs. What next has set itself is left, and
// of what it has added to a field, as a proxy does, the own values are taken away
// when the header is sent.
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

// dressed is a Writer with room for the values of the fields: one allocation for
// both.
type dressed struct {
	writer rw.Writer
	values [6]string
}

// set puts the fields into h, with a copy of their values, which is of this
// response alone, because whoever sees h may write into them. Each is cut to its
// capacity, so that an append to one does not reach the next.
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

// yield takes the own values of a field away if others follow them. Before an
// informational response, which has the others as well, it keeps the own ones for
// the final one, or those that the handler has put in their place.
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

// faults are what is wrong with a declaration.
type faults []string

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

// refuse panics with all of them, if there are any.
func (f *faults) refuse(constructor string) {
	if len(*f) > 0 {
		panic("middleware: " + constructor + ": " + strings.Join(*f, "; "))
	}
}

// isAdded names the fields of which every one counts, whoever has set it.
func isAdded(name string) bool { return name == "Vary" || name == "Set-Cookie" }
