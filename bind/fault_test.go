package bind_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
)

// declared returns what For panics with, or "".
func declared[In any]() (panicked string) {
	defer func() {
		if v := recover(); v != nil {
			panicked, _ = v.(string)
		}
	}()
	bind.For[In]()
	return ""
}

// knownFormats are those of a string.
const knownFormats = "base64url, binary, byte, char, commonmark, date, date-time, date-time-local, decimal, decimal128, duration, email, hostname, html, " +
	"http-date, idn-email, idn-hostname, int64, ipv4, ipv4-cidr, ipv6, ipv6-cidr, iri, iri-reference, json-pointer, language, media-range, password, " +
	"relative-json-pointer, sf-binary, sf-boolean, sf-string, sf-token, time, time-local, uint64, uri, uri-reference, uri-template, uuid"

type (
	badSources struct {
		Two     int    `query:"two" header:"X-Two"`
		Three   int    `path:"a" cookie:"b" form:"c"`
		Option  string `query:"o,requird"`
		Deep    int    `header:"d,deep"`
		Split   string `query:"s,csv"`
		Both    []int  `query:"both,csv,deep"`
		hidden  string `query:"hidden"`
		Dup     int    `query:"dup"`
		Again   int    `query:"dup"`
		Lower   string `header:"x-a"`
		Upper   string `header:"X-A"`
		Spaced  string `header:"X A"`
		Assign  string `cookie:"a=b"`
		Several []int  `path:"several"`
	}
	badTypes struct {
		Bytes  []byte           `query:"bytes"`
		Octets []uint8          `header:"octets"`
		Any    any              `query:"any"`
		Struct struct{ A int }  `query:"struct"`
		Chan   chan int         `query:"chan"`
		Nested [][]int          `query:"nested"`
		Array  [2]int           `query:"array"`
		Func   func()           `cookie:"func"`
		Cplx   complex128       `path:"cplx"`
		Map    map[string]int   `query:"map"`
		Field  map[string]int   `header:"field"`
		Keys   map[int]string   `query:"keys,deep"`
		Lists  map[string][]int `query:"lists,deep"`
		Deep   int              `query:"deep,deep"`
		Behind *struct {
			A int `query:"a"`
		} `query:"behind,deep"`
		Inside struct {
			Untagged int
			A        int            `header:"a"`
			B        map[string]int `query:"b,deep"`
			C        int            `query:"c" default:"x"`
			d        int            `query:"d"`
		} `query:"inside,deep"`
		Nothing struct{ A int } `query:"nothing,deep"`
	}
	badDefaults struct {
		Number  int            `query:"number" default:"many"`
		Range   int8           `query:"range" default:"300"`
		Outside int            `query:"outside" default:"5" maximum:"4"`
		Level   level          `query:"level" default:"middle"`
		At      time.Time      `query:"at" default:"today"`
		List    []int          `query:"list" default:"1,two"`
		Long    []int          `query:"long" default:"1,2,3" maxItems:"2"`
		Short   []int          `query:"short" default:"" minItems:"1"`
		Word    *string        `query:"word" default:"long" maxLength:"3"`
		Map     map[string]int `query:"map,deep" default:"1"`
		Picky   even           `query:"picky" default:"3"`
		Empty   int            `query:"empty" default:""`
	}
	badConstraints struct {
		Pattern  string        `query:"pattern" pattern:"("`
		Format   string        `query:"format" format:"zip"`
		Layout   time.Time     `query:"layout" format:"2006"`
		Length   string        `query:"length" minLength:"-1" maxLength:"x"`
		Number   int           `query:"number" minimum:"1.5" maximum:"many"`
		Small    uint8         `query:"small" minimum:"-1" maximum:"256"`
		Multiple int           `query:"multiple" multipleOf:"0"`
		Infinite float64       `query:"infinite" maximum:"Inf" minimum:"NaN"`
		Enum     []int         `query:"enum" enum:"1,x"`
		Wait     time.Duration `query:"wait" minimum:"1 hour"`
		Items    []int         `query:"items" minItems:"x" maxItems:"-1" uniqueItems:"maybe"`
		Crossed  []int         `query:"crossed" minItems:"3" maxItems:"2"`
		Times    []time.Time   `query:"times" uniqueItems:"true"`
	}
	// These have no methods.
	likeOpt   bind.Opt[string]
	likeFile  bind.File
	likePatch bind.MergePatch[map[string]string]
	likeBinds struct {
		Text likeOpt  `query:"text"`
		File likeFile `form:"file"`
	}
	// A wrong keyword on each kind of type.
	badKeywords struct {
		Text   string         `query:"text" minimum:"1" maximum:"1" exclusiveMinimum:"1" exclusiveMaximum:"1" multipleOf:"1" minItems:"1" maxItems:"1" uniqueItems:"true"`
		Number int            `query:"number" minLength:"1" maxLength:"1" pattern:"1" format:"uuid" minItems:"1"`
		Bool   bool           `query:"bool" minimum:"1" maxLength:"1" enum:"true" format:"email" uniqueItems:"true"`
		Time   time.Time      `query:"time" minimum:"1" minLength:"1" enum:"1" maxItems:"1"`
		URL    url.URL        `query:"url" multipleOf:"1" pattern:"1" enum:"1" format:"uri"`
		Self   level          `query:"self" maximum:"1" maxLength:"1" enum:"1"`
		Bools  []bool         `query:"bools" minimum:"1" pattern:"1"`
		Map    map[string]int `query:"map,deep" maxItems:"1" minLength:"1"`
	}
	badBodies struct {
		Title string          `form:"title"`
		Body  struct{ A int } `body:"json"`
		More  struct{ B int } `body:"json"`
		Kind  string          `body:"yaml"`
	}
	tagged struct {
		A int `query:"a"`
	}
	badEmbedding struct {
		*tagged
		Pages
		*Ring
	}
	Pages struct {
		Limit int `query:"a" default:"x"`
	}
	Ring struct {
		*Ring
		B int `query:"b"`
	}
	pointerOnly struct{ *Pages }
	twoChecks   struct {
		check
		Check
		A int `query:"a"`
	}
	check struct{}
	Check struct{}
	even  int
)

