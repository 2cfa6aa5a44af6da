package bind_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	engine "github.com/tenonkit/tenon/internal/json"
)

// A sharedIn has every kind of value that could be a part of a pooled buffer.
type sharedIn struct {
	Query  string         `query:"q"`
	Deep   map[string]int `query:"m,deep"`
	List   []string       `header:"X-List"`
	Cookie string         `cookie:"c"`
	Body   sharedBody     `body:"json"`
}

type sharedBody struct {
	Text    string            `json:"text"`
	Escaped string            `json:"escaped"`
	Long    string            `json:"long"`
	Raw     json.RawMessage   `json:"raw"`
	Any     any               `json:"any"`
	Bytes   []byte            `json:"bytes"`
	Number  json.Number       `json:"number"`
	Big     *big.Int          `json:"big"`
	Named   map[string]string `json:"named"`
	Self    bind.Opt[jsonSelf]
	Rest    engine.RawMessage `json:",embed"`
}

type sharedForm struct {
	Text  string      `form:"text"`
	Words []string    `form:"word,csv"`
	File  bind.File   `form:"file"`
	Files []bind.File `form:"files"`
}

// sharing binds a request that is marked with n, and returns what the handler
// would keep, in words.
type sharing func(n int) (kept func() string, err error)

func sharings() map[string]sharing {
	all, article, form := bind.For[sharedIn](), bind.For[formArticle](), bind.For[sharedForm]()
	text, data := bind.For[textOptIn](), bind.For[bytesIn]()
	return map[string]sharing{
		"all sources": func(n int) (func() string, error) {
			body := strings.ReplaceAll(`{"text":"t#","escaped":"\u0065#","long":"`+strings.Repeat("#", 2000)+`","raw":["r#"],"any":{"a#":["b#"]},`+
				`"bytes":"QUJD","number":1#,"big":2#,"named":{"k#":"v#"},"Self":1,"more":"m#"}`, "#", strconv.Itoa(n))
			r := jsonRequest(body)
			r.URL.RawQuery = fmt.Sprintf("q=%%20%d&m[k%d]=%d", n, n, n)
			r.Header.Set("X-List", fmt.Sprintf("a%d, b%d", n, n))
			r.Header.Set("Cookie", fmt.Sprintf("c=c%d", n))
			in, err := all.Bind(r)
			return func() string {
				text, err := engine.Marshal(&in)
				return fmt.Sprint(string(text), err)
			}, err
		},
		"urlencoded": func(n int) (func() string, error) {
			in, err := bound(article, urlencoded, fmt.Sprintf("title=t%d&tag=a%d&tag=%%20%d&note=n%d", n, n, n, n))
			return func() string { return fmt.Sprint(in) }, err
		},
		"multipart": func(n int) (func() string, error) {
			mark := strconv.Itoa(n)
			in, err := bound(form, multi, part("name=text", "", "t"+mark)+part("name=word", "", "a"+mark+",b"+mark)+
				file("file", "f"+mark, "text/x"+mark, "F"+mark)+file("files", "g"+mark, "", strings.Repeat("G"+mark, 1000))+end)
			return func() string {
				first, err := contentOf(in.File)
				second, otherErr := contentOf(in.Files[0])
				return fmt.Sprintf("%q %q %q %q %q %q %v %v", in.Text, in.Words, in.File.Name, in.File.ContentType, first, second, err, otherErr)
			}, err
		},
		"text": func(n int) (func() string, error) {
			in, err := text.Bind(httptest.NewRequest(http.MethodPost, "/", strings.NewReader(fmt.Sprint("text ", n))))
			return func() string { return *in.Text }, err
		},
		"bytes": func(n int) (func() string, error) {
			in, err := data.Bind(httptest.NewRequest(http.MethodPost, "/", strings.NewReader(fmt.Sprint("bytes ", n))))
			return func() string { return string(in.Data) }, err
		},
	}
}

// What a handler keeps is its own: requests that come at the same time or later
// do not change it.
func TestBind_sharesNothing(t *testing.T) {
	t.Parallel()
	for name, share := range sharings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const workers, each = 4, 60
			var kept [workers * each]func() string
			var first [workers * each]string
			var group sync.WaitGroup
			for worker := range workers {
				group.Go(func() {
					for i := range each {
						n := worker*each + i
						later, err := share(1000 + n)
						if !assert.NoError(t, err) { //nolint:testifylint // require ends the test's own goroutine only
							return
						}
						kept[n], first[n] = later, later()
						assert.Contains(t, first[n], strconv.Itoa(1000+n))
					}
				})
			}
			group.Wait()
			for n, later := range kept {
				assert.Equal(t, first[n], later())
			}
		})
	}
}

// An inlineText has its text in itself, as types do that save an allocation.
type inlineText struct {
	text []byte
	room [8]byte
}

func (x *inlineText) UnmarshalText(text []byte) error {
	x.text = append(x.room[:0], text...)
	return nil
}

// An inlineJSON is an inlineText with UnmarshalJSON.
type inlineJSON struct {
	text []byte
	room [8]byte
}

