package openapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/openapi"
)

// FuzzVerify sends any body. What Verify takes is JSON, and the body is sent as
// it is.
func FuzzVerify(f *testing.F) {
	for _, seed := range []string{
		`{"id":1,"title":"a","related":[],"meta":{},"raw":null,"checksum":"AQIDBA=="}`,
		`{"id":1e400,"title":"\ud83d\ude00","related":[{}],"meta":{"a":1},"raw":[[[]]],"checksum":"!"}`,
		``, `[`, `{"a":1,"a":2}`, `1 2`, "\xff", `{"id":1.0,"tags":["a","a"]}`,
	} {
		f.Add([]byte(seed), "application/json")
		f.Add([]byte(seed+"\n"+seed), "application/x-ndjson")
		f.Add([]byte("data: "+seed+"\n\n"), "text/event-stream")
	}
	routes := tenon.Routes{
		tenon.Get("/article", answer[tenon.None, article], tenon.Named("A")),
		tenon.Get("/stream", answer[tenon.None, sequence[article]], tenon.Named("B")),
	}
	doc, err := openapi.New(info(), routes)
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, body []byte, media string) {
		path := "/article"
		if media != "application/json" {
			path = "/stream"
		}
		reports := 0
		send := func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{media}
			for i := 0; i < len(body); i += 7 {
				_, _ = w.Write(body[i:min(i+7, len(body))])
			}
		}
		w := httptest.NewRecorder()
		openapi.Verify(doc, func(error) { reports++ })(http.HandlerFunc(send)).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		require.Equal(t, string(body), w.Body.String())
		if reports == 0 && path == "/article" && !json.Valid(body) {
			t.Fatalf("%q is no JSON", body)
		}
	})
}
