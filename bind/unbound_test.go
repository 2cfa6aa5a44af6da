package bind_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

type (
	// A struct of fields with a source, beside which others look bound.
	unboundIn struct {
		ID      int            `path:"id"`
		Name    string         `json:"name" minLength:"1"`
		Article unboundArticle `json:"article"`
		Limit   int            `maximum:"3"`
		Sort    string         `default:"name"`
		When    time.Time      `format:"date"`
		Tags    []string       `maxItems:"3"`
		Files   []bind.File    `maxSize:"3" contentMediaType:"image/png"`
		Raw     []byte         `contentType:"text/csv"`
		Upper   int            `Query:"upper"`
		Empty   int            `json:""`
		unboundArticle
		*UnboundLater
	}
	unboundArticle struct {
		Title string `json:"title"`
	}
	UnboundLater struct {
		Base  struct{ A int }
		Later string `json:"later"`
	}
	// What is left alone.
	boundIn struct {
		ID      int            `path:"id" json:"id" db:"id"`
		User    unboundArticle // filled by the handler
		Name    string         `db:"name" validate:"min=3" required:"true" min:"3" Minimum:"4"`
		Off     string         `json:"-" minLength:"3" min:"3"`
		Doc     string         `doc:"what the handler puts here" example:"x"`
		Context *http.Request  `min:"1"`
		Page    int            `query:"page" json:"-" min:"1" Maximum:"3"`
		noted   string
		BoundDB
		time.Time
		unboundArticle `json:"-"`
	}
	BoundDB struct {
		Key uint `gorm:"primarykey"`
	}
	// Tags that are almost ours.
	nearIn struct {
		Count  int       `query:"count" Minimum:"1" min:"1" max:"2"`
		Word   *string   `query:"word" minlength:"1" max:"2" required:"true"`
		List   []int     `query:"list" min:"1" MAXITEMS:"2"`
		Ratio  float64   `header:"Ratio" Default:"1" multipleof:"2"`
		Filter nearGroup `query:"filter,deep" Doc:"x"`
		Body   nearBody  `body:"json" required:"true"`
		NearMix
	}
	NearMix struct {
		Also int `query:"also" Enum:"1"`
	}
	nearGroup struct {
		A int `query:"a" required:"true"`
		B int `json:"b"`
	}
	nearBody struct {
		Name string                `json:"name" required:"true"`
		List []map[string]nearDeep `json:"list"`
		Off  string                `json:"-" required:"true"`
	}
	nearDeep struct {
		V int `JSON:"v" max:"3" Query:"v"`
		nearEmbedded
		inside int `min:"3"`
	}
	nearEmbedded struct {
		W int `json:"w" validate:"required" min:"2"`
	}
	nearForm struct {
		Body struct {
			A int    `form:"a" max:"3"`
			B string `json:"b"`
		} `body:"json,form"`
	}
	nearNamed struct {
		Body struct {
			A int `json:"a" max:"3"`
		} `body:"json,form"`
	}
)

