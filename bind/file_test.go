package bind_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

type formUpload struct {
	Title  string      `form:"title,optional"`
	Avatar bind.File   `contentMediaType:"image/*,text/plain" form:"avatar" maxSize:"20"`
	Extra  *bind.File  `form:"extra"`
	Pages  []bind.File `form:"page"                           maxItems:"2"  maxSize:"100000" minItems:"1"`
}

func (u formUpload) String() string {
	var text strings.Builder
	text.WriteString(u.Title)
	files := append([]bind.File{u.Avatar}, u.Pages...)
	if u.Extra != nil {
		files = append(files, *u.Extra)
	}
	for _, f := range files {
		content, err := contentOf(f)
		if err != nil || int64(len(content)) != f.Size {
			return fmt.Sprint(len(content), f.Size, err)
		}
		if len(content) > 20 {
			content = fmt.Sprint(len(content), " bytes")
		}
		fmt.Fprintf(&text, "|%s (%s): %s", f.Name, f.ContentType, content)
	}
	return text.String()
}

// contentOf reads f twice, by turns, and returns its content.
func contentOf(f bind.File) (string, error) {
	first, err := f.Open()
	if err != nil {
		return "", err
	}
	second, err := f.Open()
	if err != nil {
		return "", err
	}
	one, err := io.ReadAll(first)
	if err != nil {
		return "", err
	}
	if err := first.Close(); err != nil {
		return "", err
	}
	if _, err := second.Seek(int64(len(one)/2), io.SeekStart); err != nil {
		return "", err
	}
	two, err := io.ReadAll(second)
	if err == nil && !bytes.HasSuffix(one, two) {
		err = errors.New("two readers differ")
	}
	return string(one), err
}

// part returns one part of a multipart body.
func part(disposition, contentType, content string) string {
	if contentType != "" {
		contentType = "\r\nContent-Type: " + contentType
	}
	return "--" + boundary + "\r\nContent-Disposition: form-data; " + disposition + contentType + "\r\n\r\n" + content + "\r\n"
}

func file(name, fileName, contentType, content string) string {
	return part(fmt.Sprintf("name=%q; filename=%q", name, fileName), contentType, content)
}

const (
	end   = "--" + boundary + "--\r\n"
	image = "image/png"
)

type uploadCase struct{ name, body, want string }

