package openapi

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/schema"
)

// Edit calls f with the finished document. Use it for what this package has no option for:
// extensions, webhooks, callbacks, external documentation.
//
//	openapi.Edit(func(doc map[string]any) {
//		doc["info"].(map[string]any)["x-logo"] = map[string]string{"url": "/logo.svg"}
//	})
//
// The document is decoded JSON: objects are map[string]any, arrays are []any and numbers are
// [encoding/json.Number]. f changes it in place, and may add any value that JSON can encode.
// Members keep their order; new members follow in alphabetical order. Several Edits run in
// the order in which they are given.
//
// [Docs], [Verify] and [Document.Version30] use the edited document. If f removes an
// operation, Verify ignores its requests. A nil f, a panic of f and a result that is not an
// OpenAPI document are faults.
func Edit(f func(doc map[string]any)) Option {
	return Option{func(b *builder) {
		if f == nil {
			b.fault("Edit has a nil function: write one, or leave the option out")
		}
		b.edits = append(b.edits, f)
	}}
}

// edited returns the text of the document after all edits, and reads the model from it.
func (b *builder) edited(text []byte) ([]byte, error) {
	doc, err := decoded(text)
	if err != nil {
		return nil, err
	}
	for _, edit := range b.edits {
		b.schemas.Calling("the function of Edit panics", func() { edit(doc) })
	}
	if err := b.error(); err != nil {
		return nil, err
	}
	if text, err = arranged(nil, doc, text, 0); err != nil {
		return nil, fmt.Errorf("openapi: Edit has added a value that JSON cannot encode: %w", err)
	}
	var m model
	if err := readModel(text, &m); err != nil {
		return nil, fmt.Errorf("openapi: Edit has made the OpenAPI document invalid: %w", err)
	}
	m.keep(&b.model, b.documented)
	b.model = m
	return text, nil
}

// keep copies the facts that a document cannot have from the model before the edits, and gives
// each route its new operation.
func (m *model) keep(before *model, routes map[*operation]*documentedRoute) {
	for _, path := range before.Paths {
		item, _ := m.Paths.Get(path.Name)
		for _, op := range path.Value.operations {
			var now *operation
			if item != nil {
				now, _ = item.operations.Get(op.Name)
			}
			if now != nil {
				now.keep(op.Value)
			}
			routes[op.Value].operation = now
		}
	}
}

func (op *operation) keep(before *operation) {
	for _, answer := range before.Responses {
		now, ok := op.Responses.Get(answer.Name)
		if !ok {
			continue
		}
		now.mayBeEmpty = answer.Value.mayBeEmpty
		for _, body := range answer.Value.Content {
			if m, ok := now.Content.Get(body.Name); ok {
				m.isNeverEmpty = body.Value.isNeverEmpty
			}
		}
	}
}

// readModel reads the model of any OpenAPI document. It resolves references to components
// that are not schemas, and copies the parameters of a path item into its operations.
func readModel(text []byte, m *model) error {
	doc, err := decoded(text)
	if err != nil {
		return err
	}
	whole, err := arranged(nil, resolved(doc, doc, 0), text, 0)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(whole, m); err != nil {
		if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
			return fmt.Errorf("the value at %s is not valid: %w", semantic.JSONPointer, err)
		}
		return err
	}
	m.complete()
	return nil
}

// maxReferences bounds references that lead to each other.
const maxReferences = 16

// resolved returns a copy of x, a part of doc, with each reference replaced by its target.
// References to schemas stay, because schemas may be recursive.
func resolved(x any, doc map[string]any, depth int) any {
	switch x := x.(type) {
	case map[string]any:
		ref, _ := x["$ref"].(string)
		isSchema := strings.HasPrefix(ref, "#/components/schemas/")
		if target := lookUp(doc, ref); target != nil && !isSchema && depth < maxReferences {
			return resolved(target, doc, depth+1)
		}
		all := make(map[string]any, len(x))
		for name, value := range x {
			all[name] = resolved(value, doc, depth)
		}
		return all
	case []any:
		all := make([]any, len(x))
		for i, value := range x {
			all[i] = resolved(value, doc, depth)
		}
		return all
	}
	return x
}

// lookUp returns the target of a reference within the document, nil if there is none.
func lookUp(doc map[string]any, ref string) any {
	pointer, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		return nil
	}
	var at any = doc
	for name := range json.Pointer("/" + pointer).Tokens() {
		object, _ := at.(map[string]any)
		at = object[name]
	}
	return at
}

// complete adds the empty objects that this package needs and a document may omit.
func (m *model) complete() {
	for _, path := range m.Paths {
		for _, op := range path.Value.operations {
			op.Value.complete()
		}
	}
	for i := range m.Components.Schemas {
		orEmpty(&m.Components.Schemas[i].Value)
	}
}

