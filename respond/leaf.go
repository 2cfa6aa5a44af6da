package respond

import (
	"io"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/internal/shape"
)

// leaf is how the values of one type are sent, inside all wrappers. It is made once per type,
// in the same way for static and dynamic types.
type leaf struct {
	kind describe.Kind
	// described types carry a status, header fields or a media type.
	described bool
	// pointer types reach send as they are, others behind a pointer.
	pointer bool
	// fn types are functions. Their values may be nil.
	fn    bool
	codec encode.Codec    // of a describe.Value
	blank *encode.Blank   // for formats other than JSON; nil if no member is writeOnly
	size  encode.SizeHint // of its answers
	// members are the members of a type that embeds a Problem, else nil.
	members   *encode.Members
	shorthand func(w http.ResponseWriter, r *http.Request, v any) error
	choices   []shape.Choice // of a describe.OneOf
	fault     error          // of the declaration
}

// newLeaf applies the table to t, which is not a wrapper and not an interface.
func newLeaf(rs *Responder, t reflect.Type) *leaf {
	p := t
	if t.Kind() != reflect.Pointer {
		p = reflect.PointerTo(t)
	}
	lf := &leaf{
		pointer:   p == t,
		fn:        t.Kind() == reflect.Func,
		described: implements[statusCoder](p) || implements[headerer](p) || implements[contentTyper](p),
	}
	if embedsProblem(p.Elem()) {
		lf.members = encode.MembersOf(p.Elem(), reflect.TypeFor[Problem]())
	}
	if short, ok := rs.shorthands[t]; ok {
		lf.kind, lf.shorthand = describe.Shorthand, short.dynamic
		return lf
	}
	switch lf.kind = kindOf(p); lf.kind {
	case describe.Value:
		lf.codec = encode.Toward(shape.Answer, p.Elem())
		if !rs.usesJSONAlone() {
			lf.blank = encode.NewBlank(shape.Answer, p.Elem())
		}
	case describe.OneOf:
		lf.choose(p.Elem())
	}
	return lf
}

// kindOf takes a pointer type, whose methods include those of its element.
func kindOf(p reflect.Type) describe.Kind {
	t := p.Elem()
	switch {
	case implements[oneOf](p):
		return describe.OneOf
	case implements[http.Handler](p):
		return describe.Handler
	case implements[error](p):
		return describe.Problem
	case t == reflect.TypeFor[None]():
		return describe.Nothing
	case t == reflect.TypeFor[HTML](), isNamed(t, "html/template", "HTML"):
		return describe.HTML
	case t == reflect.TypeFor[json.RawMessage](), isNamed(t, "encoding/json", "RawMessage"):
		return describe.Raw
	}
	switch x := shape.Of(t); {
	case x.IsWrapped(), x.Writes == shape.Self, x.Writes == shape.Text, x.Writes == shape.Number, x.Writes == shape.Time:
		return describe.Value
	case x.Writes == shape.String:
		return describe.Text
	case x.Writes == shape.Bytes && t.Kind() == reflect.Slice:
		return describe.Bytes
	case implements[io.Reader](p), implements[io.WriterTo](p):
		return describe.Reader
	}
	return describe.Value
}

// isNamed recognizes a type without an import of its package, because that would link
// html/template into every program. The RawMessage of encoding/json is a different type from
// that of the engine, unless Go builds encoding/json on it.
func isNamed(t reflect.Type, pkg, name string) bool {
	return t.PkgPath() == pkg && t.Name() == name
}

func implements[I any](t reflect.Type) bool { return t.Implements(reflect.TypeFor[I]()) }

// isPure reports whether the value is encoded as JSON and none of its methods is
// called.
func (lf *leaf) isPure() bool { return lf.kind == describe.Value && !lf.described && lf.codec.IsPure() }

// send answers with the value that p points to, which is not nil.
func (rs *Responder) send(lf *leaf, w http.ResponseWriter, r *http.Request, p any, env envelope) error {
	if lf.fn && reflect.ValueOf(p).Elem().IsNil() {
		return sendNothing(w, r, &env)
	}
	switch lf.kind {
	case describe.OneOf:
		return rs.sendOneOf(lf, w, r, p, env)
	case describe.Shorthand:
		return sendShort(w, r, &env, func(w http.ResponseWriter) error { return lf.shorthand(w, r, lf.value(p)) })
	case describe.Handler:
		h, _ := p.(http.Handler)
		return sendHandler(w, r, &env, h)
	case describe.Problem:
		err, ok := lf.value(p).(error)
		if !ok {
			err, _ = p.(error)
		}
		Error(w, r, err)
		return nil
	}
	if lf.described {
		env.describe(p)
	}
	switch lf.kind {
	case describe.Nothing:
		return sendNothing(w, r, &env)
	case describe.HTML:
		return sendText(w, r, &env, htmlType, reflect.ValueOf(p).Elem().String())
	case describe.Text:
		return sendText(w, r, &env, textType, reflect.ValueOf(p).Elem().String())
	case describe.Bytes:
		return sendBytes(w, r, &env, bytesType, reflect.ValueOf(p).Elem().Bytes())
	case describe.Raw:
		return sendRaw(w, r, &env, reflect.ValueOf(p).Elem().Bytes())
	case describe.Reader:
		return sendReader(w, r, &env, p)
	}
	return rs.sendValue(lf, w, r, p, &env)
}

