package decode_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// siteOf returns the site of a member of type t with these tags.
func siteOf(t *testing.T, typ reflect.Type, tags string) shape.Site {
	t.Helper()
	field := reflect.StructField{Name: "F", Type: typ, Tag: reflect.StructTag(tags)}
	members := shape.SiteOf(reflect.StructOf([]reflect.StructField{field})).Members()
	require.NoError(t, members.Malformed)
	require.Empty(t, members.Faults)
	return members.List[0].Site
}

type (
	word  string
	hexID []byte // reads itself
)

func (h *hexID) UnmarshalText(b []byte) error { *h = b; return nil }

func letters(n int) []string { return strings.Split("abcdefghijklmnopqrstuvwxyz"[:n], "") }

// Each rule lets values pass and refuses others with a code, a sentence and its limit.
func TestChecksOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		tags         string
		pass, refuse []any
		want         text.Wrong
	}{
		{`minimum:"-3"`, []any{-3, 0}, []any{-4}, text.Wrong{Code: "minimum", Detail: "must be at least -3", Limit: "-3"}},
		{`maximum:"18446744073709551614"`, []any{uint64(1<<64 - 2)}, []any{uint64(1<<64 - 1)}, text.Wrong{Code: "maximum", Detail: "must be at most 18446744073709551614", Limit: "18446744073709551614"}},
		{`maximum:"0.1"`, []any{float32(0.1)}, []any{float32(0.11)}, text.Wrong{Code: "maximum", Detail: "must be at most 0.1", Limit: "0.1"}},
		{`minimum:"1h"`, []any{time.Hour}, []any{time.Minute}, text.Wrong{Code: "minimum", Detail: "must be at least 1h", Limit: "1h"}},
		{`exclusiveMinimum:"0"`, []any{1}, []any{0, -1}, text.Wrong{Code: "exclusiveMinimum", Detail: "must be greater than 0", Limit: "0"}},
		{`exclusiveMaximum:"1"`, []any{0.9}, []any{1.0, 2.0}, text.Wrong{Code: "exclusiveMaximum", Detail: "must be less than 1", Limit: "1"}},
		{`multipleOf:"3"`, []any{0, -9}, []any{1, -1}, text.Wrong{Code: "multipleOf", Detail: "must be a multiple of 3", Limit: "3"}},
		{`multipleOf:"5"`, []any{uint16(65535)}, []any{uint16(4)}, text.Wrong{Code: "multipleOf", Detail: "must be a multiple of 5", Limit: "5"}},
		{`multipleOf:"0.1"`, []any{0.3, 1e15}, []any{0.25, 0.10000000001}, text.Wrong{Code: "multipleOf", Detail: "must be a multiple of 0.1", Limit: "0.1"}},
		{`multipleOf:"0.1"`, []any{float32(0.7)}, []any{float32(0.31)}, text.Wrong{Code: "multipleOf", Detail: "must be a multiple of 0.1", Limit: "0.1"}},
		{`minLength:"1"`, []any{"ä"}, []any{""}, text.Wrong{Code: "minLength", Detail: "must have at least 1 character", Limit: "1"}},
		{`maxLength:"2"`, []any{word("äö"), word("")}, []any{word("äöü")}, text.Wrong{Code: "maxLength", Detail: "must have at most 2 characters", Limit: "2"}},
		{`pattern:"^b+$"`, []any{"bb"}, []any{"", "abb"}, text.Wrong{Code: "pattern", Detail: "must match the pattern ^b+$", Limit: "^b+$"}},
		{`enum:"a,b c,"`, []any{"a", "b c", ""}, []any{"A"}, text.Wrong{Code: "enum", Detail: "must be one of a, b c, ", Limit: "a,b c,"}},
		{`enum:"1,30"`, []any{30}, []any{3}, text.Wrong{Code: "enum", Detail: "must be one of 1, 30", Limit: "1,30"}},
		{`enum:"7"`, []any{uint8(7)}, []any{uint8(8)}, text.Wrong{Code: "enum", Detail: "must be one of 7", Limit: "7"}},
		{`enum:"0.5"`, []any{0.5}, []any{0.6}, text.Wrong{Code: "enum", Detail: "must be one of 0.5", Limit: "0.5"}},
		{`enum:"1,2"`, []any{json.Number("1")}, []any{json.Number("1.0")}, text.Wrong{Code: "enum", Detail: "must be one of 1, 2", Limit: "1,2"}},
		{`format:"email"`, []any{"a@b.example"}, []any{"a"}, text.Wrong{Code: "format", Detail: "must be a valid email", Limit: "email"}},
		{`format:"password" maxLength:"3"`, []any{"a b"}, []any{"long"}, text.Wrong{Code: "maxLength", Detail: "must have at most 3 characters", Limit: "3"}},
		{`minLength:"3" pattern:"x"`, []any{"xxx"}, []any{"a"}, text.Wrong{Code: "minLength", Detail: "must have at least 3 characters", Limit: "3"}},
	} {
		t.Run(tc.tags, func(t *testing.T) {
			t.Parallel()
			var faults shape.Faults
			checks := decode.ChecksOf(siteOf(t, reflect.TypeOf(tc.pass[0]), tc.tags), &faults)
			require.Empty(t, faults)
			for _, v := range tc.pass {
				assert.Nil(t, checks.Check(reflect.ValueOf(v)), "%v", v)
			}
			for _, v := range tc.refuse {
				assert.Equal(t, &tc.want, checks.Check(reflect.ValueOf(v)), "%v", v)
			}
		})
	}
}

