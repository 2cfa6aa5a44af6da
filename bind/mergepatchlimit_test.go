package bind_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

type patchedNode struct {
	Name string         `json:"name,omitempty"`
	Next *patchedNode   `json:"next,omitempty"`
	Kids []*patchedNode `json:"kids,omitempty"`
	By   patchedTree    `json:"by,omitempty"`
	Any  any            `json:"any,omitempty"`
}

type patchedTree map[string]patchedTree

// cycles are values that point to themselves.
func cycles() map[string]patchedNode {
	next := &patchedNode{}
	next.Next = next
	kids := &patchedNode{Kids: make([]*patchedNode, 1)}
	kids.Kids[0] = kids
	tree := patchedTree{}
	tree["x"] = tree
	long := &patchedNode{}
	for range 10_001 {
		long = &patchedNode{Next: long}
	}
	return map[string]patchedNode{"pointer": *next, "list": *kids, "map": {By: tree}, "depth": *long}
}

// A value that points to itself is an error, of the server and not of the client.
func TestMergePatch_cycles(t *testing.T) {
	t.Parallel()
	p, err := patchOf[patchedNode](`{"name":"a"}`)
	require.NoError(t, err)
	for name, v := range cycles() {
		_, err := p.Apply(v)
		require.ErrorContains(t, err, "nested more than 10000 levels deep, or points to itself", name)
		assert.Equal(t, http.StatusInternalServerError, respond.AsProblem(err).Status, name)
		_, err = bind.Diff(v, patchedNode{})
		require.ErrorContains(t, err, "the old value", name)
		_, err = bind.Diff(patchedNode{}, v)
		require.ErrorContains(t, err, "the new value", name)
	}
	self := map[string]any{}
	self["x"] = self
	_, err = bind.Diff[any](self, nil)
	require.ErrorContains(t, err, "the old value")
	_, err = bind.Diff(patchedNode{}, patchedNode{Any: self})
	require.ErrorContains(t, err, "the new value")
	deep := &patchedNode{}
	for range 500 {
		deep = &patchedNode{Next: deep}
	}
	got, err := p.Apply(*deep)
	require.NoError(t, err, "a list of some length is none")
	assert.Equal(t, "a", got.Name)
	assert.NotSame(t, deep.Next, got.Next)
}

// What an interface holds is merged as the JSON that it has.
func TestMergePatch_interface(t *testing.T) {
	t.Parallel()
	p, err := patchOf[patchedNode](`{"any":{"zip":null,"extra":{"x":1}}}`)
	require.NoError(t, err)
	got, err := p.Apply(patchedNode{Any: patchedPlace{"Rome", new("1")}})
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"city": "Rome", "extra": map[string]any{"x": 1.0}}, got.Any)
	_, err = p.Apply(patchedNode{Any: struct{ C chan int }{}})
	require.ErrorContains(t, err, "what is at #/any has no JSON form")
	assert.Equal(t, http.StatusInternalServerError, respond.AsProblem(err).Status)
}

// A patchedDigit has a value that its method alone refuses.
type patchedDigit int

func (d patchedDigit) Validate() error {
	if d == 0 {
		return errors.New("is zero")
	}
	return nil
}

// What is sent is held against Validate methods even where it could be taken for absent.
func TestMergePatch_sentZero(t *testing.T) {
	t.Parallel()
	type doc struct {
		Digit  patchedDigit   `json:"digit,omitzero"`
		Digits []patchedDigit `json:"digits,omitempty"`
	}
	_, err := patchOf[doc](`{"digit":0}`)
	assert.Equal(t, []string{"#/digit invalid"}, patchFaults(t, err))
	_, err = patchOf[doc](`{"digits":[1,0]}`)
	assert.Equal(t, []string{"#/digits/1 invalid"}, patchFaults(t, err))
	p, err := patchOf[doc](`{"digits":[1]}`)
	require.NoError(t, err)
	_, err = p.Apply(doc{})
	require.NoError(t, err, "what is absent is not held against them")
}

