package tenon_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
)

// span checks itself across its fields.
type span struct {
	From int `query:"from,optional"`
	To   int `query:"to,optional"`
}

func (s span) Validate() error {
	if s.From > s.To {
		return errors.New("from must not be after to")
	}
	return nil
}

// bounded is read where a Validate method sees the path and the query alone.
type bounded struct {
	ID   int  `path:"id"`
	Span span `query:"span,deep"`
}

func (b bounded) Validate() error {
	if b.ID == 13 {
		return errors.New("id must not be 13")
	}
	return nil
}

// signed is checked together with what is no part of an address.
type signed struct {
	span

	ID    int    `path:"id"`
	Token string `header:"Token"`
}

func (s signed) Validate() error {
	if s.Token == "" {
		return errors.New("token must not be empty")
	}
	return s.span.Validate()
}

type even int

func (e even) Validate() error {
	if e%2 != 0 {
		return errors.New("must be even")
	}
	return nil
}

func taking[In any](pattern string) tenon.Routes {
	take := func(context.Context, In) (tenon.None, error) { return tenon.None{}, nil }
	return tenon.Routes{tenon.Get(pattern, take, tenon.Named("x"))}
}

// TestURL_refusesWhatBindDoes has addresses that binding a request would refuse.
func TestURL_refusesWhatBindDoes(t *testing.T) {
	t.Parallel()
	type lists struct {
		Tags  []string          `minItems:"1"  query:"tag"`
		Nums  []int             `minItems:"2"  query:"num,csv"`
		Ptr   *[]int            `minItems:"1"  query:"ptr"`
		May   []int             `minItems:"1"  query:"may,optional"`
		Words []string          `default:"a,b" minItems:"2" query:"word"`
		Max   []int             `maxItems:"2"  query:"max" uniqueItems:"true"`
		Map   map[string]string `maxLength:"1" query:"map,deep"`
	}
	type rules struct {
		ID    int      `maximum:"9"      path:"id"`
		Limit int      `default:"5"      maximum:"10" query:"limit"`
		Color string   `enum:"red,green" query:"color,optional"`
		Even  even     `query:"even"`
		Codes []string `pattern:"^[a-z]$" query:"code"`
	}
	nums := []int{1, 2}
	for _, tc := range []struct {
		routes tenon.Routes
		in     any
		want   string // what follows tenon: URL of x, or the address
	}{
		{taking[lists]("/l"), lists{Tags: []string{"a"}, Nums: nums, Words: []string{"a", "b"}}, "/l?tag=a&num=1,2"},
		{taking[lists]("/l"), lists{Tags: []string{"a"}, Nums: nums, Words: []string{"b", "b"}, Ptr: &nums, May: nums}, "/l?tag=a&num=1,2&ptr=1&ptr=2&may=1&may=2&word=b&word=b"},
		{taking[lists]("/l"), lists{Nums: nums, Words: []string{"a", "b"}}, `query "tag" must have at least 1 item`},
		{taking[lists]("/l"), lists{Tags: []string{"a"}, Words: []string{"a", "b"}}, `query "num" must have at least 2 items`},
		{taking[lists]("/l"), lists{Tags: []string{"a"}, Nums: nums[:1], Words: []string{"c"}}, `query "num" must have at least 2 items; query "word" must have at least 2 items`},
		{taking[lists]("/l"), map[string]any{"num": nums}, `query "tag" must have at least 1 item`},
		{taking[lists]("/l"), map[string]any{"num": nums, "tag": []string{}}, `query "tag" must have at least 1 item`},
		{taking[lists]("/l"), map[string]any{"num": nums, "tag": "one"}, "/l?tag=one&num=1,2"},
		{taking[lists]("/l"), map[string]any{"num": nums, "tag": "one", "max": []int{1, 1}}, `query "max" must not repeat an item`},
		{taking[lists]("/l"), map[string]any{"num": nums, "tag": "one", "max": []int{1, 2, 3}}, `query "max" must have at most 2 items`},
		{taking[lists]("/l"), map[string]any{"num": nums, "tag": "one", "map": map[string]string{"a": "bc"}}, `query "map[a]" must have at most 1 character`},

		{taking[rules]("/r/{id}"), rules{ID: 9, Limit: 10}, "/r/9?limit=10&even=0"},
		{taking[rules]("/r/{id}"), rules{ID: 10}, `path "id" must be at most 9`},
		{taking[rules]("/r/{id}"), rules{Limit: 11, Even: 1}, `query "limit" must be at most 10`},
		{taking[rules]("/r/{id}"), rules{Color: "blue"}, `query "color" must be one of red, green`},
		{taking[rules]("/r/{id}"), rules{Codes: []string{"a", "B"}}, `query "code" must match the pattern ^[a-z]$`},
		{taking[rules]("/r/{id}"), map[string]any{"id": 1}, `it needs a value for "even"`},
		{taking[rules]("/r/{id}"), map[string]any{"id": 1, "even": 3}, `query "even" must be even`},
		{taking[rules]("/r/{id}"), map[string]any{"id": 1, "even": 2, "limit": "many"}, `query "limit" must be an integer`},

		{taking[bounded]("/b/{id}"), bounded{1, span{2, 3}}, "/b/1?span%5Bfrom%5D=2&span%5Bto%5D=3"},
		{taking[bounded]("/b/{id}"), bounded{1, span{3, 2}}, "from must not be after to"},
		{taking[bounded]("/b/{id}"), bounded{13, span{}}, "id must not be 13"},
		{taking[signed]("/s/{id}"), signed{ID: 1}, "/s/1"},
	} {
		got, err := tc.routes.URL("x", tc.in)
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "tenon: URL of x: ")
		}
		assert.Equal(t, tc.want, got)
	}
}

