package bind_test

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/kittest"
)

type headerIn struct {
	Token    string         `header:"x-token" minLength:"1"`
	Retries  uint8          `header:"" default:"3"`
	Modified *time.Time     `header:"If-Modified-Since" format:"http"`
	Tags     []string       `header:"X-Tag" maxItems:"4"`
	Hops     []netip.Addr   `header:"X-Forwarded-For"`
	Sizes    []int          `header:"X-Size" default:"1"`
	Host     string         `header:"Host,optional"`
	Debug    bind.Opt[bool] `header:"X-Debug"`
}

type headerCase struct {
	name   string
	header http.Header
	want   func(in *headerIn)
	errs   []string
}

func headerCases() []headerCase {
	with := func(pairs ...string) http.Header {
		h := http.Header{"X-Token": {"t"}}
		for i := 0; i < len(pairs); i += 2 {
			h.Add(pairs[i], pairs[i+1])
		}
		return h
	}
	same := func(*headerIn) {}
	return []headerCase{
		{"only what is required", with(), same, nil},
		{"names in any case", http.Header{"X-Token": {"t"}, "Retries": {"5"}}, func(in *headerIn) { in.Retries = 5 }, nil},
		{"a scalar takes the first line", with("Retries", "5", "Retries", "6"), func(in *headerIn) { in.Retries = 5 }, nil},
		{"a scalar is not a list", with("Retries", "5, 6"), nil, []string{"Retries type"}},
		{"empty text counts as absent", with("Retries", "", "Retries", "6", "X-Debug", ""), func(in *headerIn) { in.Retries = 6 }, nil},
		{"nothing but empty lines", with("Retries", ""), same, nil},
		{"HTTP date", with("If-Modified-Since", "Fri, 02 Jan 2026 00:00:00 GMT"), func(in *headerIn) { in.Modified = point(day(2026, 1, 2)) }, nil},
		{"one line", with("X-Tag", "a, b ,c"), func(in *headerIn) { in.Tags = []string{"a", "b", "c"} }, nil},
		{"several lines are one list", with("X-Tag", "a,b", "X-Tag", "c", "X-Tag", "d"), func(in *headerIn) { in.Tags = []string{"a", "b", "c", "d"} }, nil},
		{"empty elements do not count", with("X-Tag", " , a,,\t,b, ", "X-Tag", "", "X-Tag", ","), func(in *headerIn) { in.Tags = []string{"a", "b"} }, nil},
		{"no element at all", with("X-Tag", " ,, ", "X-Size", ","), same, nil},
		{"commas in quotes", with("X-Tag", `"a, b", c`), func(in *headerIn) { in.Tags = []string{`"a, b"`, "c"} }, nil},
		{"escapes in quotes", with("X-Tag", `"a\",b", W/"c\\",d`), func(in *headerIn) { in.Tags = []string{`"a\",b"`, `W/"c\\"`, "d"} }, nil},
		{"quotes without an end", with("X-Tag", `a,"b,c`), func(in *headerIn) { in.Tags = []string{"a", `"b,c`} }, nil},
		{"backslash outside of quotes", with("X-Tag", `a\,b`), func(in *headerIn) { in.Tags = []string{`a\`, "b"} }, nil},
		{"quotes do not span lines", with("X-Tag", `"a`, "X-Tag", `b",c`), func(in *headerIn) { in.Tags = []string{`"a`, `b",c`} }, nil},
		{"addresses", with("X-Forwarded-For", "192.0.2.1, 2001:db8::1"), func(in *headerIn) {
			in.Hops = []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")}
		}, nil},
		{"as many as maxItems", with("X-Tag", "1,2,3,4,"), func(in *headerIn) { in.Tags = []string{"1", "2", "3", "4"} }, nil},
		{"more than maxItems", with("X-Tag", "1,2", "X-Tag", "3,4,5"), nil, []string{"X-Tag maxItems"}},
		{"a long list is read as far as maxItems", with("X-Tag", strings.Repeat("1,", 10000)), nil, []string{"X-Tag maxItems"}},
		{"10000 items", with("X-Size", strings.Repeat("1,", 10000)), func(in *headerIn) { in.Sizes = slices.Repeat([]int{1}, 10000) }, nil},
		{"10001 items", with("X-Size", strings.Repeat("1,", 10000)+"1"), nil, []string{"X-Size maxItems"}},
		{"text that is not UTF-8", http.Header{"X-Token": {"J\xfcrgen"}, "X-Tag": {"a, \xfc"}}, nil, []string{"X-Token syntax", "X-Tag syntax"}},
		{"numbers", with("X-Size", "2, 3"), func(in *headerIn) { in.Sizes = []int{2, 3} }, nil},
		{
			"every error",
			http.Header{"X-Token": {""}, "Retries": {"256"}, "X-Forwarded-For": {"host"}, "X-Size": {"1, x"}, "X-Debug": {"x"}},
			nil,
			[]string{"X-Token minLength", "Retries range", "X-Forwarded-For format", "X-Size type", "X-Debug type"},
		},
		{"missing", http.Header{"X_token": {"t"}}, nil, []string{"X-Token required"}},
	}
}

func TestBind_header(t *testing.T) {
	t.Parallel()
	b := bind.For[headerIn]()
	for _, tc := range headerCases() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := queryRequest("x-token=query&retries=9")
			r.Header, r.Host = tc.header, "example.org"
			got, err := b.Bind(r)
			if tc.errs != nil {
				assert.Equal(t, tc.errs, faultsOf(t, err))
				return
			}
			require.NoError(t, err)
			want := headerIn{Token: "t", Retries: 3, Sizes: []int{1}, Host: "example.org"}
			tc.want(&want)
			assert.Equal(t, want, got)
		})
	}
}

// net/http takes Host out of the header; a request may have none.
func TestBind_host(t *testing.T) {
	t.Parallel()
	type in struct {
		Host string `header:"host"`
	}
	r := queryRequest("")
	r.Host = ""
	_, err := bind.Request[in](r)
	assert.Equal(t, []string{"Host required"}, faultsOf(t, err))
	kittest.Serve(t, bind.Func(func(w http.ResponseWriter, _ *http.Request, in in) {
		_, _ = w.Write([]byte(in.Host))
	}), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		assert.Equal(t, "tenon.example", s.Do(t, http.MethodGet, "/", nil, http.Header{"Host": {"tenon.example"}}).Text)
	})
}

func TestBind_headerAllocs(t *testing.T) {
	b := bind.For[headerIn]()
	r := queryRequest("")
	r.Header = http.Header{"X-Token": {"t"}, "Retries": {"5"}, "X-Debug": {"1"}, "X-Size": {"1,2,3"}, "X-Tag": {"a,b", "c"}}
	kittest.Allocs(t, 2, func() { _, _ = b.Bind(r) })
}

// listReference is the list grammar of RFC 9110, section 5.6.1, written out: it
// decides byte by byte whether a comma separates.
func listReference(lines []string) (list []string) {
	for _, line := range lines {
		quoted, escaped := false, false
		var item strings.Builder
		flush := func() {
			if text := strings.Trim(item.String(), " \t"); text != "" {
				list = append(list, text)
			}
			item.Reset()
		}
		for _, c := range []byte(line) {
			switch {
			case escaped:
				escaped = false
			case quoted && c == '\\':
				escaped = true
			case c == '"':
				quoted = !quoted
			case c == ',' && !quoted:
				flush()
				continue
			}
			item.WriteByte(c)
		}
		flush()
	}
	return list
}

// FuzzHeaderList compares lists with the reference, and checks that lists of
// numbers are what the strings say.
func FuzzHeaderList(f *testing.F) {
	for _, tc := range headerCases() {
		lines := append(tc.header["X-Tag"], tc.header["X-Size"]...)
		if text := strings.Join(lines, "\n"); len(text) < 1000 {
			f.Add(text)
		}
	}
	type in struct {
		Tags  []string `header:"X-Tag"`
		Few   []string `header:"X-Few" maxItems:"2" maxLength:"3"`
		Sizes []int8   `header:"X-Size"`
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		for _, line := range lines {
			if !header.IsValue(line) {
				t.Skip("net/http refuses it")
			}
		}
		if len(text) > 10000 {
			t.Skip("the limit is for the table")
		}
		want := listReference(lines)
		tags, err := bind.Request[struct {
			Tags []string `header:"X-Tag"`
		}](headerRequest("X-Tag", lines))
		if !utf8.ValidString(strings.Join(want, ",")) {
			assert.Equal(t, []string{"X-Tag syntax"}, faultsOf(t, err))
			return
		}
		require.NoError(t, err)
		assert.Equal(t, want, tags.Tags)

		r := headerRequest("X-Few", lines)
		r.Header["X-Size"] = lines
		got, err := bind.Request[in](r)
		if err == nil {
			assert.LessOrEqual(t, len(got.Few), 2)
			assert.Equal(t, want, got.Few)
			assert.Len(t, got.Sizes, len(want))
			return
		}
		for _, f := range faultsOf(t, err) {
			assert.Contains(t, []string{"X-Few maxItems", "X-Few maxLength", "X-Size type", "X-Size range"}, f)
		}
	})
}

func headerRequest(name string, lines []string) *http.Request {
	r := queryRequest("")
	r.Header[name] = lines
	return r
}
