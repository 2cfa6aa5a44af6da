package openapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/tenonkit/tenon/respond"
)

// A page is a text that does not change while the program runs. As a handler it
// takes GET and HEAD requests, and answers with 304 to a client that has it.
type page struct {
	contentType, etag string
	text              []byte
}

func newPage(contentType string, text []byte) page {
	sum := sha256.Sum256(text)
	return page{contentType, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, text}
}

// ServeHTTP implements [http.Handler].
func (p page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		respond.Error(w, r, respond.NewProblem(http.StatusMethodNotAllowed, "").WithHeader("Allow", "GET, HEAD"))
		return
	}
	h := w.Header()
	h.Set("Content-Type", p.contentType)
	h.Set("ETag", p.etag)
	h.Set("X-Content-Type-Options", "nosniff")
	// It changes with the program: a cache has to ask.
	h.Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(p.text))
}
