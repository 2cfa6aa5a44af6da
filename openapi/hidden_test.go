package openapi_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
)

type (
	hiddenBase struct {
		ID   int `path:"id" minimum:"100"`
		Page int `query:"page"`
		Kept int `query:"kept"`
	}
	// A hidingIn hides fields of what it embeds, one of which reads itself from
	// text.
	hidingIn struct {
		hiddenBase
		time.Time
		Slug string `path:"id" maxLength:"9"`
		Page string `query:"page,optional"`
	}
	hidingForm struct {
		Body struct {
			time.Time
			HiddenForm
			A string `form:"a"`
		} `body:"form"`
	}
	HiddenForm struct {
		A int `form:"a"`
		B int `form:"b"`
	}
)

// The document shows the fields that bind reads: the outer ones, and those beside
// an embedded type that reads itself.
func TestNew_hidden(t *testing.T) {
	t.Parallel()
	doc := newDocument(t, tenon.Routes{
		tenon.Get("/a/{id}", func(context.Context, hidingIn) (tenon.None, error) { return tenon.None{}, nil }),
		tenon.Post("/form", func(context.Context, hidingForm) (tenon.None, error) { return tenon.None{}, nil }),
	})
	var got struct {
		Paths map[string]map[string]struct {
			Parameters  json.RawMessage `json:"parameters"`
			RequestBody struct {
				Content map[string]struct {
					Schema struct {
						Properties json.RawMessage `json:"properties"`
					} `json:"schema"`
				} `json:"content"`
			} `json:"requestBody"`
		} `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(doc.JSON(), &got))
	assert.JSONEq(t, `[
		{"name":"id","in":"path","required":true,"schema":{"type":"string","maxLength":9}},
		{"name":"kept","in":"query","required":true,"schema":{"type":"integer"}},
		{"name":"page","in":"query","schema":{"type":"string"}}
	]`, withoutFormats(t, got.Paths["/a/{id}"]["get"].Parameters))
	form := got.Paths["/form"]["post"].RequestBody.Content["application/x-www-form-urlencoded"]
	assert.JSONEq(t, `{"a":{"type":"string"},"b":{"type":"integer"}}`, withoutFormats(t, form.Schema.Properties))
}

// withoutFormats returns the JSON without the limits and formats of integers.
func withoutFormats(t *testing.T, text []byte) string {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal(text, &v))
	var strip func(v any)
	strip = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, key := range []string{"format", "minimum", "maximum"} {
				delete(v, key)
			}
			for _, inner := range v {
				strip(inner)
			}
		case []any:
			for _, inner := range v {
				strip(inner)
			}
		}
	}
	strip(v)
	stripped, err := json.Marshal(v)
	require.NoError(t, err)
	return string(stripped)
}