func (op *operation) complete() {
	op.Parameters = slices.DeleteFunc(op.Parameters, func(p *parameter) bool { return p == nil })
	for _, p := range op.Parameters {
		orEmpty(&p.Schema)
	}
	if op.RequestBody != nil {
		completeContent(op.RequestBody.Content)
	}
	for i := range op.Responses {
		answer := orEmpty(&op.Responses[i].Value)
		completeContent(answer.Content)
		for i := range answer.Headers {
			orEmpty(&orEmpty(&answer.Headers[i].Value).Schema)
		}
	}
}

func completeContent(content schema.Ordered[*mediaType]) {
	for i := range content {
		orEmpty(&content[i].Value)
	}
}

// orEmpty replaces nil by a pointer to a zero value.
func orEmpty[T any](p **T) *T {
	if *p == nil {
		*p = new(T)
	}
	return *p
}

// UnmarshalJSONFrom reads the operations of a path item. The parameters that they share
// come first in each.
func (p *pathItem) UnmarshalJSONFrom(dec *json.Decoder) error {
	var members schema.Ordered[json.RawMessage]
	if err := members.UnmarshalJSONFrom(dec); err != nil {
		return err
	}
	var shared []*parameter
	if text, ok := members.Get("parameters"); ok {
		if err := json.Unmarshal(text, &shared); err != nil {
			return err
		}
	}
	for _, m := range members {
		if !slices.Contains(documentedMethods(), strings.ToUpper(m.Name)) {
			continue
		}
		op := new(operation)
		if err := json.Unmarshal(m.Value, op); err != nil {
			return err
		}
		for i, s := range shared {
			isSame := func(own *parameter) bool { return own != nil && s != nil && own.Name == s.Name && own.In == s.In }
			if !slices.ContainsFunc(op.Parameters, isSame) {
				op.Parameters = slices.Insert(op.Parameters, min(i, len(op.Parameters)), s)
			}
		}
		p.operations = append(p.operations, schema.Member[*operation]{Name: m.Name, Value: op})
	}
	return nil
}

// decoded returns the object in text as Go values.
func decoded(text []byte) (map[string]any, error) {
	value, err := nextValue(json.NewDecoder(bytes.NewBuffer(text)))
	object, ok := value.(map[string]any)
	if err == nil && !ok {
		err = errors.New("openapi: the document is not a JSON object")
	}
	return object, err
}

func nextValue(dec *json.Decoder) (any, error) {
	token, err := dec.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case '{':
		object := map[string]any{}
		for dec.PeekKind() != '}' {
			name, err := dec.ReadToken()
			if err != nil {
				return nil, err
			}
			of := name.String()
			if object[of], err = nextValue(dec); err != nil {
				return nil, err
			}
		}
		_, err := dec.ReadToken()
		return object, err
	case '[':
		list := []any{}
		for dec.PeekKind() != ']' {
			value, err := nextValue(dec)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err := dec.ReadToken()
		return list, err
	case '0':
		return json.Number(token.String()), nil
	case '"':
		return token.String(), nil
	case 't', 'f':
		return token.Bool(), nil
	}
	return nil, nil
}

// maxDocument is how deep a document may be nested.
const maxDocument = 1000

// arranged appends the JSON of v. Members have the order of like, the earlier JSON of v if
// there is one. New members follow in alphabetical order.
func arranged(b []byte, v any, like json.RawMessage, depth int) ([]byte, error) {
	if depth++; depth > maxDocument {
		return b, errors.New("it is nested too deep, or contains itself")
	}
	switch v := v.(type) {
	case map[string]any:
		return arrangedObject(b, v, like, depth)
	case []any:
		var before []json.RawMessage
		if like.Kind() == '[' {
			_ = json.Unmarshal(like, &before) // It was read from JSON.
		}
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			var of json.RawMessage
			if i < len(before) {
				of = before[i]
			}
			var err error
			if b, err = arranged(b, item, of, depth); err != nil {
				return b, err
			}
		}
		return append(b, ']'), nil
	}
	text, err := json.Marshal(&v)
	return append(b, text...), err
}

func arrangedObject(b []byte, v map[string]any, like json.RawMessage, depth int) ([]byte, error) {
	var before schema.Ordered[json.RawMessage]
	if like.Kind() == '{' {
		_ = json.Unmarshal(like, &before) // It was read from JSON.
	}
	names := make([]string, 0, len(v))
	for name := range v {
		if _, ok := before.Get(name); !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for i, m := range slices.Backward(before) {
		if _, ok := v[m.Name]; ok {
			names = slices.Insert(names, 0, before[i].Name)
		}
	}
	b = append(b, '{')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = json.AppendQuote(b, name); err != nil {
			return b, err
		}
		of, _ := before.Get(name)
		if b, err = arranged(append(b, ':'), v[name], of, depth); err != nil {
			return b, err
		}
	}
	return append(b, '}'), nil
}
