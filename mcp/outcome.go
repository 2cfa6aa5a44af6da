package mcp

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/schema"
)

const (
	ndjsonType = "application/x-ndjson"
	eventType  = "text/event-stream"
	anyType    = "*/*"
)

// The protocol requires objects as results. These are the names in results that are not
// objects themselves: any value, the lines of a stream, and whether there were more.
const (
	wrapped   = "result"
	lines     = "items"
	truncated = "truncated"
)

// answers describe how an answer becomes a result.
type answers struct {
	// isKnown says that every success is JSON, so that the tool has an output schema.
	isKnown bool
	// isWrapped says that the result of a tool with a schema is {"result": value}.
	isWrapped bool
	// redirects are the statuses of redirects that are successes, as a document has them:
	// 303 or 3XX.
	redirects []string
}

// outcomes are the successes of a route.
type outcomes struct {
	*builder

	schemas    []*schema.Schema
	mediaTypes []string
	isOpen     bool // some are not JSON, or not known
	mayBeEmpty bool
}

// outcomes sets what the tool accepts and what its results are.
func (b *builder) outcomes() {
	x := &outcomes{builder: b, mayBeEmpty: mayBeEmpty(b.handler.Output())}
	for _, m := range b.op.Responses {
		x.add(m.Name, m.Value.Content)
	}
	b.tool.accept = acceptOf(x.mediaTypes)
	if x.isOpen || len(x.schemas) == 0 {
		return
	}
	b.tool.answers.isKnown = true
	var err error
	if b.tool.OutputSchema, err = b.doc.whole(x.whole()); err != nil {
		b.fault("has an answer that JSON Schema cannot describe: %v", err)
	}
}

// mayBeEmpty reports whether a value may be answered with a status and no body.
func mayBeEmpty(out describe.Output) bool {
	return out.MayBeEmpty || slices.ContainsFunc(out.Choices, mayBeEmpty)
}

// add adds the answers of one status.
func (x *outcomes) add(status string, bodies schema.Ordered[content]) {
	switch {
	case status == "default":
		// Besides failures it has unknown answers.
		_, isOpen := bodies.Get(anyType)
		x.isOpen = x.isOpen || isOpen
	case status == "304": // no tool sends the conditions of it
	case strings.HasPrefix(status, "3"):
		x.tool.answers.redirects = append(x.tool.answers.redirects, status)
		x.mayBeEmpty = true
	case strings.HasPrefix(status, "2") && len(bodies) == 0:
		x.mayBeEmpty = true
	case strings.HasPrefix(status, "2"):
		x.body(status, bodies)
	}
}

// body adds the answers of one status that have a body. If there are several media types,
// it chooses the one that suits a tool best.
func (x *outcomes) body(status string, bodies schema.Ordered[content]) {
	best := bodies[0]
	isEvents := func(m schema.Member[content]) bool { return m.Name == eventType }
	for _, suits := range []func(schema.Member[content]) bool{
		func(m schema.Member[content]) bool { return m.Name == ndjsonType },
		func(m schema.Member[content]) bool { return isJSON(m.Name) },
		func(m schema.Member[content]) bool { return !isEvents(m) },
	} {
		if i := slices.IndexFunc(bodies, suits); i >= 0 {
			best = bodies[i]
			break
		}
	}
	if isEvents(best) {
		x.fault("answers %s with a stream of events, which a tool cannot read to its end: leave it out, and pass a route that answers with the state", status)
		return
	}
	x.mediaTypes = append(x.mediaTypes, best.Name)
	switch {
	case best.Name == ndjsonType:
		x.schemas = append(x.schemas, linesOf(best.Value.Schema))
	case isJSON(best.Name) && best.Value.Schema != nil:
		x.schemas = append(x.schemas, best.Value.Schema)
	default:
		x.isOpen = true
	}
}

// linesOf returns the schema of the result of a stream of lines.
func linesOf(line *schema.Schema) *schema.Schema {
	list := schema.Typed("array")
	if line != nil {
		item := *line
		item.Description = strings.TrimSuffix(item.Description, "One value per line.")
		list.Items = &item
	}
	isCut := schema.Typed("boolean")
	isCut.Description = "Whether there were more items than the answer has room for."
	object := schema.Typed("object")
	object.Properties = schema.Ordered[*schema.Schema]{{Name: lines, Value: list}, {Name: truncated, Value: isCut}}
	object.Required = []string{lines, truncated}
	return object
}

// whole returns the schema of all results. It is the schema of an object.
func (x *outcomes) whole() *schema.Schema {
	isObject := func(s *schema.Schema) bool {
		object := x.doc.object(s)
		return object != nil && len(object.Type) == 1 && len(s.AnyOf) == 0
	}
	areObjects := !slices.ContainsFunc(x.schemas, func(s *schema.Schema) bool { return !isObject(s) })
	if areObjects && !x.mayBeEmpty {
		if len(x.schemas) == 1 {
			return x.doc.object(x.schemas[0])
		}
		return &schema.Schema{Type: schema.TypeList{"object"}, AnyOf: x.schemas}
	}
	x.tool.answers.isWrapped = true
	choices := x.schemas
	if x.mayBeEmpty {
		choices = append(choices, schema.Typed("null"))
	}
	value := choices[0]
	if len(choices) > 1 {
		value = &schema.Schema{AnyOf: choices}
	}
	object := schema.Typed("object")
	object.Properties = schema.Ordered[*schema.Schema]{{Name: wrapped, Value: value}}
	object.Required = []string{wrapped}
	return object
}

// acceptOf returns the field Accept for answers of the media types: lines before JSON, and
// JSON before the rest.
func acceptOf(mediaTypes []string) string {
	rank := func(name string) int {
		switch {
		case name == ndjsonType:
			return 0
		case isJSON(name):
			return 1
		}
		return 2
	}
	ranked := slices.Clone(mediaTypes)
	slices.SortStableFunc(ranked, func(a, b string) int { return rank(a) - rank(b) })
	ranked = slices.DeleteFunc(slices.Compact(ranked), func(name string) bool { return strings.Contains(name, "*") })
	var b strings.Builder
	for i, name := range ranked {
		if q := max(10-i, 2); q < 10 {
			name = fmt.Sprintf("%s;q=0.%d", name, q)
		}
		b.WriteString(name + ", ")
	}
	return b.String() + anyType + ";q=0.1"
}

// isRedirect reports whether a redirect of the status is a success.
func (x *answers) isRedirect(status int) bool {
	return status/100 == 3 && status != http.StatusNotModified &&
		slices.ContainsFunc(x.redirects, func(known string) bool { return known == "3XX" || known == strconv.Itoa(status) })
}
