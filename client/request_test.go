package client_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/precondition"
)

// taken is what a handler got, as a value to compare.
type taken[T any] struct {
	In   T
	Text string // what is read of readers and files
}

// sends calls an op that takes an In at the pattern, and returns what is taken: what read
// returns of the In, and the In.
func roundTrip[In any](t *testing.T, pattern string, in func() In, read func(in In) (string, error), check func(t *testing.T, got taken[In])) {
	t.Helper()
	op := tenon.Op[In, string]{Method: "POST", Pattern: pattern}
	var got In
	h := mounted(op.Route(func(_ context.Context, in In) (string, error) {
		got = in
		if read == nil {
			return "", nil
		}
		return read(in)
	}))
	over(t, h, client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		text, err := client.Call(t.Context(), c, op, in())
		require.NoError(t, err)
		check(t, taken[In]{got, text})
	})
}

func equals[In any](want In) func(t *testing.T, got taken[In]) {
	return func(t *testing.T, got taken[In]) {
		t.Helper()
		assert.Equal(t, want, got.In)
	}
}

func fixed[In any](in In) func() In { return func() In { return in } }

type formIn struct {
	ID    int             `path:"id"`
	Title string          `form:"title"`
	Note  string          `form:"note,optional"`
	Tags  []string        `form:"tag"`
	Sizes []int           `form:"size,csv"`
	Day   *time.Time      `form:"day" format:"date"`
	Limit bind.Opt[int]   `form:"limit"`
	Meta  map[string]int  `form:"meta,json"`
	More  *map[string]int `form:"more,json"`
}

func sampleForm() formIn {
	day := time.Date(2026, 2, 28, 0, 0, 0, 0, time.UTC)
	return formIn{
		ID: 7, Title: "a&b=ü\r\n\"", Tags: []string{"x,y", "", "z"}, Sizes: []int{3, 4}, Day: &day,
		Limit: bind.Some(0), Meta: map[string]int{"<a>": 1},
	}
}

func TestCall_form(t *testing.T) {
	t.Parallel()
	roundTrip(t, "/forms/{id}", fixed(sampleForm()), nil, equals(sampleForm()))
	type inner struct {
		Title string   `json:"title"`
		Tags  []string `json:"tags,omitempty"`
	}
	type in struct {
		Body *inner `body:"form"`
	}
	roundTrip(t, "/forms", fixed(in{&inner{"x", []string{"y"}}}), nil, equals(in{&inner{"x", []string{"y"}}}))
	roundTrip(t, "/forms", fixed(in{}), nil, equals(in{}))
	type empty struct {
		Title string `form:"title,optional"`
	}
	roundTrip(t, "/forms", fixed(empty{}), nil, equals(empty{}))
}

type uploadIn struct {
	Title  string              `form:"title"`
	Sizes  []int               `form:"size,csv"`
	Meta   map[string]int      `form:"meta,json"`
	Avatar bind.File           `form:"avatar" contentMediaType:"image/*"`
	Maybe  *bind.File          `form:"maybe"`
	Other  bind.Opt[bind.File] `form:"other"`
	More   []bind.File         `form:"more" maxItems:"3"`
}

// described tells the files of an upload with their content.
func described(in uploadIn) (string, error) {
	var b strings.Builder
	files := append([]bind.File{in.Avatar}, in.More...)
	if in.Maybe != nil {
		files = append(files, *in.Maybe)
	}
	if file, ok := in.Other.Get(); ok {
		files = append(files, file)
	}
	for _, f := range files {
		content, err := f.Open()
		if err != nil {
			return "", err
		}
		text, err := io.ReadAll(content)
		if err != nil {
			return "", err
		}
		b.WriteString(f.Name + "|" + f.ContentType + "|" + string(text[:min(len(text), 10)]) + "|")
		b.WriteString(strings.Repeat("#", len(text)/1000) + "\n")
	}
	return b.String(), nil
}

