package openapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/respond"
)

// A Document is an OpenAPI 3.1 document, made by [New]. As a handler it answers GET and HEAD
// requests with the document, or with 304 if the client already has it. A Document never
// changes, and many goroutines may use it at once.
type Document struct {
	model model
	page  page
	// routes finds the operation of a request.
	routes *http.ServeMux
	// patterns has the pattern of a tag by the pattern in the document.
	patterns map[string]string
}

// New returns the document of routes. It leaves out routes that are Hidden and routes with a
// method that OpenAPI does not have. The same routes give the same bytes. A route that you
// append renames nothing, unless one of its types has the name of a type of another route.
//
// The error lists every fault: routes that have the same path and method in the document,
// types that JSON cannot write, tags that do not fit their type, and what
// [tenon.Routes.Check] reports.
func New(info Info, routes tenon.Routes, opts ...Option) (*Document, error) {
	b := newBuilder(info)
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(b)
		}
	}
	if err := routes.Check(); err != nil {
		return nil, errors.Join(err, b.error())
	}
	b.build(routes)
	if err := b.error(); err != nil {
		return nil, err
	}
	text, err := json.Marshal(&b.model)
	if err != nil {
		return nil, err
	}
	if len(b.edits) > 0 {
		if text, err = b.edited(text); err != nil {
			return nil, err
		}
	}
	return &Document{model: b.model, page: newPage(jsonType, text), routes: b.routes, patterns: b.schemas.Patterns()}, nil
}

// JSON returns a copy of the document, which the caller may change.
func (d *Document) JSON() []byte { return bytes.Clone(d.page.text) }

// ServeHTTP implements [http.Handler].
func (d *Document) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.page.ServeHTTP(w, r) }

// An Option changes the document that [New] makes. The zero Option changes nothing.
type Option struct{ apply func(*builder) }

// Servers adds addresses of the service. Without it the address is the root of the host that
// serves the document.
func Servers(servers ...Server) Option {
	servers = slices.Clone(servers)
	return Option{func(b *builder) { b.model.Servers = append(b.model.Servers, servers...) }}
}

// Tags describes tags of routes and puts them in this order. Tags that only routes name
// follow.
func Tags(tags ...Tag) Option {
	tags = slices.Clone(tags)
	return Option{func(b *builder) { b.model.Tags = append(b.model.Tags, tags...) }}
}

// Schema states the schema of T as JSON. Use it for a type of another package whose methods
// read and write a form that the declaration does not show. A type of your own states its
// schema by a method:
//
//	func (Color) JSONSchema() string { return `{"type": "string", "pattern": "^#[0-9a-f]{6}$"}` }
func Schema[T any](text string) Option {
	return Option{func(b *builder) { b.stated[reflect.TypeFor[T]()] = text }}
}

// OperationID sets the operation ids of routes that [tenon.Named] and [tenon.Op] give no
// name. New calls f for each of them. If f returns "", the default id stays. The summary
// consists of the words of the id. Two operations with the same id are a fault, and so is a
// nil f. If the option is given several times, the last one counts.
//
//	openapi.New(info, routes, openapi.OperationID(openapi.MethodName))
func OperationID(f func(tenon.Route) string) Option {
	return Option{func(b *builder) {
		if b.operationIDOf = f; f == nil {
			b.fault("OperationID has a nil function: use MethodName, or leave the option out")
		}
	}}
}

// MethodName returns the name of the method that is the function of r, without its type:
// ListArticles for Service.ListArticles. Use it with [OperationID] if one struct has all
// handlers of a service. If the function is not a method, MethodName returns its name, or ""
// if it has none.
func MethodName(r tenon.Route) string {
	if r.Name == r.String() {
		return ""
	}
	return r.Name[strings.LastIndexByte(r.Name, '.')+1:]
}

// version is the version of OpenAPI.
const version = "3.1.1"

// A builder makes one document.
type builder struct {
	model   model
	schemas *schema.Set
	stated  map[reflect.Type]string // by the option Schema
	places  map[string]*place       // by shape
	ids     map[string]*tenon.Route // by operation id
	routes  *http.ServeMux          // finds the operation of a request
	faults  []string
	unions  []*mediaType // whose schema has alternatives

	errorBody     *describe.ErrorBody // nil for problem details
	operationIDOf func(tenon.Route) string
	edits         []func(map[string]any)
	documented    map[*operation]*documentedRoute
}

func newBuilder(info Info) *builder {
	b := &builder{
		model:  model{OpenAPI: version, Info: info, Security: []requirement{}},
		stated: map[reflect.Type]string{},
		places: map[string]*place{},
		ids:    map[string]*tenon.Route{},
		routes: http.NewServeMux(),

		documented: map[*operation]*documentedRoute{},
	}
	b.schemas = schema.NewSet(schema.Config{Stated: b.stated, Base: problemBase(), Fault: func(words string) { b.fault("%s", words) }})
	if info.Title == "" {
		b.fault("Info has no Title: write the name of the service")
	}
	if info.Version == "" {
		b.fault("Info has no Version: write the version of the service, such as 1.0.0")
	}
	return b
}

// build fills the model.
func (b *builder) build(routes tenon.Routes) {
	if len(b.model.Servers) == 0 {
		b.model.Servers = []Server{{URL: "/"}}
	}
	for i := range routes {
		r := &routes[i]
		if !isDocumented(r) {
			b.routes.Handle(r.String(), http.NotFoundHandler())
			continue
		}
		item, names := b.place(r)
		op := b.operation(r, names)
		item.operations = append(item.operations, schema.Member[*operation]{Name: strings.ToLower(r.Method), Value: op})
		b.documented[op] = &documentedRoute{label: label(r), operation: op}
		b.routes.Handle(r.String(), b.documented[op])
	}
	b.model.Components.Schemas = b.schemas.Settle()
	b.unite()
	b.sort()
}

// sort makes the order of paths and methods independent of the order of routes.
func (b *builder) sort() {
	slices.SortFunc(b.model.Components.Schemas, func(x, y schema.Member[*schema.Schema]) int { return strings.Compare(x.Name, y.Name) })
	slices.SortFunc(b.model.Paths, func(x, y schema.Member[*pathItem]) int { return strings.Compare(x.Name, y.Name) })
	order := func(m schema.Member[*operation]) int {
		return slices.Index(documentedMethods(), strings.ToUpper(m.Name))
	}
	for _, path := range b.model.Paths {
		slices.SortFunc(path.Value.operations, func(x, y schema.Member[*operation]) int { return order(x) - order(y) })
	}
}

// fault adds a fault, unless it is known already.
func (b *builder) fault(format string, args ...any) {
	words := fmt.Sprintf(format, args...)
	if !slices.Contains(b.faults, words) {
		b.faults = append(b.faults, words)
	}
}

func (b *builder) error() error {
	if len(b.faults) == 0 {
		return nil
	}
	return errors.New("openapi: the document cannot be made:\n\t" + strings.Join(b.faults, "\n\t"))
}

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
