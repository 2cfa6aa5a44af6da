package bind

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
	"github.com/tenonkit/tenon/respond"
)

// validate calls the Validate methods and functions once every constraint holds, inner values
// before outer ones.
func (p *plan) validate(b *request, in any) error {
	b.validateSent()
	b.errs.join(&b.late)
	if err := b.refusal(); err != nil {
		return err
	}
	if err := p.validateForm(b); err != nil {
		return err
	}
	for _, s := range p.structs {
		if len(p.values) > 0 && s.isParam() {
			continue // validateParams has checked it
		}
		if err := s.validate(b); err != nil {
			return err
		}
	}
	for _, f := range b.config.validate {
		if err := failure.WithoutNils(f.check(in)); err != nil {
			return b.config.invalid(err)
		}
	}
	return nil
}

// validateParams is validate for the parameters alone, of an In with values.
func (p *plan) validateParams(b *request) error {
	b.validateSent()
	if err := b.refusal(); err != nil {
		return err
	}
	for _, s := range p.structs {
		if !s.isParam() {
			continue
		}
		if err := s.validate(b); err != nil {
			return err
		}
	}
	return nil
}

// validateSent calls the Validate methods of single values that were sent since it was
// called before.
func (b *request) validateSent() {
	for _, s := range b.gathered.sent[b.checked:] {
		s.param.validate(s.in, &b.errs)
	}
	b.checked = len(b.gathered.sent)
}

// validateForm calls the Validate method of the struct whose fields came as a form. If
// the struct may also come as JSON, the error is that of the JSON body.
func (p *plan) validateForm(b *request) error {
	if b.form == nil {
		return nil
	}
	err := decode.Validate(b.form.self, b.form.inside(p.body.field(b.in)))
	switch {
	case err == nil:
		return nil
	case p.body.json == nil:
		return b.config.invalid(err)
	}
	b.errs.invalid(shape.FromBody, "", "#", err)
	return b.refusal()
}

// A checkedStruct is In, or a struct with the option deep, that checks itself.
type checkedStruct struct {
	index  []int
	calls  []shape.Validation
	always bool // there is something in it to be checked, whatever was sent
}

// isParam reports whether it is a struct with the option deep.
func (s *checkedStruct) isParam() bool { return len(s.index) > 0 }

// validate calls the methods of the struct, if something in it was sent.
func (s *checkedStruct) validate(b *request) error {
	if !s.isSent(b) {
		return nil
	}
	if err := decode.Validate(s.calls, b.in.FieldByIndex(s.index)); err != nil {
		return b.config.invalid(err)
	}
	return nil
}

// isSent reports whether something in the struct was sent, or has a default.
func (s *checkedStruct) isSent(b *request) bool {
	return s.always || slices.ContainsFunc(b.gathered.sent, func(p sentParam) bool {
		at := p.param.index
		return p.param.source == shape.FromQuery && len(at) > len(s.index) && slices.Equal(at[:len(s.index)], s.index)
	})
}

// invalid returns the answer to a value whose own check refuses it. An error with an
// answer of its own is the answer. Any other error has its text sent: a Validate method
// writes it for the client.
func (c *config) invalid(err error) error {
	if fault, ok := err.(*Error); ok && fault != nil && fault.Status == 0 { //nolint:errorlint // what wraps one may say more
		open := *fault
		open.Status = c.statusOf(open.Fields)
		return &open
	}
	if failure.Answers[*respond.Problem](err) {
		return err
	}
	return &Error{Status: c.invalidStatus, detail: err.Error(), cause: err}
}

// invalid records the error of the Validate method of the value at name or, in a body, at
// pointer. The fields of an [*Error] are placed below it. Another error with an answer of
// its own is the answer.
func (c *collector) invalid(in, name, pointer string, err error) {
	inner, ok := errors.AsType[*Error](err)
	if !ok || inner == nil || len(inner.Fields) == 0 {
		switch {
		case !failure.Answers[*respond.Problem](err):
			c.add(in, name, pointer, &text.Wrong{Code: "invalid", Detail: err.Error()})
		case c.answer == nil:
			c.answer = err
		}
		return
	}
	for _, field := range inner.Fields {
		at := pointer
		if below := field.Pointer; pointer != "" && below != "" {
			at = decode.Cut(pointer + strings.TrimPrefix(below, "#"))
		}
		c.add(in, name, at, &text.Wrong{Code: field.Code, Limit: field.Limit, Detail: field.Detail})
	}
}

// A selfParam holds the Validate methods of what a parameter is read into.
type selfParam struct {
	value, key []shape.Validation // of one value, and of a key of a map
	whole      []shape.Validation // of the slice or map
}

// validations compiles the Validate methods of p.
func (p *param) validations() {
	p.self.value = validationsOf(p.of.One())
	if p.list || p.deep {
		p.self.whole = validationsOf(p.of.Site)
	}
	if p.deep {
		p.self.key = validationsOf(shape.Site{Medium: shape.InText, Type: p.of.Type.Key()})
	}
	p.noted = len(p.self.value)+len(p.self.key)+len(p.self.whole) > 0
}

// validationsOf returns the Validate methods of values at s. Those that cannot be called
// are faults that shape has found.
func validationsOf(s shape.Site) []shape.Validation {
	calls, _ := s.Validations()
	return calls
}

// validate calls the Validate methods of what was sent for p, which fills a field
// of in. A value has one error at most, and a slice as well.
func (p *param) validate(in reflect.Value, errs *collector) {
	if !p.noted {
		return
	}
	dst := p.inner(in)
	if p.deep && !p.validateEntries(dst, errs) {
		return
	}
	if err := p.refused(dst); err != nil {
		errs.invalid(p.source, p.name, "", err)
	}
}

// refused returns the error of the first Validate method that refuses dst: a value, a
// slice or what is in it, or a map as a whole.
func (p *param) refused(dst reflect.Value) error {
	if !p.list && !p.deep {
		return decode.Validate(p.self.value, dst)
	}
	for i := 0; p.list && i < dst.Len() && len(p.self.value) > 0; i++ {
		if _, present, _ := shape.Open(dst.Index(i)); !present {
			continue // in a value that no request has brought
		}
		if err := decode.Validate(p.self.value, p.openItem.into(dst.Index(i))); err != nil {
			return err
		}
	}
	return decode.Validate(p.self.whole, dst)
}

// validateEntries checks the keys and values of the map m, in the order of the
// keys, and reports whether they hold.
func (p *param) validateEntries(m reflect.Value, errs *collector) bool {
	if len(p.self.key)+len(p.self.value) == 0 {
		return true
	}
	holds := true
	for _, name := range namesOf(m) {
		key := reflect.ValueOf(name).Convert(m.Type().Key())
		item := decode.Addressable(m.MapIndex(key))
		err := decode.Validate(p.self.key, decode.Addressable(key))
		if _, present, _ := shape.Open(item); err == nil && present {
			err = decode.Validate(p.self.value, p.openItem.into(item))
			m.SetMapIndex(key, item)
		}
		if err != nil {
			errs.invalid(p.source, p.name+"["+shorten(name)+"]", "", err)
			holds = false
		}
	}
	return holds
}

// namesOf returns the keys of the map m, which are strings, in order. It sorts strings, for
// which a program has the code already.
func namesOf(m reflect.Value) []string {
	names := make([]string, 0, m.Len())
	for _, key := range m.MapKeys() {
		names = append(names, key.String())
	}
	slices.Sort(names)
	return names
}