func (x *inlineJSON) UnmarshalJSON(text []byte) error {
	x.text = append(x.room[:0], text...)
	return nil
}

// A fallen has a Validate method that points to a field beside it.
type fallen struct {
	Sent *string `json:"sent"`
	Own  string  `json:"own,omitempty"`
}

func (x *fallen) Validate() error {
	if x.Sent == nil {
		x.Sent = &x.Own
	}
	return nil
}

// A family has a Validate method that tells the children who their parent is.
type family struct {
	Name     string  `json:"name"`
	Children []child `json:"children"`
}

type child struct {
	Name   string  `json:"name"`
	parent *family `json:"-"`
}

func (x *family) Validate() error {
	for i := range x.Children {
		x.Children[i].parent = x
	}
	return nil
}

type (
	placedQuery struct {
		One  inlineText   `query:"one"`
		Two  inlineText   `header:"Two"`
		List []inlineText `query:"list"`
	}
	placedForm struct {
		One  inlineText `form:"one"`
		JSON fallen     `form:"json,json"`
	}
	placedBody struct {
		One    inlineText            `json:"one"`
		Two    inlineJSON            `json:"two"`
		Fallen fallen                `json:"fallen"`
		Map    map[string]inlineText `json:"map"`
		Items  []placedItem          `json:"items"`
	}
	// A placedItem is worth a place in the working space.
	placedItem struct {
		A, B, C, D string
		One        inlineText `json:"one"`
		Fallen     fallen     `json:"fallen"`
	}
	placedWhole struct {
		Own  string  `json:"own"`
		Sent *string `json:"sent,omitempty"`
	}
)

func keptQuery(in *placedQuery) string {
	return fmt.Sprintf("%s %s %s %s", in.One.text, in.Two.text, in.List[0].text, in.List[1].text)
}

func keptBody(in *placedBody) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %s %s", in.One.text, in.Two.text, *in.Fallen.Sent, in.Map["a"].text, in.Map["b"].text)
	for _, item := range in.Items {
		fmt.Fprintf(&b, " %s %s %s", item.A, item.One.text, *item.Fallen.Sent)
	}
	return b.String()
}

// bindings returns how a request is bound to a T, which is known when the program is compiled
// or only at run time.
func bindings[T any](opts ...bind.Option) []func(r *http.Request) (T, error) {
	static, dynamic := bind.For[T](opts...), bind.ForType(reflect.TypeFor[T](), opts...)
	return []func(r *http.Request) (T, error){static.Bind, func(r *http.Request) (T, error) {
		v, err := dynamic.Bind(r)
		in, _ := reflect.TypeAssert[T](v)
		return in, err
	}}
}

// checkPlaced binds two requests one after the other, and compares what the values hold then
// with the texts that are sent, marked by 1 and 2.
func checkPlaced[T any](t *testing.T, request func(mark string) *http.Request, held func(in *T) string, want string, opts ...bind.Option) {
	t.Helper()
	for _, one := range bindings[T](opts...) {
		first, err := one(request("1"))
		require.NoError(t, err)
		second, err := one(request("2"))
		require.NoError(t, err)
		assert.Equal(t, strings.ReplaceAll(want, "#", "1"), held(&first))
		assert.Equal(t, strings.ReplaceAll(want, "#", "2"), held(&second))
	}
}

// A value that points to a part of itself keeps what it points to.
func TestBind_pointsInside(t *testing.T) {
	t.Parallel()
	json := func(text string) func(mark string) *http.Request {
		return func(mark string) *http.Request { return jsonRequest(strings.ReplaceAll(text, "#", mark)) }
	}
	checkPlaced(t, func(mark string) *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/?"+strings.ReplaceAll("one=a#&list=c#&list=d#", "#", mark), nil)
		r.Header.Set("Two", "b"+mark)
		return r
	}, keptQuery, "a# b# c# d#")
	checkPlaced(t, func(mark string) *http.Request {
		body := strings.ReplaceAll(`one=a#&json={"sent":null,"own":"b#"}`, "#", mark)
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", urlencoded)
		return r
	}, func(in *placedForm) string { return fmt.Sprintf("%s %s", in.One.text, *in.JSON.Sent) }, "a# b#")

	const item = `{"A":"g#","B":"","C":"","D":"","one":"h#","fallen":{"sent":null,"own":"i#"}}`
	checkPlaced(t, json(`{"one":"a#","two":{"b":#},"fallen":{"sent":null,"own":"c#"},"map":{"a":"d#","b":"e#"},"items":[`+item+`,`+strings.Replace(item, "g#", "j#", 1)+`]}`),
		keptBody, `a# {"b":#} c# d# e# g# h# i# j# h# i#`)
	checkPlaced(t, json(`{"name":"a#","children":[{"name":"b#"}]}`),
		func(in *family) string { return in.Children[0].parent.Name }, "a#")
	checkPlaced(t, json(`{"own":"a#"}`), func(in *placedWhole) string { return *in.Sent }, "a#",
		bind.ValidateFunc(func(in *placedWhole) error {
			in.Sent = &in.Own
			return nil
		}))
}
