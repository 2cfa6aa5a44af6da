package respond

import (
	"bytes"
	"encoding"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/header"
)

const (
	jsonType  = "application/json"
	xmlType   = "application/xml"
	htmlType  = "text/html; charset=utf-8"
	textType  = "text/plain; charset=utf-8"
	bytesType = "application/octet-stream"
)

// A Format is a way to encode values that are neither text nor bytes. To use the codec of
// another package, write an Encode that calls it.
type Format struct {
	// Type is the media type, as it is sent in Content-Type.
	Type string
	// Encode writes v to w. v is the value that the handler returned, without wrappers.
	// w is a buffer: nothing is sent before Encode returns, and its error is a 500. Many
	// goroutines call it at once.
	Encode func(w io.Writer, v any) error

	codec codec
}

// codec marks the formats of this package. They get a pointer to the value.
type codec uint8

const (
	codecUser codec = iota
	codecJSON
	codecXML
)

// offer is a Format, ready to be compared with Accept.
type offer struct {
	Format

	media header.MediaType
}

// JSON returns the format application/json, which is the default:
//
//   - A nil slice is [] and a nil map is {}.
//   - The keys of a map are sorted.
//   - A [time.Duration] is a number of nanoseconds.
//   - A [time.Time] is in RFC 3339, or in the format of its tag as in package bind: date,
//     time, date-time-local, http or unix.
//   - Nothing is escaped for HTML.
//   - Names are case-sensitive.
func JSON() Format {
	return Format{Type: jsonType, Encode: encodeJSON, codec: codecJSON}
}

func encodeJSON(w io.Writer, v any) error {
	var buf bytes.Buffer
	if err := encode.DynamicAnswer().Encode(&buf, &v); err != nil {
		return err
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// XML returns the format application/xml of package encoding/xml, with an XML declaration. A
// map or a slice cannot be encoded, because it is not one element.
func XML() Format {
	return Format{Type: xmlType, Encode: encodeXML, codec: codecXML}
}

var errNotElement = errors.New("respond: a map or slice is not one XML element")

func encodeXML(w io.Writer, v any) error {
	value := reflect.ValueOf(v)
	for (value.Kind() == reflect.Pointer || value.Kind() == reflect.Interface) && !value.IsNil() {
		value = value.Elem()
	}
	switch value.Kind() {
	case reflect.Map, reflect.Slice, reflect.Array:
		if p := reflect.PointerTo(value.Type()); !implements[xml.Marshaler](p) && !implements[encoding.TextMarshaler](p) {
			return errNotElement
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(w).Encode(v)
}

// xmlFault returns why no value of type t can be written in XML, or "". If a method panics on
// the zero value, nothing is known.
func xmlFault(t reflect.Type) (words string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	defer func() {
		if recover() != nil {
			words = ""
		}
	}()
	err := encodeXML(io.Discard, reflect.New(t).Interface())
	var unsupported *xml.UnsupportedTypeError
	switch {
	case errors.Is(err, errNotElement):
		return t.String() + " is not one XML element: declare a struct around it"
	case errors.As(err, &unsupported) && unsupported.Type == t && t.Name() == "":
		return t.String() + " has no name for its XML element: declare a named type, or add a field XMLName"
	case errors.As(err, &unsupported):
		return t.String() + " cannot be encoded as XML: it contains the type " + unsupported.Type.String()
	}
	return ""
}

// encode writes the value behind p to buf.
func (f *Format) encode(buf *bytes.Buffer, lf *leaf, p any) error {
	if f.codec == codecJSON {
		return lf.codec.Encode(buf, p)
	}
	p, err := lf.withoutHidden(p)
	if err != nil {
		return err
	}
	if f.codec == codecXML {
		return f.Encode(buf, p)
	}
	return failure.WithoutNils(f.Encode(buf, lf.value(p)))
}

// sendValue encodes the value behind p completely before it touches the
// response.
func (rs *Responder) sendValue(lf *leaf, w http.ResponseWriter, r *http.Request, p any, env *envelope) error {
	if !bodyAllowed(env.status) {
		return sendNothing(w, r, env)
	}
	format := Format{Type: jsonType, codec: codecJSON}
	if len(rs.formats) > 0 {
		chosen, err := rs.choose(w, r, env)
		if err != nil {
			rs.Error(w, r, err)
			return &sentError{err}
		}
		format = chosen.Format
	}
	buf := encode.Buffer()
	lf.size.Reserve(buf)
	if err := format.encode(buf, lf, p); err != nil {
		encode.Release(buf)
		return refuse(w, r, err)
	}
	lf.size.Note(buf.Len())
	err := sendBytes(w, r, env, format.Type, buf.Bytes())
	encode.Release(buf)
	return err
}

func (rs *Responder) usesJSON() bool {
	return len(rs.formats) == 0 || slices.ContainsFunc(rs.formats, func(f offer) bool { return f.codec == codecJSON })
}

// usesJSONAlone reports whether every value is encoded by the codec of its leaf.
func (rs *Responder) usesJSONAlone() bool {
	return !slices.ContainsFunc(rs.formats, func(f offer) bool { return f.codec != codecJSON })
}

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
// between equals. A field without a valid element counts as absent.
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

// contentType returns the media type that the handler has chosen: in a wrapper, on the
// response or by a method of the value.
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

// fitting returns the format for a Content-Type that the handler has chosen: the format of
// the same type, or the one named by the structured syntax suffix (RFC 6838, section 4.2.8),
// else the first.
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
