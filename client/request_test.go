package client_test

import (
	"bytes"
	"context"
	"errors"
	"io"
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

// What a handler writes into the fields of its request does not reach the next call.
func TestOptions_headerIsCopied(t *testing.T) {
	t.Parallel()
	op := tenon.Op[tenon.None, string]{Method: "GET", Pattern: "/token"}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Header.Get("Authorization"))
		r.Header["Authorization"][0] = "Bearer other"
	})
	header := http.Header{"Authorization": {"Bearer mine"}}
	c := client.InProcess(h, client.Options{Header: header})
	for range 2 {
		got, err := client.Call(t.Context(), c, op, tenon.None{})
		require.NoError(t, err)
		assert.Equal(t, "Bearer mine", got)
	}
	assert.Equal(t, http.Header{"Authorization": {"Bearer mine"}}, header)
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
	sample := func() uploadIn {
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
	roundTrip(t, "/uploads", sample, described, func(t *testing.T, got taken[uploadIn]) {
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
type page struct{ Number string } //nolint:recvcheck // reading needs a pointer

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

// A merge patch is sent as it was made.
func TestCall_mergePatch(t *testing.T) {
	t.Parallel()
	type in struct {
		ID    int `path:"id"`
		Patch bind.MergePatch[article]
	}
	patch, err := bind.Diff(article{ID: 1, Title: "old"}, article{ID: 1, Title: "new"})
	require.NoError(t, err)
	roundTrip(t, "/articles/{id}", fixed(in{7, patch}), func(in in) (string, error) {
		a, err := in.Patch.Apply(article{ID: 1, Title: "old"})
		return a.Title, err
	}, func(t *testing.T, got taken[in]) {
		t.Helper()
		assert.Equal(t, "new", got.Text)
	})
}

// What only answers have is not sent, and what only requests have is.
func TestCall_directions(t *testing.T) {
	t.Parallel()
	type account struct {
		ID       int    `json:"id" readOnly:"true"`
		Name     string `json:"name"`
		Password string `json:"password" writeOnly:"true"`
	}
	type in struct {
		Raw     bind.Raw
		Account account `body:"json"`
	}
	roundTrip(t, "/accounts", fixed(in{Account: account{7, "ada", "secret"}}), nil, func(t *testing.T, got taken[in]) {
		t.Helper()
		assert.Equal(t, account{0, "ada", "secret"}, got.In.Account)
		assert.JSONEq(t, `{"name":"ada","password":"secret"}`, string(got.In.Raw))
	})
}
