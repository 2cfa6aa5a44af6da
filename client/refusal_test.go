package client_test

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/client"
)

// A refusal is a value that is not sent, with the reason.
type refusal struct {
	name string
	call func(ctx context.Context, c *client.Client) error
	want string
}

func refusing[In any](name, pattern string, in In, want string) refusal {
	op := tenon.Op[In, tenon.None]{Method: "POST", Pattern: pattern}
	return refusal{name, func(ctx context.Context, c *client.Client) error {
		_, err := client.Call(ctx, c, op, in)
		return err
	}, want}
}

type (
	pathIn struct {
		P string `path:"p"`
	}
	floatIn struct {
		F float64 `query:"f"`
	}
	headerIn struct {
		H string `header:"X-H"`
	}
	listIn struct {
		H []string `header:"X-H"`
	}
	cookieIn struct {
		C string `cookie:"c"`
	}
	fileIn struct {
		F bind.File `form:"f"`
	}
	csvIn struct {
		F    bind.File `form:"f"`
		List []string  `form:"list,csv"`
	}
	optIn struct {
		O bind.Opt[int] `query:"o"`
	}
	defaultIn struct {
		D *int `query:"d" default:"5"`
	}
	deepIn struct {
		M map[string]int `query:"m,deep"`
	}
	bytesIn struct {
		B []byte `body:"bytes"`
	}
	textIn struct {
		T string `body:"text"`
	}
	readerIn struct {
		R io.Reader `body:"stream"`
	}
	bodyIn struct {
		Body struct {
			F   float64         `json:"f"`
			Opt bind.Opt[int]   `json:"opt,omitzero"`
			Abs []bind.Opt[int] `json:"abs,omitzero"`
			Def int             `json:"def,omitzero" default:"5"`
			Ptr *string         `json:"ptr,omitempty"`
			Any any             `json:"any"`
		} `body:"json"`
	}
)

