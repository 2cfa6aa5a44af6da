package respond_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// source is a reader of unknown length that knows whether it was closed.
type source struct {
	io.Reader

	closed bool
}

func (s *source) Close() error { s.closed = true; return nil }

// sizedSource has a Size and a Seek, like a section of a file.
type sizedSource struct {
	*io.SectionReader

	closed bool
}

func (s *sizedSource) Close() error { s.closed = true; return nil }

// writing is an io.WriterTo alone.
type writing struct {
	pieces []string
	err    error
	closed bool
}

func (x *writing) Close() error { x.closed = true; return nil }

func (x *writing) WriteTo(w io.Writer) (int64, error) {
	var total int64
	for _, piece := range x.pieces {
		n, err := io.WriteString(w, piece)
		if total += int64(n); err != nil {
			return total, err
		}
	}
	return total, x.err
}

// reads records whether the body came by ReadFrom, which is how net/http gets
// at sendfile(2).
type reads struct {
	*httptest.ResponseRecorder

	from io.Reader
}

func (x *reads) ReadFrom(src io.Reader) (int64, error) {
	x.from = src
	return io.Copy(x.ResponseRecorder, src)
}

func TestWrite_readerLength(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte("0123456789"), 0o600))
	opened := func(offset int64) *os.File {
		file, err := os.Open(path)
		require.NoError(t, err)
		_, err = file.Seek(offset, io.SeekStart)
		require.NoError(t, err)
		return file
	}
	seeked := strings.NewReader("0123456789")
	_, _ = seeked.Seek(4, io.SeekStart)
	section := io.NewSectionReader(strings.NewReader("0123456789"), 2, 5)
	_, _ = section.Seek(1, io.SeekStart)
	long := strings.Repeat("x", 5000)
	plain, err := fstest.MapFS{"a": {Data: []byte(long)}}.Open("a")
	require.NoError(t, err)
	embedding := struct{ *os.File }{opened(7)}
	for _, tc := range []struct {
		name   string
		v      any
		length string
		body   string
	}{
		{"file", opened(0), "10", "0123456789"},
		{"file from its offset", opened(7), "3", "789"},
		{"file beyond its end", opened(20), "0", ""},
		{"file of a file system", plain, "5000", long},
		{"file in a struct", embedding, "3", "789"},
		{"reader with a length", seeked, "6", "456789"},
		{"buffer", bytes.NewBufferString("abc"), "3", "abc"},
		{"size less the offset", &sizedSource{SectionReader: section}, "4", "3456"},
		{"short, unknown", &source{Reader: strings.NewReader("abc")}, "", "abc"},
		{"long, unknown", &source{Reader: strings.NewReader(long)}, "", long},
		{"long writer", &writing{pieces: []string{long, long}}, "", long + long},
		{"pieces", &writing{pieces: []string{"a", "b"}}, "", "ab"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := &reads{ResponseRecorder: httptest.NewRecorder()}
			r, _ := get(t)
			require.NoError(t, respond.Write(w, r, tc.v))
			assert.Equal(t, tc.body, w.Body.String())
			assert.Equal(t, tc.length, w.Header().Get("Content-Length"))
			switch v := tc.v.(type) {
			case *os.File:
				if tc.body != "" {
					limited, ok := w.from.(*io.LimitedReader)
					require.True(t, ok, "what net/http recognizes")
					assert.Same(t, v, limited.R)
				}
				require.ErrorIs(t, v.Close(), os.ErrClosed)
			case *source:
				assert.True(t, v.closed)
				assert.Equal(t, len(tc.body) > 4096, w.from != nil)
			case *sizedSource:
				assert.True(t, v.closed)
			case *writing:
				assert.True(t, v.closed)
			}
		})
	}
}

func TestWrite_readerKeepsLengthOfCaller(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5000)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "5000")
		_ = respond.Write(w, r, &source{Reader: strings.NewReader(long)})
	})
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			assert.EqualValues(t, 5000, s.Do(t, method, "/", nil, nil).ContentLength)
		}
	})
}

func TestWrite_readerIsClosed(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(w http.ResponseWriter, r *http.Request, v io.Reader){
		"get": func(w http.ResponseWriter, r *http.Request, v io.Reader) { _ = respond.Write(w, r, v) },
		"no body": func(w http.ResponseWriter, r *http.Request, v io.Reader) {
			_ = respond.Write(w, r, respond.Status(204, v))
		},
		"bad": func(w http.ResponseWriter, r *http.Request, v io.Reader) {
			_ = respond.Write(w, r, respond.Status(1, v))
		},
		"bad head": func(w http.ResponseWriter, r *http.Request, v io.Reader) {
			_ = respond.Write(w, r, respond.OK[any]{Header: http.Header{"A": {"\n"}}, Body: v})
		},
		"head": func(w http.ResponseWriter, r *http.Request, v io.Reader) {
			r.Method = http.MethodHead
			_ = respond.Write(w, r, v)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, data := range []string{"", "short", strings.Repeat("x", 10_000)} {
				body := kittest.BrokenReader(data, io.EOF)
				_, _ = record(t, func(w http.ResponseWriter, r *http.Request) { answer(w, r, body) })
				assert.True(t, body.Closed())
			}
			body := kittest.BrokenReader("x", errors.New(secret))
			func() {
				defer func() { _ = recover() }()
				_, _ = record(t, func(w http.ResponseWriter, r *http.Request) { answer(w, r, body) })
			}()
			assert.True(t, body.Closed())
		})
	}
}

type panics struct{ source }

func (*panics) Read([]byte) (int, error) { panic("reader") }

