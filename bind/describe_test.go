package bind_test

import (
	"io"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/shape"
)

type describedForm struct {
	Title string    `form:"title"`
	Photo bind.File `form:"photo,optional"`
}

type describedIn struct {
	ID    int      `path:"id"`
	Tags  []string `minItems:"1"  query:"tag"`
	IDs   []int    `query:"id,csv"`
	Inner struct {
		Word  string `query:"word"`
		After int    `query:"after,optional"`
	} `query:"filter,deep"`
	Trace *string `header:"x-trace"`
	Sid   string  `cookie:"sid"    default:"none"`
	Body  struct {
		A int `json:"a"`
	} `body:"json,form"`
}

// facts returns what a parameter says, in one line.
func facts(params []shape.Param) []string {
	var list []string
	for _, p := range params {
		text := p.Source + " " + p.Name
		if p.Around != nil {
			text = p.Source + " " + p.Around.Name + "." + p.Around.Inner
		}
		if p.IsRequired {
			text += " required"
		}
		if p.IsCSV {
			text += " csv"
		}
		list = append(list, text)
	}
	return list
}

func TestBinder_Describe(t *testing.T) {
	t.Parallel()
	in := bind.For[describedIn](bind.Strict()).Describe()
	assert.Equal(t, []string{
		"path id required", "query tag required", "query id csv", "query filter.word required",
		"query filter.after", "header X-Trace", "cookie sid",
	}, facts(in.In.Params))
	assert.True(t, in.Refuses)
	assert.True(t, in.Body.Required)
	assert.True(t, in.Body.Typed)
	assert.Len(t, in.Body.Content, 2)
	assert.Equal(t, []string{"application/json"}, in.Body.Content[0].MediaTypes)
	assert.True(t, in.Strict)
	assert.Equal(t, []string{"application/x-www-form-urlencoded", "multipart/form-data"}, in.Body.Content[1].MediaTypes)
	assert.Equal(t, []string{"form a required"}, facts(in.In.Body.Fields))
}

func TestBinder_Describe_bodies(t *testing.T) {
	t.Parallel()
	cbor := bind.Format{Type: "application/cbor", Decode: func(io.Reader, any) error { return nil }}
	for _, tc := range []struct {
		name            string
		in              *describe.Input
		kind            string
		types           []string
		required, typed bool
	}{
		{"nothing", bind.For[struct{}]().Describe(), "", nil, false, false},
		{"the whole body", bind.For[struct{ A int }]().Describe(), shape.KindJSON, []string{"application/json"}, true, true},
		{"formats", bind.For[struct{ A int }](bind.Formats(cbor)).Describe(), shape.KindJSON, []string{"application/json", "application/cbor"}, true, true},
		{"a pointer", bind.For[*struct{ A int }]().Describe(), shape.KindJSON, []string{"application/json"}, false, true},
		{"a form", bind.For[describedForm]().Describe(), shape.KindForm, []string{"application/x-www-form-urlencoded", "multipart/form-data"}, true, true},
		{"an optional form", bind.For[struct {
			A string `form:"a,optional"`
		}]().Describe(), shape.KindForm, []string{"application/x-www-form-urlencoded", "multipart/form-data"}, false, true},
		{"text", bind.For[struct {
			B string `body:"text"`
		}]().Describe(), shape.KindText, nil, true, false},
		{"text of a type", bind.For[struct {
			B string `body:"text" contentType:"text/csv"`
		}]().Describe(), shape.KindText, []string{"text/csv"}, true, false},
		{"any type", bind.For[struct {
			B struct{ A int } `body:"json" contentType:"*"`
		}]().Describe(), shape.KindJSON, nil, true, true},
		{"at run time", bind.ForType(reflect.TypeFor[struct {
			B []byte `body:"bytes"`
		}]()).Describe(), shape.KindBytes, nil, true, false},
		{"a stream", bind.For[struct {
			B io.Reader `body:"stream"`
		}]().Describe(), shape.KindStream, nil, true, false},
		{"parts", bind.For[struct {
			B bind.Parts `body:"multipart"`
		}]().Describe(), shape.KindMultipart, []string{"multipart/form-data"}, true, true},
	} {
		if tc.kind == "" {
			assert.Nil(t, tc.in.Body, tc.name)
			assert.False(t, tc.in.Refuses, tc.name)
			continue
		}
		assert.Equal(t, tc.kind, tc.in.Body.Content[0].Kind, tc.name)
		assert.Equal(t, tc.types, tc.in.Body.Content[0].MediaTypes, tc.name)
		assert.Equal(t, tc.required, tc.in.Body.Required, tc.name)
		assert.Equal(t, tc.typed, tc.in.Body.Typed, tc.name)
	}
}
