package bind_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	tenonjson "github.com/tenonkit/tenon/internal/json"
)

func TestOpt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name                  string
		opt                   bind.Opt[int]
		value                 int
		ok, isSet, null, zero bool
		json                  string
	}{
		{"absent", bind.Opt[int]{}, 0, false, false, false, true, "null"},
		{"null", bind.Null[int](), 0, false, true, true, false, "null"},
		{"zero", bind.Some(0), 0, true, true, false, false, "0"},
		{"value", bind.Some(5), 5, true, true, false, false, "5"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			value, ok := tc.opt.Get()
			assert.Equal(t, tc.value, value)
			assert.Equal(t, tc.ok, ok)
			assert.Equal(t, tc.isSet, tc.opt.IsSet())
			assert.Equal(t, tc.null, tc.opt.IsNull())
			assert.Equal(t, tc.zero, tc.opt.IsZero())
			want := 9
			if tc.ok {
				want = tc.value
			}
			assert.Equal(t, want, tc.opt.Or(9))
			for engine, codec := range engines() {
				text, err := codec.marshal(tc.opt)
				require.NoError(t, err)
				assert.Equal(t, tc.json, string(text), engine)
				got := bind.Some(3)
				require.NoError(t, codec.unmarshal(text, &got))
				if tc.zero {
					assert.True(t, got.IsNull(), engine)
				} else {
					assert.Equal(t, tc.opt, got, engine)
				}
				require.Error(t, codec.unmarshal([]byte(`"x"`), &got), engine)
			}
		})
	}
}

type jsonEngine struct {
	marshal   func(any) ([]byte, error)
	unmarshal func([]byte, any) error
}

func engines() map[string]jsonEngine {
	return map[string]jsonEngine{
		"encoding/json": {json.Marshal, json.Unmarshal},
		"internal/json": {tenonjson.Marshal, func(text []byte, v any) error { return tenonjson.Unmarshal(text, v) }},
	}
}

// An Opt is absent, null or a value as a field too, through either engine.
func TestOpt_field(t *testing.T) {
	t.Parallel()
	type patch struct {
		Title bind.Opt[string]   `json:"title,omitzero"`
		Tags  bind.Opt[[]string] `json:"tags,omitzero"`
	}
	for engine, codec := range engines() {
		for _, text := range []string{`{}`, `{"title":null}`, `{"title":"","tags":["a"]}`, `{"tags":null}`} {
			var p patch
			require.NoError(t, codec.unmarshal([]byte(text), &p))
			back, err := codec.marshal(&p)
			require.NoError(t, err)
			assert.Equal(t, text, string(back), engine)
		}
	}
}

func ExampleOpt() {
	type patch struct {
		Title bind.Opt[string] `json:"title,omitzero"`
	}
	for _, text := range []string{`{}`, `{"title":null}`, `{"title":""}`} {
		var p patch
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			fmt.Println(err)
		}
		title, ok := p.Title.Get()
		fmt.Printf("%-14s set=%t null=%t value=%q,%t\n", text, p.Title.IsSet(), p.Title.IsNull(), title, ok)
	}
	// Output:
	// {}             set=false null=false value="",false
	// {"title":null} set=true null=true value="",false
	// {"title":""}   set=true null=false value="",true
}