func TestWrite_readerPanics(t *testing.T) {
	t.Parallel()
	v := new(panics)
	r, _ := get(t)
	assert.PanicsWithValue(t, "reader", func() { _ = respond.Write(httptest.NewRecorder(), r, v) })
	assert.True(t, v.closed)
}

// shrinks declares more than it has.
type shrinks struct{ io.Reader }

func (shrinks) Len() int { return 20_000 }

func open(t *testing.T, name string, flag int) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	file, err := os.OpenFile(path, flag, 0o600)
	require.NoError(t, err)
	require.True(t, name == "" || os.Truncate(path, 9000) == nil)
	return file
}

func TestWrite_readerFails(t *testing.T) {
	t.Parallel()
	failed := errors.New(secret)
	long := strings.Repeat("x", 10_000)
	mux := http.NewServeMux()
	for path, v := range map[string]func() any{
		"/early/empty":  func() any { return kittest.BrokenReader("", failed) },
		"/early/reader": func() any { return kittest.BrokenReader("short", failed) },
		"/early/writer": func() any { return &writing{pieces: []string{"short"}, err: failed} },
		"/early/known":  func() any { return shrinks{kittest.BrokenReader("", failed)} },
		"/early/file":   func() any { return open(t, "unreadable", os.O_CREATE|os.O_WRONLY) },
		"/early/folder": func() any { return open(t, "", os.O_RDONLY) },
		"/late/reader":  func() any { return kittest.BrokenReader(long, failed) },
		"/late/writer":  func() any { return &writing{pieces: []string{long}, err: failed} },
		"/late/known":   func() any { return shrinks{kittest.BrokenReader(long, failed)} },
		"/late/short":   func() any { return shrinks{strings.NewReader(long)} },
		"/late/created": func() any { return respond.Status[any](201, kittest.BrokenReader(long, failed)) },
	} {
		mux.Handle(path, respond.Func(func(*http.Request) (any, error) { return v(), nil }))
	}
	kittest.ServeBehind(t, mux, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, path := range []string{"/early/empty", "/early/reader", "/early/writer", "/early/known", "/early/file", "/early/folder"} {
			got := s.Get(t, path)
			assert.Equal(t, 500, got.StatusCode, path)
			assert.Equal(t, asProblem, got.Header.Get("Content-Type"), path)
			assert.NotContains(t, got.Text, secret, path)
		}
		for _, path := range []string{"/late/reader", "/late/writer", "/late/known", "/late/short", "/late/created"} {
			got, err := s.TryDo(http.MethodGet, path, nil, nil)
			require.Error(t, err, "%s: the client must see the truncation", path)
			if got != nil {
				assert.NotContains(t, got.Text, secret, path)
			}
		}
		assert.Empty(t, s.Log())
	})
	_, book := record(t, func(w http.ResponseWriter, r *http.Request) {
		assert.PanicsWithValue(t, http.ErrAbortHandler, func() { _ = respond.Write(w, r, kittest.BrokenReader(long, failed)) })
	})
	assert.Equal(t, []string{"respond: response broken off method=GET path=/articles/7 error=" + secret}, book.all())
	_, book = record(t, func(w http.ResponseWriter, r *http.Request) {
		assert.PanicsWithValue(t, http.ErrAbortHandler, func() { _ = respond.Write(w, r, shrinks{strings.NewReader(long)}) })
	})
	assert.Equal(t, []string{"respond: response broken off method=GET path=/articles/7 error=unexpected EOF"}, book.all())
}

// endless never ends; it counts what it was asked for.
type endless struct{ n int }

func (x *endless) Read(p []byte) (int, error) {
	x.n += len(p)
	return len(p), nil
}

func TestWrite_headReadsNoMoreThanItNeeds(t *testing.T) {
	t.Parallel()
	v := new(endless)
	w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
		r.Method = http.MethodHead
		_ = respond.Write(w, r, v)
	})
	assert.Equal(t, asBytes, w.Header().Get("Content-Type"))
	assert.LessOrEqual(t, v.n, 5000)

	pieces := &writing{pieces: []string{strings.Repeat("x", 5000), "y"}}
	w, _ = record(t, func(w http.ResponseWriter, r *http.Request) {
		r.Method = http.MethodHead
		_ = respond.Write(w, r, pieces)
	})
	assert.Empty(t, w.Body.String())
}

// deadlines notes whether the connection is to be cut.
type deadlines struct {
	*httptest.ResponseRecorder

	cut bool
}

func (d *deadlines) SetWriteDeadline(at time.Time) error {
	d.cut = at.Before(time.Now())
	return nil
}

// A client that leaves makes the source of a body fail, if that uses the context of the
// request: nobody needs the whole of it, or an entry in the log.
func TestWrite_readerClientLeft(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]any{
		"unknown length": kittest.BrokenReader("short", context.Canceled),
		"known length":   shrinks{kittest.BrokenReader("", context.Canceled)},
		"late":           shrinks{kittest.BrokenReader("short", context.Canceled)},
	} {
		r, book := get(t)
		ctx, cancel := context.WithCancel(r.Context())
		cancel()
		w := httptest.NewRecorder()
		dated := &deadlines{ResponseRecorder: w}
		require.ErrorIs(t, respond.Write(dated, r.WithContext(ctx), v), context.Canceled, name)
		want := 503
		if name == "late" {
			want = 200
		}
		assert.Equal(t, want, w.Code, name)
		assert.Equal(t, name == "late", dated.cut, name)
		assert.Empty(t, book.all(), name)
	}
}
