package benchmarks_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/tenonkit/tenon/bind"
)

const formBody = "title=On+oak&rating=5&price=2.50&draft=true&note=none"

// handFields reads the fields as a careful handler does that has net/http alone.
func handFields(r *http.Request) (f formFields, err error) {
	var errs [3]error
	f.Title, f.Note = r.PostForm.Get("title"), r.PostForm.Get("note")
	f.Rating, errs[0] = strconv.Atoi(r.PostForm.Get("rating"))
	f.Price, errs[1] = strconv.ParseFloat(r.PostForm.Get("price"), 64)
	f.Draft, errs[2] = strconv.ParseBool(r.PostForm.Get("draft"))
	if f.Title == "" || f.Note == "" {
		return f, errors.New("missing")
	}
	return f, errors.Join(errs[:]...)
}

// A formRequest is a request whose body can be read again.
type formRequest struct {
	*http.Request

	content *bytes.Reader
	body    io.ReadCloser // of content
	text    []byte
}

func newFormRequest(contentType string, text []byte) formRequest {
	content := bytes.NewReader(text)
	r := httptest.NewRequest(http.MethodPost, "/", content)
	r.Header.Set("Content-Type", contentType)
	return formRequest{r, content, r.Body, text}
}

func (r formRequest) again() *http.Request {
	r.content.Reset(r.text)
	r.Body = r.body
	r.Form, r.PostForm, r.MultipartForm = nil, nil, nil
	return r.Request
}

func BenchmarkBindForm(b *testing.B) {
	r := newFormRequest("application/x-www-form-urlencoded", []byte(formBody))
	binder := bind.For[formFields]()
	b.Run("by=tenon", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := binder.Bind(r.again()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("by=hand", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r := r.again()
			r.Body = http.MaxBytesReader(nil, r.Body, 1<<20)
			if err := r.ParseForm(); err != nil {
				b.Fatal(err)
			}
			if _, err := handFields(r); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// multipartBody returns the fields of formBody and a file of this size.
func multipartBody(b *testing.B, size int) (contentType string, body []byte) {
	b.Helper()
	var text bytes.Buffer
	w := multipart.NewWriter(&text)
	for _, pair := range []string{"title=On oak", "rating=5", "price=2.50", "draft=true", "note=none"} {
		name, value, _ := strings.Cut(pair, "=")
		if err := w.WriteField(name, value); err != nil {
			b.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "file.bin")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := part.Write(bytes.Repeat([]byte("0123456\r\n"), size/9)); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return w.FormDataContentType(), text.Bytes()
}

func BenchmarkBindMultipart(b *testing.B) {
	type in struct {
		formFields
		File bind.File `form:"file"`
	}
	binder := bind.For[in](bind.MaxBody(1 << 30))
	for _, size := range []int{1 << 10, 1 << 20} {
		contentType, body := multipartBody(b, size)
		r := newFormRequest(contentType, body)
		b.Run("by=tenon/size="+strconv.Itoa(size), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				// The end of the context removes the temporary file.
				ctx, cancel := context.WithCancel(b.Context())
				if _, err := binder.Bind(r.again().WithContext(ctx)); err != nil {
					b.Fatal(err)
				}
				cancel()
			}
		})
		b.Run("by=hand/size="+strconv.Itoa(size), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				ctx, cancel := context.WithCancel(b.Context())
				r := r.again().WithContext(ctx)
				r.Body = http.MaxBytesReader(nil, r.Body, 1<<30)
				if err := r.ParseMultipartForm(bind.DefaultMaxMemory); err != nil {
					b.Fatal(err)
				}
				if _, err := handFields(r); err != nil || len(r.MultipartForm.File["file"]) != 1 {
					b.Fatal(err)
				}
				if err := r.MultipartForm.RemoveAll(); err != nil {
					b.Fatal(err)
				}
				cancel()
			}
		})
	}
}

func BenchmarkParts(b *testing.B) {
	type in struct {
		Parts bind.Parts `body:"multipart"`
	}
	binder := bind.For[in](bind.MaxBody(1 << 30))
	contentType, body := multipartBody(b, 16<<20)
	r := newFormRequest(contentType, body)
	b.Run("by=tenon", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			in, err := binder.Bind(r.again())
			if err != nil {
				b.Fatal(err)
			}
			for part, err := range in.Parts {
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, part); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("by=hand", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			reader, err := r.again().MultipartReader()
			if err != nil {
				b.Fatal(err)
			}
			for {
				part, err := reader.NextPart()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, part); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}
