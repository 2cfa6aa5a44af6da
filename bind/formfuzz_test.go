package bind_test

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

// formText is a form without constraints: it takes whatever is well formed.
type formText struct {
	Title string   `form:"title,optional"`
	Tags  []string `form:"tag"`
}

func bound[T any](binder *bind.Binder[T], contentType, body string) (T, error) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header = typed(contentType)
	return binder.Bind(r)
}

func FuzzForm(f *testing.F) {
	for _, tc := range formCases() {
		f.Add(tc.body)
	}
	text, article := bind.For[formText](), bind.For[formArticle](bind.Strict())
	f.Fuzz(func(t *testing.T, body string) {
		got, err := bound(text, urlencoded, body)
		want, wantErr := url.ParseQuery(body)
		switch {
		case len(body) > bind.DefaultMaxBody:
			wantErr = errors.New("too large")
		case wantErr == nil && !utf8.ValidString(want.Get("title")+"/"+strings.Join(want["tag"], "/")):
			wantErr = errors.New("not UTF-8")
		}
		require.Equal(t, wantErr == nil, err == nil, "%v, %v", err, wantErr)
		if err == nil {
			assert.Equal(t, want.Get("title"), got.Title)
			assert.Equal(t, want["tag"], got.Tags)
			again, err := bound(text, multi, formOf(t, want))
			require.NoError(t, err)
			assert.Equal(t, got, again, "as multipart")
		}

		in, err := bound(article, urlencoded, body)
		if err != nil {
			fault, ok := errors.AsType[*bind.Error](err)
			require.True(t, ok, err)
			assert.LessOrEqual(t, len(fault.Fields), 32)
			return
		}
		for name := range want {
			assert.Contains(t, "title rating tag pages draft note subtitle", name)
		}
		checkArticle(t, in)
	})
}

// checkArticle fails t if a constraint of in does not hold.
func checkArticle(t *testing.T, in formArticle) {
	t.Helper()
	runes := len([]rune(in.Title))
	assert.True(t, runes >= 2 && runes <= 12, in.Title)
	assert.True(t, in.Rating >= 1 && in.Rating <= 5, in.Rating)
	assert.LessOrEqual(t, len(in.Tags), 3)
	for _, page := range in.Pages {
		assert.GreaterOrEqual(t, page, 1)
	}
}

// formOf returns values as a multipart body.
func formOf(t *testing.T, values url.Values) string {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	require.NoError(t, w.SetBoundary(boundary))
	for _, name := range []string{"title", "tag"} {
		for _, value := range values[name] {
			if strings.Contains(value, boundary) {
				t.Skip("the boundary is in the value")
			}
			require.NoError(t, w.WriteField(name, value))
		}
	}
	require.NoError(t, w.Close())
	return b.String()
}

// formLoose takes every well-formed multipart body.
type formLoose struct {
	Title string      `form:"title,optional"`
	Tags  []string    `form:"tag"`
	Pages []bind.File `form:"page"`
}

func FuzzMultipart(f *testing.F) {
	for _, tc := range append(uploadCases(), partsCases()...) {
		if len(tc.body) < 10_000 {
			f.Add(tc.body)
		}
	}
	for _, tc := range formCases() {
		if len(tc.body) < 10_000 {
			f.Add(multipartOf(tc.body))
		}
	}
	loose, strict, stream := bind.For[formLoose](bind.MaxMemory(64)), bind.For[formUpload](bind.MaxMemory(0)), bind.For[partsIn]()
	f.Fuzz(func(t *testing.T, body string) {
		got, err := bound(loose, multi, body)
		_, isFault := errors.AsType[*bind.Error](err)
		require.Equal(t, err != nil, isFault, err)
		if err == nil && body != "" {
			agree(t, body, got)
		}
		if in, err := bound(stream, multi, body); err == nil {
			_ = in.String()
		}
		in, err := bound(strict, multi, body)
		if err != nil {
			return
		}
		assert.LessOrEqual(t, in.Avatar.Size, int64(20))
		assert.LessOrEqual(t, len(in.Pages), 2)
		assert.NotContains(t, in.Avatar.Name, "/")
	})
}

// agree fails t unless mime/multipart finds in body what bind has found.
func agree(t *testing.T, body string, got formLoose) {
	t.Helper()
	var want formLoose
	reader := multipart.NewReader(strings.NewReader(body+"\r\n"), boundary)
	titled, pages := false, 0
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		content, err := io.ReadAll(part)
		require.NoError(t, err)
		switch name := part.FormName(); {
		case name == "title" && !titled:
			want.Title, titled = string(content), true
		case name == "tag":
			want.Tags = append(want.Tags, string(content))
		case name == "page" && pages < len(got.Pages):
			text, err := contentOf(got.Pages[pages])
			require.NoError(t, err)
			if string(content) == text {
				pages++
			} else {
				assert.Empty(t, content, "a file without name and content is none")
			}
		}
	}
	assert.Equal(t, want.Title, got.Title)
	assert.Equal(t, want.Tags, got.Tags)
	assert.Len(t, got.Pages, pages)
}

// Memory is bounded by a constant times the size of the body, however it is
// built.
func TestForm_memory(t *testing.T) {
	type in struct {
		Words []string    `form:"w,csv"`
		Tags  []string    `form:"t"`
		Files []bind.File `form:"f"`
	}
	const size = 1 << 20
	binder := bind.For[in](bind.MaxMemory(1 << 20))
	header := "\r\n" + strings.Repeat("A:\r\n", 4000)
	for name, encoded := range map[string][2]string{
		"one value":      {urlencoded, "t=" + strings.Repeat("a", size-10)},
		"many values":    {urlencoded, "t=" + strings.Repeat("&t=", 9999)},
		"many names":     {urlencoded, strings.Repeat("a&", 9999)},
		"commas":         {urlencoded, "w=" + strings.Repeat(",", size-10)},
		"escapes":        {urlencoded, "t=" + strings.Repeat("%41", size/3-10)},
		"small files":    {multi, strings.Repeat(part("name=f; filename=f", "", "F"), 1000) + end},
		"a large file":   {multi, part("name=f; filename=f", "", strings.Repeat("a", size-200)) + end},
		"a large text":   {multi, part("name=t", "", strings.Repeat("a", size-200)) + end},
		"commas in text": {multi, part("name=w", "", strings.Repeat(",", size-200)) + end},
		"large headers":  {multi, strings.Repeat(strings.Replace(part("name=f", "", "F"), "\r\n\r\n", header+"\r\n", 1), 2) + end},
		"line feeds":     {multi, part("name=f; filename=f", "", strings.Repeat("\r\n-", size/3-100)) + end},
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			spent := kittest.TotalAlloc(func() { _, err = bound(binder, encoded[0], encoded[1]) })
			t.Logf("%d bytes of %d, %v", spent, len(encoded[1]), err)
			assert.Less(t, spent, uint64(64<<10+128*len(encoded[1])))
		})
	}
}
