package bind_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

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
