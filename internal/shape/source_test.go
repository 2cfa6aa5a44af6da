package shape_test

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/shape"
)

type (
	pages struct {
		Limit  int `query:"limit" default:"20" maximum:"100"`
		Offset int `query:"offset,optional"`
	}
	filter struct {
		Name string `query:"name"`
		Sort []word `query:"sort" enum:"up,down"`
		by
	}
	by struct {
		At time.Time `query:"" format:"date"`
	}
	search struct {
		pages
		Tenant  netip.Addr      `path:"tenant"`
		Tags    []string        `query:"tag,csv" minItems:"1" maxLength:"9" doc:"All of them"`
		Filter  filter          `query:"filter,deep,optional"`
		Labels  map[string]*int `query:"label,deep" minimum:"1"`
		Wait    *time.Duration  `query:"wait"`
		Flag    bind.Opt[bool]  `query:"flag"`
		Request *http.Request
		UserID  uint64 `header:""`
		Session string `cookie:"session,optional"`
		Limit   int8   `query:"limit" default:"5"` // hides that of pages
		Body    *word  `body:"json,text" contentType:"application/vnd.x+json"`
		private *http.Request
		plain   int
		Plain   int
	}
	uploads struct {
		ID      int         `path:"id"`
		Title   string      `form:"title" minLength:"1"`
		Avatar  bind.File   `form:"avatar" maxSize:"1024" contentMediaType:"image/*, text/plain"`
		Others  []bind.File `form:"others" minItems:"1"`
		Maybe   *bind.File  `form:"maybe" doc:"Some file"`
		Numbers []*int      `form:"n,csv" default:"1,2"`
	}
)

// lineOf describes a parameter in one line.
func lineOf(p *shape.Param) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %v %s", p.Source, p.Name, p.Index, p.Type.Base)
	for _, word := range []struct {
		is   bool
		text string
	}{
		{p.IsRequired, "required"},
		{p.IsOptional, "optional"},
		{p.IsCSV, "csv"},
		{p.IsDeep, "deep"},
		{p.IsSeveral(), "several"},
		{p.Around != nil, "around"},
		{p.File != nil, "file"},
		{p.Default != nil, "default"},
	} {
		if word.is {
			b.WriteString(" " + word.text)
		}
	}
	return b.String()
}

func linesOf(params []shape.Param) []string {
	var lines []string
	for i := range params {
		lines = append(lines, lineOf(&params[i]))
	}
	return lines
}

func TestInOf(t *testing.T) {
	t.Parallel()
	_, _ = search{}.private, search{}.plain // otherwise reflection alone sees them
	in := shape.InOf(reflect.TypeFor[search]())
	require.Empty(t, in.Faults)
	assert.Equal(t, []string{
		"path tenant [1] netip.Addr required",
		"query offset [0 1] int optional",
		"query tag [2] []string required csv several",
		"query filter[name] [3 0] string optional around",
		"query filter[sort] [3 1] []shape_test.word optional several around",
		"query filter[at] [3 2 0] time.Time optional around",
		"query label [4] map[string]*int deep",
		"query wait [5] time.Duration",
		"query flag [6] bool",
		"query limit [10] int8 default",
		"header User-Id [8] uint64 required",
		"cookie session [9] string optional",
	}, linesOf(in.Params))
	assert.Len(t, in.From(shape.FromCookie), 1)
	assert.Equal(t, [][]int{{7}}, in.Requests)

	tag, at, label := in.Params[2], in.Params[5], in.Params[6]
	assert.Equal(t, "search.Tags", tag.Path)
	assert.Equal(t, "All of them", tag.Doc)
	assert.Equal(t, 9, *tag.One().Rules.MaxLength)
	assert.Equal(t, "date", at.One().Rules.Format)
	assert.Equal(t, shape.Around{Site: at.Around.Site, Name: "filter", Inner: "at", Index: []int{3}}, *at.Around)
	assert.Equal(t, 1, label.One().Rules.Limits[0].Value.Interface())
	assert.Equal(t, int8(5), in.Params[9].Default.Values[0].Interface())

	b := in.Body
	require.NotNil(t, b)
	assert.Equal(t, []int{11}, b.Index)
	assert.Equal(t, []string{"json", "text"}, b.Kinds)
	assert.Equal(t, "application/vnd.x+json", b.MediaType)
	assert.True(t, b.IsOptional)
}

