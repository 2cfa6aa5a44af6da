package client

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/respond"
)

// An answer is one outcome of an operation that can be read into its Out.
type answer struct {
	describe.Output

	field int // of a OneOf; -1 if the Out itself is the outcome
	codec encode.Codec
}

// answersOf returns the outcomes that out describes. The error says why one cannot be
// read.
func answersOf(out describe.Output) (answers []*answer, unread error) {
	if out.Kind != describe.OneOf {
		a, err := answerOf(out, out.Type, -1)
		return []*answer{a}, err
	}
	var faults []error
	for _, choice := range out.Choices {
		a, err := answerOf(choice, choice.Type, choice.Field)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		answers = append(answers, a)
	}
	// A type with a fixed status takes that status before other types.
	slices.SortStableFunc(answers, func(a, b *answer) int { return cmp.Compare(a.order(), b.order()) })
	return answers, errors.Join(faults...)
}

func (a *answer) order() int {
	if a.Status != 0 && !a.Varies || a.isRedirect() {
		return 0
	}
	return 1
}

func answerOf(out describe.Output, t reflect.Type, field int) (*answer, error) {
	a := &answer{Output: out, field: field}
	base := t
	if base.Kind() == reflect.Pointer {
		base = base.Elem()
	}
	switch {
	case out.Kind == describe.Value:
		a.codec = encode.For(base)
	case out.Kind == describe.Any && isReader(t), a.isRedirect():
	case out.Kind == describe.Handler && reflect.PointerTo(base).Implements(reflect.TypeFor[describe.Stream]()):
		return a, fmt.Errorf("%s is a stream: use client.Stream, or client.Raw for its bytes", t)
	case out.Kind == describe.Any, out.Kind == describe.Handler, out.Kind == describe.Problem, out.Kind == describe.Reader:
		return a, fmt.Errorf("%s cannot be read from an answer: use client.Raw", t)
	}
	return a, nil
}

// isReader reports whether t is a reader that gets the body itself.
func isReader(t reflect.Type) bool {
	return t == reflect.TypeFor[io.Reader]() || t == reflect.TypeFor[io.ReadCloser]()
}

func (a *answer) isRedirect() bool { return a.Type == reflect.TypeFor[respond.Redirect]() }

// acceptOf returns the field Accept for out, or "" if there is only one format.
func acceptOf(out describe.Output) string {
	if len(out.MediaTypes) > 1 {
		return jsonType
	}
	return ""
}

const jsonType = "application/json"

// answerFor returns the outcome of the response, or nil if the operation declares none.
func (o *operation) answerFor(status int) *answer {
	for _, a := range o.answers {
		if a.takes(status) {
			return a
		}
	}
	return nil
}

// takes reports whether the outcome may have the status.
func (a *answer) takes(status int) bool {
	switch {
	case a.isRedirect():
		return header.IsRedirect(status)
	case a.MayBeNothing && status == http.StatusNoContent:
		return true
	case a.Status != 0 && !a.Varies:
		return status == a.Status
	}
	return status >= http.StatusOK && status < http.StatusMultipleChoices
}

// A response is an answer as it arrives.
type response struct {
	*http.Response

	client *Client
	method string
	all    io.LimitedReader // the body, up to the limit
	read   bool             // the body was read to its end
	kept   bool             // the body is in the Out, and the caller closes it
	start  []byte           // the start of a body that does not fit
	isLive bool             // the rest of the body may never come
}

// store stores the response in dst, which is a zero Out. The error says why it does not
// fit, in words that follow the status.
func (a *answer) store(r *response, dst reflect.Value) error {
	isEmpty := r.isEmpty()
	if isEmpty && a.MayBeNothing && r.StatusCode == http.StatusNoContent {
		return nil
	}
	if a.field >= 0 {
		dst = dst.Field(a.field)
	}
	fields, cookies := r.Header, []*http.Cookie(nil)
	if len(r.Header["Set-Cookie"]) > 0 {
		cookies, fields = r.Cookies(), r.Header.Clone()
		fields.Del("Set-Cookie")
	}
	for dst.Type() != a.Type {
		if dst.Kind() == reflect.Pointer {
			if a.MayBeEmpty && isEmpty {
				return nil
			}
			dst.Set(reflect.New(dst.Type().Elem()))
			dst = dst.Elem()
			continue
		}
		body, ok := respond.Receive(dst.Addr().Interface(), r.StatusCode, fields, cookies)
		if !ok {
			return fmt.Errorf("is of the type %s, which is none of package respond", dst.Type())
		}
		fields, cookies = nil, nil
		dst = reflect.ValueOf(body).Elem()
	}
	switch {
	case a.Kind == describe.Nothing || r.method == http.MethodHead:
		return nil
	case isEmpty && (a.MayBeEmpty || a.MayBeNothing) && dst.Kind() == reflect.Pointer && r.ContentLength == 0:
		return nil
	}
	for dst.Kind() == reflect.Pointer {
		dst.Set(reflect.New(dst.Type().Elem()))
		dst = dst.Elem()
	}
	return a.storeBody(r, dst)
}

