package tag_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/tag"
)

func TestUnbound(t *testing.T) {
	t.Parallel()
	advice := ` and no source, so that no request fills it: give it one, such as query:"page_size", ` +
		`move it into the struct of a field with body:"json", or write json:"-"`
	for tags, want := range map[string]string{
		``:                               "",
		`db:"x" validate:"min=1"`:        "",
		`min:"1" required:"true"`:        "",
		`Minimum:"1"`:                    "",
		`doc:"x" example:"y"`:            "",
		`json:"-" minimum:"1" Query:"x"`: "",
		`json:"size"`:                    "has the tag json" + advice,
		`json:"-,"`:                      "has the tag json" + advice,
		`db:"x" pattern:"a\"b" enum:"c"`: "has the tags pattern, enum" + advice,
		`HEADER:"x"`:                     "has the tag HEADER, which nothing reads: write header",
		`body: "json"`:                   `has a tag that cannot be read from "body: \"json\"" on: write key:"value", with one space between two of them`,
		`xml: "json"`:                    "",
		`"path"`:                         "",
	} {
		f := reflect.StructField{Name: "PageSize", Type: reflect.TypeFor[int](), Tag: reflect.StructTag(tags)}
		assert.Equal(t, want, tag.Unbound(f), tags)
	}
}

func TestNearMisses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		v    any
		tags string
		want []string
	}{
		{1, `query:"a" minimum:"1" db:"x" validate:"required" Required:"x"`, nil},
		{1, `query:"a" min:"1" json:"-"`, nil},
		{1, `query:"a" min:"1"`, []string{"has the tag min, which nothing reads: write minimum"}},
		{new("a"), `query:"a" max:"1"`, []string{"has the tag max, which nothing reads: write maxLength"}},
		{map[string]int{}, `json:"a" max:"1"`, []string{"has the tag max, which nothing reads: write for its values maximum or maxLength"}},
		{1, `query:"a" EXCLUSIVEminimum:"1" Json:"a"`, []string{
			"has the tag EXCLUSIVEminimum, which nothing reads: write exclusiveMinimum", "has the tag Json, which nothing reads: write json",
		}},
	} {
		f := reflect.StructField{Name: "A", Type: reflect.TypeOf(tc.v), Tag: reflect.StructTag(tc.tags)}
		assert.Equal(t, tc.want, tag.NearMisses(f), tc.tags)
	}
}

func TestVisible(t *testing.T) {
	t.Parallel()
	type field struct {
		tag   string
		depth int
	}
	key := func(f field) (string, int) {
		d, _ := tag.Read(reflect.StructField{Name: "A", Type: reflect.TypeFor[int](), Tag: reflect.StructTag(f.tag)})
		return d.Key(), f.depth
	}
	all := []field{
		{`query:"a"`, 2},
		{`path:"a"`, 2},
		{`query:"a"`, 1},
		{`query:"a,deep"`, 3},
		{`header:"x-a"`, 2},
		{`header:"X-A"`, 1},
		{`body:"json"`, 1},
		{`body:"json"`, 2},
		{`query:"b"`, 2},
		{`query:"b"`, 2},
		{``, 4},
	}
	hidden := map[int]bool{0: true, 4: true}
	var want []field
	for i, f := range all {
		if !hidden[i] {
			want = append(want, f)
		}
	}
	assert.Equal(t, want, tag.Visible(all, key))
}
