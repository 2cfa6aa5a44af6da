package bind_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

const (
	urlencoded = "application/x-www-form-urlencoded"
	boundary   = "frontier"
	multi      = "multipart/form-data; boundary=" + boundary
)

type formArticle struct {
	Title    string           `form:"title" maxLength:"12" minLength:"2"`
	Rating   int8             `default:"3" form:"rating" maximum:"5" minimum:"1"`
	Tags     []string         `form:"tag" maxItems:"3"`
	Pages    []int            `form:"pages,csv" minimum:"1"`
	Draft    bool             `form:"draft,optional"`
	Note     *string          `form:"note"`
	Subtitle bind.Opt[string] `form:"subtitle"`
	ID       string           `query:"id,optional"`
}

func (a formArticle) String() string {
	note := "nil"
	if a.Note != nil {
		note = *a.Note
	}
	subtitle, _ := a.Subtitle.Get()
	return fmt.Sprintf("%q %d %q %v %t %s %q %t", a.Title, a.Rating, a.Tags, a.Pages, a.Draft, note, subtitle, a.Subtitle.IsSet())
}

// A formCase is a form as an urlencoded body, the answer in the words of
// formArticle.String or as faults, and the same for an equal multipart body.
type formCase struct {
	name, body string
	want       string
	urlOnly    bool // multipart cannot say it
}

func formCases() []formCase {
	return []formCase{
		{name: "all", body: "title=On+oak&rating=5&tag=a&tag=b&pages=1,2&draft=on&note=n&subtitle=s", want: `"On oak" 5 ["a" "b"] [1 2] true n "s" true`},
		{name: "defaults", body: "title=Oak", want: `"Oak" 3 [] [] false nil "" false`},
		{name: "escapes", body: "%74itle=%4Fak%20%26%3d", want: `"Oak &=" 3 [] [] false nil "" false`},
		{name: "first of a scalar", body: "title=One&title=Two", want: `"One" 3 [] [] false nil "" false`},
		{name: "empty inputs", body: "title=Oak&rating=&pages=&note=&subtitle=", want: `"Oak" 3 [] [] false  "" true`},
		{name: "repeated and comma", body: "title=Oak&pages=1&pages=2,3", want: `"Oak" 3 [] [1 2 3] false nil "" false`},
		{name: "unknown names", body: "title=Oak&title%5B0%5D=x&id=7&other=1", want: `"Oak" 3 [] [] false nil "" false`},
		{name: "missing", body: "rating=2", want: `400 form "title": required`},
		{name: "all faults", body: "title=x&rating=6&pages=1,x&draft=2", want: `400 form "title": minLength; form "rating": maximum; form "pages": type; form "draft": type`},
		{name: "overflow", body: "title=Oak&rating=300", want: `400 form "rating": range`},
		{name: "too many items", body: "title=Oak&tag=1&tag=2&tag=3&tag=4", want: `400 form "tag": maxItems`},
		{name: "bare bool", body: "title=Oak&draft", want: `"Oak" 3 [] [] true nil "" false`, urlOnly: true},
		{name: "malformed escape", body: "title=Oak&x=%zz", want: `400 form "": syntax`, urlOnly: true},
		{name: "semicolon", body: "title=Oak;rating=2", want: `400 form "": syntax`, urlOnly: true},
		{name: "too many pairs", body: "title=Oak" + strings.Repeat("&a", 10_000), want: `400 form "": pairs`, urlOnly: true},
		{name: "nothing", body: "", want: `400 form "title": required`, urlOnly: true},
	}
}

// multipartOf returns the form of an urlencoded body as a multipart body.
func multipartOf(body string) string {
	var b strings.Builder
	for pair := range strings.SplitSeq(body, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, _ = url.QueryUnescape(name)
		value, _ = url.QueryUnescape(value)
		fmt.Fprintf(&b, "--%s\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", boundary, name, value)
	}
	return b.String() + "--" + boundary + "--\r\n"
}

