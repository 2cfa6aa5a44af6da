package bind

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
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

// A selfCheck is the Validate method of a value or of a struct embedded in it.
type selfCheck struct {
	index []int // of the embedded struct
	needs []int // leads from there to the embedded pointer or interface whose method it is
}

// selfChecks returns the Validate method of t, or where t has none those of the
// structs embedded in it. One that reflection cannot call is a fault. In JSON a
// field that a json tag gives a name is a member, which checks itself if it is
// sent.
func selfChecks(f *faults, path string, t reflect.Type, inJSON bool) []selfCheck {
	return appendSelfChecks(f, path, t, inJSON, nil, nil)
}

func appendSelfChecks(f *faults, path string, t reflect.Type, inJSON bool, index []int, outer []reflect.Type) []selfCheck {
	if hasValidate(t) {
		from := promotedFrom(t, methodValidate)
		if inJSON && isMember(t, from) {
			return nil
		}
		return []selfCheck{{index, nilable(t, from)}}
	}
	if t.Kind() != reflect.Struct || slices.Contains(outer, t) {
		return nil
	}
	var checks []selfCheck
	outer = append(slices.Clip(outer), t)
	for e := range t.Fields() {
		if !isEmbedded(e) && !isEmbeddedPointer(e) || inJSON && namesMember(e) {
			continue
		}
		inner := e.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if !e.IsExported() && hasValidate(inner) {
			f.add(path+"."+e.Name, "has a Validate method that cannot be called from outside: give %s one that calls it", t)
			continue
		}
		at := append(slices.Clip(index), e.Index...)
		checks = append(checks, appendSelfChecks(f, path+"."+e.Name, inner, inJSON, at, outer)...)
	}
	return checks
}

// isMember reports whether a field along index is a member of a JSON object by
// itself, or none. A field that is not exported cannot be called there, so that
// the outer type has to.
func isMember(t reflect.Type, index []int) bool {
	for i := range index {
		if f := t.FieldByIndex(index[:i+1]); namesMember(f) && (f.IsExported() || f.Tag.Get("json") == "-") {
			return true
		}
	}
	return false
}

// namesMember reports whether the json tag of an embedded field gives it a name,
// or takes it out of JSON.
func namesMember(f reflect.StructField) bool { return tag.JSONName(f) != "" }

// call calls the method for the value v, which is addressable, unless it would
// be called through nil. A nil of any type is no error.
func (c *selfCheck) call(v reflect.Value) error {
	if !reaches(v, c.index) {
		return nil
	}
	if len(c.index) > 0 {
		if v = v.FieldByIndex(c.index); v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
	}
	// The method of a field that is not exported is the outer type's to call.
	if !v.CanInterface() || !reaches(v, c.needs) {
		return nil
	}
	self, ok := reflect.TypeAssert[validator](v.Addr())
	if !ok {
		return nil
	}
	return withoutNils(self.Validate())
}

// callAll calls the methods in order until one refuses.
func callAll(checks []selfCheck, v reflect.Value) error {
	for i := range checks {
		if err := checks[i].call(v); err != nil {
			return err
		}
	}
	return nil
}

// withoutNils returns err without the nils of a type, which are no errors and
// have no text.
func withoutNils(err error) error {
	if isNil(err) {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	all := joined.Unwrap()
	if !slices.ContainsFunc(all, isNil) {
		return err
	}
	return errors.Join(slices.DeleteFunc(slices.Clone(all), isNil)...)
}

// isNil reports whether err is nil or holds a nil of its type, whose methods must
// not be called.
func isNil(err error) bool {
	if err == nil {
		return true
	}
	v := reflect.ValueOf(err)
	switch v.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Map, reflect.Slice, reflect.Chan:
		return v.IsNil()
	}
	return false
}

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
		if err := callAll(s.self, b.in.FieldByIndex(s.index)); err != nil {
			return invalid(err)
		}
	}
	for _, f := range b.config.validate {
		if err := withoutNils(f(in)); err != nil {
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
	err := callAll(b.form.self, b.form.inside(p.body.field(b.in)))
	switch {
	case err == nil:
		return nil
	case p.body.json == nil:
		return invalid(err)
	}
	b.errs.invalid(tag.Body, "", "#", err)
	return b.errs.refusal()
}

// A checkedStruct is In, or a struct with the option deep, that checks itself.
type checkedStruct struct {
	index  []int
	self   []selfCheck
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
	return p.source == tag.Query && len(p.index) > len(index) && slices.Equal(p.index[:len(index)], index)
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

// invalid records the error of the Validate method of a value at a place, which
// is below pointer in a body. The fields of an [*Error] are placed there; another
// error with an answer of its own is the answer.
func (c *collector) invalid(in, name, pointer string, err error) {
	inner, ok := errors.AsType[*Error](err)
	if !ok || inner == nil || len(inner.Fields) == 0 {
		switch {
		case !answersItself(err):
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

// answersItself reports whether respond.Error has a better answer to err than a
// 500.
func answersItself(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
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
