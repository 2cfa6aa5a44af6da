package bind_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

// A constraintCase is a parameter with constraints, the texts that they let
// pass, and the texts that they refuse with the sentence that says so.
type constraintCase struct {
	name    string
	bind    func(query string) error
	pass    []string
	refuse  []string
	code    string
	problem string
}

func constrained[In any](name, code, problem string, pass, refuse []string) constraintCase {
	b := bind.For[In]()
	return constraintCase{name, func(query string) error {
		_, err := b.Bind(queryRequest(query))
		return err
	}, pass, refuse, code, problem}
}

func numberConstraints() []constraintCase {
	return []constraintCase{
		constrained[struct {
			V int `query:"v" minimum:"-3"`
		}]("minimum of int", "minimum", "must be at least -3", []string{"-3", "0", "9"}, []string{"-4", "-999"}),
		constrained[struct {
			V int8 `query:"v" maximum:"127"`
		}]("maximum of int8", "range", "must be between -128 and 127", []string{"127"}, []string{"128"}),
		constrained[struct {
			V uint64 `query:"v" maximum:"18446744073709551614"`
		}]("maximum of uint64", "maximum", "must be at most 18446744073709551614", []string{"18446744073709551614"}, []string{"18446744073709551615"}),
		constrained[struct {
			V uint8 `query:"v" minimum:"1"`
		}]("minimum of uint8", "minimum", "must be at least 1", []string{"1"}, []string{"0"}),
		constrained[struct {
			V float64 `query:"v" minimum:"0.5"`
		}]("minimum of float64", "minimum", "must be at least 0.5", []string{"0.5", "5e-1"}, []string{"0.4999999999999999", "-1"}),
		constrained[struct {
			V float32 `query:"v" maximum:"0.1"`
		}]("maximum of float32", "maximum", "must be at most 0.1", []string{"0.1", "0.10000000001"}, []string{"0.11"}),
		constrained[struct {
			V int `query:"v" exclusiveMinimum:"0"`
		}]("exclusiveMinimum", "exclusiveMinimum", "must be greater than 0", []string{"1"}, []string{"0", "-1"}),
		constrained[struct {
			V float64 `query:"v" exclusiveMaximum:"1"`
		}]("exclusiveMaximum", "exclusiveMaximum", "must be less than 1", []string{"0.999"}, []string{"1", "1.0", "2"}),
		constrained[struct {
			V int64 `query:"v" multipleOf:"3"`
		}]("multipleOf of int64", "multipleOf", "must be a multiple of 3", []string{"0", "3", "-9", "9223372036854775806"}, []string{"1", "-1", "9223372036854775807"}),
		constrained[struct {
			V uint16 `query:"v" multipleOf:"5"`
		}]("multipleOf of uint16", "multipleOf", "must be a multiple of 5", []string{"0", "65535"}, []string{"4"}),
		constrained[struct {
			V float64 `query:"v" multipleOf:"0.1"`
		}]("multipleOf of float64", "multipleOf", "must be a multiple of 0.1",
			[]string{"0", "0.1", "0.3", "0.7", "-1.1", "123456.7", "1e15"}, []string{"0.25", "0.31", "0.10000000001", "123456.75", "1000000000.05"}),
		constrained[struct {
			V float32 `query:"v" multipleOf:"0.1"`
		}]("multipleOf of float32", "multipleOf", "must be a multiple of 0.1", []string{"0.3", "0.7", "12.5"}, []string{"0.25", "0.31"}),
		constrained[struct {
			V float64 `query:"v" multipleOf:"2"`
		}]("multipleOf of whole floats", "multipleOf", "must be a multiple of 2", []string{"0", "-4", "1e308", "9007199254740992"}, []string{"2251799813685249", "9007199254740991", "1.5"}),
		constrained[struct {
			V float64 `query:"v" multipleOf:"1"`
		}]("whole floats", "multipleOf", "must be a multiple of 1", []string{"2251799813685247"}, []string{"2251799813685247.5", "1e-300"}),
		constrained[struct {
			V float64 `query:"v" multipleOf:"0.01"`
		}]("multipleOf of cents", "multipleOf", "must be a multiple of 0.01", []string{"0.07", "1.15", "4.35", "1070468.14", "1e300"}, []string{"20000000000000.004", "0.071", "1e-300"}),
		constrained[struct {
			V float32 `query:"v" multipleOf:"2"`
		}]("multipleOf of whole float32", "multipleOf", "must be a multiple of 2", []string{"4194304"}, []string{"4194305"}),
		constrained[struct {
			V float64 `query:"v" multipleOf:"0.5"`
		}]("multipleOf of halves", "multipleOf", "must be a multiple of 0.5", []string{"1e308", "-0.5"}, []string{"0.25"}),
		constrained[struct {
			V float64 `query:"v" multipleOf:"1e-300"`
		}]("multipleOf with a small unit", "multipleOf", "must be a multiple of 1e-300", []string{"1e308", "3e-300"}, []string{"1.5e-300"}),
		constrained[struct {
			V time.Duration `query:"v" minimum:"1s"`
		}]("minimum of a duration", "minimum", "must be at least 1s", []string{"1s", "1000ms", "2h"}, []string{"999ms", "-1s", "0"}),
		constrained[struct {
			V time.Duration `query:"v" multipleOf:"60000000000"`
		}]("multipleOf of a duration in nanoseconds", "multipleOf", "must be a multiple of 60000000000", []string{"1m", "2h"}, []string{"1s"}),
		constrained[struct {
			V *bind.Opt[count] `query:"v" minimum:"2"`
		}]("through pointers and Opts", "minimum", "must be at least 2", []string{"2", ""}, []string{"1"}),
		constrained[struct {
			V int `query:"v" enum:"1,2,30"`
		}]("enum of int", "enum", "must be one of 1, 2, 30", []string{"1", "30", "030"}, []string{"3", "0"}),
		constrained[struct {
			V uint8 `query:"v" enum:"7"`
		}]("enum of uint8", "enum", "must be one of 7", []string{"7"}, []string{"8"}),
		constrained[struct {
			V float64 `query:"v" enum:"0.5,1"`
		}]("enum of float64", "enum", "must be one of 0.5, 1", []string{"0.5", "1.0", ".5"}, []string{"0.6"}),
	}
}

