package shape_test

import (
	"io"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/shape"
)

type (
	faultySources struct {
		Two     int    `query:"two" header:"X-Two"`
		Option  string `query:"o,requird"`
		Deep    int    `header:"d,deep"`
		Split   string `query:"s,csv"`
		Both    []int  `query:"both,csv,deep"`
		hidden  string `query:"hidden"`
		Dup     int    `query:"dup"`
		Again   int    `query:"dup"`
		Lower   string `header:"x-a"`
		Upper   string `header:"X-A"`
		Spaced  string `header:"X A"`
		Several []int  `path:"several"`
	}
	faultyTypes struct {
		Octets []uint8          `header:"octets"`
		Any    any              `query:"any"`
		Struct struct{ A int }  `query:"struct"`
		Nested [][]int          `query:"nested"`
		Array  [2]int           `query:"array"`
		Map    map[string]int   `query:"map"`
		Field  map[string]int   `header:"field"`
		Keys   map[int]string   `query:"keys,deep"`
		Lists  map[string][]int `query:"lists,deep"`
		Deep   int              `query:"deep,deep"`
		File   bind.File        `query:"file"`
		Behind *by              `query:"behind,deep"`
		Inside struct {
			Untagged int
			A        int            `header:"a"`
			B        map[string]int `query:"b,deep"`
			C        int            `query:"c" default:"x"`
			D        int            `json:"d"`
		} `query:"inside,deep" minimum:"1"`
		Nothing struct{ A int } `query:"nothing,deep"`
	}
	faultyUnbound struct {
		ID      int    `path:"id"`
		Name    string `json:"name" minLength:"1"`
		Limit   int    `maximum:"3"`
		Sort    string `default:"up"`
		Other   string `Query:"n"`
		Silent  string `json:"-" maximum:"3"`
		Foreign string `xml:"x" doc:"Not ours to read"`
		Article article
		*article
		Near int       `query:"near" Minimum:"1" min:"2" required:"true" minlength:"3"`
		Link *url.URL  `query:"link"`
		Fine time.Time `query:"fine" json:"-" min:"3"`
	}
	faultyBodies struct {
		Title string          `form:"title"`
		Body  struct{ A int } `body:"json"`
		More  struct{ B int } `body:"json"`
		Kind  string          `body:"yaml"`
	}
	faultyKinds struct {
		Body int `body:"text,json" default:"1" maxSize:"3"`
	}
	faultyStream struct {
		Body io.Writer `body:"stream" minLength:"3"`
	}
	faultyForm struct {
		Body struct {
			A int `form:"a"`
			B int `query:"b"`
			C int `json:"c"`
		} `body:"form" contentType:"text/x"`
	}
	faultyFile struct {
		A bind.File `form:"a,csv" maxSize:"x" contentMediaType:"*/*" pattern:"a" default:"b"`
		B string    `form:"b" maxSize:"3"`
	}
	faultyEmbedding struct {
		*pages
		checks
		Checks
	}
	Checks struct{}
)

func (Checks) Validate() error { return nil }

// unread is the fault of a field that looks bound.
func unread(path, tags, such string) string {
	noun := "tag "
	if strings.Contains(tags, ",") {
		noun = "tags "
	}
	return path + " has the " + noun + tags + " and no source, so that no request fills it: give it one, such as " + such +
		`, move it into the struct of a field with body:"json", or write json:"-"`
}

// A faultCase is a declaration and the lines of its faults.
type faultCase struct {
	typ  reflect.Type
	want []string
}

func fieldFaults() []faultCase {
	return []faultCase{
		{reflect.TypeFor[faultySources](), []string{
			"faultySources.Two has more than one source: query, header; keep one of them",
			`faultySources.Option has an unknown query option "requird": use optional, csv or deep`,
			`faultySources.Deep has an unknown header option "deep": use optional`,
			"faultySources.Split has the option csv, which is for slices: remove it, or use a slice",
			"faultySources.Both has both csv and deep: use one",
			"faultySources.hidden has a query tag but is not exported: export it",
			`faultySources.Again reads query "dup", which another field reads already: remove one of the two`,
			`faultySources.Upper reads header "X-A", which another field reads already: remove one of the two`,
			`faultySources.Spaced has the name "X A", which is not a valid name of a header: use letters, digits, - and _`,
			"faultySources.Several is a slice, but a path has one value for each name: use the type of one",
		}},
		{reflect.TypeFor[faultyTypes](), []string{
			"faultyTypes.Octets is a []uint8, which is not a list of numbers here: use string",
			"faultyTypes.Any has type interface {}, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"faultyTypes.Struct has type struct { A int }, which cannot be read from text: add the option deep and query tags within, or use a type with UnmarshalText",
			"faultyTypes.Nested has type []int, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"faultyTypes.Array has type [2]int, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"faultyTypes.Map is a map: add the option deep",
			"faultyTypes.Field has type map[string]int, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"faultyTypes.Keys needs keys that are strings, not int",
			"faultyTypes.Lists has type []int, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"faultyTypes.Deep has the option deep, which is for maps and structs, not int: remove it",
			`faultyTypes.File has type bind.File, which cannot be read from text: write form:"..."`,
			"faultyTypes.Behind has the option deep, which is for maps and structs, not *shape_test.by: use the struct itself",
			`faultyTypes.Inside has minimum:"1", which does not apply to a struct: write it on a field of the struct`,
			"faultyTypes.Inside.A needs a query tag without deep",
			"faultyTypes.Inside.B needs a query tag without deep",
			`faultyTypes.Inside.C has default:"x": it must be an integer`,
			unread("faultyTypes.Inside.D", "json", `query:"d"`),
			`faultyTypes.Nothing has the option deep, but its struct has no field with a query tag: write query:"..." on its fields`,
		}},
		{reflect.TypeFor[faultyUnbound](), []string{
			unread("faultyUnbound.Name", "json, minLength", `query:"name"`),
			unread("faultyUnbound.Limit", "maximum", `query:"limit"`),
			unread("faultyUnbound.Sort", "default", `query:"sort"`),
			"faultyUnbound.Other has the tag Query, which nothing reads: write query",
			`faultyUnbound.Article has no source, and no request fills its field Base.ID, which looks bound: write body:"json", or value:"article" for what the option bind.Value returns, or json:"-"`,
			`faultyUnbound.article is embedded beside fields that have a source, and no request fills its field ID, which looks bound: give the embedded struct a name and the tag body:"json", or write json:"-"`,
			"faultyUnbound.Near has the tag Minimum, which nothing reads: write minimum",
			"faultyUnbound.Near has the tag min, which nothing reads: write minimum",
			"faultyUnbound.Near has the tag required, which nothing reads: remove it, because a value is required unless it is a pointer or a bind.Opt, has a default, or has the option optional or, in JSON, omitempty",
			"faultyUnbound.Near has the tag minlength, which nothing reads: write minLength",
		}},
	}
}

