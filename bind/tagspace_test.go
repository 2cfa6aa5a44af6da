package bind_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
)

// Spaces beside the commas of a tag are a slip, so is a value given twice, and what is nearly a
// list is none.
func TestForType_spacesInTags(t *testing.T) {
	t.Parallel()
	part := func(write string) string { return "a space at an end of a value is part of it: write " + write }
	const orPattern = ", or a pattern where the space is part of a value"
	for _, tc := range []struct {
		typ       reflect.Type
		tag, want string // empty where nothing is wrong
	}{
		{reflect.TypeFor[string](), `query:"v" enum:"a, b"`, `has enum:"a, b": ` + part("a,b") + orPattern},
		{reflect.TypeFor[string](), `json:"v" enum:"a , b"`, `has enum:"a , b": ` + part("a,b") + orPattern},
		{reflect.TypeFor[string](), `json:"v" enum:" a"`, `has enum:" a": ` + part("a") + orPattern},
		{reflect.TypeFor[[]int](), `json:"v" enum:"1, 2"`, `has enum:"1, 2": ` + part("1,2") + orPattern},
		{reflect.TypeFor[string](), `json:"v" enum:"dark red,,green"`, ""},
		{reflect.TypeFor[string](), `form:"v" enum:""`, `has enum:"": it has no values: write them with commas between, such as a,b`},
		{reflect.TypeFor[string](), `cookie:"v" enum:","`, `has enum:",": it has "" twice: remove one`},
		{reflect.TypeFor[string](), `json:"v" enum:"a,b,a"`, `has enum:"a,b,a": it has "a" twice: remove one`},
		{reflect.TypeFor[float64](), `json:"v" enum:"1,1.0"`, `has enum:"1,1.0": it has "1.0" twice: remove one`},
		{reflect.TypeFor[[]string](), `query:"v" default:"a, b"`, `has default:"a, b": ` + part("a,b")},
		{reflect.TypeFor[[]time.Duration](), `json:"v" default:"1s ,2s"`, `has default:"1s ,2s": ` + part("1s,2s")},
		{reflect.TypeFor[[]string](), `query:"v" default:"a b,c"`, ""},
		{reflect.TypeFor[string](), `query:"v" default:"a, b "`, ""},
		{reflect.TypeFor[string](), `query:" v"`, `has the name " v", with a space at an end: write "v"`},
		{reflect.TypeFor[string](), `json:" v"`, `has the name " v", with a space at an end: write "v"`},
		{reflect.TypeFor[string](), `json:"v ,omitempty"`, `has the name "v ", with a space at an end: write "v"`},
		{reflect.TypeFor[string](), `form:"v ,optional"`, `has the name "v ", with a space at an end: write "v"`},
		{reflect.TypeFor[string](), `header:" V"`, `has the name " V", which is not a valid name of a header: use letters, digits, - and _`},
		{reflect.TypeFor[string](), `query:"v, optional"`, `has an unknown query option " optional": use optional, csv or deep`},
		{reflect.TypeFor[int](), `form:"v,default=20"`, `has the unknown option "default=20": write default:"20"`},
		{reflect.TypeFor[[]bind.File](), `form:"v" contentMediaType:"image/png, image/jpeg"`, ""},
		{reflect.TypeFor[struct{ A int }](), `body:"json, form"`, `has an unknown body kind " form": use json, form, multipart, text, bytes or stream`},
		{reflect.TypeFor[struct{ A int }](), `body:"json" contentType:" application/x"`, notOneType(" application/x")},
		{reflect.TypeFor[[]byte](), `body:"bytes" contentType:"image/png,image/jpeg"`, notOneType("image/png,image/jpeg")},
		{reflect.TypeFor[[]byte](), `body:"bytes" contentType:"image/*"`, notOneType("image/*")},
		{reflect.TypeFor[string](), `body:"text" contentType:"text/plain; charset=utf-8"`, notOneType("text/plain; charset=utf-8")},
		{reflect.TypeFor[string](), `body:"text" contentType:"text/x+y"`, ""},
		{reflect.TypeFor[string](), `body:"text" contentType:"*"`, ""},
	} {
		in := reflect.StructOf([]reflect.StructField{{Name: "V", Type: tc.typ, Tag: reflect.StructTag(tc.tag)}})
		if tc.want == "" {
			assert.NotPanics(t, func() { bind.ForType(in) }, tc.tag)
			continue
		}
		assert.PanicsWithValue(t, "bind: "+in.String()+" cannot be bound:\n\tstruct.V "+tc.want, func() { bind.ForType(in) }, tc.tag)
	}
}

func notOneType(media string) string {
	return `has contentType:"` + media + `": it needs one media type without parameters, such as application/vnd.note+json, or "*"`
}
