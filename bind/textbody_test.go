package bind_test

import (
	"context"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

type (
	slogan string
	textIn struct {
		Text slogan `body:"text" minLength:"2" pattern:"^[a-zé ]*$"`
	}
	textOptIn struct {
		Text *string `body:"text"`
	}
	numberIn struct {
		Number big.Int `body:"text"`
	}
	bytesIn struct {
		Data []byte `body:"bytes"`
	}
	bytesOptIn struct {
		Data bind.Opt[[]byte] `body:"bytes"`
	}
	streamIn struct {
		Data io.Reader `body:"stream"`
	}
	closerIn struct {
		Data io.ReadCloser `body:"stream"`
	}
	markdownIn struct {
		Text string `body:"text" contentType:"text/markdown"`
	}
)

func readAll(r io.Reader) string {
	data, err := io.ReadAll(r)
	if err != nil {
		return string(data) + "|" + faults(err)
	}
	return string(data)
}

func bodyHandlers() map[string]http.Handler {
	limit := bind.MaxBody(10)
	return map[string]http.Handler{
		"text":     answers(func(in textIn) string { return string(in.Text) }, limit),
		"text?":    answers(func(in textOptIn) string { return shown(in.Text) }, limit),
		"number":   answers(func(in numberIn) string { return in.Number.String() }, limit),
		"bytes":    answers(func(in bytesIn) string { return string(in.Data) }, limit),
		"bytes?":   answers(func(in bytesOptIn) string { return string(in.Data.Or([]byte("absent"))) }, limit),
		"stream":   answers(func(in streamIn) string { return readAll(in.Data) }, limit),
		"closer":   answers(func(in closerIn) string { defer in.Data.Close(); return readAll(in.Data) }, limit),
		"markdown": answers(func(in markdownIn) string { return in.Text }, limit),
	}
}

func shown(text *string) string {
	if text == nil {
		return "absent"
	}
	return *text
}

func TestBody(t *testing.T) {
	const required, tooLong = `400 body "": required`, "01234567890"
	for _, tc := range []struct {
		in, contentType, body, want string
		unknown                     string // the answer without a Content-Length, where it differs
	}{
		{in: "text", contentType: "text/plain", body: "olá", want: `400 body "": pattern`},
		{in: "text", body: "été", want: "été"},
		{in: "text", contentType: "application/json", body: "any type", want: "any type"},
		{in: "text", body: "x", want: `400 body "": minLength`},
		{in: "text", body: "\xff\xfe", want: `400 body "": syntax`},
		{in: "text", body: "", want: required},
		{in: "text", body: tooLong, want: "413"},
		{in: "text?", body: "", want: "absent"},
		{in: "text?", body: tooLong[:10], want: tooLong[:10]},
		{in: "number", body: "12345", want: "12345"},
		{in: "number", body: "x", want: `400 body "": format`},
		{in: "bytes", contentType: "image/png", body: "\x00\xff", want: "\x00\xff"},
		{in: "bytes", body: "", want: required},
		{in: "bytes", body: tooLong, want: "413"},
		{in: "bytes?", body: "", want: "absent"},
		{in: "stream", body: tooLong[:10], want: tooLong[:10]},
		{in: "stream", body: tooLong, want: "413", unknown: tooLong[:10] + "|413"},
		{in: "stream", body: "", want: required, unknown: ""},
		{in: "closer", body: tooLong[:10], want: tooLong[:10]},
		{in: "markdown", contentType: "text/markdown; charset=utf-8", body: "# a", want: "# a"},
		{in: "markdown", contentType: "text/plain", body: "# a", want: "415"},
		{in: "markdown", body: "", want: required},
	} {
		kittest.Serve(t, bodyHandlers()[tc.in], func(t *testing.T, s *kittest.Server) {
			t.Helper()
			got := s.Do(t, http.MethodPost, "/", strings.NewReader(tc.body), typed(tc.contentType))
			assert.Equal(t, tc.want, got.Text, tc)
			if tc.in != "stream" {
				tc.unknown = tc.want
			}
			if tc.in == "stream" && tc.unknown == "" && tc.body != "" {
				tc.unknown = tc.want
			}
			got = s.Do(t, http.MethodPost, "/", struct{ *strings.Reader }{strings.NewReader(tc.body)}, typed(tc.contentType))
			assert.Equal(t, tc.unknown, got.Text, "chunked: %v", tc)
		})
	}
}

// Memory that Bind gives away is not used for the next request.
func TestBody_aliases(t *testing.T) {
	binder := bind.For[bytesIn]()
	bound := func(text string) []byte {
		in, err := binder.Bind(httptest.NewRequest(http.MethodPost, "/", strings.NewReader(text)))
		require.NoError(t, err)
		return in.Data
	}
	first := bound("first")
	bound("other")
	assert.Equal(t, "first", string(first))
}

func TestBody_outerLimit(t *testing.T) {
	for name, h := range bodyHandlers() {
		if name == "markdown" {
			continue
		}
		limited := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, 3)
			h.ServeHTTP(w, r)
		})
		w := httptest.NewRecorder()
		limited.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader("12345")))
		assert.Equal(t, "413", strings.TrimPrefix(w.Body.String(), "123|"), name)
	}
}

func TestBody_brokenOff(t *testing.T) {
	for name, h := range bodyHandlers() {
		for cause, want := range map[error]string{io.ErrUnexpectedEOF: `400 body "": read`, errors.New("secret"): `400 body "": read`} {
			r := httptest.NewRequest(http.MethodPost, "/", kittest.BrokenReader("12", cause))
			r.ContentLength = 9
			r.Header = typed("text/markdown")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			assert.Equal(t, want, strings.TrimPrefix(w.Body.String(), "12|"), name)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		r := httptest.NewRequest(http.MethodPost, "/", kittest.BrokenReader("12", errors.New("secret"))).WithContext(ctx)
		r.ContentLength = 9
		r.Header = typed("text/markdown")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, "bind: reading the body: context canceled", strings.TrimPrefix(w.Body.String(), "12|"), name)
	}
}

func TestBody_streamOnBodyError(t *testing.T) {
	chosen := errors.New("chosen")
	binder := bind.For[streamIn](bind.MaxBody(5), bind.OnBodyError(func(error, []byte) error { return chosen }))
	for _, tc := range []struct {
		body io.Reader
		want string
	}{
		{kittest.BrokenReader("12", errors.New("secret")), "12|chosen"},
		{struct{ io.Reader }{strings.NewReader("123456")}, "12345|413"},
	} {
		in, err := binder.Bind(httptest.NewRequest(http.MethodPost, "/", tc.body))
		require.NoError(t, err)
		assert.Equal(t, tc.want, readAll(in.Data))
	}
}

func TestBody_textOnBodyError(t *testing.T) {
	binder := bind.For[textIn](bind.OnBodyError(func(err error, payload []byte) error {
		return errors.New(faults(err) + " of " + string(payload))
	}))
	for body, want := range map[string]string{"x": `400 body "": minLength of x`, "\xff": "400 body \"\": syntax of \xff", "": `400 body "": required of `} {
		_, err := binder.Bind(httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body)))
		assert.EqualError(t, err, want)
	}
}