func (check) Validate() error { return nil }
func (Check) Validate() error { return nil }

func (e even) Validate() error {
	if e%2 != 0 {
		return errOdd
	}
	return nil
}

// A faultCase is what For panics with, and the lines that it should have.
type faultCase struct {
	name, got string
	want      []string
}

func fieldFaults() []faultCase {
	return []faultCase{
		{"sources", declared[badSources](), []string{
			"bind: bind_test.badSources cannot be bound:",
			"badSources.Two has more than one source: query, header; keep one of them",
			"badSources.Three has more than one source: path, cookie, form; keep one of them",
			`badSources.Option has an unknown query option "requird": use optional, csv or deep`,
			`badSources.Deep has an unknown header option "deep": use optional`,
			"badSources.Split has the option csv, which is for slices: remove it, or use a slice",
			"badSources.Both has both csv and deep: use one",
			"badSources.hidden has a query tag but is not exported: export it",
			`badSources.Again reads query "dup", which another field reads already: remove one of the two`,
			`badSources.Upper reads header "X-A", which another field reads already: remove one of the two`,
			`badSources.Spaced has the name "X A", which is not a valid name of a header: use letters, digits, - and _`,
			`badSources.Assign has the name "a=b", which is not a valid name of a cookie: use letters, digits, - and _`,
			"badSources.Several is a slice, but a path has one value for each name: use the type of one",
		}},
		{"types", declared[badTypes](), []string{
			"bind: bind_test.badTypes cannot be bound:",
			"badTypes.Bytes is a []uint8, which is not a list of numbers here: use string",
			"badTypes.Octets is a []uint8, which is not a list of numbers here: use string",
			"badTypes.Any has type interface {}, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"badTypes.Struct has type struct { A int }, which cannot be read from text: add the option deep and query tags within, or use a type with UnmarshalText",
			"badTypes.Chan has type chan int, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"badTypes.Nested has type []int, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"badTypes.Array has type [2]int, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"badTypes.Func has type func(), which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"badTypes.Cplx has type complex128, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"badTypes.Map is a map: add the option deep",
			"badTypes.Field has type map[string]int, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"badTypes.Keys needs keys that are strings, not int",
			"badTypes.Lists has type []int, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"badTypes.Deep has the option deep, which is for maps and structs, not int: remove it",
			"badTypes.Behind has the option deep, which is for maps and structs, not *struct { A int \"query:\\\"a\\\"\" }: use the struct itself",
			"badTypes.Inside.A needs a query tag without deep",
			"badTypes.Inside.B needs a query tag without deep",
			`badTypes.Inside.C has default:"x": it must be an integer`,
			"badTypes.Inside.d has a query tag but is not exported: export it",
			`badTypes.Nothing has the option deep, but its struct has no field with a query tag: write query:"..." on its fields`,
		}},
	}
}