func textConstraints() []constraintCase {
	return []constraintCase{
		constrained[struct {
			V string `query:"v" minLength:"1"`
		}]("minLength", "minLength", "must have at least 1 character", []string{"a", "ä"}, []string{""}),
		constrained[struct {
			V word `query:"v" maxLength:"2"`
		}]("maxLength", "maxLength", "must have at most 2 characters", []string{"", "ab", "äö"}, []string{"abc", "äöü"}),
		constrained[struct {
			V string `query:"v" minLength:"2" maxLength:"2"`
		}]("characters, not bytes", "minLength", "must have at least 2 characters", []string{"ää"}, []string{"ä", "a"}),
		constrained[struct {
			V string `query:"v" pattern:"b+"`
		}]("pattern is not anchored", "pattern", "must match the pattern b+", []string{"abc", "b"}, []string{"", "ac"}),
		constrained[struct {
			V *string `query:"v" pattern:"^\\p{Lu}{2,3}$"`
		}]("anchored pattern", "pattern", `must match the pattern ^\p{Lu}{2,3}$`, []string{"AB", "ÄÖÜ"}, []string{"A", "AB ", "ABCD", "ab"}),
		constrained[struct {
			V word `query:"v" enum:"a,b c,"`
		}]("enum of string", "enum", "must be one of a, b c, ", []string{"a", "b c", ""}, []string{"b", "A", "a,b c"}),
		constrained[struct {
			V string `query:"v" format:"date-time"`
		}]("date-time", "format", "must be a valid date-time", []string{"2026-01-02T03:04:05Z", "2026-01-02t03:04:05z"}, []string{"2026-01-02", "2026-01-02T3:04:05Z", ""}),
		constrained[struct {
			V string `query:"v" format:"date"`
		}]("date", "format", "must be a valid date", []string{"2026-01-02"}, []string{"2026-02-30", "2026-1-2"}),
		constrained[struct {
			V string `query:"v" format:"time"`
		}]("time", "format", "must be a valid time", []string{"03:04:05Z", "03:04:05z", "03:04:05.5+01:00"}, []string{"03:04:05", "03:04", "25:00:00Z", "3:04:05Z"}),
		constrained[struct {
			V string `query:"v" format:"email"`
		}]("email", "format", "must be a valid email", []string{"a@b.example", "a.b+c@d"}, []string{"", "a", "A <a@b.example>", " a@b", "a@b,c@d", "@b", "joe@invalid=domain.com"}),
		constrained[struct {
			V string `query:"v" format:"hostname"`
		}]("hostname", "format", "must be a valid hostname", []string{"a", "a-b.example", "1.2", strings.Repeat("a", 63)},
			[]string{"", "-a", "a-", "a..b", ".", "a_b", "ä.example", strings.Repeat("a", 64), strings.Repeat("a.", 126) + "aa"}),
		constrained[struct {
			V string `query:"v" format:"ipv4"`
		}]("ipv4", "format", "must be a valid ipv4", []string{"192.0.2.1"}, []string{"::1", "192.0.2", "192.0.2.256", "192.0.2.01", "::ffff:192.0.2.1"}),
		constrained[struct {
			V string `query:"v" format:"ipv6"`
		}]("ipv6", "format", "must be a valid ipv6", []string{"::1", "2001:db8::1", "::ffff:192.0.2.1"}, []string{"192.0.2.1", "fe80::1%eth0", "[::1]"}),
		constrained[struct {
			V string `query:"v" format:"uri"`
		}]("uri", "format", "must be a valid uri", []string{"https://a.example/b?c#d", "urn:x:y", "mailto:a@b"}, []string{"", "/a", "//a", "http://a b", "http://ü", "http://a/%zz"}),
		constrained[struct {
			V string `query:"v" format:"uri-reference"`
		}]("uri-reference", "format", "must be a valid uri-reference", []string{"", "/a", "?b", "https://a"}, []string{"a b", "ü", "\\", "%", "//a@b@host"}),
		constrained[struct {
			V string `query:"v" format:"uuid"`
		}]("uuid", "format", "must be a valid uuid", []string{"f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"},
			[]string{"", "f81d4fae7dec11d0a76500a0c91e6bf6", "g81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae-7dec-11d0-a765_00a0c91e6bf6", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}"}),
		constrained[struct {
			V string `query:"v" format:"json-pointer"`
		}]("json-pointer", "format", "must be a valid json-pointer", []string{"", "/", "/a~0b~1c/0"}, []string{"a", "/~", "/~2", "#/a"}),
		constrained[struct {
			V hexID `query:"v" format:"hex"`
		}]("format names what reads itself", "format", "must be a valid hex", []string{"0aff"}, []string{"x"}),
		constrained[struct {
			V string `query:"v" format:"date-time-local"`
		}]("date-time-local", "format", "must be a valid date-time-local", []string{"2026-01-02T03:04", "2026-01-02T03:04:05"}, []string{"2026-01-02T03:04Z", "2026-01-02"}),
		constrained[struct {
			V string `query:"v" format:"password" maxLength:"3"`
		}]("a format that annotates", "maxLength", "must have at most 3 characters", []string{"", "a b"}, []string{"long"}),
		constrained[struct {
			V []int64 `query:"v,csv" format:"int32" maximum:"5000000000"`
		}]("a format of numbers annotates", "maximum", "must be at most 5000000000", []string{"5000000000,1"}, []string{"5000000001"}),
		constrained[struct {
			V hexID `query:"v" maxLength:"3"`
		}]("maxLength before a text is read", "maxLength", "must have at most 3 characters", nil, []string{"0aff"}),
		constrained[struct {
			V []level `query:"v,csv" minLength:"4"`
		}]("minLength before a text is read", "minLength", "must have at least 4 characters", []string{"high,high"}, []string{"high,low", "x"}),
	}
}

func listConstraints() []constraintCase {
	long := make([]string, 20)
	for i := range long {
		long[i] = string(rune('a' + i))
	}
	return []constraintCase{
		constrained[struct {
			V []int `query:"v,csv" minItems:"2"`
		}]("minItems", "minItems", "must have at least 2 items", []string{"1,2", "1,1,1"}, []string{"1", "", ",1,"}),
		constrained[struct {
			V []string `query:"v,csv" maxItems:"1"`
		}]("maxItems", "maxItems", "must have at most 1 item", []string{"a", ""}, []string{"a,b", "a,b,c"}),
		constrained[struct {
			V []string `query:"v,csv" maxItems:"0"`
		}]("maxItems of 0", "maxItems", "must have at most 0 items", nil, []string{"", "a"}),
		constrained[struct {
			V []string `query:"v,csv" uniqueItems:"true"`
		}]("uniqueItems", "uniqueItems", "must not repeat an item", []string{"a,b,A", strings.Join(long, ",")}, []string{"a,b,a", strings.Join(long, ",") + ",t"}),
		constrained[struct {
			V []float64 `query:"v,csv" uniqueItems:"true"`
		}]("uniqueItems of values", "uniqueItems", "must not repeat an item", []string{"1,2"}, []string{"1,1.0", "0,-0"}),
		constrained[struct {
			V []hexID `query:"v,csv" uniqueItems:"true"`
		}]("uniqueItems of what reads itself", "uniqueItems", "must not repeat an item", []string{"00ff,0100"}, []string{"00ff,00FF"}),
		constrained[struct {
			V []string `query:"v,csv" uniqueItems:"false"`
		}]("uniqueItems off", "", "", []string{"a,a"}, nil),
		constrained[struct {
			V []string `query:"v,csv" maxLength:"1" minItems:"1"`
		}]("keywords of elements", "maxLength", "must have at most 1 character", []string{"a,b", "ä"}, []string{"a,bc"}),
		constrained[struct {
			V []*int `query:"v,csv" minimum:"1" default:"3"`
		}]("elements behind pointers", "minimum", "must be at least 1", []string{"1,2", ""}, []string{"1,0"}),
		constrained[struct {
			V *[]int `query:"v,csv" minItems:"2"`
		}]("optional list", "minItems", "must have at least 2 items", []string{"1,2", ""}, []string{"1"}),
		constrained[struct {
			V []int `query:"v,csv,optional" minItems:"2"`
		}]("list with the option optional", "minItems", "must have at least 2 items", []string{"1,2", ""}, []string{"1"}),
	}
}

func constraintCases() []constraintCase {
	cases := append(numberConstraints(), textConstraints()...)
	return append(cases, listConstraints()...)
}

func TestBind_constraints(t *testing.T) {
	t.Parallel()
	for _, tc := range constraintCases() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, text := range tc.pass {
				require.NoError(t, tc.bind("v="+escape(text)), "%q", text)
			}
			for _, text := range tc.refuse {
				err := tc.bind("v=" + escape(text))
				require.EqualError(t, err, `bind: query "v": `+tc.problem, "%q", text)
				assert.Equal(t, tc.code, code(t, err))
			}
		})
	}
}

// escape escapes text but for commas, which separate.
func escape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "%2C", ",") }

// An absent list that is not optional is an empty one.
func TestBind_absentList(t *testing.T) {
	t.Parallel()
	type in struct {
		V []int `query:"v" minItems:"1"`
	}
	_, err := bind.Request[in](queryRequest(""))
	assert.Equal(t, []string{"v minItems"}, faultsOf(t, err))
}