// refusals is the table of all reasons for which a value is not sent.
func refusals() []refusal {
	empty, file := "", bind.NewFile("x", "", strings.NewReader("x"))
	nan, absent, zero, text, function := bodyIn{}, bodyIn{}, bodyIn{}, bodyIn{}, bodyIn{}
	nan.Body.F, nan.Body.Def = math.NaN(), 1
	absent.Body.Abs, absent.Body.Def = make([]bind.Opt[int], 1), 1
	text.Body.Ptr, text.Body.Def = &empty, 1
	function.Body.Any, function.Body.Def = func() {}, 1
	return []refusal{
		refusing("required", "/x/{p}", struct {
			P int `path:"p" minimum:"1"`
		}{}, `bind: path "p": must be at least 1`),
		refusing("empty segment", "/x/{p}", pathIn{""}, `it needs a value for {p}`),
		refusing("dot segment", "/x/{p}", pathIn{"."}, `{p} cannot be "."`),
		refusing("two dots", "/x/{p}", pathIn{".."}, `{p} cannot be ".."`),
		refusing("dots in the rest", "/x/{p...}", pathIn{"a/../b"}, `{p} cannot be ".."`),
		refusing("empty segment in the rest", "/x/{p...}", pathIn{"a//b"}, `{p} has an empty segment`),
		refusing("pattern without the name", "/x", pathIn{"a"}, `the pattern lacks {p}`),
		refusing("not UTF-8", "/x/{p}", pathIn{"\xff"}, `path "p" is not valid UTF-8`),
		refusing("NaN", "/x", floatIn{math.NaN()}, `query "f" is not a finite number`),
		refusing("infinity", "/x", floatIn{math.Inf(-1)}, `query "f" is not a finite number`),
		refusing("null", "/x", optIn{bind.Null[int]()}, `query "o" is null`),
		refusing("absent with a default", "/x", defaultIn{}, `query "d" is absent, which package bind would read as the default: give it a value`),
		refusing("key with a bracket", "/x", deepIn{map[string]int{"a]": 1}}, `query "m" has the key "a]"`),
		refusing("key that is empty", "/x", deepIn{map[string]int{"": 1}}, `query "m" has the key ""`),
		refusing("element that is absent", "/x", struct {
			L []*int `query:"l"`
		}{[]*int{nil}}, `query "l" has an element that is absent: remove it`),
		refusing("list behind a pointer that is empty", "/x", struct {
			L *[]int `query:"l"`
		}{&[]int{}}, `query "l" is an empty list`),
		refusing("text that is empty", "/x", struct {
			V upper `query:"v"`
		}{}, `query "v" has a value of empty text`),
		refusing("time of a far year", "/x", struct {
			T time.Time `query:"t"`
		}{time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)}, `query "t" is a time whose year does not have four digits`),
		refusing("line break in a header", "/x", headerIn{"a\nb"}, `header "X-H" has a control character`),
		refusing("NUL in a header", "/x", headerIn{"a\x00b"}, `header "X-H" has a control character`),
		refusing("space before a header", "/x", headerIn{" a"}, `header "X-H" has a space or a tab at an end`),
		refusing("tab behind a header", "/x", headerIn{"a\t"}, `header "X-H" has a space or a tab at an end`),
		refusing("comma in a list", "/x", listIn{[]string{"a,b"}}, `header "X-H" has the element "a,b"`),
		refusing("open quotation mark in a list", "/x", listIn{[]string{`"a`, "b"}}, `header "X-H" has the element "\"a"`),
		refusing("empty element of a list", "/x", listIn{[]string{"a", ""}}, `header "X-H" has the element ""`),
		refusing("field of the transport", "/x", struct {
			L int `header:"Content-Length"`
		}{5}, `header "Content-Length" is a field that the transport writes`),
		refusing("semicolon in a cookie", "/x", cookieIn{"a;b"}, `cookie "c" has a byte that a cookie cannot hold`),
		refusing("quotation mark in a cookie", "/x", cookieIn{`a"b`}, `cookie "c" has a byte`),
		refusing("letter outside of ASCII in a cookie", "/x", cookieIn{"ü"}, `cookie "c" has a byte`),
		refusing("zero File", "/x", fileIn{}, `form "f" is a File without content`),
		refusing("file name with a slash", "/x", fileIn{bind.NewFile("a/b", "", strings.NewReader("x"))}, `form "f" has the file name "a/b"`),
		refusing("file name with a line break", "/x", fileIn{bind.NewFile("a\nb", "", strings.NewReader("x"))}, `form "f" has the file name "a\nb"`),
		refusing("empty file without a name", "/x", fileIn{bind.NewFile("", "", strings.NewReader(""))}, `form "f" is an empty file without a name`),
		refusing("content type with a line break", "/x", fileIn{bind.NewFile("a", "a\nb", strings.NewReader("x"))}, `form "f" has the content type`),
		refusing("comma in csv of a multipart form", "/x", csvIn{file, []string{"a,b"}}, `form "list" has an element with a comma`),
		refusing("no bytes", "/x", bytesIn{}, "bytesIn.B is empty, which counts as a missing body"),
		refusing("no text", "/x", textIn{}, "textIn.T is empty, which counts as a missing body"),
		refusing("nil reader", "/x", readerIn{}, "readerIn.R is nil"),
		refusing("empty reader", "/x", readerIn{strings.NewReader("")}, "readerIn.R is empty"),
		refusing("NaN in JSON", "/x", nan, "bodyIn.Body #/f cannot be written as JSON"),
		refusing("function in JSON", "/x", function, "bodyIn.Body #/any cannot be written as JSON"),
		refusing("absent Opt in JSON", "/x", absent, "body #/abs/0: is an absent Opt that is sent as null"),
		refusing("default that is left out", "/x", zero, "body #/def: is left out by omitempty or omitzero, and would be read as its default"),
		refusing("empty text that is left out", "/x", text, "body #/ptr: is left out by omitempty or omitzero, and would be read as absent"),
	}
}

type upper struct{ text string }

// UnmarshalText reads any text.
func (u *upper) UnmarshalText(text []byte) error { u.text = string(text); return nil }

// MarshalText writes it.
func (u upper) MarshalText() ([]byte, error) { return []byte(u.text), nil }

// Nothing is sent of a value that is refused, and nobody is blamed for the refusal but the
// program itself.
func TestCall_refuses(t *testing.T) {
	t.Parallel()
	for _, invalid := range []bool{false, true} {
		c := client.InProcess(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			t.Error("something was sent")
		}), client.Options{SendInvalid: invalid})
		for _, test := range refusals() {
			if invalid && (test.name == "required" || strings.Contains(test.want, "body #")) {
				continue // is what is sent for tests
			}
			err := test.call(t.Context(), c)
			require.ErrorContains(t, err, test.want, test.name)
			_, isRefused := errors.AsType[*bind.Error](err)
			assert.False(t, isRefused, test.name)
		}
	}
}

func TestOptions_SendInvalid(t *testing.T) {
	t.Parallel()
	op := tenon.Op[article, tenon.None]{Method: "POST", Pattern: "/x"}
	h := mounted(op.Route(func(context.Context, article) (tenon.None, error) { return tenon.None{}, nil }))
	over(t, h, client.Options{SendInvalid: true}, func(t *testing.T, c *client.Client) {
		t.Helper()
		_, err := client.Call(t.Context(), c, op, article{})
		failure, ok := errors.AsType[*client.Error](err)
		require.True(t, ok, err)
		assert.Equal(t, http.StatusBadRequest, failure.Status)
		require.Len(t, failure.Problem.Errors, 1)
		assert.Equal(t, "#/title", failure.Problem.Errors[0].Pointer)
		assert.Equal(t, "minLength", failure.Problem.Errors[0].Code)
	})
}