func TestInOf_form(t *testing.T) {
	t.Parallel()
	in := shape.InOf(reflect.TypeFor[uploads]())
	require.Empty(t, in.Faults)
	assert.Equal(t, []string{"path id [0] int required"}, linesOf(in.Params))
	require.NotNil(t, in.Body)
	assert.True(t, in.Body.IsForm())
	assert.Empty(t, in.Body.Index)
	assert.Equal(t, []string{
		"form title [1] string required",
		"form avatar [2] bind.File required file",
		"form others [3] []bind.File required several file",
		"form maybe [4] bind.File file",
		"form n [5] []*int csv several default",
	}, linesOf(in.Body.Fields))
	file := in.Body.Fields[1].File
	assert.Equal(t, int64(1024), file.MaxSize)
	assert.Equal(t, "image/*", file.Types[0].String())
	assert.True(t, file.Types[0].Matches("IMAGE/png"))
	assert.False(t, file.Types[1].Matches("text/html"))
	assert.Equal(t, int64(-1), in.Body.Fields[2].File.MaxSize)
	assert.Equal(t, "Some file", in.Body.Fields[3].Doc)
}

type (
	byJSON struct {
		A int               `json:"a"`
		B string            `json:"b,omitempty" default:"x"`
		C map[string]string `json:"-"`
		Base
	}
	byTags struct {
		A int    `form:"a" json:"x"`
		B []Base `json:"-"`
	}
	timed struct { // reads text by time.Time
		time.Time
		ID int `path:"id"`
	}
	validated struct {
		checks
		F deepChecks `query:"f,deep"`
	}
	deepChecks struct {
		checksPtr
		A int `query:"a"`
	}
	validatedBehind struct {
		*checks
		A int `query:"a"`
	}
)

// What the whole In is: the JSON body itself, nothing, or read field by field.
func TestInOf_whole(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		typ   reflect.Type
		kinds []string
		index []int
		lines []string // of the form
	}{
		{reflect.TypeFor[article](), []string{"json"}, nil, nil},
		{reflect.TypeFor[[]int](), []string{"json"}, nil, nil},
		{reflect.TypeFor[*article](), []string{"json"}, nil, nil},
		{reflect.TypeFor[time.Time](), []string{"json"}, nil, nil},
		{reflect.TypeFor[any](), []string{"json"}, nil, nil},
		{reflect.TypeFor[struct{}](), nil, nil, nil},
		{reflect.TypeFor[timed](), nil, nil, nil},
		{reflect.TypeFor[struct {
			F byJSON `body:"json,form"`
		}](), []string{"json", "form"}, []int{0}, []string{
			"form a [0] int required", "form b [1] string optional default", "form id [3 0] int required", "form Outer [3 1] int required",
		}},
		{reflect.TypeFor[struct {
			F *byTags `body:"json,form"`
		}](), []string{"json", "form"}, []int{0}, []string{"form a [0] int required"}},
		{reflect.TypeFor[struct {
			R io.Reader `body:"stream"`
		}](), []string{"stream"}, []int{0}, nil},
		{reflect.TypeFor[struct {
			T netip.Addr `body:"text" maxLength:"20"`
		}](), []string{"text"}, []int{0}, nil},
	} {
		in := shape.InOf(tc.typ)
		require.Empty(t, in.Faults, tc.typ)
		if tc.kinds == nil {
			assert.Nil(t, in.Body, tc.typ)
			continue
		}
		require.NotNil(t, in.Body, tc.typ)
		assert.Equal(t, tc.kinds, in.Body.Kinds)
		assert.Equal(t, tc.index, in.Body.Index)
		assert.Equal(t, tc.lines, linesOf(in.Body.Fields), tc.typ)
	}
}

func TestInOf_validators(t *testing.T) {
	t.Parallel()
	for typ, want := range map[reflect.Type][]shape.Validator{
		reflect.TypeFor[validated](): {
			{Index: []int{1}, Calls: []shape.Validation{{}}},
			{Calls: []shape.Validation{{}}},
		},
		reflect.TypeFor[validatedBehind](): {{Calls: []shape.Validation{{Behind: []int{0}}}}},
		reflect.TypeFor[struct{}]():        nil,
		reflect.TypeFor[article]():         nil,
	} {
		assert.Equal(t, want, shape.InOf(typ).Validators, typ)
	}
}

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
		ID      int     `path:"id"`
		Name    string  `json:"name" minLength:"1"`
		Limit   int     `maximum:"3"`
		Sort    string  `default:"up"`
		Other   string  `Query:"n"`
		Silent  string  `json:"-" maximum:"3"`
		Foreign string  `xml:"x" doc:"Not ours to read"`
		Article article // without a tag it is left alone
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

