package bind_test

import (
	"errors"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

// everyRule and deepRules have every rule that has an argument.
type (
	everyRule struct {
		Int      int      `query:"int"       minimum:"5"`
		Most     uint8    `query:"most"      maximum:"9"`
		Above    float64  `query:"above"     exclusiveMinimum:"0.5"`
		Below    int64    `query:"below"     exclusiveMaximum:"7"`
		Even     int      `query:"even"      multipleOf:"2"`
		Short    string   `query:"short"     maxLength:"3"`
		Long     string   `query:"long"      minLength:"2"`
		Word     string   `query:"word"      pattern:"^[a-z]+$"`
		Tone     string   `query:"tone"      enum:"kind,stern"`
		Mail     string   `query:"mail"      format:"email"`
		Few      []string `query:"few"       maxItems:"1"`
		Many     []string `query:"many"      minItems:"2"`
		Byte     uint8    `query:"byte"`
		Small    int8     `query:"small"`
		Typeless int      `query:"typeless"`
		Sent     string   `query:"sent"`
	}
	deepRules struct {
		Deep []map[string]ruleMembers `json:"deep"`
	}
	ruleMembers struct {
		Int      int      `json:"int"      minimum:"5"`
		Most     uint8    `json:"most"     maximum:"9"`
		Above    float64  `json:"above"    exclusiveMinimum:"0.5"`
		Below    int64    `json:"below"    exclusiveMaximum:"7"`
		Even     int      `json:"even"     multipleOf:"2"`
		Short    string   `json:"short"    maxLength:"3"`
		Long     string   `json:"long"     minLength:"2"`
		Word     string   `json:"word"     pattern:"^[a-z]+$"`
		Tone     string   `json:"tone"     enum:"kind,stern"`
		Mail     string   `json:"mail"     format:"email"`
		Few      []string `json:"few"      maxItems:"1"`
		Many     []string `json:"many"     minItems:"2"`
		Byte     uint8    `json:"byte"`
		Small    int8     `json:"small"`
		Typeless int      `json:"typeless"`
		Sent     string   `json:"sent"`
	}
)

// TestFieldError_limit holds that a program finds the argument of the rule without
// reading the sentence, for parameters and at any depth of a JSON body.
func TestFieldError_limit(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"int minimum": "5", "most maximum": "9", "above exclusiveMinimum": "0.5", "below exclusiveMaximum": "7",
		"even multipleOf": "2", "short maxLength": "3", "long minLength": "2", "word pattern": "^[a-z]+$",
		"tone enum": "kind,stern", "mail format": "email", "few maxItems": "1", "many minItems": "2",
		"byte range": "0,255", "small range": "-128,127", "typeless type": "", "sent required": "",
	}
	_, err := bind.For[everyRule]().Bind(queryRequest("int=4&most=10&above=0.5&below=7&even=3&short=abcd&long=a&word=A&tone=odd&mail=no" +
		"&few=a&few=b&many=a&byte=256&small=128&typeless=x"))
	assert.Equal(t, want, limitsOf(t, err, func(f respond.FieldError) string { return f.Name }))

	_, err = bind.For[deepRules]().Bind(jsonRequest(`{"deep":[{"k":{"int":4,"most":10,"above":0.5,"below":7,"even":3,"short":"abcd",` +
		`"long":"a","word":"A","tone":"odd","mail":"no","few":["a","b"],"many":["a"],"byte":256,"small":128,"typeless":"x"}}]}`))
	assert.Equal(t, want, limitsOf(t, err, func(f respond.FieldError) string { return f.Pointer[len("#/deep/0/k/"):] }))
}

func limitsOf(t *testing.T, err error, name func(respond.FieldError) string) map[string]string {
	t.Helper()
	refused, ok := errors.AsType[*bind.Error](err)
	require.True(t, ok, "%v", err)
	limits := map[string]string{}
	for _, f := range refused.Fields {
		limits[name(f)+" "+f.Code] = f.Limit
	}
	return limits
}

type (
	beyondForm struct {
		Photo  bind.File   `form:"photo" maxSize:"99"`
		Photos []bind.File `form:"photos" maxSize:"98"`
		Title  string      `form:"title" minLength:"99" maxLength:"200"`
		Tags   []string    `form:"tag" maxLength:"98" maxItems:"500"`
		Tree   beyondTree  `form:"tree,json"`
		Query  string      `query:"q,optional" maxLength:"5000"`
		Big    big.Int     `form:"big"`
	}
	beyondTree struct {
		Name  string         `json:"name" maxLength:"99"`
		Other string         `json:"other" maxLength:"99"`
		Exact string         `json:"exact" maxLength:"98"`
		Kept  string         `json:"kept" maxLength:"1000" readOnly:"true"`
		List  []beyondTree   `json:"list" minItems:"51" maxItems:"52"`
		Map   map[string]any `json:"map"`
		Fits  []*string      `json:"fits" maxItems:"50" maxLength:"99"`
	}
	beyondText struct {
		Body string `body:"text" maxLength:"101"`
	}
	beyondPatch struct {
		Patch bind.MergePatch[map[string]struct {
			A string `json:"a" maxLength:"101"`
		}]
	}
	within struct {
		Body string `body:"text" maxLength:"100"`
	}
)

// A rule that the limit of the body keeps from being reached is a fault.
func TestFor_rulesBeyondMaxBody(t *testing.T) {
	t.Parallel()
	beyond := func(path, tag string) string {
		return path + " has " + tag + ", more than fits in a body of 100 bytes: lower it, or raise the limit by the option bind.MaxBody"
	}
	for _, tc := range []struct {
		name    string
		compile func()
		want    []string
	}{
		{"beyondForm", func() { bind.For[beyondForm](bind.MaxBody(100)) }, []string{
			beyond("beyondForm.Photo", `maxSize:"99"`),
			beyond("beyondForm.Title", `minLength:"99"`),
			beyond("beyondForm.Title", `maxLength:"200"`),
			beyond("beyondForm.Tree.Name", `maxLength:"99"`),
			beyond("beyondForm.Tree.Other", `maxLength:"99"`),
			beyond("beyondForm.Tree.List", `minItems:"51"`),
			beyond("beyondForm.Tree.List", `maxItems:"52"`),
			beyond("beyondForm.Tree.Fits", `maxLength:"99"`),
		}},
		{"beyondText", func() { bind.ForType(reflect.TypeFor[beyondText](), bind.MaxBody(100)) }, []string{beyond("beyondText.Body", `maxLength:"101"`)}},
		{"beyondPatch", func() { bind.For[beyondPatch](bind.MaxBody(100)) }, []string{beyond("map[string]struct { A string \"json:\\\"a\\\" maxLength:\\\"101\\\"\" }.A", `maxLength:"101"`)}},
	} {
		assert.PanicsWithValue(t, "bind: bind_test."+tc.name+" cannot be bound:\n\t"+strings.Join(tc.want, "\n\t"), tc.compile)
	}
	assert.NotPanics(t, func() { bind.For[within](bind.MaxBody(100)) })
	assert.NotPanics(t, func() { bind.For[beyondForm]() })
	assert.NotPanics(t, func() { _ = bind.Valid(beyondTree{}) })
}
