package bind_test

import (
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

// A pagingIn is embedded by the types below.
type pagingIn struct {
	Limit  int    `query:"" default:"20" minimum:"1" maximum:"100"`
	Cursor string `query:",optional"`
}

// A searchIn has every shape of query parameter.
type searchIn struct {
	pagingIn

	Text     string            `query:"q" maxLength:"20"`
	Page     *int              `query:""`
	MinPrice bind.Opt[float64] `query:"" minimum:"0"`
	Open     bool              `query:"open,optional"`
	Tags     []string          `query:"tag" maxItems:"4" maxLength:"8" pattern:"^[a-zäß,]*$"`
	IDs      []int16           `query:",csv" uniqueItems:"true" default:"7,8"`
	Words    []string          `query:",csv"`
	Flags    []bool            `query:"flag"`
	Since    []time.Time       `query:"" format:"date"`
	Levels   []level           `query:"level,csv"`
	Links    []*hexID          `query:"link" maxItems:"2"`
	Filter   map[string]string `query:",deep" maxLength:"5"`
	Max      map[word]*int     `query:"max,deep"`
	Range    struct {
		From int   `query:"" default:"1"`
		To   *int  `query:""`
		Any  []int `query:"any,csv"`
	} `query:"range,deep"`
	Untagged int
}

// A queryCase is one query and what it makes of a searchIn, or the errors as
// "name code".
type queryCase struct {
	name, query string
	want        func(in *searchIn)
	errs        []string
}

func refused(name, query string, errs ...string) queryCase { return queryCase{name, query, nil, errs} }

func queryCases() []queryCase {
	cases := []queryCase{
		{"only what is required", "q=x", func(*searchIn) {}, nil},
		{"empty text of a string is a value", "q=", func(in *searchIn) { in.Text = "" }, nil},
		{"bare name of a string is empty", "q", func(in *searchIn) { in.Text = "" }, nil},
		{"names are exact", "q=x&Limit=5&LIMIT=5&limit%20=5&xlimit=5&limits=5", func(*searchIn) {}, nil},
		{"escaped names", "%71=x&%6cimit=5&min%5Fprice=2", func(in *searchIn) { in.Limit, in.MinPrice = 5, some(2.0) }, nil},
		{"plus and escapes in values", "q=a+b%20c%2Bd", func(in *searchIn) { in.Text = "a b c+d" }, nil},
		{"further equals signs are data", "q=a=b=", func(in *searchIn) { in.Text = "a=b=" }, nil},
		{"empty pairs", "&&q=x&&limit=5&", func(in *searchIn) { in.Limit = 5 }, nil},
		{"pairs without a name", "=&=x&q=x", func(*searchIn) {}, nil},
		{"a scalar takes the first", "q=x&q=y&limit=5&limit=6&limit=nine", func(in *searchIn) { in.Limit = 5 }, nil},
		{"empty text counts as absent", "q=x&limit=&page=&min_price=&open=&since=", func(*searchIn) {}, nil},
		{"the first that is not absent", "q=x&limit=&limit=6&page&page=2", func(in *searchIn) { in.Limit, in.Page = 6, point(2) }, nil},
		{"a default gives way to a zero", "q=x&min_price=0&page=0&open=0", func(in *searchIn) { in.MinPrice, in.Page = some(0.0), point(0) }, nil},
		{"a bare name is true", "q=x&open", func(in *searchIn) { in.Open = true }, nil},
		{"a checkbox is on", "q=x&open=on", func(in *searchIn) { in.Open = true }, nil},
		{"flags", "q=x&flag&flag=&flag=off", func(in *searchIn) { in.Flags = []bool{true, false} }, nil},
		{"embedded fields", "q=x&limit=100&cursor=c", func(in *searchIn) { in.Limit, in.Cursor = 100, "c" }, nil},
		{"repeated names", "q=x&tag=a&limit=2&tag=b&tag=", func(in *searchIn) { in.Limit, in.Tags = 2, []string{"a", "b", ""} }, nil},
		{"commas are data", "q=x&tag=a,b", func(in *searchIn) { in.Tags = []string{"a,b"} }, nil},
		{"brackets are data", "q=x&tag[]=a&tag[0]=b&tags=c", func(*searchIn) {}, nil},
		{"length in characters", "q=x&tag=%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%9F", func(in *searchIn) { in.Tags = []string{"äääääääß"} }, nil},
		{"csv splits", "q=x&ids=1,2&words=a,b", func(in *searchIn) { in.IDs, in.Words = []int16{1, 2}, []string{"a", "b"} }, nil},
		{"csv splits before unescaping", "q=x&words=a%2Cb,c+d", func(in *searchIn) { in.Words = []string{"a,b", "c d"} }, nil},
		{"csv and repeated names", "q=x&ids=1,2&ids=3", func(in *searchIn) { in.IDs = []int16{1, 2, 3} }, nil},
		{"empty elements of numbers are absent", "q=x&ids=,1,,2,", func(in *searchIn) { in.IDs = []int16{1, 2} }, nil},
		{"empty elements of strings are values", "q=x&words=,a,", func(in *searchIn) { in.Words = []string{"", "a", ""} }, nil},
		{"nothing but empty elements takes the default", "q=x&ids=,,", func(*searchIn) {}, nil},
		{"elements that read themselves", "q=x&level=low,high&link=00ff&link=0102", func(in *searchIn) {
			in.Levels, in.Links = []level{1, 2}, []*hexID{{0, 255}, {1, 2}}
		}, nil},
		{"times", "q=x&since=2026-01-02&since=2026-01-03", func(in *searchIn) { in.Since = []time.Time{day(2026, 1, 2), day(2026, 1, 3)} }, nil},
		{"deep maps", "q=x&filter[a]=b&filter%5Bc%5D=&filter[a]=z&max[x]=3&max[y]=", func(in *searchIn) {
			in.Filter, in.Max = map[string]string{"a": "b", "c": ""}, map[word]*int{"x": point(3)}
		}, nil},
		{"deep is one level of exact form", "q=x&filter[a][b]=1&filter[a=1&filter]=1&filter=1&filter[]=1&filter[a]b=1&filter[[a]]=1&filters[a]=1&x[a]=1", func(*searchIn) {}, nil},
		{"deep struct", "q=x&range[from]=5&range[to]=6&range[any]=1,2&range[other]=9", func(in *searchIn) {
			in.Range.From, in.Range.To, in.Range.Any = 5, point(6), []int{1, 2}
		}, nil},
		refused("required", "", "q required"),
		refused("each field once, in order of declaration", "level=no&limit=0&q=x&tag=UPPER&tag=LOWER&page=x&ids=1,1&min_price=-1",
			"limit minimum", "page type", "min_price minimum", "tag pattern", "ids uniqueItems", "level format"),
		refused("too many items", "q=x&tag=a&tag=b&tag=c&tag=d&tag=e", "tag maxItems"),
		refused("too long an item", "q=x&tag=aaaaaaaaa", "tag maxLength"),
		refused("overflow in a list", "q=x&ids=1,70000", "ids range"),
		refused("each deep value is checked, by its own name", "q=x&filter[a]=toolong&filter[b]=c&filter[%C3%A4]=toolong&filter[a]=toolong&max[a]=x&range[from]=x",
			"filter[a] maxLength", "filter[ä] maxLength", "max[a] type", "range[from] type"),
		refused("a long key is cut", "q=x&filter["+strings.Repeat("k", 65)+"]=toolong", "filter["+strings.Repeat("k", 64)+"…] maxLength"),
		refused("text that is not UTF-8", "q=%FF&cursor=%E4&tag=%C3&words=a,%ED%A0%80&filter[%FF]=a&filter[a]=%FF&range[from]=%FF",
			"cursor syntax", "q syntax", "tag syntax", "words syntax", "filter[\xff] syntax", "filter[a] syntax", "range[from] type"),
		refused("escape of one digit", "q=%4", " syntax"), refused("no digits", "q=x&a=%zz", " syntax"), refused("escape at the end", "q=x%", " syntax"),
		refused("escape across a pair", "q=%4&1=x", " syntax"), refused("escape in a name", "%q=x", " syntax"),
		refused("malformed pair of nobody", "q=x&other=%GG", " syntax"), refused("semicolon", "q=x;limit=5", " syntax"), refused("semicolon alone", ";", " syntax"),
		{"escaped semicolon", "q=a%3Bb", func(in *searchIn) { in.Text = "a;b" }, nil},
		{"10000 pairs", "q=x" + strings.Repeat("&a=1", 9999), func(*searchIn) {}, nil},
		refused("10001 pairs", "q=x"+strings.Repeat("&a=1", 10000), " pairs"),
		refused("10001 empty pairs", strings.Repeat("&", 10001), " pairs"),
		{"10000 parts between commas", "q=x&words=" + strings.Repeat(",", 9998), func(in *searchIn) { in.Words = make([]string, 9999) }, nil},
		refused("10001 parts between commas", "q=x&words="+strings.Repeat(",", 9999), "words pairs"),
		refused("1001 deep entries", "q=x"+entries(1001), "filter entries"),
		refused("entries of all maps", "q=x"+entries(1000)+"&max[a]=1", "max entries"),
	}
	return append(cases, queryCase{"1000 deep entries", "q=x" + entries(1000), func(in *searchIn) {
		in.Filter = map[string]string{}
		for i := range 1000 {
			in.Filter[strconv.Itoa(i)] = "v"
		}
	}, nil})
}

func entries(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "&filter[%d]=v", i)
	}
	return b.String()
}