// A field that looks bound and is not is a fault, which says what to write.
func TestFor_unbound(t *testing.T) {
	t.Parallel()
	_, _ = boundIn{}.noted, nearDeep{}.inside
	unread := func(path, tags, name string) string {
		noun := " has the tag "
		if strings.Contains(tags, ",") {
			noun = " has the tags "
		}
		return path + noun + tags + ` and no source, so that no request fills it: give it one, such as query:"` + name +
			`", move it into the struct of a field with body:"json", or write json:"-"`
	}
	almost := func(path, tag, write string) string {
		return path + " has the tag " + tag + ", which nothing reads: write " + write
	}
	embedded := func(path, field string) string {
		return path + " is embedded beside fields that have a source, and no request fills its field " + field +
			`, which looks bound: give the embedded struct a name and the tag body:"json", or write json:"-"`
	}
	required := func(path string) string {
		return path + " has the tag required, which nothing reads: leave it out, since a value is required " +
			"unless it is a pointer or a bind.Opt, has a default, or has the option optional or, in JSON, omitempty"
	}
	for _, tc := range []faultCase{
		{"unbound", declared[unboundIn](), []string{
			"bind: bind_test.unboundIn cannot be bound:",
			unread("unboundIn.Name", "json, minLength", "name"),
			unread("unboundIn.Article", "json", "article"),
			unread("unboundIn.Limit", "maximum", "limit"),
			unread("unboundIn.Sort", "default", "sort"),
			unread("unboundIn.When", "format", "when"),
			unread("unboundIn.Tags", "maxItems", "tags"),
			unread("unboundIn.Files", "maxSize, contentMediaType", "files"),
			unread("unboundIn.Raw", "contentType", "raw"),
			almost("unboundIn.Upper", "Query", "query"),
			unread("unboundIn.Empty", "json", "empty"),
			embedded("unboundIn.unboundArticle", "Title"),
			embedded("unboundIn.UnboundLater", "Later"),
		}},
		{"near misses", declared[nearIn](), []string{
			"bind: bind_test.nearIn cannot be bound:",
			almost("nearIn.Count", "Minimum", "minimum"),
			almost("nearIn.Count", "min", "minimum"),
			almost("nearIn.Count", "max", "maximum"),
			almost("nearIn.Word", "minlength", "minLength"),
			almost("nearIn.Word", "max", "maxLength"),
			required("nearIn.Word"),
			almost("nearIn.List", "min", "minItems, or for its elements minimum or minLength"),
			almost("nearIn.List", "MAXITEMS", "maxItems"),
			almost("nearIn.Ratio", "Default", "default"),
			almost("nearIn.Ratio", "multipleof", "multipleOf"),
			almost("nearIn.Filter", "Doc", "doc"),
			required("nearIn.Filter.A"),
			unread("nearIn.Filter.B", "json", "b"),
			required("nearIn.Body"),
			almost("nearIn.NearMix.Also", "Enum", "enum"),
			required("nearIn.Body.Name"),
			almost("nearIn.Body.List.V", "JSON", "json"),
			almost("nearIn.Body.List.V", "max", "maximum"),
			almost("nearIn.Body.List.V", "Query", "query"),
			almost("nearIn.Body.List.nearEmbedded.W", "min", "minimum"),
		}},
		{"a JSON body", declared[[]nearBody](), []string{
			"bind: []bind_test.nearBody cannot be bound:",
			required("[]bind_test.nearBody.Name"),
			almost("[]bind_test.nearBody.List.V", "JSON", "json"),
			almost("[]bind_test.nearBody.List.V", "max", "maximum"),
			almost("[]bind_test.nearBody.List.V", "Query", "query"),
			almost("[]bind_test.nearBody.List.nearEmbedded.W", "min", "minimum"),
		}},
		{"a form", declared[nearForm](), []string{
			"bind: bind_test.nearForm cannot be bound:",
			almost("nearForm.Body.A", "max", "maximum"),
			unread("nearForm.Body.B", "json", "b"),
		}},
		{"a form by JSON names", declared[nearNamed](), []string{
			"bind: bind_test.nearNamed cannot be bound:",
			almost("nearNamed.Body.A", "max", "maximum"),
		}},
		{"the only source", declared[struct {
			N int `Query:"n"`
		}](), []string{
			`bind: struct { N int "Query:\"n\"" } cannot be bound:`,
			almost("struct.N", "Query", "query"),
		}},
	} {
		assert.Equal(t, strings.Join(tc.want, "\n\t"), tc.got, tc.name)
	}
	assert.Empty(t, declared[boundIn]())
	assert.Empty(t, declared[struct {
		A int `json:"a" validate:"required,min=3" binding:"required" db:"a"`
	}]())
}

// Tags that go vet refuses are faults where they are meant for a request.
func TestForType_unreadableTags(t *testing.T) {
	t.Parallel()
	unreadable := func(quoted string) string {
		return "struct.V has a tag that cannot be read from " + quoted + ` on: write key:"value", with one space between two of them`
	}
	for _, tc := range []struct {
		tag, want string
	}{
		{`query: "v"`, unreadable(`"query: \"v\""`)},
		{`Path:v`, unreadable(`"Path:v"`)},
		{`db:"c",path:"v"`, unreadable(`",path:\"v\""`)},
		{`query:"v" minimum:1`, unreadable(`"minimum:1"`)},
		{`query:"v" db:"x`, unreadable(`"db:\"x"`)},
		{`no convention at all`, ""},
		{`db: "x"`, ""},
		{`json:"-" query: "v"`, ""},
	} {
		in := reflect.StructOf([]reflect.StructField{
			{Name: "ID", Type: reflect.TypeFor[int](), Tag: `path:"id"`},
			{Name: "V", Type: reflect.TypeFor[int](), Tag: reflect.StructTag(tc.tag)},
		})
		if tc.want == "" {
			assert.NotPanics(t, func() { bind.ForType(in) }, tc.tag)
			continue
		}
		assert.PanicsWithValue(t, "bind: "+in.String()+" cannot be bound:\n\t"+tc.want, func() { bind.ForType(in) }, tc.tag)
	}
	unseen := reflect.StructOf([]reflect.StructField{
		{Name: "ID", Type: reflect.TypeFor[int](), Tag: `path:"id"`},
		{Name: "v", PkgPath: "x", Type: reflect.TypeFor[int](), Tag: `json:"v"`},
	})
	assert.Panics(t, func() { bind.ForType(unseen) })
}

