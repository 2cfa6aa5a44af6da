package respond

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/header"
)

const (
	jsonType  = "application/json"
	xmlType   = "application/xml"
	htmlType  = "text/html; charset=utf-8"
	textType  = "text/plain; charset=utf-8"
	bytesType = "application/octet-stream"
)

// Format is a representation for values that are neither text nor bytes. A
// codec of any package becomes one by a function around it.
type Format struct {
	// Type is the media type, as it is sent in Content-Type.
	Type string
	// Encode writes v to w, a buffer: nothing is sent before it has returned,
	// and an error becomes a 500. v is the value that the handler returned,
	// without wrappers. Many goroutines call it at once.
	Encode func(w io.Writer, v any) error

	codec codec
}

// codec marks the formats of this package, which take a pointer to the value.
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

// JSON returns application/json, which is the format where no other is given:
// names are case-sensitive, a nil slice is [], a nil map {}, map keys are
// sorted, a [time.Duration] is a number of nanoseconds, and nothing is escaped
// for HTML. A [time.Time] is written in RFC 3339, or in the form that the tag
// format of its field chooses, which is that of package bind: date, time,
// date-time-local, http or unix.
func JSON() Format {
	return Format{Type: jsonType, Encode: encodeJSON, codec: codecJSON}
}

func encodeJSON(w io.Writer, v any) error {
	var buf bytes.Buffer
	if err := encode.Dynamic().Encode(&buf, &v); err != nil {
		return err
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// XML returns application/xml by encoding/xml, with the XML declaration. A
// value that is no single element, such as a map or a slice, cannot be encoded.
func XML() Format {
	return Format{Type: xmlType, Encode: encodeXML, codec: codecXML}
}

var errNotElement = errors.New("respond: a map or slice is not one XML element")

func encodeXML(w io.Writer, v any) error {
	t := reflect.TypeOf(v)
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t != nil && !implements[xml.Marshaler](reflect.PointerTo(t)) {
		switch t.Kind() {
		case reflect.Map, reflect.Slice, reflect.Array:
			return errNotElement
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(w).Encode(v)
}

// encode writes the value behind p to buf.
func (f *Format) encode(buf *bytes.Buffer, lf *leaf, p any) error {
	switch f.codec {
	case codecJSON:
		return lf.codec.Encode(buf, p)
	case codecXML:
		return f.Encode(buf, p)
	}
	return f.Encode(buf, lf.value(p))
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
	buf := getBuffer()
	if err := format.encode(buf, lf, p); err != nil {
		putBuffer(buf)
		return refuse(w, r, err)
	}
	err := sendBytes(w, r, env, format.Type, buf.Bytes())
	putBuffer(buf)
	return err
}
