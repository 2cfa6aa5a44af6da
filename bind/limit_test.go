package bind_test

import (
	"errors"
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

// A file that may be larger than the body is a fault.
func TestFor_maxSizeBeyondMaxBody(t *testing.T) {
	t.Parallel()
	type in struct {
		Photo  bind.File   `form:"photo" maxSize:"101"`
		Photos []bind.File `form:"photos" maxSize:"100"`
		Form   bind.File   `form:"form"`
	}
	type byDefault struct {
		Photo bind.File `form:"photo" maxSize:"1048577"`
	}
	const words = " bytes: lower it, or raise the limit by the option bind.MaxBody"
	assert.PanicsWithValue(t, "bind: bind_test.in cannot be bound:\n\tin.Photo has maxSize:\"101\", but a body has at most 100"+words,
		func() { bind.For[in](bind.MaxBody(100)) })
	assert.PanicsWithValue(t, "bind: bind_test.byDefault cannot be bound:\n\tbyDefault.Photo has maxSize:\"1048577\", but a body has at most 1048576"+words,
		func() { bind.For[byDefault]() })
	assert.NotPanics(t, func() { bind.For[in](bind.MaxBody(101)) })
}
