package bind

import (
	"reflect"
	"slices"
	"sync"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/tag"
)

// Describe returns what the binder reads, for the family alone. It is not to be
// changed.
func (b *Binder[T]) Describe() *describe.Input { return b.description() }

// Describe returns what the binder reads, for the family alone. It is not to be
// changed.
func (b *TypeBinder) Describe() *describe.Input { return b.description() }

// describer returns what describes the plan, once it is asked.
func (p *plan) describer(t reflect.Type, config *config) func() *describe.Input {
	return sync.OnceValue(func() *describe.Input { return p.describe(t, config) })
}

func (p *plan) describe(t reflect.Type, config *config) *describe.Input {
	in := &describe.Input{In: shape.InOf(t), Strict: config.strict, Request: len(p.requests) > 0, Address: p.address(t, config)}
	for _, s := range []*source{&p.path, &p.query, &p.header, &p.cookie} {
		in.Params = append(in.Params, s.describe(t)...)
	}
	if p.body != nil {
		in.Body = p.body.describe(t, config)
	}
	in.Refuses = len(in.Params) > 0 || in.Body != nil || len(p.structs) > 0 || len(config.validate) > 0 || config.strict
	return in
}

// describe returns the parameters of s, which fills fields of the struct t.
func (s *source) describe(t reflect.Type) []describe.Param {
	params := make([]describe.Param, 0, len(s.params))
	for _, p := range s.params {
		d := describe.Param{
			Source:   p.source,
			Name:     p.name,
			Field:    t.FieldByIndex(p.index),
			Index:    p.index,
			Required: p.missing != nil,
			CSV:      p.csv,
			Deep:     p.deep,
			File:     p.upload != nil,
		}
		for i := 1; i < len(p.index); i++ {
			around := t.FieldByIndex(p.index[:i])
			if outer, _ := tag.Read(around); outer.Deep {
				inner, _ := tag.Read(d.Field)
				d.Outer, d.OuterTag, d.Name = outer.Name, around.Tag, inner.Name
			}
		}
		params = append(params, d)
	}
	return params
}

func (p *body) describe(in reflect.Type, config *config) *describe.Body {
	t, of, kinds := in, reflect.StructTag(""), []string{describe.JSON}
	if len(p.index) > 0 {
		f := in.FieldByIndex(p.index)
		d, _ := tag.Read(f)
		t, of, kinds = f.Type, f.Tag, d.Kinds
	} else if p.form != nil {
		kinds = []string{describe.Form}
	}
	b := &describe.Body{Required: !p.optional}
	modes := p.modes
	for _, kind := range kinds {
		n := 1
		switch kind {
		case describe.JSON:
			n += len(config.formats)
		case describe.Form:
			n = 2 // urlencoded and multipart
		}
		c := describe.Content{Kind: kind, Type: t, Tag: of, Strict: config.strict}
		for _, m := range modes[:n] {
			c.MediaTypes = append(c.MediaTypes, p.mediaTypes(m)...)
			b.Typed = b.Typed || m.types != ""
		}
		if fields := modes[0].fields; fields != nil {
			inside, _ := unwrap(t)
			c.Fields = fields.describe(inside)
		}
		b.Content, modes = append(b.Content, c), modes[n:]
	}
	// A form of which nothing has to be sent may be empty, if the body can be
	// nothing else.
	isRequired := func(f describe.Param) bool { return f.Required }
	if p.form != nil && !slices.ContainsFunc(b.Content[0].Fields, isRequired) {
		b.Required = false
	}
	return b
}

// mediaTypes returns what chooses the mode m.
func (p *body) mediaTypes(m mode) []string {
	switch {
	case p.media == "*" || p.media == "" && m.types == "":
		return nil
	case p.media != "":
		return []string{p.media}
	}
	return []string{m.types}
}
