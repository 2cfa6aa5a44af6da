package shape_test

import (
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
)

type (
	bigger  struct{ *big.Int }
	named   string
	counter int
)

func (*named) UnmarshalText([]byte) error   { return nil }
func (*counter) UnmarshalJSON([]byte) error { return nil }

// ruled returns the site of a field of type t with these tags: in JSON and, with a
// query tag, in text.
func ruled(t *testing.T, typ reflect.Type, tags string) (site shape.Site, faults shape.Faults) {
	t.Helper()
	field := func(source string) reflect.Type {
		return reflect.StructOf([]reflect.StructField{{Name: "F", Type: typ, Tag: reflect.StructTag(source + " " + tags)}})
	}
	members := shape.SiteOf(field(`json:"f"`)).Members()
	require.NoError(t, members.Malformed)
	return members.List[0].Site, members.Faults
}

func inText(typ reflect.Type, tags string) shape.Faults {
	return shape.InOf(reflect.StructOf([]reflect.StructField{
		{Name: "F", Type: typ, Tag: reflect.StructTag(`query:"f" ` + tags)},
	})).Faults
}

// Every rule applies to some types and is a fault of the others, in JSON and in text.
func TestRules_apply(t *testing.T) {
	t.Parallel()
	types := []struct {
		typ  reflect.Type
		json string // the classes of rules that apply in JSON
		text string // and in text; "-" where no text is read
	}{
		{reflect.TypeFor[int](), "n", "n"},
		{reflect.TypeFor[*uint8](), "n", "n"},
		{reflect.TypeFor[float64](), "n", "n"},
		{reflect.TypeFor[time.Duration](), "n", "n"},
		{reflect.TypeFor[string](), "s", "s"},
		{reflect.TypeFor[word](), "s", "s"},
		{reflect.TypeFor[bool](), "", ""},
		{reflect.TypeFor[json.Number](), "s", "s"},
		{reflect.TypeFor[named](), "sm", "sm"},
		{reflect.TypeFor[counter](), "n", "n"},
		{reflect.TypeFor[time.Time](), "t", "t"},
		{reflect.TypeFor[netip.Addr](), "m", "m"},
		{reflect.TypeFor[both](), "m", "m"},
		{reflect.TypeFor[json.RawMessage](), "f", "-"},
		{reflect.TypeFor[url.URL](), "", ""},
		{reflect.TypeFor[[]string](), "sl", "sl"},
		{reflect.TypeFor[[]*int](), "nl", "nl"},
		{reflect.TypeFor[[][]string](), "sl", "-"},
		{reflect.TypeFor[[2]int](), "nl", "-"},
		{reflect.TypeFor[map[string]string](), "s", "-"},
		{reflect.TypeFor[[]byte](), "b", "-"},
		{reflect.TypeFor[any](), "", "-"},
		{reflect.TypeFor[article](), "", "-"},
		{reflect.TypeFor[looped](), "l", "-"},
	}
	rules := []struct{ tag, classes string }{
		{`minimum:"1"`, "n"},
		{`maximum:"1"`, "n"},
		{`exclusiveMinimum:"1"`, "n"},
		{`exclusiveMaximum:"1"`, "n"},
		{`multipleOf:"1"`, "n"},
		{`minLength:"1"`, "sm"},
		{`maxLength:"1"`, "sm"},
		{`pattern:"1"`, "s"},
		{`enum:"1,2"`, "ns"},
		{`format:"date"`, "stmfn"},
		{`format:"byte"`, "smfnb"},
		{`minItems:"1"`, "l"},
		{`maxItems:"1"`, "l"},
		{`uniqueItems:"false"`, ""},
	}
	apply := func(classes, of string) bool {
		for _, c := range classes {
			for _, d := range of {
				if c == d {
					return true
				}
			}
		}
		return false
	}
	for _, typ := range types {
		for _, rule := range rules {
			if rule.classes == "" {
				continue
			}
			_, faults := ruled(t, typ.typ, rule.tag)
			assert.Equal(t, apply(rule.classes, typ.json), len(faults) == 0, "%s %s in JSON: %v", typ.typ, rule.tag, faults.Lines())
			if typ.text != "-" {
				faults := inText(typ.typ, rule.tag)
				assert.Equal(t, apply(rule.classes, typ.text), len(faults) == 0, "%s %s in text: %v", typ.typ, rule.tag, faults.Lines())
			}
		}
	}
}