func uploadCases() []uploadCase {
	avatar, page := file("avatar", "me.png", image, "A"), file("page", "p", "text/html", "P")
	long := strings.Repeat("x", 3000)
	return []uploadCase{
		{"files", part(`name="title"`, "", "T") + avatar + page + page + file("extra", "e", "", "E") + end, "T|me.png (image/png): A|p (text/html): P|p (text/html): P|e (): E"},
		{"missing", end, `400 form "avatar": required; form "page": minItems`},
		{"only pages missing", avatar + end, `400 form "page": minItems`},
		{"untouched inputs", file("avatar", "", "application/octet-stream", "") + file("page", "", "application/octet-stream", "") + end, `400 form "avatar": required; form "page": minItems`},
		{"empty file", file("avatar", "me.png", image, "") + page + end, "|me.png (image/png): |p (text/html): P"},
		{"first of a scalar", avatar + file("avatar", "you.png", "text/html", "B") + page + end, "|me.png (image/png): A|p (text/html): P"},
		{"nameless content", part(`name="avatar"`, "text/plain", "A") + page + end, "| (text/plain): A|p (text/html): P"},
		{"path in the name", file("avatar", "../etc/passwd", image, "A") + file("page", `C:\dir\f.txt`, "", "P") + file("page", "..", "", "P") + end, "|passwd (image/png): A|f.txt (): P| (): P"},
		{"foreign names", file("avatar", "año\"x\".png", image, "A") + file("page", "a%22b", "", "P") + end, `|año"x".png (image/png): A|a%22b (): P`},
		{"control in the name", part("name=avatar; filename*=UTF-8''a%0D%0A%00b%C2%85%FF", image, "A") + page + end, "|ab (image/png): A|p (text/html): P"},
		{"at the size", file("avatar", "a", image, long[:20]) + page + end, "|a (image/png): " + long[:20] + "|p (text/html): P"},
		{"over the size", file("avatar", "a", image, long[:21]) + page + end, `400 form "avatar": maxSize`},
		{"far over the size", file("avatar", "a", image, long) + page + end, `400 form "avatar": maxSize`},
		{"wrong type", file("avatar", "a", "application/zip", "A") + page + end, `400 form "avatar": contentMediaType`},
		{"no type", file("avatar", "a", "", "A") + page + end, `400 form "avatar": contentMediaType`},
		{"type with parameters", file("avatar", "a", "Text/Plain; charset=utf-8", "A") + page + end, "|a (Text/Plain; charset=utf-8): A|p (text/html): P"},
		{"too many files", avatar + page + page + page + end, `400 form "page": maxItems`},
		{"in order", file("page", "p", "", strings.Repeat("x", 100_001)) + file("avatar", "a", "", "A") + end, `400 form "avatar": contentMediaType; form "page": maxSize`},
		{"spooled", avatar + file("page", "p", "", long) + file("extra", "e", "", long+"1") + end, "|me.png (image/png): A|p (): 3000 bytes|e (): 3001 bytes"},
		{"text of a file", part(`name="title"; filename="t"`, "text/plain", "T") + avatar + page + end, "T|me.png (image/png): A|p (text/html): P"},
		{"quoted-printable", "--" + boundary + "\r\nContent-Disposition: form-data; name=avatar\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=41\r\n" + page + end, "| (text/plain): A|p (text/html): P"},
		{"no name", "--" + boundary + "\r\n\r\nx\r\n" + avatar + page + end, `400 form "": headers`},
		{"field without a name", part("filename=x", "", "x") + avatar + page + end, `400 form "": headers`},
		{"unclosed quote", part(`name="avatar"; filename="report\"`, image, "A") + page + end, `400 form "": headers`},
		{"space in a token", avatar + part(`name="page"; filename=a b.txt`, "", "P") + end, `400 form "": headers`},
		{"two names", part("name=avatar; name=page", image, "A") + page + end, `400 form "": headers`},
		{"unclosed quote of an unknown field", avatar + page + part(`name="x`, "", "X") + end, `400 form "": headers`},
		{"no disposition type", strings.Replace(avatar, "form-data; ", "", 1) + page + end, `400 form "": headers`},
		{"another disposition type", strings.Replace(avatar, "form-data", "attachment", 1) + page + end, `400 form "": headers`},
		{"two dispositions", strings.Replace(avatar, "\r\n\r\n", "\r\nContent-Disposition: form-data; name=page\r\n\r\n", 1) + page + end, `400 form "": headers`},
		{"backslash in quotes", part(`name="avatar"; filename="a\b.png"`, image, "A") + part(`NAME=page; filename="a;b=\"c\""`, "", "P") + end, `|b.png (image/png): A|a;b="c" (): P`},
		{"before and behind", "before\r\n" + avatar + page + end + "behind", "|me.png (image/png): A|p (text/html): P"},
		{"line feeds", strings.ReplaceAll(avatar+page+end, "\r\n", "\n"), "|me.png (image/png): A|p (text/html): P"},
		{"cut off", (avatar + page + end)[:150], `400 form "": syntax`},
		{"no last boundary", avatar + page, `400 form "": syntax`},
		{"no boundary", "x", `400 form "": syntax`},
		{"1000 parts", avatar + page + strings.Repeat(part("name=x", "", ""), 998) + end, "|me.png (image/png): A|p (text/html): P"},
		{"1001 parts", avatar + page + strings.Repeat(part("name=x", "", ""), 999) + end, `400 form "": parts`},
		{"long header", strings.Replace(avatar, "\r\n\r\n", "\r\nX: "+strings.Repeat("x", 32<<10)+"\r\n\r\n", 1) + page + end, `400 form "": headers`},
		{"many header fields", strings.Repeat(strings.Replace(avatar, "\r\n\r\n", strings.Repeat("\r\nX: x", 1500)+"\r\n\r\n", 1), 7) + page + end, `400 form "": headers`},
		{"long start", strings.Repeat("x\r\n", 10_000) + avatar + page + end, `400 form "": headers`},
		{"bad header", "--" + boundary + "\r\nbad\r\n\r\nx\r\n" + end, `400 form "": syntax`},
	}
}