// TestURL_embeddedInDeep has the fields of structs embedded in a deep one.
func TestURL_embeddedInDeep(t *testing.T) {
	t.Parallel()
	type inner struct {
		filter

		Page int `default:"1" query:"page"`
	}
	type outer struct {
		inner

		Text string `query:"text"`
	}
	type in struct {
		By outer `query:"by,deep"`
	}
	var got in
	routes := tenon.Routes{tenon.Get("/x", func(_ context.Context, in in) (tenon.None, error) {
		got = in
		return tenon.None{}, nil
	}, tenon.Named("x"))}
	mux := http.NewServeMux()
	routes.Mount(mux)
	for address, want := range map[string]in{
		"/x?by%5Bauthor%5D=ann&by%5Byears%5D=1999&by%5Byears%5D=2000&by%5Bpage%5D=2&by%5Btext%5D=a": {
			outer{inner{filter{"ann", []uint16{1999, 2000}}, 2}, "a"},
		},
		"/x?by%5Btext%5D=": {outer{inner: inner{Page: 1}}},
	} {
		text, err := routes.URL("x", want)
		require.NoError(t, err)
		assert.Equal(t, address, text)
		assert.Equal(t, http.StatusNoContent, send(mux, "GET", text).Code)
		assert.Equal(t, want, got)
	}
	text, err := routes.URL("x", map[string]any{"by[text]": "a", "by[author]": "ann"})
	require.NoError(t, err)
	assert.Equal(t, "/x?by%5Bauthor%5D=ann&by%5Btext%5D=a", text)
	_, err = routes.URL("x", map[string]any{"by[author]": "ann"})
	require.EqualError(t, err, `tenon: URL of x: it needs a value for "by[text]"`)
}

// TestURL_plainHandler has structs that no plan of a route is for.
func TestURL_plainHandler(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{tenon.On("GET", "/x/{id}", echo, tenon.Named("x"))}
	text, err := routes.URL("x", struct {
		ID   int      `maximum:"9"  path:"id"`
		Tags []string `minItems:"1" query:"tag"`
	}{9, []string{"a"}})
	require.NoError(t, err)
	assert.Equal(t, "/x/9?tag=a", text)
	_, err = routes.URL("x", struct {
		ID int `maximum:"9" path:"id"`
	}{10})
	require.EqualError(t, err, `tenon: URL of x: path "id" must be at most 9`)
	_, err = routes.URL("x", struct {
		ID chan int `path:"id"`
	}{})
	require.ErrorContains(t, err, "tenon: URL of x: bind: ")
}
