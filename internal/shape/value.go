package shape

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/method"
)

// A Value is a field that the request as a whole fills: by the option bind.Value of its name, or
// by the method UnmarshalRequest of its type.
type Value struct {
	Path string
	// Name is the name in the tag value. It is empty for a field that reads itself.
	Name  string
	Index []int
	Type  Type
	// Ready leads to the embedded pointers that [method.Make] has to allocate before
	// UnmarshalRequest is called.
	Ready []int
	// Reads are the parameters that the type says it reads, by RequestParameters.
	Reads []Param
}

func unmarshalRequest() method.Method {
	return method.Method{
		By:     reflect.TypeFor[interface{ UnmarshalRequest(r *http.Request) error }](),
		Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("UnmarshalRequest") },
	}
}

// declaresUnmarshalRequest reports whether *t declares the method itself. A method of an embedded
// field does not count.
func declaresUnmarshalRequest(t reflect.Type) bool {
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface &&
		unmarshalRequest().Has(t) && len(unmarshalRequest().From(t)) == 0
}

// bindsItself reports whether a field without a tag is filled by its UnmarshalRequest. An embedded
// struct must declare the method: if the method comes from a field inside, the fields are bound
// one by one.
func bindsItself(f reflect.StructField) bool {
	t := Of(f.Type).Base
	switch {
	case !unmarshalRequest().Has(t) || !f.IsExported() && f.Tag.Get("json") == "-":
		return false
	case embedded(f) != nil:
		return declaresUnmarshalRequest(t)
	}
	return true
}

// looksInJSON reports whether the json tag of a field makes it a member of a body.
func looksInJSON(f reflect.StructField) bool {
	tag, ok := f.Tag.Lookup("json")
	return ok && tag != "-"
}

const outOfBody = `leave the tag out, or move the field into the struct of one with body:"json"`

// selfBinding reads a field that reads itself.
func selfBinding(path string, index []int, f reflect.StructField) declared {
	var wrong []string
	switch {
	case !f.IsExported():
		wrong = append(wrong, `has a type with UnmarshalRequest but is not exported, so that no request fills it: export it, or write json:"-"`)
	case Of(f.Type).Base.Kind() == reflect.Interface:
		wrong = append(wrong, "is an interface with UnmarshalRequest, which is nil in a request: use a type that has the method")
	case looksInJSON(f):
		wrong = append(wrong, "has the tag json and a type with UnmarshalRequest, which reads the request and not a member of a body: "+outOfBody)
	}
	return newDeclared(path, index, f, sourceTag{}, wrong)
}

// value reads a field with the tag value, or one that binds itself.
func (r *sourceReader) value(d declared) {
	words, instead := "which does not apply to a field that reads itself", "remove it, and check in UnmarshalRequest what is read"
	if d.source == FromValue {
		words, instead = "which does not apply to a value", "remove it, and check the value in the function that provides it"
	}
	r.in.Faults.refuse(d.path, d.field.Tag, append(ruleKeys(), "contentType"), words, always(instead))
	v := Value{Path: d.path, Name: d.name, Index: d.index, Type: Of(d.field.Type)}
	switch {
	case v.Type.IsEndless:
		r.in.Faults.Add(d.path, "has type %s, a pointer that only points to itself: use another type", v.Type.Go)
	case d.source == "":
		var err error
		if v.Ready, err = unmarshalRequest().Ready(v.Type.Base); err != nil {
			r.in.Faults.Append(Fault{d.path, err.Error()})
			return
		}
		v.Reads = r.told(d.path, v.Type.Base, v.Ready)
	}
	r.in.Values = append(r.in.Values, v)
}

// told returns the parameters that the method RequestParameters of a t lists.
func (r *sourceReader) told(path string, t reflect.Type, ready []int) []Param {
	if r.isTold {
		return nil // in such a struct a field that binds itself is a fault
	}
	said, err := requestParameters(t, ready)
	if err != nil {
		r.in.Faults.Add(path, "has type %s, whose RequestParameters %v", t, err)
	}
	if said == nil || err != nil {
		return nil
	}
	of := reflect.TypeOf(said)
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	inner := &sourceReader{in: &In{Type: of}, isTold: true}
	inner.read(of)
	for _, fault := range inner.in.Faults {
		r.in.Faults.Add(path, "has type %s, whose RequestParameters returns a %s: %s", t, of, fault)
	}
	in := inner.in
	if in.Body != nil || len(in.Params) == 0 || len(in.Values)+len(in.Requests) > 0 {
		r.in.Faults.Add(path, "has type %s, whose RequestParameters returns a %s: use a struct of fields with path, query, header or cookie tags alone", t, of)
	}
	return in.Params
}

// requestParameters returns the result of the method RequestParameters of a zero t, or nil without
// the method. The error says that it panics or returns nil, in words that follow its name.
func requestParameters(t reflect.Type, ready []int) (said any, err error) {
	zero := reflect.New(t)
	method.Make(zero.Elem(), ready)
	teller, ok := reflect.TypeAssert[interface{ RequestParameters() any }](zero)
	if !ok {
		return nil, nil
	}
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("panics: %v", fault)
		}
	}()
	if said = teller.RequestParameters(); said == nil {
		err = errors.New("returns nil: return a struct")
	}
	return said, err
}

