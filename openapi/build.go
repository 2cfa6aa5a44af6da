package openapi

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon"
)

// version is that of the specification that documents follow.
const version = "3.1.1"

// A builder makes one document.
type builder struct {
	model    model
	registry registry
	schemas  map[reflect.Type]string // of the option Schema
	places   map[string]*place       // by shape
	ids      map[string]*tenon.Route // by operation id
	taken    map[string]bool         // names of components that are not of types
	guards   map[string]Guard
	routes   *http.ServeMux // finds the operation of a request
	faults   []string
	unions   []*mediaType // whose schema has alternatives
	// usesProblem says that a response has problem details.
	usesProblem bool
}

func newBuilder(info Info) *builder {
	return &builder{
		model:    model{OpenAPI: version, Info: info, Security: []requirement{}},
		registry: registry{byType: map[reflect.Type]*component{}},
		schemas:  map[reflect.Type]string{},
		places:   map[string]*place{},
		ids:      map[string]*tenon.Route{},
		taken:    map[string]bool{},
		guards:   map[string]Guard{},
		routes:   http.NewServeMux(),
	}
}

// build fills the model.
func (b *builder) build(routes tenon.Routes) {
	if b.model.Info.Title == "" || b.model.Info.Version == "" {
		b.fault("Info lacks the title or the version")
	}
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
		item.operations = append(item.operations, member[*operation]{strings.ToLower(r.Method), op})
		b.routes.Handle(r.String(), &documented{label: label(r), operation: op})
	}
	b.model.Components.Schemas = b.settle()
	b.unite()
	b.addProblem()
	b.sort()
}

// sort puts paths and methods into an order that does not depend on that of the
// routes.
func (b *builder) sort() {
	slices.SortFunc(b.model.Components.Schemas, func(x, y member[*schema]) int { return strings.Compare(x.name, y.name) })
	slices.SortFunc(b.model.Paths, func(x, y member[*pathItem]) int { return strings.Compare(x.name, y.name) })
	order := func(m member[*operation]) int {
		return slices.Index(documentedMethods(), strings.ToUpper(m.name))
	}
	for _, path := range b.model.Paths {
		slices.SortFunc(path.value.operations, func(x, y member[*operation]) int { return order(x) - order(y) })
	}
}

// fault notes what keeps the document from being made.
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
	return errors.New("openapi: the routes cannot be documented:\n\t" + strings.Join(b.faults, "\n\t"))
}