func TestFile(t *testing.T) {
	// The second limit lets each file but the smallest go through the temporary
	// file.
	for _, memory := range []int64{1<<63 - 1, 2, 0} {
		t.Run(fmt.Sprint("memory=", memory), func(t *testing.T) {
			temporary(t)
			kittest.Serve(t, cloning(answers(formUpload.String, bind.MaxMemory(memory))), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				for _, tc := range uploadCases() {
					t.Run(tc.name, func(t *testing.T) {
						got := s.Do(t, http.MethodPost, "/", strings.NewReader(tc.body), typed(multi))
						assert.Equal(t, tc.want, got.Text)
						got = s.Do(t, http.MethodPost, "/", struct{ *strings.Reader }{strings.NewReader(tc.body)}, typed(multi))
						assert.Equal(t, tc.want, got.Text, "chunked")
					})
				}
				nothingLeft(t)
			})
		})
	}
}

// cloning gives h a copy of the request with a context of its own, as middleware
// does.
func cloning(h http.Handler) http.Handler {
	type key struct{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.Clone(context.WithValue(r.Context(), key{}, "value")))
	})
}

// No part of a body passes for the whole.
func TestFile_truncated(t *testing.T) {
	body := file("avatar", "me.png", image, "A") + file("page", "p", "text/html", "P") + end
	for n := range body {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body[:n]))
		r.Header = typed(multi)
		in, err := bind.Request[formUpload](r)
		if n != len(body)-len("\r\n") {
			require.Error(t, err, body[:n])
			continue
		}
		require.NoError(t, err, "the line end behind the last boundary may lack")
		require.Equal(t, "|me.png (image/png): A|p (text/html): P", in.String())
	}
}

func TestFile_boundary(t *testing.T) {
	for _, contentType := range []string{
		"multipart/form-data", "multipart/form-data; boundary=", `multipart/form-data; boundary="a`,
		"multipart/form-data; boundary=" + strings.Repeat("b", 71),
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("x"))
		r.Header = typed(contentType)
		_, err := bind.Request[formUpload](r)
		assert.Equal(t, `400 form "": boundary`, faults(err), contentType)
	}
}

func TestFile_urlencoded(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("avatar=me.png&page=&page=a"))
	r.Header = typed(urlencoded)
	_, err := bind.Request[formUpload](r)
	assert.Equal(t, `400 form "avatar": type; form "page": type`, faults(err))
}

func TestFile_optional(t *testing.T) {
	type in struct {
		Plain   bind.File             `form:"plain,optional"`
		Pointer *bind.File            `form:"pointer"`
		Opt     bind.Opt[bind.File]   `form:"opt"`
		Slice   []bind.File           `form:"slice"`
		Slices  bind.Opt[[]bind.File] `form:"slices" maxItems:"1"`
	}
	binder := bind.For[in]()
	got, err := bound(binder, multi, end)
	require.NoError(t, err)
	assert.Equal(t, in{}, got)

	body := end
	for _, name := range []string{"plain", "pointer", "opt", "slice", "slices"} {
		body = file(name, name, "", name) + body
	}
	got, err = bound(binder, multi, body)
	require.NoError(t, err)
	require.Len(t, got.Slice, 1)
	require.Len(t, got.Slices.Or(nil), 1)
	for _, f := range []bind.File{got.Plain, *got.Pointer, got.Opt.Or(bind.File{}), got.Slice[0], got.Slices.Or(nil)[0]} {
		content, err := contentOf(f)
		require.NoError(t, err)
		assert.Equal(t, f.Name, content)
	}
	_, err = bound(binder, multi, file("slices", "f", "", "")+body)
	assert.Equal(t, `400 form "slices": maxItems`, faults(err))
}