// faults returns the status of err and the codes of its fields.
func faults(err error) string {
	fault, ok := errors.AsType[*bind.Error](err)
	if !ok {
		return err.Error()
	}
	var fields []string
	for _, f := range fault.Fields {
		fields = append(fields, fmt.Sprintf("%s %q: %s", f.In, f.Name, f.Code))
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", fault.Status, strings.Join(fields, "; ")))
}

// answers returns a handler that writes what binding gave.
func answers[T any](show func(T) string, opts ...bind.Option) http.Handler {
	binder := bind.For[T](opts...)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in, err := binder.Bind(r)
		if err != nil {
			_, _ = w.Write([]byte(faults(err)))
			return
		}
		_, _ = w.Write([]byte(show(in)))
	})
}

func typed(contentType string) http.Header {
	header := http.Header{}
	if contentType != "" {
		header.Set("Content-Type", contentType)
	}
	return header
}

func TestForm(t *testing.T) {
	kittest.Serve(t, answers(formArticle.String), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range formCases() {
			t.Run(tc.name, func(t *testing.T) {
				for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
					got := s.Do(t, method, "/?title=From+the+query", strings.NewReader(tc.body), typed(urlencoded))
					assert.Equal(t, tc.want, got.Text, method)
				}
				if !tc.urlOnly {
					got := s.Do(t, http.MethodPost, "/", strings.NewReader(multipartOf(tc.body)), typed(multi))
					assert.Equal(t, tc.want, got.Text, "multipart")
				}
				// Without a length, only reading tells that a body is empty.
				got := s.Do(t, http.MethodPost, "/", struct{ *strings.Reader }{strings.NewReader(tc.body)}, typed(urlencoded))
				assert.Equal(t, tc.want, got.Text, "chunked")
			})
		}
	})
}

func TestForm_mediaType(t *testing.T) {
	type in struct {
		Title string `form:"title,optional"`
	}
	h := bind.Func(func(w http.ResponseWriter, _ *http.Request, in in) { _, _ = w.Write([]byte("title=" + in.Title)) })
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range []struct {
			contentType, body, want string
			status                  int
		}{
			{urlencoded, "title=a", "title=a", http.StatusOK},
			{"Application/X-WWW-Form-urlencoded ; charset=utf-8", "title=a", "title=a", http.StatusOK},
			{"", "", "title=", http.StatusOK},
			{"application/json", "", "title=", http.StatusOK},
			{"", "title=a", "", http.StatusUnsupportedMediaType},
			{"application/json", `{"title":"a"}`, "", http.StatusUnsupportedMediaType},
			{"multipart/mixed; boundary=x", "--x--", "", http.StatusUnsupportedMediaType},
		} {
			got := s.Do(t, http.MethodPost, "/", strings.NewReader(tc.body), typed(tc.contentType))
			assert.Equal(t, tc.status, got.StatusCode, tc)
			if tc.status == http.StatusOK {
				assert.Equal(t, tc.want, got.Text)
				continue
			}
			assert.Equal(t, "application/x-www-form-urlencoded, multipart/form-data", got.Header.Get("Accept"))
		}
	})
}

func TestForm_limit(t *testing.T) {
	type in struct {
		Title string `form:"title"`
	}
	body := "title=0123456789"
	for name, encoded := range map[string][2]string{urlencoded: {urlencoded, body}, multi: {multi, multipartOf(body)}} {
		t.Run(name, func(t *testing.T) {
			size := int64(len(encoded[1]))
			for limit, want := range map[int64]string{size: "0123456789", size - 1: "413", 1: "413", 1<<63 - 1: "0123456789"} {
				h := answers(func(in in) string { return in.Title }, bind.MaxBody(limit))
				kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
					t.Helper()
					got := s.Do(t, http.MethodPost, "/", strings.NewReader(encoded[1]), typed(encoded[0]))
					assert.Equal(t, want, got.Text)
					got = s.Do(t, http.MethodPost, "/", struct{ *strings.Reader }{strings.NewReader(encoded[1])}, typed(encoded[0]))
					assert.Equal(t, want, got.Text, "chunked")
				})
			}
		})
	}
}