func TestInOf_faults(t *testing.T) {
	t.Parallel()
	_ = faultySources{}.hidden // otherwise reflection alone sees it
	unread := func(path, tags, such string) string {
		noun := "tag "
		if strings.Contains(tags, ",") {
			noun = "tags "
		}
		return path + " has the " + noun + tags + " and no source, so that no request fills it: give it one, such as " + such +
			`, move it into the struct of a field with body:"json", or write json:"-"`
	}
	for _, tc := range []struct {
		typ  reflect.Type
		want []string
	}{
		{reflect.TypeFor[faultySources](), []string{
			"faultySources.Two has more than one source: query, header",
			`faultySources.Option has an unknown query option "requird": there are optional, csv and deep`,
			`faultySources.Deep has an unknown header option "deep": there are optional alone`,
			"faultySources.Split has the option csv, which is for slices",
			"faultySources.Both has both csv and deep",
			"faultySources.hidden has a query tag but is not exported",
			`faultySources.Again reads query "dup", which another field reads already`,
			`faultySources.Upper reads header "X-A", which another field reads already`,
			`faultySources.Spaced has the name "X A", which no header can have`,
			"faultySources.Several is a slice, and a path has one value of a name",
		}},
		{reflect.TypeFor[faultyTypes](), []string{
			"faultyTypes.Octets is a []uint8, and bytes are no list of numbers here: use string",
			"faultyTypes.Any has type interface {}, which no text can be read into",
			"faultyTypes.Struct has type struct { A int }, which no text can be read into",
			"faultyTypes.Nested has type []int, which no text can be read into",
			"faultyTypes.Array has type [2]int, which no text can be read into",
			"faultyTypes.Map is a map, which needs the option deep",
			"faultyTypes.Field has type map[string]int, which no text can be read into",
			"faultyTypes.Keys needs keys that are strings, not int",
			"faultyTypes.Lists has type []int, which no text can be read into",
			"faultyTypes.Deep has the option deep, which is for maps and structs, not int",
			"faultyTypes.File has type bind.File, which no text can be read into",
			"faultyTypes.Behind has the option deep, which is for maps and structs, not *shape_test.by",
			`faultyTypes.Inside has minimum:"1", which does not apply to a struct`,
			"faultyTypes.Inside.A needs a query tag without deep",
			"faultyTypes.Inside.B needs a query tag without deep",
			`faultyTypes.Inside.C has default:"x": it must be an integer`,
			unread("faultyTypes.Inside.D", "json", `query:"d"`),
			"faultyTypes.Nothing has the option deep and no field with a query tag",
		}},
		{reflect.TypeFor[faultyUnbound](), []string{
			unread("faultyUnbound.Name", "json, minLength", `query:"name"`),
			unread("faultyUnbound.Limit", "maximum", `query:"limit"`),
			unread("faultyUnbound.Sort", "default", `query:"sort"`),
			"faultyUnbound.Other has the tag Query, which nothing reads: write query",
			`faultyUnbound.article is embedded beside fields that have a source, and no request fills its field ID, which looks bound: give the embedded struct a name and the tag body:"json", or write json:"-"`,
			"faultyUnbound.Near has the tag Minimum, which nothing reads: write minimum",
			"faultyUnbound.Near has the tag min, which nothing reads: write minimum",
			"faultyUnbound.Near has the tag required, which nothing reads: leave it out, since a value is required unless it is a pointer or a bind.Opt, has a default, or has the option optional or, in JSON, omitempty",
			"faultyUnbound.Near has the tag minlength, which nothing reads: write minLength",
		}},
		{reflect.TypeFor[faultyBodies](), []string{
			`faultyBodies.Kind has an unknown body kind "yaml": there are json, form, multipart, text, bytes and stream`,
			"faultyBodies.More is a second body: a request has one",
			"faultyBodies.Body is the body, which form fields read as well",
		}},
		{reflect.TypeFor[faultyKinds](), []string{
			"faultyKinds.Body has the body kind json behind text, which takes any media type",
			`faultyKinds.Body has maxSize:"3", which does not apply to a body`,
			`faultyKinds.Body has default:"1", which does not apply to a body`,
			"faultyKinds.Body is a text body of type int, which is not a string",
		}},
		{reflect.TypeFor[faultyStream](), []string{
			`faultyStream.Body has minLength:"3", which does not apply to a body of the kind stream`,
			"faultyStream.Body is a stream of type io.Writer: use io.Reader or io.ReadCloser",
		}},
		{reflect.TypeFor[faultyForm](), []string{
			"faultyForm.Body has a contentType tag, but a form has two media types of its own",
			"faultyForm.Body.B has a query tag, but the fields of a body are read from the body",
			unread("faultyForm.Body.C", "json", `form:"c"`),
		}},
		{reflect.TypeFor[faultyFile](), []string{
			`faultyFile.A has pattern:"a", which does not apply to a file`,
			`faultyFile.A has default:"b", which does not apply to a file`,
			"faultyFile.A has the option csv, which is for text",
			`faultyFile.A has maxSize:"x": it must be a number of 0 or more`,
			`faultyFile.A has contentMediaType:"*/*": it needs media types such as image/png or image/*, separated by commas`,
			`faultyFile.B has maxSize:"3", which is for a bind.File in a form`,
		}},
		{reflect.TypeFor[faultyEmbedding](), []string{
			"faultyEmbedding.pages is an embedded pointer: embed the struct itself",
			"faultyEmbedding.checks has a Validate method that cannot be called from outside: give shape_test.faultyEmbedding one that calls it",
		}},
		{reflect.TypeFor[*pages](), []string{"*shape_test.pages is not bound as a whole: use shape_test.pages"}},
	} {
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
