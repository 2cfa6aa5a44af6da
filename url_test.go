package tenon_test

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
)

type paging struct {
	Limit  int `default:"20" query:"limit"`
	Offset int `query:"offset,optional"`
}

type filter struct {
	Author string   `query:"author,optional"`
	Years  []uint16 `query:"years"`
}

// addressIn has every kind of value that an address can carry.
type addressIn struct {
	paging

	ID      int64             `path:"id"`
	Slug    string            `path:"slug"`
	Rest    string            `path:"rest"`
	Text    string            `query:"text"`
	Byte    uint8             `query:"byte"`
	Ratio   float64           `query:"ratio"`
	Small   float32           `query:"small,optional"`
	Yes     bool              `query:"yes"`
	Wait    time.Duration     `query:"wait"`
	At      time.Time         `query:"at"`
	Day     time.Time         `format:"date"       query:"day"`
	Clock   time.Time         `format:"time"       query:"clock"`
	Local   time.Time         `format:"date-time-local" query:"local"`
	Stamp   time.Time         `format:"http"       query:"stamp"`
	Unix    time.Time         `format:"unix"       query:"unix"`
	Addr    netip.Addr        `query:"addr,optional"`
	Big     *big.Int          `query:"big"`
	Link    url.URL           `query:"link"`
	Tags    []string          `query:"tag"`
	Nums    []int             `query:"nums,csv"`
	Words   []string          `query:"words,csv"`
	Colors  []string          `default:"red,blue"  query:"color"`
	Title   string            `default:"untitled"  query:"title"`
	Opt     bind.Opt[string]  `query:"opt"`
	OptNum  bind.Opt[int]     `query:"opt_num"`
	Ptr     *string           `query:"ptr"`
	Labels  map[string]string `query:"label,deep"`
	Counts  map[string]*int   `query:"count,deep"`
	Filter  filter            `query:"filter,deep"`
	Cookie  string            `cookie:"c"          default:""`
	Ignored string
}

var alphabet = []rune("ab/ %&=+?#,;[]{}é€\x00\n~.\"'<>\\|^`@:$!*()😀-_0")

