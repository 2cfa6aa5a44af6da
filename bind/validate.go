package bind

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
	"github.com/tenonkit/tenon/respond"
)

// validate calls the Validate methods and functions, once every constraint
// holds: what is inside before what is around it.
func (p *plan) validate(b *request, in any) error {
	for _, s := range b.gathered.sent {
		s.param.validate(s.in, &b.errs)
	}
	b.errs.join(&b.late)
	if err := b.errs.refusal(); err != nil {
		return err
	}
	if err := p.validateForm(b); err != nil {
		return err
	}
	for _, s := range p.structs {
		if !s.isSent(b) {
			continue
		}
		if err := decode.Validate(s.calls, b.in.FieldByIndex(s.index)); err != nil {
			return invalid(err)
		}
	}
	for _, f := range b.config.validate {
		if err := failure.WithoutNils(f(in)); err != nil {
			return invalid(err)
		}
	}
	return nil
}

// validateForm calls the Validate method of the struct whose fields came as a
// form. Where it could have come as JSON, its error is the one of JSON.
func (p *plan) validateForm(b *request) error {
	if b.form == nil {
		return nil
	}
	err := decode.Validate(b.form.self, b.form.inside(p.body.field(b.in)))
	switch {
	case err == nil:
		return nil
	case p.body.json == nil:
		return invalid(err)
	}
	b.errs.invalid(shape.FromBody, "", "#", err)
	return b.errs.refusal()
}

// A checkedStruct is In, or a struct with the option deep, that checks itself.
type checkedStruct struct {
	index  []int
	calls  []shape.Validation
	always bool // there is something in it to be checked, whatever was sent
}

// isSent reports whether something in the struct was sent, or has a default.
func (s *checkedStruct) isSent(b *request) bool {
	return s.always || slices.ContainsFunc(b.gathered.sent, func(p sentParam) bool {
		return isWithin(p.param, s.index)
	})
}

// isWithin reports whether p fills a field of the struct at index.
func isWithin(p *param, index []int) bool {
	return p.source == shape.FromQuery && len(p.index) > len(index) && slices.Equal(p.index[:len(index)], index)
}

// invalid returns the answer to a value that its own check refuses. An error
// that brings its own answer is that answer; of another one the text is sent,
// since a Validate method writes it for the client.
func invalid(err error) error {
	if failure.Answers[*respond.Problem](err) {
		return err
	}
	return &Error{Status: http.StatusBadRequest, detail: err.Error(), cause: err}
}

// invalid records the error of the Validate method of a value at a place, which
// is below pointer in a body. The fields of an [*Error] are placed there; another
// error with an answer of its own is the answer.
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
		c.add(in, name, at, &text.Wrong{Code: field.Code, Detail: field.Detail})
	}
}