// faultsOf returns the field errors of err as "name code".
func faultsOf(tb testing.TB, err error) []string {
	tb.Helper()
	e := new(bind.Error)
	require.ErrorAs(tb, err, &e)
	var list []string
	for _, f := range e.Fields {
		list = append(list, f.Name+" "+f.Code)
	}
	return list
}

func TestBind_query(t *testing.T) {
	t.Parallel()
	b := bind.For[searchIn]()
	for _, tc := range queryCases() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := b.Bind(queryRequest(tc.query))
			if tc.errs != nil {
				assert.Equal(t, tc.errs, faultsOf(t, err))
				assert.Zero(t, got)
				return
			}
			require.NoError(t, err)
			want := searchIn{pagingIn: pagingIn{Limit: 20}, Text: "x", IDs: []int16{7, 8}}
			want.Range.From = 1
			tc.want(&want)
			assert.Equal(t, want, got)
		})
	}
}

// Every source derives its names from the Go names.
func TestBind_derivedNames(t *testing.T) {
	t.Parallel()
	type in struct {
		UserID    int      `query:""`
		HTTPPort  int      `query:""`
		IDs       []int    `query:""`
		PageSize2 int      `query:",optional"`
		RequestID string   `header:""`
		ETag      string   `header:""`
		SessionID string   `cookie:""`
		TenantKey string   `path:""`
		Named     []string `query:"Exact-Name"`
	}
	r := queryRequest("user_id=1&http_port=2&ids=3&page_size2=4&Exact-Name=x")
	r.Header.Set("Request-Id", "r")
	r.Header.Set("E-Tag", "e")
	r.Header.Set("Cookie", "session_id=s")
	r.SetPathValue("tenant_key", "t")
	got, err := bind.Request[in](r)
	require.NoError(t, err)
	assert.Equal(t, in{1, 2, []int{3}, 4, "r", "e", "s", "t", []string{"x"}}, got)
}