func bodyFaults() []faultCase {
	return []faultCase{
		{reflect.TypeFor[faultyBodies](), []string{
			`faultyBodies.Kind has an unknown body kind "yaml": use json, form, multipart, text, bytes or stream`,
			"faultyBodies.More is a second body: a request has one, so remove one",
			"faultyBodies.Body is the body, but form fields read the body too: remove one of the two",
		}},
		{reflect.TypeFor[faultyKinds](), []string{
			"faultyKinds.Body has the body kind json after text, which takes any media type: put text last, or remove it",
			`faultyKinds.Body has maxSize:"3", which does not apply to a body: use the option bind.MaxBody`,
			`faultyKinds.Body has default:"1", which does not apply to a body: use a pointer, which is nil if no body was sent`,
			"faultyKinds.Body is a text body of type int, which is not a string: use a string or a type with UnmarshalText",
		}},
		{reflect.TypeFor[faultyStream](), []string{
			`faultyStream.Body has minLength:"3", which does not apply to a body of the kind stream: remove it, and check the body where it is read`,
			"faultyStream.Body is a stream of type io.Writer: use io.Reader or io.ReadCloser",
		}},
		{reflect.TypeFor[faultyForm](), []string{
			"faultyForm.Body has a contentType tag, but a form has two media types of its own: remove the tag",
			"faultyForm.Body.B has a query tag, but the fields of a body are read from the body: write form",
			unread("faultyForm.Body.C", "json", `form:"c"`),
		}},
		{reflect.TypeFor[faultyFile](), []string{
			`faultyFile.A has pattern:"a", which does not apply to a file: use contentMediaType`,
			`faultyFile.A has default:"b", which does not apply to a file: use the option optional`,
			"faultyFile.A has the option csv, which is for text: remove it",
			`faultyFile.A has maxSize:"x": it must be a number of 0 or more`,
			`faultyFile.A has contentMediaType:"*/*": it needs media types such as image/png or image/*, separated by commas`,
			`faultyFile.B has maxSize:"3", which is for a bind.File in a form: use maxLength, or the type bind.File`,
		}},
		{reflect.TypeFor[faultyEmbedding](), []string{
			"faultyEmbedding.pages is an embedded pointer: embed the struct itself",
			"faultyEmbedding.checks has a Validate method that bind cannot call: give shape_test.faultyEmbedding one that calls it",
		}},
		{reflect.TypeFor[*pages](), []string{"*shape_test.pages cannot be the whole In: use shape_test.pages"}},
	}
}

func TestInOf_faults(t *testing.T) {
	t.Parallel()
	_ = faultySources{}.hidden // otherwise reflection alone sees it
	for _, tc := range slices.Concat(fieldFaults(), bodyFaults()) {
		assert.Equal(t, tc.want, shape.InOf(tc.typ).Faults.Lines(), tc.typ)
	}
}

// A tag that cannot be read to its end may hold anything. The compiler's checks know of
// those in a source file, but not of those in a type that a program makes.
func TestInOf_unreadable(t *testing.T) {
	t.Parallel()
	field := func(name, tags string) reflect.StructField {
		return reflect.StructField{Name: name, Type: reflect.TypeFor[int](), Tag: reflect.StructTag(tags)}
	}
	in := shape.InOf(reflect.StructOf([]reflect.StructField{
		field("A", `query:"a" minimum: "1"`),
		field("B", `json:"-", query:"b"`),
		field("C", `, query:"c"`),
		field("D", `other nonsense`),
	}))
	assert.Equal(t, []string{
		`struct.A has a tag that cannot be read from "minimum: \"1\"" on: write key:"value", with one space between two of them`,
		`struct.C has a tag that cannot be read from ", query:\"c\"" on: write key:"value", with one space between two of them`,
	}, in.Faults.Lines())
}
