package respond

import (
	"bytes"
	"encoding/xml"
	"net/http"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/shape"
)

// An ErrorBody is a form for all failures of a service, in place of
// application/problem+json. Declare it once with [NewErrorBody], and give it to the chain and
// to the document:
//
//	var errorBody = respond.NewErrorBody("application/json", func(p *respond.Problem) APIError {
//		return APIError{Code: p.Status, Message: cmp.Or(p.Detail, p.Title)}
//	})
//
//	chain := alice.New(middleware.AccessLog(nil), errorBody.Middleware, middleware.Recover())
//	doc, err := openapi.New(info, routes, openapi.ErrorBody(errorBody))
//
// An ErrorBody never changes, and many goroutines may use it at once.
type ErrorBody[T any] struct {
	media  header.MediaType
	named  string // the media type as it was declared, with a charset for text
	form   func(*Problem) T
	isNil  bool // T has a nil
	encode func(buf *bytes.Buffer, v *T) error
	decode func(body []byte, v *T) error
	read   func(status int, v T) *Problem
}

// NewErrorBody returns an ErrorBody whose body is the result of form. The media type decides
// how it is written:
//
//	application/json, +json    as JSON
//	application/xml, +xml      as XML
//	text, and T is a string    unchanged; form escapes it if it is HTML
//
// A nil T sends the status without a body.
//
// form gets the problem that [AsProblem] returns, and may change it. The response has the
// status of that problem and the header fields of the failure, such as WWW-Authenticate and
// Retry-After. If the result of form cannot be encoded, the fault is logged and the answer is
// a 500 as problem details.
//
// NewErrorBody panics if mediaType is none of these, if T can never be written in it, or if
// form is nil.
func NewErrorBody[T any](mediaType string, form func(*Problem) T) *ErrorBody[T] {
	t := reflect.TypeFor[T]()
	b := &ErrorBody[T]{named: mediaType, form: form, isNil: isNilable(t.Kind())}
	var faults []string
	var ok bool
	if b.media, ok = header.ParseMediaType(mediaType); !ok || !header.IsValue(mediaType) {
		faults = append(faults, "the media type is not valid: write one, such as application/json")
	}
	if form == nil {
		faults = append(faults, "the function is nil: write one that makes the body from a problem")
	}
	switch {
	case b.isText():
		b.encode = func(buf *bytes.Buffer, v *T) error {
			_, err := buf.WriteString(reflect.ValueOf(v).Elem().String())
			return err
		}
		b.decode = func(body []byte, v *T) error {
			reflect.ValueOf(v).Elem().SetString(string(body))
			return nil
		}
		if !strings.Contains(mediaType, ";") {
			b.named += "; charset=utf-8"
		}
	case b.isOf("json"):
		codec := encode.Toward(shape.Answer, t)
		b.encode = func(buf *bytes.Buffer, v *T) error { return codec.Encode(buf, v) }
		b.decode = func(body []byte, v *T) error { return codec.Decode(body, v) }
		faults = append(faults, shape.OutFaults(t, t.String()).Lines()...)
	case b.isOf("xml"):
		blank := encode.NewBlank(shape.Answer, t)
		b.encode = func(buf *bytes.Buffer, v *T) error {
			body, err := blank.Of(reflect.ValueOf(v))
			if err != nil {
				return err
			}
			return encodeXML(buf, body.Interface())
		}
		b.decode = func(body []byte, v *T) error { return xml.Unmarshal(body, v) }
		if words := xmlFault(t); words != "" {
			faults = append(faults, words)
		}
	case ok:
		faults = append(faults, t.String()+" cannot be written in that media type: use one of JSON or XML, or one of text for a string")
	}
	if !b.isText() {
		faults = append(faults, shape.Answer.Faults(t, t.String()).Lines()...)
	}
	if len(faults) > 0 {
		panic(report("NewErrorBody["+t.String()+"] of "+mediaType, faults).Error())
	}
	return b
}

func isNilable(k reflect.Kind) bool {
	return k == reflect.Pointer || k == reflect.Interface || k == reflect.Map || k == reflect.Slice
}

func (b *ErrorBody[T]) isText() bool {
	return b.media.Type == "text" && reflect.TypeFor[T]().Kind() == reflect.String
}

// isOf reports whether the media type is one of the structured syntax (RFC 6839).
func (b *ErrorBody[T]) isOf(syntax string) bool {
	return b.media.Subtype == syntax || strings.HasSuffix(b.media.Subtype, "+"+syntax)
}

// Middleware returns a handler that serves next and gives its failures the form of b. The
// innermost ErrorBody or [UseErrorHandler] in a chain counts. Put it inside of AccessLog, and
// outside of Recover, so that panics have the form too. Middleware panics if NewErrorBody has
// not made b.
func (b *ErrorBody[T]) Middleware(next http.Handler) http.Handler {
	if !b.isMade() {
		panic("respond: ErrorBody.Middleware of a nil or zero ErrorBody: make it with NewErrorBody")
	}
	return (&scope{form: b.send}).around(next)
}

// Read returns a copy of b for clients of the service: package client calls f to turn a
// received body into a problem. If f returns nil, the body says nothing about the failure.
// Read panics if f is nil or NewErrorBody has not made b.
func (b *ErrorBody[T]) Read(f func(status int, v T) *Problem) *ErrorBody[T] {
	if f == nil {
		panic("respond: ErrorBody.Read: the function is nil: write one that makes a problem")
	}
	if !b.isMade() {
		panic("respond: ErrorBody.Read of a nil or zero ErrorBody: make it with NewErrorBody")
	}
	reads := *b
	reads.read = f
	return &reads
}

// send is a [form].
func (b *ErrorBody[T]) send(w http.ResponseWriter, r *http.Request, p *Problem) error {
	status := p.status()
	body := b.form(p)
	if b.isNil && reflect.ValueOf(&body).Elem().IsNil() {
		if r.Method == http.MethodHead {
			w.Header()["Content-Length"] = []string{"0"}
		}
		w.WriteHeader(status)
		return nil
	}
	buf := encode.Buffer()
	if err := b.encode(buf, &body); err != nil {
		encode.Release(buf)
		return err
	}
	setContent(w.Header(), content{
		media:   b.named,
		length:  int64(buf.Len()),
		declare: buf.Len() > lengthLimit || r.Method == http.MethodHead,
	})
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes()) // a client that is gone needs no answer
	encode.Release(buf)
	return nil
}

func (b *ErrorBody[T]) isMade() bool { return b != nil && b.form != nil }

// Describe returns the form of failures, or the zero value if NewErrorBody has not made b. It
// is for package openapi only.
func (b *ErrorBody[T]) Describe() describe.ErrorBody {
	if !b.isMade() {
		return describe.ErrorBody{}
	}
	return describe.ErrorBody{
		MediaType: b.media.Essence(), Type: reflect.TypeFor[T](),
		IsText: b.isText(), MayBeEmpty: b.isNil,
	}
}

// Received returns the problem of a failure that a client has received. It returns nil if
// [ErrorBody.Read] was not called, if the media type is another one, or if the body cannot be
// decoded. It is for package client only.
func (b *ErrorBody[T]) Received(status int, contentType string, body []byte) *Problem {
	media, ok := header.ParseMediaType(contentType)
	if b.read == nil || !ok || media.Essence() != b.media.Essence() {
		return nil
	}
	var v T
	if b.decode(body, &v) == nil {
		return b.read(status, v)
	}
	return nil
}
