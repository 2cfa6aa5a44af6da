package tag_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/tag"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		goName, tag string
		want        tag.Field
		faults      []string
	}{
		{"Plain", ``, tag.Field{}, nil},
		{"Plain", `json:"plain" minimum:"1"`, tag.Field{}, nil},
		{"ID", `path:"pk"`, tag.Field{Source: tag.Path, Name: "pk"}, nil},
		{"ID", `path:""`, tag.Field{Source: tag.Path, Name: "id"}, nil},
		{"PageSize", `query:",optional"`, tag.Field{Source: tag.Query, Name: "page_size", Optional: true}, nil},
		{"Tags", `query:"tag,csv,optional"`, tag.Field{Source: tag.Query, Name: "tag", CSV: true, Optional: true}, nil},
		{"Filter", `query:",deep"`, tag.Field{Source: tag.Query, Name: "filter", Deep: true}, nil},
		{"Tags", `form:"tag,csv"`, tag.Field{Source: tag.Form, Name: "tag", CSV: true}, nil},
		{"RequestID", `header:""`, tag.Field{Source: tag.Header, Name: "Request-Id"}, nil},
		{"Token", `header:"x-token,optional"`, tag.Field{Source: tag.Header, Name: "x-token", Optional: true}, nil},
		{"SessionID", `cookie:""`, tag.Field{Source: tag.Cookie, Name: "session_id"}, nil},
		{"In", `body:""`, tag.Field{Source: tag.Body, Kinds: []string{"json"}}, nil},
		{"In", `body:"json,form"`, tag.Field{Source: tag.Body, Kinds: []string{"json", "form"}}, nil},
		{"In", `body:"text"`, tag.Field{Source: tag.Body, Kinds: []string{"text"}}, nil},
		{"In", `body:"xml,optional"`, tag.Field{Source: tag.Body}, []string{`has an unknown body kind "xml"`, `has an unknown body kind "optional"`}},
		{"A", `query:"a,b"`, tag.Field{Source: tag.Query, Name: "a"}, []string{`has an unknown query option "b"`}},
		{"A", `query:"a,"`, tag.Field{Source: tag.Query, Name: "a"}, []string{`has an unknown query option ""`}},
		{"A", `query:"a,csv,deep"`, tag.Field{Source: tag.Query, Name: "a", CSV: true, Deep: true}, []string{"has both csv and deep"}},
		{"A", `header:"a,csv"`, tag.Field{Source: tag.Header, Name: "a"}, []string{`has an unknown header option "csv"`}},
		{"A", `form:"a,deep"`, tag.Field{Source: tag.Form, Name: "a"}, []string{`has an unknown form option "deep"`}},
		{"A", `header:"a b"`, tag.Field{Source: tag.Header, Name: "a b"}, []string{`has the name "a b", which no header can have`}},
		{"A", `cookie:"a=b"`, tag.Field{Source: tag.Cookie, Name: "a=b"}, []string{`has the name "a=b", which no cookie can have`}},
		{"A", `path:"a" query:"b,x" cookie:"c"`, tag.Field{Source: tag.Path, Name: "a"}, []string{"has more than one source: path, query, cookie"}},
	} {
		t.Run(tc.tag, func(t *testing.T) {
			t.Parallel()
			f := reflect.StructField{Name: tc.goName, Tag: reflect.StructTag(tc.tag)}
			got, faults := tag.Read(f)
			assert.Equal(t, tc.want, got)
			assert.Equal(t, tc.faults, faults)
			assert.Equal(t, tc.want.Source != "", tag.HasSource(f))
		})
	}
	_, faults := tag.Read(reflect.StructField{Name: "a", PkgPath: "p", Tag: `query:"a"`})
	assert.Equal(t, []string{"has a query tag but is not exported"}, faults)
}

func TestRead_derivedNames(t *testing.T) {
	t.Parallel()
	for goName, want := range map[string][2]string{
		"ID":           {"id", "Id"},
		"Page":         {"page", "Page"},
		"PageSize":     {"page_size", "Page-Size"},
		"UserID":       {"user_id", "User-Id"},
		"IDs":          {"ids", "Ids"},
		"UserIDs":      {"user_ids", "User-Ids"},
		"IDsOfUsers":   {"ids_of_users", "Ids-Of-Users"},
		"HTTPServer":   {"http_server", "Http-Server"},
		"APISecret":    {"api_secret", "Api-Secret"},
		"XToken":       {"x_token", "X-Token"},
		"ETag":         {"e_tag", "E-Tag"},
		"IfNoneMatch":  {"if_none_match", "If-None-Match"},
		"Sha256Sum":    {"sha256_sum", "Sha256-Sum"},
		"Line2":        {"line2", "Line2"},
		"Snake_Case":   {"snake_case", "Snake_case"},
		"ÄndertÖffner": {"ändert_öffner", "Ändert-Öffner"},
	} {
		snake, _ := tag.Read(reflect.StructField{Name: goName, Tag: `query:""`})
		assert.Equal(t, want[0], snake.Name)
		dash, _ := tag.Read(reflect.StructField{Name: goName, Tag: `header:""`})
		assert.Equal(t, want[1], dash.Name)
	}
}

// word reads text by a method with a pointer receiver.
type word string

func (w *word) UnmarshalText(text []byte) error {
	*w = word(text)
	return nil
}

func TestReadsText(t *testing.T) {
	for typ, want := range map[reflect.Type]bool{
		reflect.TypeFor[word]():      true,
		reflect.TypeFor[string]():    false,
		reflect.TypeFor[time.Time](): false,
	} {
		assert.Equal(t, want, tag.ReadsText(typ), typ)
	}
}

func TestField_Inside(t *testing.T) {
	outer := tag.Field{Source: tag.Query, Name: "filter", Deep: true, Optional: true}
	assert.Equal(t, tag.Field{Source: tag.Query, Name: "filter[by]", Optional: true}, outer.Inside(tag.Field{Source: tag.Query, Name: "by"}))
}