// Above a number of names they are found in a table.
func TestBind_manyNames(t *testing.T) {
	t.Parallel()
	type in struct {
		A int            `query:""`
		B int            `query:""`
		C int            `query:""`
		D int            `query:""`
		E int            `query:""`
		F int            `query:""`
		G int            `query:""`
		H map[string]int `query:",deep"`
		I int            `query:""`
		J map[string]int `query:",deep"`
		K int            `query:""`
	}
	got, err := bind.Request[in](queryRequest("k=11&j[x]=10&i=9&h[x]=8&g=7&f=6&e=5&d=4&c=3&b=2&a=1&l=0"))
	require.NoError(t, err)
	assert.Equal(t, in{1, 2, 3, 4, 5, 6, 7, map[string]int{"x": 8}, 9, map[string]int{"x": 10}, 11}, got)
	_, err = bind.Request[in](queryRequest("k=11"))
	assert.Len(t, faultsOf(t, err), 8)
}

func TestBind_defaultIsNotShared(t *testing.T) {
	t.Parallel()
	type in struct {
		Tags  []string      `query:"tag" default:"a,b"`
		Links []*hexID      `query:"link" default:"0102"`
		Site  url.URL       `query:"site" default:"https://u@example.com/"`
		Empty []int         `query:"" default:""`
		At    time.Time     `query:"" default:"2026-01-02T03:04:05Z"`
		Text  string        `query:"" default:""`
		Opt   bind.Opt[int] `query:"" default:"3"`
		Ptr   *int          `query:"" default:"4"`
	}
	b := bind.For[in]()
	for range 2 {
		got, err := b.Bind(queryRequest(""))
		require.NoError(t, err)
		assert.Equal(t, []string{"a", "b"}, got.Tags)
		assert.Equal(t, hexID{1, 2}, *got.Links[0])
		assert.Equal(t, "https://u@example.com/", got.Site.String())
		assert.Empty(t, got.Empty)
		assert.Equal(t, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), got.At)
		assert.Equal(t, 3, got.Opt.Or(0))
		assert.Equal(t, 4, *got.Ptr)
		got.Tags[0], *got.Links[0], *got.Ptr = "changed", hexID{}, 9
		*got.Site.User = *url.User("changed")
		_ = append(got.Tags[:0], "x", "y")
	}
}

