package bind_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

// What bind decodes itself must have no content coding; what it hands on may.
func TestBody_contentEncoding(t *testing.T) {
	type (
		jsonBody struct{ A string }
		formBody struct {
			A string `form:"a"`
		}
		bytesBody struct {
			B []byte `body:"bytes"`
		}
		stream struct {
			B io.Reader `body:"stream"`
		}
	)
	const refused = `{"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the body must have no Content-Encoding"}`
	say := func(w io.Writer, text string) { _, _ = io.WriteString(w, text) }
	handlers := map[string]http.Handler{
		"json":  bind.Func(func(w http.ResponseWriter, _ *http.Request, in jsonBody) { say(w, in.A) }),
		"form":  bind.Func(func(w http.ResponseWriter, _ *http.Request, in formBody) { say(w, in.A) }),
		"bytes": bind.Func(func(w http.ResponseWriter, _ *http.Request, in bytesBody) { say(w, string(in.B)) }),
		"stream": bind.Func(func(w http.ResponseWriter, _ *http.Request, in stream) {
			text, err := io.ReadAll(in.B)
			say(w, fmt.Sprint(string(text), err))
		}),
	}
	for _, tc := range []struct{ in, contentType, coding, body, want string }{
		{"json", "application/json", "gzip", "\x1f\x8b", refused},
		{"json", "application/json", "Identity", `{"A":"a"}`, "a"},
		{"json", "application/json", "", `{"A":"a"}`, "a"},
		{"form", urlencoded, "br", "a=a", refused},
		{"form", urlencoded, "identity", "a=a", "a"},
		{"bytes", "application/json", "gzip", "\x1f\x8b", "\x1f\x8b"},
		{"stream", "application/json", "gzip", "\x1f\x8b", "\x1f\x8b<nil>"},
	} {
		t.Run(tc.in+" "+tc.coding, func(t *testing.T) {
			kittest.Serve(t, handlers[tc.in], func(t *testing.T, s *kittest.Server) {
				t.Helper()
				header := http.Header{"Content-Type": {tc.contentType}}
				if tc.coding != "" {
					header.Set("Content-Encoding", tc.coding)
				}
				got := s.Do(t, http.MethodPost, "/", strings.NewReader(tc.body), header)
				assert.Equal(t, tc.want, got.Text)
				if tc.want == refused {
					assert.Equal(t, "identity", got.Header.Get("Accept-Encoding"))
				}
			})
		})
	}
}