// An In that embeds a type which reads itself has its own tags read.
func TestFor_embeddedText(t *testing.T) {
	t.Parallel()
	type byTime struct {
		time.Time
		ID int `path:"id"`
	}
	type byText struct {
		hexText
		level
		N int `query:"n"`
	}
	type byPointer struct {
		*time.Time
		N int `query:"n"`
	}
	type group struct {
		time.Time
		A int `query:"a"`
	}
	type deep struct {
		Group group `query:"g,deep"`
	}
	type form struct {
		Body struct {
			time.Time
			A int `form:"a"`
		} `body:"form"`
	}
	r := queryRequest("n=3&g[a]=4")
	r.SetPathValue("id", "7")
	one, err := bind.For[byTime]().Bind(r)
	require.NoError(t, err)
	assert.Equal(t, 7, one.ID)
	two, err := bind.For[byText]().Bind(r)
	require.NoError(t, err)
	assert.Equal(t, 3, two.N)
	three, err := bind.For[byPointer]().Bind(r)
	require.NoError(t, err)
	assert.Equal(t, 3, three.N)
	four, err := bind.For[deep]().Bind(r)
	require.NoError(t, err)
	assert.Equal(t, 4, four.Group.A)
	_, err = bind.For[byText]().Bind(queryRequest(""))
	require.EqualError(t, err, `bind: query "n": is required`)
	got := answers(func(in form) string { return string(rune('0' + in.Body.A)) })
	assert.Equal(t, "5", formAnswer(t, got, "a=5"))

	// Without a source it is still the JSON that the type reads.
	in, err := bind.For[struct{ time.Time }]().Bind(jsonRequest(`"2006-01-02T15:04:05Z"`))
	require.NoError(t, err)
	assert.Equal(t, 2006, in.Year())
}

type (
	hidingBase struct {
		ID    int        `path:"id" minimum:"100"`
		Page  int        `query:"page"`
		Trace string     `header:"x-trace"`
		Token string     `cookie:"token"`
		F     hidingDeep `query:"f,deep"`
		Other int        `query:"other,optional"`
	}
	hidingDeep struct {
		A int `query:"a"`
		hidingDeeper
	}
	hidingDeeper struct {
		A string `query:"a" minLength:"9"`
		B int    `query:"b,optional"`
	}
	hidingTwin struct {
		Page int `query:"page"`
	}
	// An outer field hides those of its name in embedded structs.
	hiding struct {
		hidingBase
		hidingTwin
		Number int      `path:"id"`
		Page   string   `query:"page,optional"`
		Trace  []string `header:"X-Trace"`
		Token  *string  `cookie:"token"`
		F      struct {
			C int `query:"c,optional"`
		} `query:"f,deep"`
	}
	hidingForm struct {
		Body struct {
			HidingForm
			A string `form:"a,optional"`
		} `body:"form"`
	}
	HidingForm struct {
		A int `form:"a"`
		B int `form:"b"`
	}
	hidingFields struct {
		HidingForm
		A string `form:"a,optional"`
	}
	// Two of one depth hide neither, so that the declaration is ambiguous.
	ambiguous struct {
		hidingTwin
		HidingTwin
	}
	HidingTwin struct {
		Page string `query:"page"`
	}
)

func TestFor_hides(t *testing.T) {
	t.Parallel()
	r := queryRequest("page=two&f[c]=3&f[a]=9&f[b]=9&other=4")
	r.SetPathValue("id", "7")
	r.Header["X-Trace"] = []string{"a, b"}
	r.Header["Cookie"] = []string{"token=t"}
	in, err := bind.For[hiding]().Bind(r)
	require.NoError(t, err)
	token := "t"
	want := hiding{hidingBase: hidingBase{Other: 4}, Number: 7, Page: "two", Trace: []string{"a", "b"}, Token: &token}
	want.F.C = 3
	assert.Equal(t, want, in)

	deep, err := bind.For[struct {
		F hidingDeep `query:"f,deep"`
	}]().Bind(r)
	require.NoError(t, err)
	assert.Equal(t, hidingDeep{A: 9, hidingDeeper: hidingDeeper{B: 9}}, deep.F)

	shown := answers(func(in hidingForm) string { return in.Body.A })
	assert.Equal(t, "x", formAnswer(t, shown, "a=x&b=1"))
	fields := answers(func(in hidingFields) string { return in.A })
	assert.Equal(t, "x", formAnswer(t, fields, "a=x&b=1"))
	assert.Equal(t, strings.Join([]string{
		"bind: bind_test.ambiguous cannot be bound:",
		`ambiguous.HidingTwin.Page reads query "page", which another field reads already`,
	}, "\n\t"), declared[ambiguous]())
}

// formAnswer is what h answers to an urlencoded body.
func formAnswer(t *testing.T, h http.Handler, body string) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header = typed(urlencoded)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.String()
}
