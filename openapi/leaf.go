package openapi

import (
	"cmp"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/choice"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/method"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/respond"
)

// byItself adds the answers of a type that serves itself, under the status that a Doc has
// for it if that is not empty.
func (a *answers) byItself(t reflect.Type, status string) {
	elem := t
	if t.Kind() == reflect.Pointer {
		elem = t.Elem()
	}
	if x, ok := reflect.TypeAssert[describe.Stream](reflect.Zero(elem)); ok {
		a.stream(x, elem, status)
		return
	}
	file, isFile := reflect.TypeAssert[describe.File](reflect.New(elem))
	switch {
	case elem == reflect.TypeFor[respond.Redirect]():
		a.redirect(status)
	case isFile:
		a.file(status)
		if file.DescribeFile() {
			a.redirect("") // to a directory with its slash
		}
	default:
		a.opaque(status)
	}
}

// redirect adds a redirect. Its type does not decide the status.
func (a *answers) redirect(status string) {
	a.at(cmp.Or(status, "3XX")).Headers.Set("Location", &header{
		Description: "The URL to go to",
		Required:    true,
		Schema:      schema.Formatted("string", "uri-reference"),
	})
}

// file adds the answers of a file (RFC 9110, sections 13 and 14).
func (a *answers) file(status string) {
	if status != "" && status != strconv.Itoa(http.StatusOK) {
		a.at(status).Content.Set(anyType, &mediaType{Schema: binary("")})
		return
	}
	for _, code := range []int{http.StatusOK, http.StatusPartialContent} {
		x := a.at(strconv.Itoa(code))
		x.Content.Set(anyType, &mediaType{Schema: binary("")})
		x.Headers.Set("ETag", &header{Schema: schema.Typed("string")})
		x.Headers.Set("Accept-Ranges", &header{Schema: schema.Typed("string")})
		if code == http.StatusPartialContent {
			x.Headers.Set("Content-Range", &header{Description: "The part of the file", Schema: schema.Typed("string")})
		}
	}
	a.at(strconv.Itoa(http.StatusNotModified))
	for _, code := range []int{http.StatusNotFound, http.StatusPreconditionFailed, http.StatusRequestedRangeNotSatisfiable} {
		a.failure(strconv.Itoa(code))
	}
}

// opaque adds the answer of a handler about which nothing is known.
func (a *answers) opaque(status string) {
	a.at(cmp.Or(status, "default")).Content.Set(anyType, &mediaType{})
}

const (
	sseType    = "text/event-stream"
	ndjsonType = "application/x-ndjson"
)

// stream adds the body of a stream. OpenAPI 3.1 cannot describe a sequence of items. So the
// schema of one line stands for that of an NDJSON body, and extensions of the schema of an
// event stream have the schemas of the data.
func (a *answers) stream(x describe.Stream, t reflect.Type, status string) {
	status = cmp.Or(status, strconv.Itoa(http.StatusOK))
	var mediaTypes []string
	var item reflect.Type
	a.schemas.Calling("the method StreamType of "+t.String()+" panics on the zero value", func() { mediaTypes, item = x.StreamType() })
	for _, name := range mediaTypes {
		name = essence(name)
		body := a.streamed(name, item)
		if _, ok := x.(describe.Resetter); ok {
			body.Description += " An event of type reset with the data {} means that the client has missed events and should read the state again."
		}
		a.add(a.at(status), name, body)
	}
}

func (a *answers) streamed(name string, item reflect.Type) *schema.Schema {
	s, out := shape.FieldSite(a.path, shape.InJSON, item, ""), schema.Use{}
	switch name {
	case jsonType:
		list := schema.Typed("array")
		list.Items = a.schemas.JSON(s, out)
		return list
	case ndjsonType:
		line := a.schemas.JSON(s, out)
		line.Description = "One value per line."
		return line
	case sseType:
		events := schema.Typed("string")
		events.Description = "A stream of events."
		choices, _ := choice.Of(item, reflect.TypeFor[respond.OneOf]())
		switch {
		case choices != nil:
			choices.Each(func(name, path string, t reflect.Type) {
				events.EventTypes.Set(name, a.schemas.JSON(shape.FieldSite(path, shape.InJSON, t, ""), out))
			})
			events.Description += " The data of each is JSON: x-event-types has the schema for each type."
		case !isEvent(item):
			events.Event = a.schemas.JSON(s, out)
			events.Description += " The data of each is JSON: x-event-data is its schema."
		}
		return events
	case bytesType:
		return binary(bytesType)
	}
	return schema.Typed("string")
}

// isEvent reports whether t is an event with its fields, or a pointer to one. A type that
// embeds an event is a value like any other.
func isEvent(t reflect.Type) bool {
	by := method.Method{
		By:     reflect.TypeFor[describe.Event](),
		Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("DescribeEvent") },
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && by.Has(t) && len(by.From(t)) == 0
}

// fields adds header fields to a response, with their values as examples. It skips
// Content-Type, which OpenAPI ignores here.
func (x *response) fields(h http.Header) {
	for _, name := range slices.Sorted(maps.Keys(h)) {
		name = http.CanonicalHeaderKey(name)
		if name == "Content-Type" {
			continue
		}
		field := &header{Schema: schema.Typed("string")}
		if text := strings.Join(h[name], ", "); text != "" {
			field.Example, _ = json.AppendQuote(nil, text)
		}
		x.Headers.Set(name, field)
	}
}

// cookies adds the field by which cookies are set.
func (x *response) cookies(cookies []*http.Cookie) {
	names := make([]string, 0, len(cookies))
	for _, c := range cookies {
		names = append(names, c.Name)
	}
	if len(names) > 0 {
		x.Headers.Set("Set-Cookie", &header{Description: "Sets " + strings.Join(names, ", "), Schema: schema.Typed("string")})
	}
}
