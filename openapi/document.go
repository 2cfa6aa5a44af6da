package openapi

import (
	"bytes"
	"net/http"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/json"
)

// A Document is the OpenAPI 3.1 document of some routes, made by [New]. It is a
// handler of GET and HEAD requests that answers with the document, and with 304
// to a client that has it. It is not changed once made, and serves many
// goroutines at once.
type Document struct {
	model model
	page  page
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
	return &Document{model: b.model, page: newPage(jsonType, text), routes: b.routes}, nil
}

// JSON returns the document. The bytes belong to the caller.
func (d *Document) JSON() []byte { return bytes.Clone(d.page.text) }

// ServeHTTP implements [http.Handler].
func (d *Document) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.page.ServeHTTP(w, r) }