func TestCall_files(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "on disk")
	require.NoError(t, os.WriteFile(path, []byte("0123456789"), 0o600))
	make := func() uploadIn {
		onDisk, err := os.Open(path)
		require.NoError(t, err)
		t.Cleanup(func() { _ = onDisk.Close() })
		_, err = onDisk.Seek(4, io.SeekStart)
		require.NoError(t, err)
		file := bind.NewFile("", "", onDisk)
		return uploadIn{
			Title: "x\r\n--y", Sizes: []int{1, 2}, Meta: map[string]int{"a": 1},
			Avatar: bind.NewFile(`é "q" \ü.png`[:7], "image/png", strings.NewReader("avatar")),
			Maybe:  &file,
			Other:  bind.Some(bind.NewFile("piped", "text/plain; charset=utf-8", io.LimitReader(strings.NewReader("piped content"), 5))),
			More: []bind.File{
				bind.NewFile("large", "", bytes.NewReader(bytes.Repeat([]byte("x"), 300_000))),
				bind.NewFile("buffer", "", bytes.NewBufferString("buffered")),
			},
		}
	}
	roundTrip(t, "/uploads", make, described, func(t *testing.T, got taken[uploadIn]) {
		t.Helper()
		want := "é \"q\" |image/png|avatar|\nlarge||xxxxxxxxxx|" + strings.Repeat("#", 300) + "\nbuffer||buffered|\n||456789|\npiped|text/plain; charset=utf-8|piped|\n"
		assert.Equal(t, want, got.Text)
		assert.Equal(t, "x\r\n--y", got.In.Title)
		assert.Equal(t, []int{1, 2}, got.In.Sizes)
		assert.Equal(t, map[string]int{"a": 1}, got.In.Meta)
	})
	type only struct {
		Maybe *bind.File `form:"maybe"`
	}
	roundTrip(t, "/uploads", fixed(only{}), nil, equals(only{}))
}

func TestCall_body(t *testing.T) {
	t.Parallel()
	type textIn struct {
		Text string `body:"text"`
	}
	roundTrip(t, "/text", fixed(textIn{"plain ü\x00"}), nil, equals(textIn{"plain ü\x00"}))
	type bytesIn struct {
		Bytes []byte `body:"bytes"`
		Type  string `header:"X-Type"`
	}
	roundTrip(t, "/bytes", fixed(bytesIn{[]byte{0, 1, 255}, "t"}), nil, equals(bytesIn{[]byte{0, 1, 255}, "t"}))
	type streamIn struct {
		Body io.ReadCloser `body:"stream"`
	}
	read := func(in streamIn) (string, error) {
		text, err := io.ReadAll(in.Body)
		return string(text), err
	}
	for _, source := range []func() streamIn{
		func() streamIn { return streamIn{io.NopCloser(strings.NewReader("streamed"))} },
		func() streamIn {
			return streamIn{io.NopCloser(io.MultiReader(strings.NewReader("stre"), strings.NewReader("amed")))}
		},
	} {
		roundTrip(t, "/stream", source, read, func(t *testing.T, got taken[streamIn]) {
			t.Helper()
			assert.Equal(t, "streamed", got.Text)
		})
	}
	type eitherIn struct {
		Body article `body:"form,json"`
	}
	roundTrip(t, "/either", fixed(eitherIn{article{1, "x", time.Time{}}}), nil, equals(eitherIn{article{1, "x", time.Time{}}}))
	type vendorIn struct {
		Body article `body:"json" contentType:"application/vnd.x"`
	}
	roundTrip(t, "/vendor", fixed(vendorIn{article{Title: "x"}}), nil, equals(vendorIn{article{Title: "x"}}))
	roundTrip(t, "/whole", fixed(article{ID: 1, Title: "x"}), nil, equals(article{ID: 1, Title: "x"}))
	roundTrip(t, "/none", fixed(tenon.None{}), nil, equals(tenon.None{}))
	type maybeIn struct {
		Body *article `body:"json"`
	}
	roundTrip(t, "/maybe", fixed(maybeIn{}), nil, equals(maybeIn{}))
	type optIn struct {
		Body bind.Opt[article] `body:"json"`
	}
	roundTrip(t, "/opt", fixed(optIn{}), nil, equals(optIn{}))
	roundTrip(t, "/opt", fixed(optIn{bind.Null[article]()}), nil, equals(optIn{bind.Null[article]()}))
	type rawIn struct {
		Raw  bind.Raw
		Body article `body:"json"`
	}
	roundTrip(t, "/raw", fixed(rawIn{Body: article{Title: "x"}, Raw: bind.Raw("not sent")}), nil, func(t *testing.T, got taken[rawIn]) {
		t.Helper()
		assert.Equal(t, article{Title: "x"}, got.In.Body)
		assert.JSONEq(t, `{"id":0,"title":"x"}`, string(got.In.Raw))
	})
}

