package bind

import (
	"net/http"
	"reflect"
	"sync"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// checkers caches the plans of Valid by type, as binders does.
var checkers sync.Map //nolint:gochecknoglobals // a cache that no caller can tell from none

// Valid checks v as if it had come with a request: the constraints of T and its Validate
// methods. A T with sources is checked as an In, any other T as a JSON body. These count
// as not sent: nil, an absent [Opt], and a zero value that may be missing. Value fields
// and [RequestUnmarshaler] fields are not checked.
//
// The error is an [*Error] with the status 400, or the error that a Validate method chose. A v
// that points to itself is an error with the code depth. If a handler returns the error, the
// client gets a 400; return another error for a value that the program made itself.
//
// The first call for T panics as [For] does. Validate methods may change what v points
// to, so no other goroutine may use it during the call.
func Valid[T any](v T) error {
	t := reflect.TypeFor[T]()
	cached, ok := checkers.Load(t)
	if !ok {
		p, err := compileAlone(t)
		if err != nil {
			panic(err.Error())
		}
		p.values = nil // They belong to a request.
		cached, _ = checkers.LoadOrStore(t, p)
	}
	p, _ := cached.(*plan)
	return p.check(&request{in: reflect.ValueOf(&v).Elem(), config: &config{invalidStatus: http.StatusBadRequest}}, nil)
}

// CompileCheck is [Valid] for the packages of this module: for a type that is known only
// at run time, under the options of a route, and for a value that a client is about to
// send. It returns the declaration of the type, which must not be changed, and the
// function that checks an addressable value, which Validate methods may change. Many
// goroutines may call check. The error has the faults of the declaration.
func CompileCheck(t reflect.Type, opts *option.Set) (in *shape.In, check func(v reflect.Value) error, err error) {
	config := newConfig(opts)
	config.isDescribed, config.isSent = true, true
	p, err := compile(t, config)
	if err != nil {
		return nil, nil, err
	}
	pool := sync.Pool{New: func() any { return &request{config: config, r: new(http.Request)} }}
	return p.in, func(v reflect.Value) error {
		if p.isEmpty {
			return nil
		}
		b, _ := pool.Get().(*request)
		b.in = v
		err := p.check(b, v.Addr().Interface())
		b.in = reflect.Value{}
		b.reset(p)
		pool.Put(b)
		return err
	}, nil
}

// check checks a value in b.in that did not come from a request. in is for the functions of
// [ValidateFunc].
func (p *plan) check(b *request, in any) error {
	for _, s := range []*source{&p.path, &p.query, &p.header, &p.cookie} {
		s.check(b, b.in)
	}
	if p.body != nil {
		p.body.check(b)
	}
	if err := b.refusal(); err != nil {
		return err
	}
	return p.validate(b, in)
}

func (s *source) check(b *request, in reflect.Value) {
	for _, p := range s.params {
		p.check(b, in)
	}
}

// check checks what the body is read into.
func (p *body) check(b *request) {
	dst := p.field(b.in)
	_, present, null := shape.Open(dst)
	isAbsent := !present && null == nil && p.of.IsOptional
	switch {
	case isAbsent:
		return
	case p.of.Takes(shape.KindMergePatch):
		return // Apply checks what it leads to.
	case p.json != nil:
		p.json.Check(dst, b)
		if len(b.errs.list) == 0 {
			p.json.Validate(dst, b)
		}
		return
	case len(p.of.Index) > 0 && !present:
		return
	}
	if p.form != nil {
		b.form = p.form
		p.form.check(b, p.form.inside(dst))
		return
	}
	dst = openOf(p.of.Type).into(dst)
	var known shape.Faults // those of compile
	if p.of.Takes(shape.KindText) {
		if wrong := decode.ChecksOf(p.of.Site, &known).Check(dst); wrong != nil {
			b.errs.add(shape.FromBody, "", "", wrong)
		}
	}
	b.validated(validationsOf(p.of.Site), dst)
}

// check checks the parameter of the struct in.
func (p *param) check(b *request, in reflect.Value) {
	field := p.field(in)
	_, present, _ := shape.Open(field)
	isLeftOut := !p.of.IsRequired && !p.of.Type.IsWrapped() && field.IsZero() && (p.of.Default == nil || !b.config.isSent)
	switch {
	case !present, isLeftOut:
		return
	case p.json != nil:
		report := &fieldReport{&b.errs, &b.late, p.source, p.name}
		p.json.Check(field, report)
		if report.IsSound() {
			p.json.Validate(field, report)
		}
		return
	}
	dst := p.inner(in)
	if p.deep {
		p.checkEntries(b, dst)
	} else if wrong := p.wrong(dst); wrong != nil {
		b.errs.add(p.source, p.name, "", wrong)
		return
	}
	b.gathered.note(p, in)
}

// wrong returns what is wrong with the value, list or file dst.
func (p *param) wrong(dst reflect.Value) *text.Wrong {
	if !p.list {
		return p.wrongItem(dst)
	}
	if dst.Len() > p.items.Max {
		return p.items.TooMany
	}
	for i := range dst.Len() {
		if wrong := p.wrongItem(dst.Index(i)); wrong != nil {
			return wrong
		}
	}
	return p.items.Check(dst)
}

// wrongItem returns what is wrong with one value or file.
func (p *param) wrongItem(item reflect.Value) *text.Wrong {
	item, present, _ := shape.Open(item)
	if !present {
		return nil
	}
	if p.upload == nil {
		if lengths := p.of.One().Lengths(); lengths != nil && p.of.Text.Format != nil {
			plain, err := p.of.Text.Format(item)
			if err != nil {
				return nil // A value without a text has no length.
			}
			return lengths.Check(plain)
		}
		return p.checks.Check(item)
	}
	file, _ := reflect.TypeAssert[File](item)
	switch {
	case file.Size > p.upload.maxSize:
		return p.upload.tooBig
	case !p.upload.takes(file.ContentType):
		return p.upload.wrongType
	}
	return nil
}

// checkEntries checks the values of a map with the option deep, in the order of the keys.
func (p *param) checkEntries(b *request, m reflect.Value) {
	for _, name := range namesOf(m) {
		item := m.MapIndex(reflect.ValueOf(name).Convert(m.Type().Key()))
		if wrong := p.wrongItem(decode.Addressable(item)); wrong != nil {
			b.errs.add(p.source, p.name+"["+shorten(name)+"]", "", wrong)
		}
	}
}