func word(r *rand.Rand) string {
	text := make([]rune, r.IntN(6))
	for i := range text {
		text[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(text)
}

func list[T any](r *rand.Rand, one func() T) []T {
	var all []T
	for range r.IntN(4) {
		all = append(all, one())
	}
	return all
}

func moment(r *rand.Rand) time.Time {
	return time.Unix(r.Int64N(4e9)-2e9, 0).UTC()
}

func random(r *rand.Rand) addressIn {
	number := func() int { return r.IntN(200) - 100 }
	text := func() string { return word(r) }
	in := addressIn{
		paging: paging{Limit: r.IntN(40), Offset: r.IntN(3)},
		ID:     int64(r.Uint64()), Slug: "s" + word(r), Rest: "a/b%2F" + string(alphabet[r.IntN(2)]) + "/é.",
		Text: word(r), Byte: uint8(r.Uint32()), Ratio: math.Float64frombits(r.Uint64() &^ (1 << 62)), Small: r.Float32(), Yes: r.IntN(2) == 0,
		Wait: time.Duration(r.Uint64()), At: moment(r).Add(time.Duration(r.IntN(1e9))),
		Day: moment(r).Truncate(24 * time.Hour), Clock: time.Date(0, 1, 1, r.IntN(24), r.IntN(60), r.IntN(60), 0, time.UTC),
		Local: moment(r), Stamp: moment(r), Unix: moment(r), Link: url.URL{Scheme: "https", Host: "x.test", Path: "/p q", RawQuery: "a=b&c"},
		Tags: list(r, text), Nums: list(r, number), Words: list(r, text), Colors: append(list(r, text), "x"), Title: word(r), Filter: filter{Author: word(r), Years: list(r, func() uint16 { return uint16(r.Uint32()) })},
	}
	if r.IntN(2) == 0 {
		in.Addr, in.Big = netip.AddrFrom4([4]byte{127, 0, byte(r.Uint32()), 1}), new(big.Int).SetUint64(r.Uint64())
		in.Opt, in.OptNum, in.Ptr = bind.Some(word(r)), bind.Some(number()), new(word(r))
		in.Colors, in.Limit, in.Title = []string{"red", "blue"}, 20, "untitled"
	}
	for range r.IntN(3) {
		if in.Labels == nil {
			in.Labels, in.Counts = map[string]string{}, map[string]*int{}
		}
		key := "k" + url.PathEscape(word(r))
		in.Labels[key], in.Counts[key+"&"] = word(r), new(number())
	}
	return in
}

// addressTrip binds what the routers make of the address of an In.
type addressTrip struct {
	routes   tenon.Routes
	handlers []http.Handler
	got      addressIn
}

func newAddressTrip() *addressTrip {
	trip := &addressTrip{}
	trip.routes = tenon.Routes{tenon.Get("/a/{id}/b c/{slug}/{rest...}", func(_ context.Context, in addressIn) (tenon.None, error) {
		trip.got = in
		return tenon.None{}, nil
	}, tenon.Named("all"))}
	mux, router := http.NewServeMux(), chi.NewRouter()
	trip.routes.Mount(mux)
	trip.routes.Mount(router)
	trip.handlers = []http.Handler{mux, router}
	return trip
}

// check checks that requests for the address of in bind in again.
func (trip *addressTrip) check(t *testing.T, in addressIn) {
	t.Helper()
	address, err := trip.routes.URL("all", in)
	require.NoError(t, err)
	for _, h := range trip.handlers {
		trip.got = addressIn{}
		w := send(h, "GET", address)
		require.Equal(t, http.StatusNoContent, w.Code, "%s %s", address, w.Body)
		require.Equal(t, in, trip.got, address)
	}
	other, err := trip.routes.URL("all", &in)
	require.NoError(t, err)
	assert.Equal(t, address, other)
}

func TestURL_bindsToTheSame(t *testing.T) {
	t.Parallel()
	trip := newAddressTrip()
	for seed := range uint64(500) {
		trip.check(t, random(rand.New(rand.NewPCG(seed, 0))))
	}
}

func FuzzURL_bindsToTheSame(f *testing.F) {
	f.Add(uint64(1), "text", "slug", 1.5)
	trip := newAddressTrip()
	f.Fuzz(func(t *testing.T, seed uint64, text, slug string, ratio float64) {
		in := random(rand.New(rand.NewPCG(seed, 1)))
		in.Text, in.Tags, in.Slug, in.Ratio = text, []string{text, slug}, "s"+slug, ratio
		if math.IsNaN(ratio) || math.IsInf(ratio, 0) || !utf8.ValidString(text) || !utf8.ValidString(slug) {
			_, err := trip.routes.URL("all", in)
			require.Error(t, err)
			return
		}
		trip.check(t, in)
	})
}

// search is an In of every kind of parameter that a table of URLs needs.
type search struct {
	Kind  string            `path:"kind"`
	Tags  []string          `query:"tag"`
	Limit int               `default:"10" query:"limit"`
	Since time.Time         `format:"date" query:"since,optional"`
	Label map[string]string `query:"label,deep"`
}

func TestURL(t *testing.T) {
	t.Parallel()
	found := func(context.Context, search) (string, error) { return "", nil }
	routes := tenon.Routes{
		tenon.Get("/search/{kind}", found, tenon.Named("search")),
		tenon.Get("/pages/{id}", page),
		tenon.On("GET", "/files/{path...}", echo, tenon.Named("file")),
		tenon.On("GET", "/café/a%2Fb/{x}/", echo, tenon.Named("tree")),
		tenon.On("GET", "/home/{$}", echo, tenon.Named("home")),
		tenon.On("GET", "example.com/x", echo, tenon.Named("host")),
		tenon.Get("/needs", func(context.Context, struct {
			Q string `query:"q"`
		},
		) (string, error) {
			return "", nil
		}, tenon.Named("needs")),
	}
	zone := time.FixedZone("", 7200)
	for _, tc := range []struct {
		name        string
		in          any
		want, wrong string
	}{
		{"page", map[string]any{"id": 42}, "/pages/42", ""},
		{"page", pageIn{7}, "/pages/7", ""},
		{"page", &pageIn{7}, "/pages/7", ""},
		{"page", map[string]any{"id": "42"}, "/pages/42", ""},
		{"tree", map[string]any{"x": "a/b c"}, "/caf%C3%A9/a%2Fb/a%2Fb%20c/", ""},
		{"search", search{Kind: "x", Tags: []string{"a", "b&c"}, Limit: 10}, "/search/x?tag=a&tag=b%26c", ""},
		{"search", search{Kind: "x", Limit: 5, Label: map[string]string{"b": "2", "a": "1"}}, "/search/x?limit=5&label%5Ba%5D=1&label%5Bb%5D=2", ""},
		{"search", map[string]any{"kind": "x", "tag": []string{"a"}, "limit": 10, "since": time.Date(2026, 1, 2, 3, 4, 5, 6, zone)}, "/search/x?tag=a&limit=10&since=2026-01-02", ""},
		{"search", map[string]any{"kind": "x", "limit": nil}, "/search/x", ""},
		{"file", map[string]any{"path": "a/b c/d"}, "/files/a/b%20c/d", ""},
		{"file", map[string]any{"path": ""}, "/files/", ""},
		{"file", map[string]any{"path": "dir/"}, "/files/dir/", ""},
		{"tree", map[string]any{"x": 1.5}, "/caf%C3%A9/a%2Fb/1.5/", ""},
		{"home", nil, "/home/", ""},
		{"host", nil, "//example.com/x", ""},
		{"needs", map[string]any{"q": ""}, "/needs?q=", ""},

		{"none", nil, "", `tenon: there is no route named "none": the names are search, page, file, tree, home, host, needs`},
		{"page", nil, "", "tenon: URL of page: it needs a value for {id}"},
		{"page", map[string]any{"id": ""}, "", "tenon: URL of page: it needs a value for {id}"},
		{"page", map[string]any{"id": ".."}, "", `tenon: URL of page: {id} cannot be "..", which clients clean away`},
		{"page", map[string]any{"id": 1, "x": 2}, "", `tenon: URL of page: it takes only "id", not "x"`},
		{"page", (*pageIn)(nil), "", "tenon: URL of page: the In is a nil *tenon_test.pageIn: pass nil for no values"},
		{"page", 42, "", "tenon: URL of page: the values have the type int: pass an In, a pointer to one or a map[string]any"},
		{"page", map[string]int{"id": 1}, "", "tenon: URL of page: the values have the type map[string]int: pass an In, a pointer to one or a map[string]any"},
		{"page", map[string]any{"id": 1, "y": 2, "x": 3}, "", `tenon: URL of page: it takes only "id", not "x", "y"`},
		{"home", map[string]any{"x": 1}, "", `tenon: URL of home: it takes no values, not "x"`},
		{"page", search{}, "", "tenon: URL of page: the In of the route is tenon_test.pageIn, not tenon_test.search"},
		{"page", map[string]any{"id": "a/b c"}, "", `tenon: URL of page: path "id" must be an integer`},
		{"page", map[string]any{"id": []int{1}}, "", `tenon: URL of page: path "id" has type []int, which cannot be read from text`},
		{"page", map[string]any{"id": echo}, "", `tenon: URL of page: path "id" has type http.HandlerFunc, which cannot be read from text`},
		{"file", nil, "", "tenon: URL of file: it needs a value for {path}"},
		{"file", map[string]any{"path": "a//b"}, "", "tenon: URL of file: {path} has an empty segment"},
		{"file", map[string]any{"path": "/a"}, "", "tenon: URL of file: {path} has an empty segment"},
		{"file", map[string]any{"path": "a/../b"}, "", `tenon: URL of file: {path} cannot be "..", which clients clean away`},
		{"file", pageIn{7}, "", `tenon: URL of file: it needs a value for {path}`},
		{"home", pageIn{7}, "", `tenon: URL of home: the pattern lacks {id}`},
		{"search", search{Kind: "x", Label: map[string]string{"a]": ""}}, "", `tenon: URL of search: query "label" has the key "a]", which is empty or has a bracket`},
		{"needs", map[string]any{"q": "a\xff"}, "", `tenon: URL of needs: query "q" is not valid UTF-8`},
		{"page", map[string]any{"id": "\xff"}, "", `tenon: URL of page: path "id" is not valid UTF-8`},
		{"search", search{Kind: "x", Tags: []string{"\xff"}}, "", `tenon: URL of search: query "tag" is not valid UTF-8`},
		{"search", search{Kind: "x", Label: map[string]string{"a\xff": "b"}}, "", `tenon: URL of search: query "label" has the key "a\xff", which is not valid UTF-8`},
		{"needs", nil, "", `tenon: URL of needs: it needs a value for "q"`},
		{"search", map[string]any{"kind": "x", "limit": math.NaN()}, "", `tenon: URL of search: query "limit" is not a finite number`},
		{"search", map[string]any{"kind": "x", "limit": netip.Addr{}}, "", `tenon: URL of search: query "limit" has a value of empty text, which counts as absent`},
	} {
		got, err := routes.URL(tc.name, tc.in)
		if tc.wrong != "" {
			require.EqualError(t, err, tc.wrong)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, tc.want, got)
	}
}

// The error for an unknown name lists those that there are, as many as can be read.
func TestRoutes_URLUnknownName(t *testing.T) {
	t.Parallel()
	_, err := tenon.Routes{unnamed(tenon.On("GET", "/", echo))}.URL("none", nil)
	require.EqualError(t, err, `tenon: there is no route named "none": no route has a name`)
	var many tenon.Routes
	for i := range 23 {
		many = append(many, tenon.On("GET", "/", echo, tenon.Named(fmt.Sprintf("r%d", i))))
	}
	_, err = many.URL("none", nil)
	require.EqualError(t, err, `tenon: there is no route named "none": the names are r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, `+
		"r10, r11, r12, r13, r14, r15, r16, r17, r18, r19 and 3 more")
}

// upper reads text and cannot write it.
type upper struct{ text string }

func (u *upper) UnmarshalText(b []byte) error { u.text = string(b); return nil }

// TestURL_refusesWhatCannotBeSent has values that would be bound to others.
func TestURL_refusesWhatCannotBeSent(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in    any
		wrong string
	}{
		{struct {
			V bind.Opt[int] `query:"v"`
		}{bind.Null[int]()}, `query "v" is null, which no text can stand for`},
		{struct {
			V netip.Addr `query:"v"`
		}{}, `query "v" has a value of empty text, which counts as absent`},
		{struct {
			V []int `default:"1" query:"v"`
		}{}, `query "v" is an empty list, which counts as absent`},
		{struct {
			V *[]int `query:"v"`
		}{new([]int)}, `query "v" is an empty list, which counts as absent`},
		{struct {
			V *map[string]int `query:"v,deep"`
		}{new(map[string]int)}, `query "v" is an empty map, which counts as absent`},
		{struct {
			V *int `default:"1" query:"v"`
		}{}, `query "v" is absent, which package bind would read as the default: give it a value`},
		{struct {
			V bind.Opt[[]int] `default:"1,2" query:"v"`
		}{}, `query "v" is absent, which package bind would read as the default: give it a value`},
		{struct {
			V []*int `query:"v"`
		}{[]*int{nil}}, `query "v" has an element that is absent: remove it`},
		{struct {
			V []bind.Opt[int] `query:"v"`
		}{[]bind.Opt[int]{bind.Null[int]()}}, `query "v" is null, which no text can stand for`},
		{struct {
			V time.Time `query:"v"`
		}{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, `query "v" is a time whose year does not have four digits`},
		{struct {
			V upper `query:"v"`
		}{}, `query "v" has type tenon_test.upper, which reads text and has no MarshalText`},
		{struct {
			V float32 `query:"v"`
		}{float32(math.Inf(1))}, `query "v" is not a finite number`},
	} {
		route := tenon.On("GET", "/x", echo, tenon.Named("x"))
		route.In = reflect.TypeOf(tc.in)
		_, err := tenon.Routes{route}.URL("x", tc.in)
		require.EqualError(t, err, "tenon: URL of x: "+tc.wrong)
	}
}

type hiddenBase struct {
	ID   int    `path:"id"`
	Page int    `query:"page,optional"`
	Kept string `query:"kept,optional"`
	F    struct {
		A int `query:"a,optional"`
	} `query:"f,deep"`
}

// A hidingIn hides fields of what it embeds, one of which reads itself from text.
type hidingIn struct {
	hiddenBase
	time.Time
	Slug string `path:"id"`
	Page string `query:"page,optional"`
	F    struct {
		B int `query:"b,optional"`
	} `query:"f,deep"`
}

// Check, URL and bind have one idea of which field a name stands for.
func TestURL_hidden(t *testing.T) {
	t.Parallel()
	var got hidingIn
	routes := tenon.Routes{tenon.Get("/a/{id}", func(_ context.Context, in hidingIn) (tenon.None, error) {
		got = in
		return tenon.None{}, nil
	}, tenon.Named("a"))}
	require.NoError(t, routes.Check())
	in := hidingIn{Slug: "x y", Page: "two"}
	in.Kept, in.F.B = "k", 3
	address, err := routes.URL("a", in)
	require.NoError(t, err)
	assert.Equal(t, "/a/x%20y?kept=k&page=two&f%5Bb%5D=3", address)
	mux := http.NewServeMux()
	routes.Mount(mux)
	assert.Equal(t, http.StatusNoContent, send(mux, "GET", address).Code)
	assert.Equal(t, in, got)
	assert.NotPanics(t, func() { bind.For[hidingIn]() })
}