func valueFaults() []faultCase {
	return []faultCase{
		{"defaults", declared[badDefaults](), []string{
			"bind: bind_test.badDefaults cannot be bound:",
			`badDefaults.Number has default:"many": it must be an integer`,
			`badDefaults.Range has default:"300": it must be between -128 and 127`,
			`badDefaults.Level has default:"middle": it is not valid`,
			`badDefaults.At has default:"today": it must be a time in RFC 3339 form such as 2006-01-02T15:04:05Z`,
			`badDefaults.List has default:"1,two": it must be an integer`,
			`badDefaults.Map has default:"1", which does not apply to a map: remove it, because a map is empty if it was not sent`,
			`badDefaults.Empty has default:"": it must be an integer`,
			`badDefaults.Outside has default:"5": it must be at most 4`,
			`badDefaults.Long has default:"1,2,3": it must have at most 2 items`,
			`badDefaults.Short has default:"": it must have at least 1 item`,
			`badDefaults.Word has default:"long": it must have at most 3 characters`,
			`badDefaults.Picky has default:"3": it must be even`,
		}},
		{"constraints", declared[badConstraints](), []string{
			"bind: bind_test.badConstraints cannot be bound:",
			`badConstraints.Layout has format:"2006": use one of the formats of a time: date-time, date, time, date-time-local, http, unix`,
			`badConstraints.Length has minLength:"-1": it must be a number of 0 or more`,
			`badConstraints.Length has maxLength:"x": it must be a number of 0 or more`,
			`badConstraints.Number has minimum:"1.5": it must be an integer`,
			`badConstraints.Number has maximum:"many": it must be an integer`,
			`badConstraints.Small has minimum:"-1": it must be between 0 and 255`,
			`badConstraints.Small has maximum:"256": it must be between 0 and 255`,
			`badConstraints.Multiple has multipleOf:"0": it must be greater than 0`,
			`badConstraints.Infinite has minimum:"NaN": it must be a number`,
			`badConstraints.Infinite has maximum:"Inf": it must be a number`,
			`badConstraints.Enum has enum:"1,x": "x": it must be an integer`,
			`badConstraints.Wait has minimum:"1 hour": it must be a duration such as 1h30m`,
			`badConstraints.Items has minItems:"x": it must be a number of 0 or more`,
			`badConstraints.Items has maxItems:"-1": it must be a number of 0 or more`,
			`badConstraints.Items has uniqueItems:"maybe": it must be true or false`,
			`badConstraints.Crossed has minItems:"3" and maxItems:"2", which no value satisfies: change one of them`,
			`badConstraints.Times has uniqueItems:"true": it needs elements that are strings, numbers or bools`,
			"badConstraints.Pattern has pattern:\"(\": error parsing regexp: missing closing ): `(`",
			`badConstraints.Format has format:"zip": is not a known format: use ` + knownFormats,
		}},
	}
}

func keywordFaults() []faultCase {
	return []faultCase{
		{"keywords", declared[badKeywords](), []string{
			"bind: bind_test.badKeywords cannot be bound:",
			`badKeywords.Text has minItems:"1", which does not apply to type string: use minLength`,
			`badKeywords.Text has maxItems:"1", which does not apply to type string: use maxLength`,
			`badKeywords.Text has uniqueItems:"true", which does not apply to type string: use a slice, or remove it`,
			`badKeywords.Text has minimum:"1", which does not apply to type string: use minLength`,
			`badKeywords.Text has maximum:"1", which does not apply to type string: use maxLength`,
			`badKeywords.Text has exclusiveMinimum:"1", which does not apply to type string: use minLength`,
			`badKeywords.Text has exclusiveMaximum:"1", which does not apply to type string: use maxLength`,
			`badKeywords.Text has multipleOf:"1", which does not apply to type string: remove it, and check the value in a method Validate() error of the struct`,
			`badKeywords.Number has minItems:"1", which does not apply to type int: use minimum`,
			`badKeywords.Number has minLength:"1", which does not apply to type int: use minimum`,
			`badKeywords.Number has maxLength:"1", which does not apply to type int: use maximum`,
			`badKeywords.Number has pattern:"1", which does not apply to type int: remove it, and check the value in a method Validate() error of the struct`,
			`badKeywords.Bool has uniqueItems:"true", which does not apply to type bool: use a slice, or remove it`,
			`badKeywords.Bool has minimum:"1", which does not apply to type bool: remove it`,
			`badKeywords.Bool has maxLength:"1", which does not apply to type bool: remove it`,
			`badKeywords.Bool has enum:"true", which does not apply to type bool: remove it`,
			`badKeywords.Bool has format:"email", which does not apply to type bool: remove it`,
			`badKeywords.Time has maxItems:"1", which does not apply to type time.Time: use a slice, or remove it`,
			`badKeywords.Time has minimum:"1", which does not apply to type time.Time: remove it, and check the value in a method Validate() error of the struct`,
			`badKeywords.Time has minLength:"1", which does not apply to type time.Time: remove it, and check the value in a method Validate() error of the struct`,
			`badKeywords.Time has enum:"1", which does not apply to type time.Time: remove it, and check the value in a method Validate() error of the struct`,
			`badKeywords.URL has multipleOf:"1", which does not apply to type url.URL: remove it, and check the value in a method Validate() error of the struct`,
			`badKeywords.URL has pattern:"1", which does not apply to type url.URL: remove it, and check the value in a method Validate() error of the struct`,
			`badKeywords.URL has enum:"1", which does not apply to type url.URL: remove it, and check the value in a method Validate() error of the struct`,
			`badKeywords.URL has format:"uri", which does not apply to type url.URL: remove it, and check the value in a method Validate() error of the struct`,
			`badKeywords.Self has maximum:"1", which does not apply to type bind_test.level: remove it, and check the value in a method Validate() error of the struct`,
			`badKeywords.Self has enum:"1", which does not apply to type bind_test.level: remove it, and check the value in a method Validate() error of the struct`,
			`badKeywords.Bools has minimum:"1", which does not apply to type []bool: use minItems for the number of elements`,
			`badKeywords.Bools has pattern:"1", which does not apply to type []bool: remove it`,
			`badKeywords.Map has maxItems:"1", which does not apply to type map[string]int: remove it, and check the value in a method Validate() error of the struct`,
			`badKeywords.Map has minLength:"1", which does not apply to type map[string]int: use minimum`,
			`badKeywords.Number has format:"uuid": does not apply to its type: use decimal, decimal128, double, double-int, float, int16, int32, int64, int8, ` +
				"sf-decimal, sf-integer, uint16, uint32, uint64, uint8, unixtime",
		}},
	}
}