func TestRules_limits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		typ   reflect.Type
		tags  string
		want  any // the value of the first limit
		fault string
	}{
		{reflect.TypeFor[int](), `minimum:"-3"`, -3, ""},
		{reflect.TypeFor[*int8](), `maximum:"127"`, int8(127), ""},
		{reflect.TypeFor[uint64](), `maximum:"18446744073709551615"`, uint64(1<<64 - 1), ""},
		{reflect.TypeFor[float32](), `multipleOf:"0.1"`, float32(0.1), ""},
		{reflect.TypeFor[time.Duration](), `minimum:"1h30m"`, 90 * time.Minute, ""},
		{reflect.TypeFor[time.Duration](), `minimum:"1000"`, time.Microsecond, ""},
		{reflect.TypeFor[[]word](), `minItems:"1"`, nil, ""},
		{reflect.TypeFor[int](), `minimum:"1.5"`, nil, `struct.F has minimum:"1.5": it must be an integer`},
		{reflect.TypeFor[uint8](), `minimum:"-1"`, nil, `struct.F has minimum:"-1": it must be between 0 and 255`},
		{reflect.TypeFor[float64](), `maximum:"Inf"`, nil, `struct.F has maximum:"Inf": it must be a number`},
		{reflect.TypeFor[int](), `multipleOf:"0"`, nil, `struct.F has multipleOf:"0": it must be greater than 0`},
		{reflect.TypeFor[time.Duration](), `minimum:"1 hour"`, nil, `struct.F has minimum:"1 hour": it must be a duration such as 1h30m`},
		{reflect.TypeFor[string](), `minLength:"-1"`, nil, `struct.F has minLength:"-1": it must be a number of 0 or more`},
		{reflect.TypeFor[[]int](), `enum:"1,x"`, nil, `struct.F has enum:"1,x": "x": it must be an integer`},
		{reflect.TypeFor[[]int](), `uniqueItems:"maybe"`, nil, `struct.F has uniqueItems:"maybe": it must be true or false`},
		{reflect.TypeFor[[]time.Time](), `uniqueItems:"true"`, nil, `struct.F has uniqueItems:"true": it needs elements that are strings, numbers or bools`},
		{reflect.TypeFor[[]int](), `minItems:"3" maxItems:"2"`, nil, `struct.F has minItems:"3" and maxItems:"2", which no value satisfies: change one of them`},
		{reflect.TypeFor[int](), `exclusiveMinimum:"3" maximum:"3"`, nil, `struct.F has exclusiveMinimum:"3" and maximum:"3", which no value satisfies: change one of them`},
		{reflect.TypeFor[int](), `minimum:"3" maximum:"3"`, 3, ""},
		{reflect.TypeFor[string](), `minLength:"3" maxLength:"2"`, nil, `struct.F has minLength:"3" and maxLength:"2", which no value satisfies: change one of them`},
		{reflect.TypeFor[uint64](), `minimum:"18446744073709551615" maximum:"18446744073709551614"`, nil, `struct.F has minimum:"18446744073709551615" and maximum:"18446744073709551614", which no value satisfies: change one of them`},
	} {
		site, faults := ruled(t, tc.typ, tc.tags)
		if tc.fault != "" {
			assert.Equal(t, []string{tc.fault}, faults.Lines(), tc.tags)
			continue
		}
		require.Empty(t, faults, tc.tags)
		if tc.want != nil {
			assert.Equal(t, tc.want, site.Rules.Limits[0].Value.Interface(), tc.tags)
		}
	}
}

// The length of a number without bounds is bounded, also where a struct embeds it.
func TestRules_big(t *testing.T) {
	t.Parallel()
	for _, typ := range []reflect.Type{
		reflect.TypeFor[big.Int](), reflect.TypeFor[*big.Rat](), reflect.TypeFor[[]*big.Float](), reflect.TypeFor[bigger](),
	} {
		site, faults := ruled(t, typ, "")
		require.Empty(t, faults)
		require.NotNil(t, site.Rules.MaxLength, typ)
		assert.Equal(t, 4096, *site.Rules.MaxLength)
	}
	site, faults := ruled(t, reflect.TypeFor[big.Int](), `maxLength:"9"`)
	require.Empty(t, faults)
	assert.Equal(t, 9, *site.Rules.MaxLength)
	site, _ = ruled(t, reflect.TypeFor[netip.Addr](), "")
	assert.Nil(t, site.Rules.MaxLength)
}

func TestSite_Literal(t *testing.T) {
	t.Parallel()
	const absent = ": remove it, and use a pointer or a bind.Opt if the value may be absent"
	for _, tc := range []struct {
		typ  reflect.Type
		tags string
		text string
		want []any
		err  string
	}{
		{reflect.TypeFor[int](), "", "5", []any{5}, ""},
		{reflect.TypeFor[**int](), "", "5", []any{5}, ""},
		{reflect.TypeFor[bool](), "", "on", []any{true}, ""},
		{reflect.TypeFor[uint8](), "", "-0", []any{uint8(0)}, ""},
		{reflect.TypeFor[[]string](), "", "a,,b", []any{"a", "", "b"}, ""},
		{reflect.TypeFor[[]int](), "", "", nil, ""},
		{reflect.TypeFor[time.Time](), `format:"unix"`, "60", []any{time.Unix(60, 0).UTC()}, ""},
		{reflect.TypeFor[time.Duration](), "", "1m", []any{time.Minute}, ""},
		{reflect.TypeFor[netip.Addr](), "", "::1", []any{netip.MustParseAddr("::1")}, ""},
		{reflect.TypeFor[int](), "", "x", nil, "it must be an integer"},
		{reflect.TypeFor[[]int](), "", "1,x", nil, "it must be an integer"},
		{reflect.TypeFor[article](), "", "{}", nil, "it does not apply to type shape_test.article" + absent},
		{reflect.TypeFor[map[string]int](), "", "1", nil, "it does not apply to type map[string]int" + absent},
		{reflect.TypeFor[[]byte](), "", "1", nil, "it does not apply to type []uint8" + absent},
		{reflect.TypeFor[[2]int](), "", "1,2", nil, "it does not apply to type [2]int" + absent},
		{reflect.TypeFor[[][]int](), "", "1", nil, "it does not apply to type [][]int" + absent},
		{reflect.TypeFor[url.URL](), "", "/a", nil, "it does not apply to type url.URL" + absent},
	} {
		site, faults := ruled(t, tc.typ, tc.tags)
		require.Empty(t, faults)
		got, err := site.Literal(tc.text)
		if tc.err != "" {
			require.EqualError(t, err, tc.err, "%s %s", tc.typ, tc.text)
			continue
		}
		require.NoError(t, err, "%s %s", tc.typ, tc.text)
		var values []any
		for _, v := range got.Values {
			values = append(values, v.Interface())
		}
		assert.Equal(t, tc.want, values)
		assert.Equal(t, tc.text, got.Text)
	}
}
