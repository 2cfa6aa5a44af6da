package bind_test

import (
	"database/sql"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

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
		hidden  int            `minimum:"1" default:"2"`
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
		User    unboundArticle `json:"-"` // filled by the handler
		Plain   struct{ A int }
		DB      *sql.DB
		Log     *slog.Logger
		Now     func() time.Time
		Seen    map[string]chan int
		Name    string        `db:"name" required:"true" min:"3" Minimum:"4"`
		Off     string        `json:"-" minLength:"3" min:"3"`
		Doc     string        `doc:"what the handler puts here" example:"x"`
		Context *http.Request `min:"1"`
		Page    int           `query:"page" json:"-" min:"1" Maximum:"3"`
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
		W int `json:"w" min:"2"`
	}
	nearForm struct {
		Body struct {
			A int    `form:"a" max:"3"`
			B string `json:"b"`
		} `body:"json,form"`
	}
	// Types of other packages, whose tags another library reads.
	foreignTags struct {
		Host   string   `json:"host" envconfig:"HOST" required:"true"`
		Port   int      `json:"port" env:"PORT" min:"1" max:"65535"`
		Bucket *string  `json:"bucket" locationName:"Bucket" type:"string" required:"true" min:"3"`
		Names  []string `json:"names" long:"name" short:"n" required:"true"`
		Case   int      `json:"case" flag:"case" Minimum:"1" min:"1"`
		Both   int      `json:"both" yaml:"both" min:"1"`
	}
	foreignForm struct {
		Verbose bool `query:"verbose" help:"say more" required:"true"`
	}
	nearNamed struct {
		Body struct {
			A int `json:"a" max:"3"`
		} `body:"json,form"`
	}
)

// The words of the faults.
func unread(path, tags, name string) string {
	noun := " has the tag "
	if strings.Contains(tags, ",") {
		noun = " has the tags "
	}
	return path + noun + tags + ` and no source, so that no request fills it: give it one, such as query:"` + name +
		`", move it into the struct of a field with body:"json", or write json:"-"`
}

func almost(path, tag, write string) string {
	return path + " has the tag " + tag + ", which nothing reads: write " + write
}

func embedsUnread(path, field string) string {
	return path + " is embedded beside fields that have a source, and no request fills its field " + field +
		`, which looks bound: give the embedded struct a name and the tag body:"json", or write json:"-"`
}

func requiredTag(path string) string {
	return path + " has the tag required, which nothing reads: remove it, because a value is required " +
		"unless it is a pointer or a bind.Opt, has a default, or has the option optional or, in JSON, omitempty"
}

// A field that looks bound and is not is a fault, which says what to write.
func TestFor_unbound(t *testing.T) {
	t.Parallel()
	_, _, _ = boundIn{}.noted, nearDeep{}.inside, unboundIn{}.hidden
	for _, tc := range unboundCases() {
		assert.Equal(t, strings.Join(tc.want, "\n\t"), tc.got, tc.name)
	}
	assert.Empty(t, declared[boundIn]())
}

func unboundCases() []faultCase {
	return []faultCase{
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
			`unboundIn.hidden has the tags minimum, default but is not exported, so that no request fills it: export it, or write json:"-"`,
			unread("unboundIn.Empty", "json", "empty"),
			embedsUnread("unboundIn.unboundArticle", "Title"),
			embedsUnread("unboundIn.UnboundLater", "Later"),
		}},
		{"near misses", declared[nearIn](), []string{
			"bind: bind_test.nearIn cannot be bound:",
			almost("nearIn.Count", "Minimum", "minimum"),
			almost("nearIn.Count", "min", "minimum"),
			almost("nearIn.Count", "max", "maximum"),
			almost("nearIn.Word", "minlength", "minLength"),
			almost("nearIn.Word", "max", "maxLength"),
			requiredTag("nearIn.Word"),
			almost("nearIn.List", "min", "minItems, or for its elements minimum or minLength"),
			almost("nearIn.List", "MAXITEMS", "maxItems"),
			almost("nearIn.Ratio", "Default", "default"),
			almost("nearIn.Ratio", "multipleof", "multipleOf"),
			almost("nearIn.Filter", "Doc", "doc"),
			requiredTag("nearIn.Filter.A"),
			unread("nearIn.Filter.B", "json", "b"),
			requiredTag("nearIn.Body"),
			almost("nearIn.NearMix.Also", "Enum", "enum"),
			requiredTag("nearIn.Body.Name"),
			almost("nearIn.Body.List.V", "JSON", "json"),
			almost("nearIn.Body.List.V", "max", "maximum"),
			almost("nearIn.Body.List.V", "Query", "query"),
			almost("nearIn.Body.List.nearEmbedded.W", "min", "minimum"),
		}},
		{"a JSON body", declared[[]nearBody](), []string{
			"bind: []bind_test.nearBody cannot be bound:",
			requiredTag("[]bind_test.nearBody.Name"),
			almost("[]bind_test.nearBody.List.V", "JSON", "json"),
			almost("[]bind_test.nearBody.List.V", "max", "maximum"),
			almost("[]bind_test.nearBody.List.V", "Query", "query"),
			almost("[]bind_test.nearBody.List.nearEmbedded.W", "min", "minimum"),
		}},
		{"a form", declared[nearForm](), []string{
			"bind: bind_test.nearForm cannot be bound:",
			almost("nearForm.Body.A", "max", "maximum"),
			strings.Replace(unread("nearForm.Body.B", "json", "b"), "query:", "form:", 1),
		}},
		{"a form by JSON names", declared[nearNamed](), []string{
			"bind: bind_test.nearNamed cannot be bound:",
			almost("nearNamed.Body.A", "max", "maximum"),
		}},
		{"tags of other libraries", declared[struct {
			Page int         `query:"page" arg:"--page" min:"1"`
			Body foreignTags `body:"json"`
			Form foreignForm `query:"form,deep"`
		}](), []string{
			`bind: struct { Page int "query:\"page\" arg:\"--page\" min:\"1\""; Body bind_test.foreignTags "body:\"json\""; Form bind_test.foreignForm "query:\"form,deep\"" } cannot be bound:`,
			almost("struct.Body.Case", "Minimum", "minimum"),
			almost("struct.Body.Both", "min", "minimum"),
		}},
		{"the only source", declared[struct {
			N int `Query:"n"`
		}](), []string{
			`bind: struct { N int "Query:\"n\"" } cannot be bound:`,
			almost("struct.N", "Query", "query"),
		}},
	}
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
	assert.PanicsWithValue(t, "bind: "+unseen.String()+" cannot be bound:\n\t"+
		`struct.v has the tag json but is not exported, so that no request fills it: export it, or write json:"-"`, func() { bind.ForType(unseen) })
}
