package bind_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// A webhook is signed as a sequence of bytes, which the decoded event no longer is.
func ExampleRaw() {
	type event struct {
		Type string `json:"type"`
	}
	type webhook struct {
		Signature string `header:"X-Signature"`
		Raw       bind.Raw
		Event     event `body:"json"`
	}
	secret := []byte("shared with the sender")
	sign := func(body []byte) string {
		mac := hmac.New(sha256.New, secret)
		mac.Write(body)
		return hex.EncodeToString(mac.Sum(nil))
	}
	h := bind.Func(func(w http.ResponseWriter, r *http.Request, in webhook) {
		if !hmac.Equal([]byte(in.Signature), []byte(sign(in.Raw))) {
			respond.Error(w, r, respond.NewProblem(http.StatusForbidden, "the signature does not fit"))
			return
		}
		fmt.Fprint(w, in.Event.Type)
	})
	const sent = `{ "type": "paid" }`
	for _, body := range []string{sent, `{"type":"paid"}`} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Signature", sign([]byte(sent)))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 paid
	// 403 {"type":"about:blank","title":"Forbidden","status":403,"detail":"the signature does not fit"}
}

type (
	rawJSON struct {
		Raw  bind.Raw
		Body map[string]any `body:"json"`
	}
	rawForm struct {
		Rawness

		A string `form:"a,optional"`
	}
	// Rawness is embedded.
	Rawness  struct{ Raw bind.Raw }
	rawMaybe struct {
		Raw  bind.Raw
		Body *map[string]any `body:"json"`
	}
	rawText struct {
		Body string `body:"text" maxLength:"100"`
		Raw  bind.Raw
	}
)

func TestRaw(t *testing.T) {
	t.Parallel()
	echo := func(w http.ResponseWriter, raw bind.Raw) { fmt.Fprintf(w, "%q %t", raw, raw == nil) }
	mux := http.NewServeMux()
	mux.Handle("/json", bind.Func(func(w http.ResponseWriter, _ *http.Request, in rawJSON) { echo(w, in.Raw) }, bind.MaxBody(100),
		bind.Formats(bind.Format{Type: "text/other", Decode: func(r io.Reader, _ any) error {
			_, err := io.ReadAll(r)
			return err
		}})))
	mux.Handle("/form", bind.Func(func(w http.ResponseWriter, _ *http.Request, in rawForm) { echo(w, in.Raw) }))
	mux.Handle("/maybe", bind.Func(func(w http.ResponseWriter, _ *http.Request, in rawMaybe) { echo(w, in.Raw) }))
	mux.Handle("/text", bind.Func(func(w http.ResponseWriter, _ *http.Request, in rawText) { echo(w, in.Raw) }))
	kittest.ServeBehind(t, mux, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range []struct {
			path, mediaType, body string
			status                int
			want                  string
		}{
			{"/json", "application/json", ` {"b" : 1} `, 200, `" {\"b\" : 1} " false`},
			{"/json", "text/other", "anything", 200, `"anything" false`},
			{"/json", "application/json", `{`, 400, "syntax"},
			{"/json", "application/json", `{"a":"` + strings.Repeat("x", 100) + `"}`, 413, ""},
			{"/form", urlencoded, "a=%20+&b=c", 200, `"a=%20+&b=c" false`},
			{"/form", urlencoded, "", 200, `"" true`},
			{"/form", "multipart/form-data; boundary=b", "--b--\r\n", 415, urlencoded},
			{"/maybe", "application/json", "", 200, `"" true`},
			{"/text", "text/plain", "a\xc3\xa4", 200, `"aä" false`},
		} {
			got := s.Do(t, http.MethodPost, tc.path, strings.NewReader(tc.body), http.Header{"Content-Type": {tc.mediaType}})
			assert.Equal(t, tc.status, got.StatusCode, "%s %s", tc.path, got.Text)
			assert.Contains(t, got.Text, tc.want)
		}
	})
}

// The bytes are the handler's: the next request does not change them.
func TestRaw_isACopy(t *testing.T) {
	t.Parallel()
	b := bind.For[rawJSON]()
	first, err := b.Bind(jsonRequest(`{"a":1}`))
	require.NoError(t, err)
	for range 10 {
		_, err = b.Bind(jsonRequest(`{"b":2}`))
		require.NoError(t, err)
	}
	assert.Equal(t, `{"a":1}`, string(first.Raw))
}

func TestRaw_faults(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		`struct.Raw is a bind.Raw, and no field reads the body: add one with body:"json" or form tags, or read it as a []byte with body:"bytes"`: declared[struct {
			Raw bind.Raw
			Q   string `query:"q"`
		}](),
		"struct.Raw is a bind.Raw, and no": declared[struct{ Raw bind.Raw }](),
		"struct.Raw is a bind.Raw beside a body that is not held in memory (multipart, files or a stream): remove one of the two": declared[struct {
			Raw bind.Raw
			F   bind.File `form:"f"`
		}](),
		"struct.A is a bind.Raw beside": declared[struct {
			A bind.Raw
			P bind.Parts `body:"multipart"`
		}](),
		"struct.B is a bind.Raw beside": declared[struct {
			B bind.Raw
			R io.Reader `body:"stream"`
		}](),
		"struct.Raw is a *bind.Raw: use bind.Raw": declared[struct {
			Raw  *bind.Raw
			Body any `body:"json"`
		}](),
		"struct.raw is a bind.Raw but is not exported": declared[struct {
			raw  bind.Raw
			Body any `body:"json"`
		}](),
		`struct.Title has the tag json and no source`: declared[struct {
			Raw   bind.Raw
			Title string `json:"title"`
		}](),
		`struct.Raw is a bind.Raw with the tag json, but holds the whole body: leave the tag out, or move the field into the struct of one with body:"json"`: declared[struct {
			Raw  bind.Raw `json:"raw"`
			Body any      `body:"json"`
		}](),
		`struct.Raw has maxLength:"3", which does not apply to a bind.Raw: write it on the field that reads the body`: declared[struct {
			Raw  bind.Raw `maxLength:"3"`
			Body any      `body:"json"`
		}](),
	} {
		assert.Contains(t, got, want)
	}
}
