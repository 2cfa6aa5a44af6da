package bind_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	for _, tt := range mergePatchCases {
		if tt.change == nil {
			continue
		}
		want := newDoc()
		tt.change(&want)
		p, err := bind.Diff(newDoc(), want)
		require.NoError(t, err, tt.name)
		got, err := p.Apply(newDoc())
		require.NoError(t, err, tt.name)
		wanted, err := json.Marshal(want)
		require.NoError(t, err)
		text, err := json.Marshal(got)
		require.NoError(t, err)
		assert.JSONEq(t, string(wanted), string(text), tt.name)
	}
	p, err := bind.Diff(newDoc(), newDoc())
	require.NoError(t, err)
	text, err := json.Marshal(p)
	require.NoError(t, err)
	assert.Equal(t, "{}", string(text))
}

// What no patch can say is an error that names its place.
func TestDiff_refuses(t *testing.T) {
	t.Parallel()
	null := map[string]any{"x": nil}
	_, err := bind.Diff(map[string]any{}, null)
	require.ErrorContains(t, err, "no merge patch can produce the new value at #/x")
	_, err = bind.Diff[any](map[string]any{"a": 1}, map[string]any{"a": []any{null}, "b": null})
	require.ErrorContains(t, err, "#/b/x")
	type omitting struct {
		M map[string]any `json:"m,omitempty"`
	}
	_, err = bind.Diff(omitting{map[string]any{"k": 1}}, omitting{null})
	require.ErrorContains(t, err, "#/m/x", "the patched value has no m at all")
	_, err = bind.Diff(null, map[string]any{"x": nil, "y": 1})
	require.NoError(t, err, "a null that stays needs no word")
	_, err = bind.Diff(newDoc(), patchedDoc{Size: bind.Null[int]()})
	require.ErrorContains(t, err, "#/size")
	_, err = bind.Diff(map[string]any{}, map[string]any{"x": func() {}})
	require.ErrorContains(t, err, "the new value")
	assert.Panics(t, func() { _, _ = bind.Diff(map[string]chan int{}, nil) })
}

// randomJSON draws a value that has no null.
func randomJSON(r *rand.Rand, depth int) any {
	switch n := r.IntN(6); {
	case depth > 0 && n < 3:
		object := map[string]any{}
		for range r.IntN(4) {
			object[string(rune('a'+r.IntN(4)))] = randomJSON(r, depth-1)
		}
		return object
	case n == 3:
		return []any{float64(r.IntN(3)), nil, map[string]any{"n": nil}}
	case n == 4:
		return "text"
	}
	return float64(r.IntN(3))
}

func TestDiff_property(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		from, to := randomJSON(r, 4), randomJSON(r, 4)
		p, err := bind.Diff(from, to)
		require.NoError(t, err)
		got, err := p.Apply(from)
		require.NoError(t, err)
		require.Equal(t, to, got)
	}
}
