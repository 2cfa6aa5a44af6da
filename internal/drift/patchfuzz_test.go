package drift_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

// A Patched has a member of each kind that patches treat in a way of their own.
type Patched struct {
	Name  string              `json:"name" maxLength:"4"`
	Note  *string             `json:"note" minLength:"1"`
	Tags  []string            `json:"tags,omitempty" maxItems:"2" uniqueItems:"true"`
	Flags map[string]bool     `json:"flags"`
	Next  *Patched            `json:"next,omitempty"`
	Kids  []Patched           `json:"kids,omitempty"`
	By    map[string]*Patched `json:"by,omitempty"`
	Any   any                 `json:"any,omitempty"`
	Color string              `json:"color" default:"red" enum:"red,blue"`
	Opt   bind.Opt[int]       `json:"opt,omitzero" minimum:"1"`
	Null  bind.Opt[string]    `json:"null"`
	When  time.Time           `json:"when,omitzero"`
	Bytes []byte              `json:"bytes,omitempty"`
	Base
	Rest map[string]*int `json:",embed"`
}

// Validate refuses a name that is the color.
func (p *Patched) Validate() error {
	if p.Name == p.Color {
		return &bind.Error{}
	}
	return nil
}

// patchSeeds are pairs of a value and a patch of it: RFC 7396, appendix A, and more.
var patchSeeds = [][2]string{
	{`{"a":"b"}`, `{"a":"c"}`},
	{`{"a":"b"}`, `{"b":"c"}`},
	{`{"a":"b"}`, `{"a":null}`},
	{`{"a":"b","b":"c"}`, `{"a":null}`},
	{`{"a":["b"]}`, `{"a":"c"}`},
	{`{"a":"c"}`, `{"a":["b"]}`},
	{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`},
	{`{"a":[{"b":"c"}]}`, `{"a":[1]}`},
	{`["a","b"]`, `["c","d"]`},
	{`{"a":"b"}`, `["c"]`},
	{`{"a":"foo"}`, `null`},
	{`{"a":"foo"}`, `"bar"`},
	{`{"e":null}`, `{"a":1}`},
	{`[1,2]`, `{"a":"b","c":null}`},
	{`{}`, `{"a":{"bb":{"ccc":null}}}`},
	{`null`, `0`},
	{`{"name":"n","note":"x","flags":{},"id":1}`, `{"name":"m","note":null,"next":{"name":"a","flags":{"x":true},"id":2,"note":null}}`},
	{`{"name":"n","flags":{"a":true},"id":1,"x":1,"next":{"name":"a","flags":{},"id":2}}`, `{"x":null,"y":2,"next":{"flags":{"a":null}},"flags":{"a":null,"b":false}}`},
	{`{"name":"n","flags":{},"id":1,"by":{"a":{"name":"b","flags":{},"id":3},"c":null}}`, `{"by":{"a":{"opt":4},"c":{},"d":null},"null":null,"kids":[{}]}`},
	{`{"name":"n","flags":{},"id":1,"color":"blue","any":{"a":[1],"b":{"c":2}},"opt":1,"null":null}`, `{"any":{"a":null,"b":{"c":null,"d":{"e":null}}},"color":null,"opt":null}`},
	{`{"name":"n","flags":{},"id":1,"tags":["a"],"bytes":"AQID","when":"2026-01-02T15:04:05Z"}`, `{"tags":["b","b"],"bytes":null,"when":null,"name":"red"}`},
	{`{"name":"n","flags":{},"id":1}`, `{"any":1e400,"any":2,"name":"\ud800"}`},
}

// FuzzPatch holds patches of interfaces, of maps and of a struct against RFC 7396.
func FuzzPatch(f *testing.F) {
	for _, seed := range patchSeeds {
		f.Add(seed[0], seed[1])
	}
	targets := []patcher{patcherOf[any](), patcherOf[map[string]map[string]any](), patcherOf[Patched](), patcherOf[*Patched]()}
	f.Fuzz(func(t *testing.T, from, patch string) {
		for i := range targets {
			targets[i].checkFuzzed(t, []byte(from), []byte(patch))
		}
	})
}

func (p *patcher) checkFuzzed(t *testing.T, from, patch []byte) {
	t.Helper()
	v, err := p.read(from)
	if err != nil {
		return
	}
	_, err = p.patch(v, patch)
	if !json.Valid(patch) {
		require.Error(t, err)
		return
	}
	if isMalformed(err) {
		return
	}
	from = written(t, v) // which has what was left out
	v, err = p.read(from)
	require.NoError(t, err)
	p.checkPatch(t, v, from, patch)
}

// isMalformed reports whether a patch is refused for what encoding/json lets pass.
func isMalformed(err error) bool {
	refused, ok := errors.AsType[*bind.Error](err)
	return ok && slices.ContainsFunc(refused.Fields, func(f respond.FieldError) bool {
		return f.Code == "syntax" || f.Code == "duplicate" || f.Code == "depth"
	})
}