// isEmpty reports whether the response is known to have no body.
func (r *response) isEmpty() bool {
	return r.ContentLength == 0 || r.StatusCode == http.StatusNoContent || r.StatusCode == http.StatusResetContent
}

// storeBody stores the body in dst, which is inside all wrappers and pointers.
func (a *answer) storeBody(r *response, dst reflect.Value) error {
	switch {
	case a.isRedirect():
		location := r.Header.Get("Location")
		if location == "" {
			return errors.New("is a redirect without a Location")
		}
		dst.Set(reflect.ValueOf(respond.Redirect{URL: location, Code: r.StatusCode}))
		return nil
	case r.StatusCode == http.StatusNoContent || r.StatusCode == http.StatusResetContent:
		return fmt.Errorf("has no content, but %s is expected", a.Type)
	case r.ContentLength == 0 && a.Kind != describe.Value && a.Kind != describe.Raw && len(r.Header["Content-Type"]) == 0:
		return nil // an empty text or empty bytes
	case !a.takesMedia(r.Header.Get("Content-Type")):
		return fmt.Errorf("has the media type %.100q, but %s is expected", r.Header.Get("Content-Type"), strings.Join(a.MediaTypes, " or "))
	case a.Kind == describe.Any:
		r.kept = true
		dst.Set(reflect.ValueOf(&keptBody{body: r.Body}))
		return nil
	}
	buf := encode.Buffer()
	err := r.load(buf)
	if err == nil {
		switch a.Kind {
		case describe.Value:
			if err = a.codec.Decode(buf.Bytes(), dst.Addr().Interface()); err != nil {
				err = fmt.Errorf("cannot be read as %s: %w", dst.Type(), err)
			}
		case describe.Text, describe.HTML:
			dst.SetString(buf.String())
		default:
			dst.SetBytes(append([]byte{}, buf.Bytes()...))
		}
	}
	if err != nil {
		r.start = bytes.Clone(buf.Bytes()[:min(buf.Len(), maxErrorBody)])
	}
	encode.Release(buf)
	return err
}

// takesMedia reports whether a body may have the type in its Content-Type. A wrapper may
// give a text or bytes another type, which it shows in its Header.
func (a *answer) takesMedia(contentType string) bool {
	if len(a.MediaTypes) == 0 || a.IsWrapped && a.Kind != describe.Value && a.Kind != describe.Raw {
		return true
	}
	if contentType == jsonType && a.Kind == describe.Value {
		return true
	}
	media, ok := header.ParseMediaType(contentType)
	if !ok {
		return false
	}
	if a.Kind == describe.Value && strings.HasSuffix(media.Subtype, "+json") {
		return true
	}
	// If there are several formats, the request has asked for JSON.
	if len(a.MediaTypes) > 1 {
		return media.Essence() == jsonType
	}
	return slices.Contains(a.MediaTypes, media.Essence())
}

// A keptBody is the body of an answer, which the caller has to close. At its end it closes
// itself.
type keptBody struct {
	body io.ReadCloser
	done error
}

// Read reads the body.
func (b *keptBody) Read(p []byte) (int, error) {
	if b.done != nil {
		return 0, b.done
	}
	n, err := b.body.Read(p)
	if err != nil {
		b.done = err
		_ = b.body.Close() // all that there is has been read
	}
	return n, err
}

// Close ends the call.
func (b *keptBody) Close() error {
	b.done = cmp.Or(b.done, http.ErrBodyReadAfterClose)
	return b.body.Close()
}
