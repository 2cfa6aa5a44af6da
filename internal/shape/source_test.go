package shape_test

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
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