// What only annotates a value, or is about its text, has no check.
func TestChecksOf_none(t *testing.T) {
	t.Parallel()
	for tags, typ := range map[string]reflect.Type{
		``:                reflect.TypeFor[int](),
		`format:"int32"`:  reflect.TypeFor[int64](),
		`format:"double"`: reflect.TypeFor[json.Number](),
		`format:"byte"`:   reflect.TypeFor[[]byte](),
		`format:"date"`:   reflect.TypeFor[time.Time](),
		`format:"hex" minLength:"2" maxLength:"4"`: reflect.TypeFor[hexID](),
	} {
		var faults shape.Faults
		assert.Empty(t, decode.ChecksOf(siteOf(t, typ, tags), &faults), tags)
		assert.Empty(t, faults, tags)
	}
}

// Three things are wrong only for those who check: patterns, formats and long units.
func TestChecksOf_faults(t *testing.T) {
	t.Parallel()
	for tags, tc := range map[string]struct {
		typ  reflect.Type
		want string
	}{
		`pattern:"("`:                 {reflect.TypeFor[string](), "struct.F has pattern:\"(\": error parsing regexp: missing closing ): `(`"},
		`format:"zip"`:                {reflect.TypeFor[string](), `struct.F has format:"zip": is not a known format: use `},
		`format:"uuid"`:               {reflect.TypeFor[int](), `struct.F has format:"uuid": does not apply to its type`},
		`format:"email"`:              {reflect.TypeFor[json.Number](), `struct.F has format:"email": does not apply to its type`},
		`multipleOf:"1.5" format:"x"`: {reflect.TypeFor[float64](), `struct.F has format:"x": is not a known format: use `},
	} {
		var faults shape.Faults
		decode.ChecksOf(siteOf(t, tc.typ, tags), &faults)
		require.Len(t, faults, 1, tags)
		assert.True(t, strings.HasPrefix(faults.Lines()[0], tc.want), "%s: %s", tags, faults.Lines()[0])
	}
}

func TestItemsOf(t *testing.T) {
	t.Parallel()
	long := letters(20)
	for _, tc := range []struct {
		tags         string
		pass, refuse []any
		want         text.Wrong
	}{
		{`minItems:"2"`, []any{[]int{1, 1}}, []any{[]int{}, []int{1}}, text.Wrong{Code: "minItems", Detail: "must have at least 2 items", Limit: "2"}},
		{`uniqueItems:"true"`, []any{letters(3), long}, []any{[]string{"a", "b", "a"}, append(letters(20), "t")}, text.Wrong{Code: "uniqueItems", Detail: "must not repeat an item"}},
		{`uniqueItems:"true"`, []any{[]float64{1, 2}}, []any{[]float64{0, 0}}, text.Wrong{Code: "uniqueItems", Detail: "must not repeat an item"}},
		{`uniqueItems:"true" minItems:"3"`, []any{[3]int{1, 2, 3}}, []any{[3]int{}}, text.Wrong{Code: "uniqueItems", Detail: "must not repeat an item"}},
		{`uniqueItems:"false"`, []any{[]int{1, 1}}, nil, text.Wrong{}},
	} {
		items := decode.ItemsOf(siteOf(t, reflect.TypeOf(tc.pass[0]), tc.tags))
		for _, v := range tc.pass {
			assert.Nil(t, items.Check(reflect.ValueOf(v)), "%s: %v", tc.tags, v)
		}
		for _, v := range tc.refuse {
			assert.Equal(t, &tc.want, items.Check(reflect.ValueOf(v)), "%s: %v", tc.tags, v)
		}
	}
	items := decode.ItemsOf(siteOf(t, reflect.TypeFor[[]int](), `maxItems:"1"`))
	assert.Equal(t, 1, items.Max)
	assert.Equal(t, &text.Wrong{Code: "maxItems", Detail: "must have at most 1 item", Limit: "1"}, items.TooMany)
}
