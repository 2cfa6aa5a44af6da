package respond

import (
	"fmt"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/header"
)

// Describe returns how x answers with values of type t. It is for package openapi only.
func (x *Sender[T]) Describe(t reflect.Type) describe.Output { return x.responder.Describe(t) }

// Describe returns how rs answers with values of type t. It is for package openapi only.
func (rs *Responder) Describe(t reflect.Type) describe.Output {
	out := describe.Output{Type: t}
	isOpen := peelType(&out)
	out.Varies = isOpen
	if out.Fault != "" {
		out.Kind = describe.Any
		return out
	}
	if out.Type.Kind() == reflect.Interface {
		out.Kind = describe.Any
		out.MayBeNothing = !out.MayBeEmpty
		return out
	}
	if rs.leaf(out.Type).kind == describe.OneOf && (isOpen || out.Status != 0) {
		out.Kind, out.Fault = describe.OneOf, fmt.Sprintf("%s is a OneOf %s", out.Type, insideWrapper)
		return out
	}
	rs.describeLeaf(&out)
	if out.Status == 0 && !isOpen && out.Kind != describe.Handler && out.Kind != describe.Problem && out.Kind != describe.OneOf {
		out.Status = http.StatusOK
		if out.Kind == describe.Nothing {
			out.Status = http.StatusNoContent
		}
	}
	return out
}

// peelType removes the wrappers from the type of out and adds what they set. It reports whether
// the values of a wrapper choose the status.
func peelType(out *describe.Output) (isOpen bool) {
	for seen := map[reflect.Type]bool{}; ; {
		if seen[out.Type] {
			out.Fault = wrapsItself(out.Type)
			return isOpen
		}
		seen[out.Type] = true
		elem := out.Type
		isPointer := elem.Kind() == reflect.Pointer
		if isPointer {
			elem = elem.Elem()
		}
		if isPointer && (out.Status != 0 || isOpen) {
			out.MayBeEmpty = true
		} else if isPointer {
			out.MayBeNothing = true
		}
		if elem.Kind() == reflect.Interface {
			return isOpen
		}
		x, ok := reflect.TypeAssert[wrapper](reflect.Zero(elem))
		if !ok {
			return isOpen
		}
		_, env := x.peel(envelope{status: out.Status})
		out.Status, out.IsWrapped = env.status, true
		isOpen = isOpen || out.Status == 0
		body, hasLocation := x.about()
		out.Location = out.Location || hasLocation
		out.Type = body
	}
}

// describeLeaf adds how the type inside all wrappers is sent.
func (rs *Responder) describeLeaf(out *describe.Output) {
	lf := rs.leaf(out.Type)
	out.Kind = lf.kind
	out.MayBeNothing = out.MayBeNothing || lf.fn
	switch lf.kind {
	case describe.Shorthand:
		out.Kind, out.Status = describe.Handler, 0
		return
	case describe.Handler:
		// A wrapper replaces only a 200.
		if out.Status == http.StatusOK || out.Type == reflect.TypeFor[Redirect]() {
			out.Status = 0
		}
		return
	case describe.Problem:
		out.Status = 0
		return
	case describe.OneOf:
		rs.describeChoices(out)
		return
	case describe.HTML:
		out.MediaTypes = []string{htmlType}
	case describe.Text:
		out.MediaTypes = []string{textType}
	case describe.Bytes, describe.Reader:
		out.MediaTypes = []string{bytesType}
	case describe.Raw:
		out.MediaTypes = []string{jsonType}
	case describe.Value:
		out.MediaTypes, out.NotAcceptable = rs.mediaTypes(), rs.notAcceptable
	}
	if lf.described {
		describeMethods(out)
	}
	for i, text := range out.MediaTypes {
		if media, ok := header.ParseMediaType(text); ok {
			out.MediaTypes[i] = media.Essence()
		}
	}
}

func (rs *Responder) mediaTypes() []string {
	if len(rs.formats) == 0 {
		return []string{jsonType}
	}
	types := make([]string, 0, len(rs.formats))
	for _, format := range rs.formats {
		types = append(types, format.Type)
	}
	return types
}

// describeMethods adds what the methods of a zero value return. A panic is a fault, because the
// document would lack a status.
func describeMethods(out *describe.Output) {
	t := out.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	defer func() {
		if cause := recover(); cause != nil {
			out.Fault = fmt.Sprintf("StatusCode, Headers or ContentType of %s panics on the zero value: %v", t, cause)
		}
	}()
	var env envelope
	env.describe(reflect.New(t).Interface())
	out.Varies = out.Varies || out.Status == 0 && implements[statusCoder](reflect.PointerTo(t))
	if out.Status == 0 && env.checkStatus() == nil {
		out.Status = env.status
	}
	if env.more != nil {
		out.Header = env.more.header
	}
	if media := env.mediaType(); media != "" {
		out.MediaTypes = []string{media}
	}
}

// DescribeFields returns the header fields and cookies that the wrappers around value add. It
// is for package openapi only.
func DescribeFields(value any) (fields http.Header, cookies []*http.Cookie) {
	const maxNesting = 100 // a pointer may point to itself
	var env envelope
	for range maxNesting {
		v := reflect.ValueOf(value)
		x, isWrapper := value.(wrapper)
		switch {
		case v.Kind() == reflect.Pointer && !v.IsNil():
			value = v.Elem().Interface()
		case v.Kind() != reflect.Pointer && isWrapper:
			value, env = x.peel(env)
		}
	}
	if env.more == nil {
		return nil, nil
	}
	return env.more.header, env.more.cookies
}