// PatchedParts is embedded by a pointer.
type PatchedParts struct {
	Width int    `json:"width" minimum:"1"`
	Unit  string `json:"unit" default:"mm"`
}

// A patch that makes an embedded struct gives it its defaults, as a body does.
func TestMergePatch_embeddedPointer(t *testing.T) {
	t.Parallel()
	type doc struct {
		*PatchedParts

		Name string `json:"name"`
	}
	for _, tt := range []struct {
		patch  string
		before *PatchedParts
		want   *PatchedParts
	}{
		{`{"name":"n"}`, nil, nil},
		{`{"width":2}`, nil, &PatchedParts{2, "mm"}},
		{`{"unit":"m"}`, nil, &PatchedParts{0, "m"}},
		{`{"unit":null}`, nil, nil},
		{`{"unit":"m"}`, &PatchedParts{3, "mm"}, &PatchedParts{3, "m"}},
		{`{"unit":null}`, &PatchedParts{3, "m"}, &PatchedParts{3, "mm"}},
		{`{"width":4}`, &PatchedParts{3, ""}, &PatchedParts{4, ""}},
	} {
		p, err := patchOf[doc](tt.patch)
		require.NoError(t, err, tt.patch)
		got, err := p.Apply(doc{tt.before, "n"})
		require.NoError(t, err, tt.patch)
		assert.Equal(t, tt.want, got.PatchedParts, tt.patch)
	}
}

// repeatedMembers returns an object of about a megabyte, whose members have different names.
func repeatedMembers(value string) string {
	var b strings.Builder
	for i := 0; b.Len() < 900_000; i++ {
		fmt.Fprintf(&b, `,"%06d":%s`, i, value)
	}
	return "{" + b.String()[1:] + "}"
}

// A patch costs a small multiple of what its body costs as a T: binding it about the
// same, and applying it up to three times that. In an interface a value takes up to 64 times the
// memory of its text, and only Apply makes one.
func TestMergePatch_memory(t *testing.T) {
	kittest.Measures(t)
	type doc struct {
		Words  []string                `json:"words,omitempty"`
		Any    any                     `json:"any,omitempty"`
		Texts  map[string]string       `json:"texts,omitempty"`
		Places map[string]*patchedNode `json:"places,omitempty"`
	}
	for name, body := range map[string]string{
		"list":           `{"words":[""` + strings.Repeat(`,"word"`, 140_000) + `]}`,
		"texts":          `{"texts":` + repeatedMembers(`"x"`) + `}`,
		"structs":        `{"places":` + repeatedMembers(`{}`) + `}`,
		"unknown":        `{"unknown":` + repeatedMembers(`1`) + `}`,
		"any of numbers": `{"any":[1` + strings.Repeat(`,1`, 400_000) + `]}`,
		"any of objects": `{"any":[1` + strings.Repeat(`,{"":1}`, 120_000) + `]}`,
		"any of members": `{"any":` + repeatedMembers(`{}`) + `}`,
	} {
		whole := kittest.TotalAlloc(func() { _, _ = bind.For[doc]().Bind(jsonRequest(body)) })
		var p bind.MergePatch[doc]
		var err error
		bound := kittest.TotalAlloc(func() { p, err = patchOf[doc](body) })
		require.NoError(t, err, name)
		applied := kittest.TotalAlloc(func() { _, err = p.Apply(doc{}) })
		require.NoError(t, err, name)
		size := uint64(len(body))
		t.Logf("%s: %d times its size as a T, %d and %d as a patch", name, whole/size, bound/size, applied/size)
		assert.Less(t, whole, 80*size, name)
		if !kittest.Engine { // which decodes before it passes over
			assert.Less(t, bound, 24*size, name)
		}
		assert.Less(t, applied, 3*whole+size, name)
	}
}