func TestBind_strict(t *testing.T) {
	t.Parallel()
	type in struct {
		Q string         `query:"q"`
		M map[string]int `query:"m,deep"`
	}
	b := bind.For[in](bind.Strict())
	_, err := b.Bind(queryRequest("q=x&m[a]=1"))
	require.NoError(t, err)
	_, err = b.Bind(queryRequest("limit=5&q=x&Q=x&m=1&a=%20"))
	assert.Equal(t, []string{"limit unknown", "Q unknown", "m unknown", "a unknown"}, faultsOf(t, err))
	_, err = b.Bind(queryRequest("q=x&" + strings.Repeat("ä", 500)))
	assert.Equal(t, []string{strings.Repeat("ä", 32) + "… unknown"}, faultsOf(t, err))
	_, err = bind.For[struct {
		X string `header:"X,optional"`
	}](bind.Strict()).Bind(queryRequest("q=x"))
	assert.Equal(t, []string{"q unknown"}, faultsOf(t, err), "without a query field")
}

func TestBind_queryAllocs(t *testing.T) {
	type five struct {
		Page   int           `query:"page"`
		Sort   string        `query:"sort"`
		Desc   bool          `query:"desc"`
		Radius float64       `query:"radius"`
		Wait   time.Duration `query:"wait"`
	}
	t.Run("five scalars", func(t *testing.T) {
		b, r := bind.For[five](), queryRequest("page=3&sort=title&desc&radius=2.5&wait=1m")
		in, err := b.Bind(r)
		require.NoError(t, err)
		require.Equal(t, five{3, "title", true, 2.5, time.Minute}, in)
		kittest.Allocs(t, 0, func() { _, _ = b.Bind(r) })
	})
	for _, tc := range queryCases() {
		if tc.want == nil || len(tc.query) > 200 || strings.Contains(tc.query, "level") {
			continue // what reads itself allocates as it likes
		}
		t.Run(tc.name, func(t *testing.T) {
			b, r := bind.For[searchIn](), queryRequest(tc.query)
			in, err := b.Bind(r)
			require.NoError(t, err)
			kittest.Allocs(t, ownAllocs(reflect.ValueOf(in))+float64(strings.Count(tc.query, "%")+strings.Count(tc.query, "+")), func() {
				_, _ = b.Bind(r)
			})
		})
	}
}

// ownAllocs is the number of allocations that v cannot do without.
func ownAllocs(v reflect.Value) (n float64) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			n = 1 + ownAllocs(v.Elem())
		}
	case reflect.Slice:
		if v.Len() > 0 {
			n++
		}
		for i := range v.Len() {
			n += ownAllocs(v.Index(i))
		}
	case reflect.Map:
		if !v.IsNil() {
			n += 4 + 4*float64(v.Len())
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			n += ownAllocs(field)
		}
	}
	return n
}

// A Binder serves many goroutines, whose values share nothing.
func TestBind_concurrently(t *testing.T) {
	t.Parallel()
	b := bind.For[searchIn]()
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 200 {
				in, err := b.Bind(queryRequest(fmt.Sprintf("q=%d&tag=a&tag=b&limit=%d&filter[k]=%d", i, i+1, i)))
				if !assert.NoError(t, err) { //nolint:testifylint // require ends the test's own goroutine only
					return
				}
				assert.Equal(t, strconv.Itoa(i), in.Text)
				assert.Equal(t, i+1, in.Limit)
				assert.Equal(t, []string{"a", "b"}, in.Tags)
				assert.Equal(t, map[string]string{"k": strconv.Itoa(i)}, in.Filter)
				in.Tags[0], in.IDs[0] = "changed", 0
				_, err = b.Bind(queryRequest("limit=0"))
				assert.Error(t, err)
			}
		})
	}
	group.Wait()
}