func structFaults() []faultCase {
	return []faultCase{
		{"bodies", declared[badBodies](), []string{
			"bind: bind_test.badBodies cannot be bound:",
			`badBodies.Kind has an unknown body kind "yaml": use json, form, multipart, text, bytes or stream`,
			"badBodies.More is a second body: a request has one, so remove one",
			"badBodies.Body is the body, but form fields read the body too: remove one of the two",
		}},
		{"embedding", declared[badEmbedding](), []string{
			"bind: bind_test.badEmbedding cannot be bound:",
			"badEmbedding.tagged is an embedded pointer: embed the struct itself",
			`badEmbedding.Pages.Limit has default:"x": it must be an integer`,
			"badEmbedding.Ring is an embedded pointer: embed the struct itself",
		}},
		{"only an embedded pointer", declared[pointerOnly](), []string{
			"bind: bind_test.pointerOnly cannot be bound:",
			"pointerOnly.Pages is an embedded pointer: embed the struct itself",
		}},
		{"pointer to In", declared[*tagged](), []string{
			"bind: *bind_test.tagged cannot be bound:",
			"*bind_test.tagged cannot be the whole In: use bind_test.tagged",
		}},
		{"Opt of In", declared[bind.Opt[tagged]](), []string{
			"bind: bind.Opt[github.com/tenonkit/tenon/bind_test.tagged] cannot be bound:",
			"bind.Opt[github.com/tenonkit/tenon/bind_test.tagged] cannot be the whole In: use bind_test.tagged",
		}},
		{"a check that reflection cannot call", declared[twoChecks](), []string{
			"bind: bind_test.twoChecks cannot be bound:",
			"twoChecks.check has a Validate method that bind cannot call: give bind_test.twoChecks one that calls it",
		}},
		{"a struct without a name", declared[struct {
			A chan int `query:"a"`
		}](), []string{
			`bind: struct { A chan int "query:\"a\"" } cannot be bound:`,
			"struct.A has type chan int, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
		}},
		{"types made from those of bind", declared[likeBinds](), []string{
			"bind: bind_test.likeBinds cannot be bound:",
			"likeBinds.Text has type bind_test.likeOpt, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText",
			"likeBinds.File has type bind_test.likeFile, which cannot be read from text: add the option json, or use a type with UnmarshalText",
		}},
		{"a type made from a patch", declared[struct{ Patch likePatch }](), []string{
			"bind: struct { Patch bind_test.likePatch } cannot be bound:",
			"struct.Patch cannot be JSON: Go struct has no exported fields",
		}},
	}
}

func TestFor_faults(t *testing.T) {
	t.Parallel()
	_, _ = badSources{}.hidden, twoChecks{}.check.Validate // otherwise reflection alone sees them
	for _, tc := range slices.Concat(fieldFaults(), valueFaults(), keywordFaults(), structFaults()) {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, strings.Join(tc.want, "\n\t"), tc.got)
		})
	}
}

// Func and Request refuse what cannot work.
func TestFunc_faults(t *testing.T) {
	t.Parallel()
	want := declared[pointerOnly]()
	assert.PanicsWithValue(t, want, func() { bind.Func(func(http.ResponseWriter, *http.Request, pointerOnly) {}) })
	for range 2 {
		assert.PanicsWithValue(t, want, func() { _, _ = bind.Request[pointerOnly](queryRequest("")) })
	}
}