// value returns the value as it was returned by the handler.
func (lf *leaf) value(p any) any {
	if lf.pointer {
		return p
	}
	return reflect.ValueOf(p).Elem().Interface()
}

// withoutHidden returns p, or a pointer to a copy in which writeOnly members are zero.
func (lf *leaf) withoutHidden(p any) (any, error) {
	if lf.blank == nil {
		return p, nil
	}
	v := reflect.ValueOf(p)
	shown, err := lf.blank.Of(v)
	if err != nil || shown.Pointer() == v.Pointer() {
		return p, err
	}
	return shown.Interface(), nil
}

// sendShort lets a [Shorthand] answer. The function may write and then fail, so a wrapped
// writer records whether the response has started.
func sendShort(w http.ResponseWriter, r *http.Request, env *envelope, send func(w http.ResponseWriter) error) error {
	if err := env.prepareSelf(w); err != nil {
		return refuse(w, r, err)
	}
	own := rw.Wrap(w)
	if err := send(own); !failure.IsNil(err) {
		Error(own, r, err)
		return &sentError{err}
	}
	return nil
}

// sendRaw answers with encoded JSON. Nil is null, as in a field.
func sendRaw(w http.ResponseWriter, r *http.Request, env *envelope, text []byte) error {
	if len(text) == 0 {
		return sendText(w, r, env, jsonType, "null")
	}
	return sendBytes(w, r, env, jsonType, text)
}

// sendHandler lets a handler answer. The header fields of its wrappers are set before, and
// their status replaces a 200.
func sendHandler(w http.ResponseWriter, r *http.Request, env *envelope, h http.Handler) error {
	if err := env.prepareSelf(w); err != nil {
		return refuse(w, r, err)
	}
	if env.status == 0 || env.status == http.StatusOK {
		h.ServeHTTP(w, r)
		return nil
	}
	own := rw.Wrap(w)
	x := substitute{status: env.status}
	mark := own.Hook(r, x.hook)
	defer own.Unhook(mark)
	page := own.SetPage(env.status >= http.StatusBadRequest)
	defer own.SetPage(page)
	inner := unconditional(r, env.status)
	rw.RecordCopy(own, inner)
	defer rw.BringBack(r, inner)
	h.ServeHTTP(own, inner)
	if !x.ran && !own.Started() {
		own.WriteHeader(http.StatusOK) // as net/http does for a handler that wrote nothing
	}
	return nil
}

// A substitute is a status in the place of 200.
type substitute struct {
	status int
	ran    bool
}

// hook is a [rw.Hook].
func (x *substitute) hook(w *rw.Writer, r *http.Request, status int) bool {
	if status < http.StatusOK && status != http.StatusSwitchingProtocols {
		return true // the final status comes later
	}
	x.ran = true
	if status != http.StatusOK {
		return true
	}
	env := envelope{status: x.status}
	if err := env.checkStatus(); err != nil {
		_ = refuse(w, r, err) // the handler learns nothing of it, as with any response
		return false
	}
	if !bodyAllowed(x.status) {
		_ = sendNothing(w, r, &env) // as above
		return false
	}
	if x.status >= http.StatusBadRequest {
		// These fields describe the page, not the failure. A cache would keep the failure for
		// a time that it derives from Last-Modified (RFC 9111, section 4.2.2).
		for _, field := range []string{"Etag", "Last-Modified", "Accept-Ranges"} {
			delete(w.Header(), field)
		}
	}
	w.WriteHeader(x.status)
	return true
}

// unconditional returns r without the header fields that do not apply to a response of the
// status. Ranges apply to a 200 only, and preconditions to the statuses 2xx (RFC 9110,
// sections 14.2 and 13.2.1).
func unconditional(r *http.Request, status int) *http.Request {
	names := []string{"Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"}
	if status < http.StatusMultipleChoices {
		names = names[:2]
	}
	inner := r
	for _, name := range names {
		if _, ok := r.Header[name]; !ok {
			continue
		}
		if inner == r {
			inner = new(http.Request)
			*inner = *r
			inner.Header = r.Header.Clone()
		}
		delete(inner.Header, name)
	}
	return inner
}
