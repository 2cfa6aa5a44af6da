package bind

import (
	"context"
	"errors"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/respond"
)

// A validator is a type that checks itself, across its fields. The text of its
// error is sent to the client.
type validator interface{ Validate() error }

// hasValidate reports whether a *t has a Validate method.
func hasValidate(t reflect.Type) bool {
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface &&
		reflect.PointerTo(t).Implements(reflect.TypeFor[validator]())
}

// validate calls the Validate methods and functions, once every constraint
// holds: what is inside before what is around it.
func (p *plan) validate(b *request, in any) error {
	if p.body != nil && p.body.json != nil {
		if err := p.body.json.validate(p.body.field(b.in), &b.errs); err != nil {
			return err
		}
		if err := b.errs.refusal(); err != nil {
			return err
		}
	}
	if p.body != nil && p.body.form != nil {
		if err := p.body.form.validate(p.body.field(b.in)); err != nil {
			return invalid(err)
		}
	}
	for _, index := range p.validators {
		if v, ok := reflect.TypeAssert[validator](b.in.FieldByIndex(index).Addr()); ok {
			if err := v.Validate(); err != nil {
				return invalid(err)
			}
		}
	}
	for _, f := range b.config.validate {
		if err := f(in); err != nil {
			return invalid(err)
		}
	}
	return nil
}

// invalid returns the answer to a value that its own check refuses. An error
// that brings its own answer is that answer; of another one the text is sent,
// since a Validate method writes it for the client.
func invalid(err error) error {
	if answersItself(err) {
		return err
	}
	return &Error{Status: http.StatusBadRequest, detail: err.Error(), cause: err}
}

// checkItself calls the Validate method of one value.
func checkItself(v reflect.Value) *violation {
	if self, ok := reflect.TypeAssert[validator](v.Addr()); ok {
		if err := self.Validate(); err != nil {
			return &violation{"invalid", err.Error()}
		}
	}
	return nil
}

// answersItself reports whether respond.Error has a better answer to err than a
// 500.
func answersItself(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	if _, ok := errors.AsType[*respond.Problem](err); ok {
		return true
	}
	if _, ok := errors.AsType[interface {
		error
		http.Handler
	}](err); ok {
		return true
	}
	if _, ok := errors.AsType[interface {
		error
		Problem() *respond.Problem
	}](err); ok {
		return true
	}
	_, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err)
	return ok
}
