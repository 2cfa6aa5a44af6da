package openapi

import (
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/respond"
)

// fields adds header fields to a response, their values as examples. The media
// type has a place of its own, and OpenAPI ignores it here.
func (x *response) fields(h http.Header) {
	for _, name := range slices.Sorted(maps.Keys(h)) {
		name = http.CanonicalHeaderKey(name)
		if name == "Content-Type" {
			continue
		}
		field := &header{Schema: typed("string")}
		if text := strings.Join(h[name], ", "); text != "" {
			field.Example, _ = json.AppendQuote(nil, text)
		}
		x.Headers.set(name, field)
	}
}

// cookies adds the field by which cookies are set.
func (x *response) cookies(cookies []*http.Cookie) {
	names := make([]string, 0, len(cookies))
	for _, c := range cookies {
		names = append(names, c.Name)
	}
	if len(names) > 0 {
		x.Headers.set("Set-Cookie", &header{Description: "Sets " + strings.Join(names, ", "), Schema: typed("string")})
	}
}

// stated adds the fields and cookies that a value of a Doc has: those of the
// wrappers of package respond around it.
func (x *response) stated(value any) {
	v := reflect.ValueOf(value)
	for range maxRefs { // a pointer may point to itself
		if v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
			v = v.Elem()
		}
	}
	if v.Kind() != reflect.Struct || v.Type().PkgPath() != reflect.TypeFor[respond.NoContent]().PkgPath() {
		return
	}
	if h, ok := fieldOf[http.Header](v, "Header"); ok {
		x.fields(h)
	}
	if cookies, ok := fieldOf[[]*http.Cookie](v, "Cookies"); ok {
		x.cookies(cookies)
	}
	if body := v.FieldByName("Body"); body.IsValid() {
		x.stated(body.Interface())
	}
}

func fieldOf[T any](v reflect.Value, name string) (T, bool) {
	field := v.FieldByName(name)
	if !field.IsValid() {
		return *new(T), false
	}
	return reflect.TypeAssert[T](field)
}