func TestFile_zero(t *testing.T) {
	_, err := bind.File{}.Open()
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

// temporary gives the test a directory of its own for temporary files.
func temporary(t *testing.T) {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
}

// nothingLeft fails t if a temporary file is left, by its name or open without
// one. It waits for the handlers that a client has left behind.
func nothingLeft(t *testing.T) {
	t.Helper()
	assert.Eventually(t, func() bool {
		entries, err := os.ReadDir(os.TempDir())
		return err == nil && len(entries) == 0 && len(openUploads(t)) == 0
	}, kittest.Patience, 5*time.Millisecond, "temporary files are left")
}

// openUploads returns the uploads of this test that are open. Those of the one before may
// take a moment to close.
func openUploads(t *testing.T) []string {
	t.Helper()
	var open []string
	if runtime.GOOS != "linux" {
		return nil
	}
	links, err := filepath.Glob("/proc/self/fd/*")
	require.NoError(t, err)
	for _, link := range links {
		if name, err := os.Readlink(link); err == nil && strings.HasPrefix(name, filepath.Join(os.TempDir(), "tenon-upload-")) {
			open = append(open, name)
		}
	}
	return open
}

func TestFile_removed(t *testing.T) {
	type in struct {
		ID   int       `query:"id"`
		File bind.File `form:"file"`
	}
	temporary(t)
	body := file("file", "f", "", "content") + end
	bound := func(target, body string, ctx context.Context) (in, error) {
		r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body)).WithContext(ctx)
		r.Header = typed(multi)
		return bind.For[in](bind.MaxMemory(0)).Bind(r)
	}

	ctx, cancel := context.WithCancel(t.Context())
	got, err := bound("/?id=1", body, ctx)
	require.NoError(t, err)
	if runtime.GOOS == "linux" {
		require.Len(t, openUploads(t), 1)
	}
	content, err := contentOf(got.File)
	require.NoError(t, err)
	require.Equal(t, "content", content)
	cancel()
	nothingLeft(t)
	_, err = contentOf(got.File)
	require.ErrorIs(t, err, fs.ErrClosed)

	for _, tc := range [][2]string{{"/?id=x", body}, {"/?id=1", body[:len(body)-5]}} {
		_, err = bound(tc[0], tc[1], t.Context())
		require.Error(t, err)
		assert.Empty(t, openUploads(t), "removed before Bind returns")
	}
	nothingLeft(t)
}

func TestFile_noSpace(t *testing.T) {
	type in struct {
		File bind.File `form:"file"`
	}
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "missing"))
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(file("file", "f", "", "content")+end))
	r.Header = typed(multi)
	_, err := bind.For[in](bind.MaxMemory(0)).Bind(r)
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, isFault := errors.AsType[*bind.Error](err)
	assert.False(t, isFault, "the client is not to blame")
}

// The client leaves while its file is being stored.
func TestFile_clientLeaves(t *testing.T) {
	type in struct {
		File bind.File `form:"file"`
	}
	temporary(t)
	result := make(chan error, 1)
	binder := bind.For[in](bind.MaxMemory(0), bind.MaxBody(1<<30))
	h := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := binder.Bind(r)
		result <- err
	})
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		reader, writer := io.Pipe()
		go func() {
			start, _, _ := strings.Cut(file("file", "f", "", "content"), "content")
			_, _ = io.WriteString(writer, start+strings.Repeat("x", 1<<20))
			writer.CloseWithError(errors.New("the client leaves"))
		}()
		_, err := s.TryDo(http.MethodPost, "/", reader, typed(multi))
		require.Error(t, err)
		err = <-result
		require.Error(t, err)
		if !errors.Is(err, context.Canceled) {
			assert.Equal(t, `400 body "": read`, faults(err))
		}
		nothingLeft(t)
	})
}

func TestFile_curl(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("there is no curl")
	}
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "me.txt"), []byte("hello"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "page.bin"), bytes.Repeat([]byte("x"), 99_999), 0o600))
	server := httptest.NewServer(answers(formUpload.String, bind.MaxMemory(1000)))
	defer server.Close()
	command := exec.CommandContext(t.Context(), curl, "-s",
		"-F", "title=By curl", "-F", "avatar=@me.txt", "-F", "page=@page.bin", "-F", "page=@me.txt;filename=a/b.txt;type=text/html", server.URL)
	command.Dir, command.Env = dir, kittest.Direct()
	out, err := command.CombinedOutput()
	require.NoError(t, err)
	assert.Equal(t, "By curl|me.txt (text/plain): hello|page.bin (application/octet-stream): 99999 bytes|b.txt (text/html): hello", string(out))
}
