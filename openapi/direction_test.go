package openapi_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
)

type (
	// A profile reads otherwise in requests than in answers.
	profile struct {
		ID       int64            `json:"id" readOnly:"true"`
		Created  time.Time        `json:"created" readOnly:"true"`
		Name     string           `json:"name"`
		Bio      *string          `json:"bio"`
		Nick     *string          `json:"nick,omitempty"`
		Level    string           `json:"level" default:"low"`
		Password string           `json:"password,omitempty" writeOnly:"true"`
		Tags     []string         `json:"tags"`
		Opt      bind.Opt[string] `json:"opt"`
		Left     bind.Opt[string] `json:"left,omitzero"`
	}
	// A plate does not.
	plate struct {
		Name  string            `json:"name"`
		Tags  []string          `json:"tags"`
		Sizes map[string][]byte `json:"sizes"`
		Nick  *string           `json:"nick,omitempty"`
		Next  *plate            `json:"next,omitempty"`
		Many  many              `json:"many"`
	}
	many []many
	// circle and link refer to each other, and one of them makes both differ.
	circle struct {
		Links []link `json:"links"`
	}
	link struct {
		Circle *circle `json:"circle,omitempty"`
		Cut    *int64  `json:"cut"`
	}
	profileInput struct {
		Own string `json:"own"`
	}
	box[T any] struct {
		Item T `json:"item"`
	}
	strictly struct {
		ID   int64  `json:"id" readOnly:"true"`
		Name string `json:"name"`
	}
	openly struct {
		ID   int64            `json:"id" readOnly:"true"`
		Rest map[string]int64 `json:",embed"`
	}
	never struct {
		Pointer *int64           `json:"pointer,omitempty" nullable:"false" minimum:"1"`
		Kept    *int64           `json:"kept" nullable:"false"`
		Opt     bind.Opt[string] `json:"opt,omitzero" nullable:"false"`
		List    []string         `json:"list" nullable:"false"`
		Struct  *plate           `json:"struct,omitempty" nullable:"false"`
		Any     any              `json:"any,omitempty" nullable:"false"`
	}
)

func reads[T any](name string, opts ...tenon.Option) tenon.Route {
	return tenon.Post("/in/"+name, answer[T, tenon.None], append(opts, tenon.Named("in"+name))...)
}

func writes[T any](name string) tenon.Route {
	return tenon.Get("/out/"+name, answer[tenon.None, T], tenon.Named("out"+name))
}

// The schemas of the types above, in each direction.
const (
	profileOut = `{"type":"object","properties":{
		"id":{"type":"integer","format":"int64","readOnly":true},
		"created":{"type":"string","format":"date-time","readOnly":true},
		"name":{"type":"string"},"bio":{"type":["string","null"]},"nick":{"type":["string","null"]},
		"level":{"type":"string","default":"low"},"tags":{"type":"array","items":{"type":"string"}},
		"opt":{"type":["string","null"]},"left":{"type":["string","null"]}},
		"required":["id","created","name","bio","level","tags","opt"]}`
	profileIn = `{"type":"object","properties":{
		"name":{"type":"string"},"bio":{"type":["string","null"]},"nick":{"type":["string","null"]},
		"level":{"type":"string","default":"low"},"password":{"type":"string","writeOnly":true},
		"tags":{"type":["array","null"],"items":{"type":"string"}},
		"opt":{"type":["string","null"]},"left":{"type":["string","null"]}},
		"required":["name","tags"]}`
	plateBoth = `{"type":"object","properties":{
		"name":{"type":"string"},"tags":{"type":["array","null"],"items":{"type":"string"}},
		"sizes":{"type":["object","null"],"additionalProperties":{"type":["string","null"],"contentEncoding":"base64"}},
		"nick":{"type":["string","null"]},
		"next":{"anyOf":[{"$ref":"#/components/schemas/plate"},{"type":"null"}]},
		"many":{"anyOf":[{"$ref":"#/components/schemas/many"},{"type":"null"}]}},
		"required":["name","tags","sizes","many"]}`
	strictIn = `{"type":"object","properties":{"id":{"readOnly":true},"name":{"type":"string"}},"required":["name"],"additionalProperties":false}`
	openIn   = `{"type":"object","properties":{"id":{"readOnly":true}},"additionalProperties":{"type":"integer","format":"int64"}}`
	neverIn  = `{"type":"object","properties":{
		"pointer":{"type":"integer","format":"int64","minimum":1},"kept":{"type":"integer","format":"int64"},"opt":{"type":"string"},
		"list":{"type":"array","items":{"type":"string"}},"struct":{"$ref":"#/components/schemas/plate"},"any":{"not":{"type":"null"}}},
		"required":["list"]}`
	neverOut = `{"type":"object","properties":{
		"pointer":{"type":"integer","format":"int64","minimum":1},"kept":{"type":["integer","null"],"format":"int64"},"opt":{"type":"string"},
		"list":{"type":"array","items":{"type":"string"}},"struct":{"$ref":"#/components/schemas/plate"},"any":{"not":{"type":"null"}}},
		"required":["kept","list"]}`
)