// A page is a type that binds itself.
type page struct{ Number string }

func (p *page) UnmarshalRequest(r *http.Request) error {
	p.Number = r.URL.Query().Get("page") + "/" + r.Header.Get("X-Page")
	return nil
}

func (p page) MarshalRequest(r *http.Request) error {
	if p.Number == "" {
		return errors.New("has no number")
	}
	one, other, _ := strings.Cut(p.Number, "/")
	r.URL.RawQuery = "page=" + one
	r.Header.Set("X-Page", other)
	return nil
}

// A silent type binds itself and is not written.
type silent struct{ text string }

func (s *silent) UnmarshalRequest(*http.Request) error { s.text = "server"; return nil }

func TestCall_selfBinding(t *testing.T) {
	t.Parallel()
	type in struct {
		ID     int `path:"id"`
		If     precondition.Required
		Page   page
		Silent silent
		Q      string `query:"q"`
		Req    *http.Request
	}
	sent := in{ID: 7, If: precondition.Required{Headers: precondition.IfMatch(`"1"`)}, Page: page{"3/4"}, Q: "x"}
	roundTrip(t, "/articles/{id}", fixed(sent), func(in in) (string, error) {
		return "", in.If.Check(`"1"`, time.Time{})
	}, func(t *testing.T, got taken[in]) {
		t.Helper()
		assert.Equal(t, page{"3/4"}, got.In.Page)
		assert.Equal(t, silent{"server"}, got.In.Silent)
		assert.Equal(t, "x", got.In.Q)
	})
	op := tenon.Op[in, string]{Method: "POST", Pattern: "/articles/{id}"}
	c := client.InProcess(http.NotFoundHandler(), client.Options{})
	_, err := client.Call(t.Context(), c, op, in{ID: 7})
	require.EqualError(t, err, "client: POST /articles/{id}: in.Page: has no number")
}

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
		}{}, `path "p" must be at least 1`),
		refusing("empty segment", "/x/{p}", pathIn{""}, `it needs a value for {p}`),
		refusing("dot segment", "/x/{p}", pathIn{"."}, `{p} cannot be "."`),
		refusing("two dots", "/x/{p}", pathIn{".."}, `{p} cannot be ".."`),
		refusing("dots in the rest", "/x/{p...}", pathIn{"a/../b"}, `{p} cannot be ".."`),
		refusing("empty segment in the rest", "/x/{p...}", pathIn{"a//b"}, `{p} has an empty segment`),
		refusing("pattern without the name", "/x", pathIn{"a"}, `the pattern lacks {p}`),
		refusing("not UTF-8", "/x/{p}", pathIn{"\xff"}, `path "p" is not valid UTF-8`),
		refusing("NaN", "/x", floatIn{math.NaN()}, `query "f" is no finite number`),
		refusing("infinity", "/x", floatIn{math.Inf(-1)}, `query "f" is no finite number`),
		refusing("null", "/x", optIn{bind.Null[int]()}, `query "o" is null`),
		refusing("absent with a default", "/x", defaultIn{}, `query "d" is absent, and would be bound to its default`),
		refusing("key with a bracket", "/x", deepIn{map[string]int{"a]": 1}}, `query "m" has the key "a]"`),
		refusing("key that is empty", "/x", deepIn{map[string]int{"": 1}}, `query "m" has the key ""`),
		refusing("element that is absent", "/x", struct {
			L []*int `query:"l"`
		}{[]*int{nil}}, `query "l" has an element that is absent`),
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
		refusing("semicolon in a cookie", "/x", cookieIn{"a;b"}, `cookie "c" has a byte that no cookie can hold`),
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
		refusing("absent Opt in JSON", "/x", absent, "body #/abs/0 is an absent Opt that is sent as null"),
		refusing("default that is left out", "/x", zero, "body #/def is left out by omitempty or omitzero, and would be read as its default"),
		refusing("empty text that is left out", "/x", text, "body #/ptr is left out by omitempty or omitzero, and would be read as absent"),
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
