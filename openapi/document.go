package openapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/respond"
)

// A Document is the OpenAPI 3.1 document of some routes, made by [New]. It is a
// handler of GET and HEAD requests that answers with the document, and with 304
// to a client that has it. It is not changed once made, and serves many
// goroutines at once.
type Document struct {
	model model
	text  []byte
	etag  string
	// routes finds the operation of a request.
	routes *http.ServeMux
}

// New returns the document of routes, without those that are Hidden or of a
// method that OpenAPI has no word for. The same routes give the same bytes, and a
// route that is added behind them renames nothing of theirs, unless one of its
// types has the name of one of theirs.
//
// The error names everything that keeps the routes from being documented:
// two of them that a document cannot tell apart, types that JSON cannot write,
// tags that fit no type, and what [tenon.Routes.Check] reports.
func New(info Info, routes tenon.Routes, opts ...Option) (*Document, error) {
	if err := routes.Check(); err != nil {
		return nil, err
	}
	b := newBuilder(info)
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(b)
		}
	}
	b.build(routes)
	if err := b.error(); err != nil {
		return nil, err
	}
	text, err := json.Marshal(&b.model)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return &Document{
		model:  b.model,
		text:   text,
		etag:   `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`,
		routes: b.routes,
	}, nil
}

// JSON returns the document. The bytes belong to the caller.
func (d *Document) JSON() []byte { return bytes.Clone(d.text) }

// ServeHTTP implements [http.Handler].
func (d *Document) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		respond.Error(w, r, respond.NewProblem(http.StatusMethodNotAllowed, "").WithHeader("Allow", "GET, HEAD"))
		return
	}
	h := w.Header()
	h.Set("Content-Type", jsonType)
	h.Set("ETag", d.etag)
	h.Set("X-Content-Type-Options", "nosniff")
	// A document changes with the program: a cache has to ask.
	h.Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(d.text))
}