func TestNew_directions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		routes tenon.Routes
		names  []string
		want   map[string]string
	}{
		{"an answer", tenon.Routes{writes[profile]("a")}, []string{"Problem", "profile"}, map[string]string{"profile": profileOut}},
		{"a request keeps the plain name", tenon.Routes{reads[profile]("a")}, []string{"Problem", "profile"}, map[string]string{"profile": profileIn}},
		{
			"both",
			tenon.Routes{reads[profile]("a"), writes[profile]("a")},
			[]string{"Problem", "profile", "profileInput"},
			map[string]string{"profile": profileOut, "profileInput": profileIn},
		},
		{
			"both, the answer first",
			tenon.Routes{writes[profile]("a"), reads[profile]("a")},
			[]string{"Problem", "profile", "profileInput"},
			map[string]string{"profile": profileOut, "profileInput": profileIn},
		},
		{
			"a name that is taken",
			tenon.Routes{reads[profile]("a"), writes[profile]("a"), writes[profileInput]("b")},
			[]string{"Problem", "profile", "profileInput", "profile_Input"},
			map[string]string{"profile": profileOut, "profile_Input": profileIn},
		},
		{"both the same", tenon.Routes{reads[plate]("a"), writes[plate]("a")}, []string{"Problem", "many", "plate"}, map[string]string{
			"plate": plateBoth, "many": `{"type":"array","items":{"anyOf":[{"$ref":"#/components/schemas/many"},{"type":"null"}]}}`,
		}},
		{"a circle that differs", tenon.Routes{reads[circle]("a"), writes[circle]("a")}, []string{"Problem", "link", "linkInput", "circle", "circleInput"}, map[string]string{
			"circleInput": `{"type":"object","properties":{"links":{"type":["array","null"],"items":{"$ref":"#/components/schemas/linkInput"}}},"required":["links"]}`,
		}},
		{
			"one inside",
			tenon.Routes{reads[box[profile]]("a"), writes[box[plate]]("b"), writes[box[profile]]("c"), reads[box[plate]]("d")},
			[]string{"Problem", "box_plate", "box_profile", "box_profileInput", "many", "plate", "profile", "profileInput"},
			nil,
		},
		{"strict", tenon.Routes{reads[strictly]("a", bind.Strict())}, []string{"Problem", "strictly"}, map[string]string{"strictly": strictIn}},
		{"a map takes the others", tenon.Routes{reads[openly]("a")}, []string{"Problem", "openly"}, map[string]string{"openly": openIn}},
		{
			"never null",
			tenon.Routes{reads[never]("a"), writes[never]("a")},
			[]string{"Problem", "many", "never", "neverInput", "plate"},
			map[string]string{"never": neverOut, "neverInput": neverIn},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			doc := newDocument(t, tc.routes)
			assert.ElementsMatch(t, tc.names, componentNames(t, doc))
			schemas := parsed(t, doc)["components"].(map[string]any)["schemas"].(map[string]any)
			for name, want := range tc.want {
				text, err := json.Marshal(schemas[name])
				require.NoError(t, err)
				assert.JSONEq(t, want, string(text), name)
			}
		})
	}
}

// Names of what differs do not depend on the order of routes.
func TestNew_directionsInAnyOrder(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{
		reads[profile]("a"), writes[profile]("a"), writes[profileInput]("b"), reads[plate]("c"), writes[box[profile]]("d"), reads[box[profile]]("d"),
	}
	want := newDocument(t, routes).JSON()
	for range routes {
		routes = append(routes[1:], routes[0])
		assert.Equal(t, string(want), string(newDocument(t, routes).JSON()))
	}
}

// A form has no field for what no request sets.
func TestNew_readOnlyForm(t *testing.T) {
	t.Parallel()
	type in struct {
		Body strictly `body:"json,form"`
	}
	doc := newDocument(t, tenon.Routes{reads[in]("a")})
	content := operations(t, doc)["ina"]["requestBody"].(map[string]any)["content"].(map[string]any)
	form := content["application/x-www-form-urlencoded"].(map[string]any)["schema"].(map[string]any)
	assert.Equal(t, map[string]any{"name": map[string]any{"type": "string"}}, form["properties"])
}