// A larger limit of the body is for its files.
func TestForm_textLimit(t *testing.T) {
	type in struct {
		Texts []string `form:"text"`
	}
	const limit = 10 << 20
	h := answers(func(in in) string { return strconv.Itoa(len(in.Texts)) }, bind.MaxBody(1<<30))
	half := part("name=text", "", strings.Repeat("x", limit/2))
	for body, want := range map[string]string{
		half + half:                              "2",
		half + half + part("name=text", "", "x"): "413",
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body+end))
		r.Header = typed(multi)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, want, w.Body.String())
	}
}

func TestForm_strict(t *testing.T) {
	type in struct {
		Title string `form:"title"`
	}
	h := answers(func(in in) string { return in.Title }, bind.Strict())
	long := strings.Repeat("x", 100)
	for body, want := range map[string]string{
		"title=a":         "a",
		"title=a&b=1":     `400 form "b": unknown`,
		"b=1":             `400 form "b": unknown; form "title": required`,
		"title=a&" + long: `400 form "` + long[:64] + `…": unknown`,
	} {
		for contentType, encoded := range map[string]string{urlencoded: body, multi: multipartOf(body)} {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(encoded))
			r.Header = typed(contentType)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			assert.Equal(t, want, w.Body.String(), contentType)
		}
	}
}

func TestForm_onBodyError(t *testing.T) {
	type in struct {
		Title string `form:"title"`
	}
	chosen := errors.New("chosen")
	for _, tc := range []struct {
		name, contentType, body, payload string
		asked                            bool
	}{
		{"fits", urlencoded, "title=a", "", false},
		{"invalid", urlencoded, "a=1", "a=1", true},
		{"malformed", urlencoded, "a=%", "a=%", true},
		{"empty", "", "", "", true},
		{"another type", "text/plain", "title=a", "", false},
		{"invalid multipart", multi, multipartOf("a=1"), "", true},
		{"malformed multipart", multi, "x", "", true},
		{"too large", urlencoded, strings.Repeat("x", 1001), "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			asked := false
			binder := bind.For[in](bind.MaxBody(1000), bind.OnBodyError(func(err error, payload []byte) error {
				asked = true
				require.Error(t, err)
				assert.Equal(t, tc.payload, string(payload))
				return chosen
			}))
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(tc.body))
			r.Header = typed(tc.contentType)
			_, err := binder.Bind(r)
			assert.Equal(t, tc.asked, asked)
			assert.Equal(t, tc.asked, errors.Is(err, chosen))
		})
	}
}

func TestForm_brokenOff(t *testing.T) {
	type in struct {
		Title string `form:"title"`
	}
	for contentType, body := range map[string]string{urlencoded: "title=", multi: multipartOf("title=oak")[:40]} {
		r := httptest.NewRequest(http.MethodPost, "/", kittest.BrokenReader(body, errors.New("secret")))
		r.Header, r.ContentLength = typed(contentType), -1
		_, err := bind.Request[in](r)
		assert.Equal(t, `400 body "": read`, faults(err))
		assert.NotContains(t, err.Error(), "secret")
	}
}

func TestForm_allocs(t *testing.T) {
	type in struct {
		Title  string  `form:"title"`
		Rating int     `form:"rating"`
		Price  float64 `form:"price"`
		Draft  bool    `form:"draft"`
		Note   string  `form:"note"`
	}
	binder := bind.For[in]()
	body := strings.NewReader("")
	r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
	r.Header.Set("Content-Type", urlencoded)
	const text = "title=On+oak&rating=5&price=2.50&draft=on&note=none"
	r.Body, r.ContentLength = struct {
		*strings.Reader
		nopCloser
	}{Reader: body}, int64(len(text))
	kittest.Allocs(t, 2, func() {
		body.Reset(text)
		if in, err := binder.Bind(r); err != nil || in.Price != 2.5 {
			t.Error(in, err)
		}
	})
}

type nopCloser struct{}

func (nopCloser) Close() error { return nil }