// A rawField is a field of type bind.Raw.
type rawField struct {
	path  string
	index []int
	field reflect.StructField
}

// isRaw reports whether t is bind.Raw, or a pointer to it. A slice has no room for a marker, so
// its name decides.
func isRaw(t reflect.Type) bool {
	return isOfBind(Of(t).Base, "Raw")
}

func isOfBind(t reflect.Type, name string) bool { return t.Name() == name && isBinds(t) }

// isBinds reports whether t is declared in package bind.
func isBinds(t reflect.Type) bool {
	return t.PkgPath() == strings.TrimSuffix(reflect.TypeFor[In]().PkgPath(), "internal/shape")+"bind"
}

// isParts reports whether t is bind.Parts, which is an alias of a sequence of *bind.Part.
func isParts(t reflect.Type) bool {
	return t.Kind() == reflect.Func && t.CanSeq2() && isOfBind(Of(t.In(0).In(0)).Base, "Part")
}

// raw adds a field of type bind.Raw to the body, which is complete by now.
func (r *sourceReader) raw(f rawField) {
	body := r.in.Body
	isFile := func(p Param) bool { return p.File != nil }
	switch {
	case !f.field.IsExported():
		r.in.Faults.Add(f.path, "is a bind.Raw but is not exported, so that no request fills it: export it")
	case Of(f.field.Type).IsWrapped():
		r.in.Faults.Add(f.path, "is a %s: use bind.Raw, which is empty if no body was sent", f.field.Type)
	case looksInJSON(f.field):
		r.in.Faults.Add(f.path, "is a bind.Raw with the tag json, but holds the whole body: "+outOfBody)
	case body == nil:
		r.in.Faults.Add(f.path, `is a bind.Raw, and no field reads the body: add one with body:"json" or form tags, or read it as a []byte with body:"bytes"`)
	case body.Takes(KindMultipart), body.Takes(KindStream), slices.ContainsFunc(body.Fields, isFile):
		r.in.Faults.Add(f.path, "is a bind.Raw beside a body that is not held in memory (multipart, files or a stream): remove one of the two")
	default:
		r.in.Faults.refuse(f.path, f.field.Tag, ruleKeys(), "which does not apply to a bind.Raw", always("write it on the field that reads the body"))
		body.Raws = append(body.Raws, f.index)
	}
}

// ofRequest returns what to write instead of a field of type t without a source, if t is a type
// of requests or answers, or one that only handlers get. No request fills such a field. The words
// follow its path. They are empty for other types.
func ofRequest(t reflect.Type) string {
	const writer = `, which no request fills: return the answer, such as a respond.Response with its status, ` +
		`header fields and cookies, or write a handler that has the writer as an argument`
	switch t {
	case reflect.TypeFor[http.ResponseWriter](), reflect.TypeFor[http.ResponseController](), reflect.TypeFor[http.Hijacker]():
		return "is an " + t.String() + writer
	case reflect.TypeFor[http.Flusher]():
		return "is an http.Flusher, which no request fills: return a stream of package stream, which flushes by itself"
	case reflect.TypeFor[http.Handler](), reflect.TypeFor[http.HandlerFunc]():
		return "is an " + t.String() + ", which no request fills: a function may return one, and what it needs beside a request is a field of the type that it is a method of"
	case reflect.TypeFor[http.Response]():
		return "is an http.Response, which no request fills: return a respond.Response"
	case reflect.TypeFor[context.Context]():
		return "is a context.Context, which no request fills: it is the first argument of the function, or r.Context() of a *http.Request"
	case reflect.TypeFor[http.Request]():
		return "is an http.Request, which no request fills: a field *http.Request of the In, or of a struct embedded in it, is the request"
	case reflect.TypeFor[http.Header]():
		return `is an http.Header without a source: write a field with header:"..." for each header field, or a *http.Request, which has all of them`
	case reflect.TypeFor[url.Values]():
		return `is url.Values without a source: write a field with query:"..." or form:"..." for each name, or a *http.Request, which has all of them`
	case reflect.TypeFor[http.Cookie]():
		return `is an http.Cookie without a source: write a string with cookie:"..." for each cookie, or a *http.Request, which has all of them`
	case reflect.TypeFor[multipart.FileHeader](), reflect.TypeFor[multipart.File]():
		return "is a " + t.String() + `, which no request fills: use bind.File with form:"..."`
	case reflect.TypeFor[multipart.Form](), reflect.TypeFor[multipart.Reader]():
		return "is a " + t.String() + `, which no request fills: write a field with form:"..." for each name, or bind.Parts with body:"multipart"`
	case reflect.TypeFor[io.Reader](), reflect.TypeFor[io.ReadCloser]():
		return "is an " + t.String() + ` without a source: write body:"stream"`
	case reflect.TypeFor[json.RawMessage]():
		return "is a " + t.String() + ` without a source: write body:"json"`
	}
	switch {
	case isUpload(t):
		return `is a bind.File without a source: write form:"..."`
	case isParts(t):
		return `is bind.Parts without a source: write body:"multipart"`
	}
	return ""
}
