package fileserve_test

import (
	"mime"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
)

var dispositionCases = []struct{ name, want, shown string }{
	{"report.pdf", `filename="report.pdf"`, "report.pdf"},
	{"annual report (1).pdf", `filename="annual report (1).pdf"`, "annual report (1).pdf"},
	{"a;b,c=d.txt", `filename="a;b,c=d.txt"`, "a;b,c=d.txt"},
	{"it's 100%.txt", `filename="it's 100%.txt"`, "it's 100%.txt"},
	{`say "hi".txt`, `filename="say _hi_.txt"; filename*=UTF-8''say%20%22hi%22.txt`, `say "hi".txt`},
	{"a%41.txt", `filename="a_41.txt"; filename*=UTF-8''a%2541.txt`, "a%41.txt"},
	{"naïve plan.txt", `filename="na_ve plan.txt"; filename*=UTF-8''na%C3%AFve%20plan.txt`, "naïve plan.txt"},
	{"日本.pdf", `filename="__.pdf"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.pdf`, "日本.pdf"},
	{"🪵.svg", `filename="_.svg"; filename*=UTF-8''%F0%9F%AA%B5.svg`, "🪵.svg"},
	{"../../etc/passwd", `filename=".._.._etc_passwd"`, ".._.._etc_passwd"},
	{`C:\Users\x.doc`, `filename="C:_Users_x.doc"`, "C:_Users_x.doc"},
	{"a\r\nSet-Cookie: b=c.txt", `filename="aSet-Cookie: b=c.txt"`, "aSet-Cookie: b=c.txt"},
	{"a\x00\x1b[31m\u0085.txt", `filename="a[31m.txt"`, "a[31m.txt"},
	{"photo\u202Egnp.exe", `filename="photognp.exe"`, "photognp.exe"},
	{"\u2066a\u2069\u200F\uFEFF\u2028.txt", `filename="a.txt"`, "a.txt"},
	{"\xff.txt", `filename="_.txt"; filename*=UTF-8''%EF%BF%BD.txt`, "\uFFFD.txt"},
	{"..", `filename="download"`, "download"},
	{" \t", `filename="download"`, "download"},
	{"\r\n", `filename="download"`, "download"},
	{" a.txt ", `filename="a.txt"`, "a.txt"},
}

func dispositionOf(name string) string {
	w := httptest.NewRecorder()
	fileserve.Content{Name: name, ContentType: "text/x", Reader: strings.NewReader("x")}.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	return w.Header().Get("Content-Disposition")
}

func TestContentDisposition(t *testing.T) {
	t.Parallel()
	for _, tc := range dispositionCases {
		got := dispositionOf(tc.name)
		assert.Equal(t, "attachment; "+tc.want, got)
		_, params, err := mime.ParseMediaType(got)
		require.NoError(t, err, got)
		assert.Equal(t, tc.shown, params["filename"])
	}
	assert.Empty(t, dispositionOf(""))
}

func FuzzContentDisposition(f *testing.F) {
	for _, tc := range dispositionCases {
		f.Add(tc.name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := dispositionOf(name)
		if name == "" {
			return
		}
		for i := range len(got) {
			require.True(t, got[i] >= ' ' && got[i] < 0x7f, "%q", got)
		}
		kind, params, err := mime.ParseMediaType(got)
		require.NoError(t, err, got)
		require.Equal(t, "attachment", kind)
		shown := params["filename"]
		require.NotEmpty(t, shown)
		require.True(t, utf8.ValidString(shown))
		require.False(t, strings.ContainsAny(shown, `/\`))
		require.False(t, strings.ContainsFunc(shown, unicode.IsControl))
	})
}
