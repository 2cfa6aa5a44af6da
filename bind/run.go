package bind

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/shape"
)

// A request is what binding one request needs, whatever the type of In.
type request struct {
	in       reflect.Value // settable, at one place for all requests unless the plan is placed, zero at the start
	r        *http.Request
	config   *config
	errs     collector
	late     collector // what the Validate methods of values in the body refuse
	form     *form     // that the body was read as, if its struct checks itself
	gathered gathered
	checked  int // how many of those that were sent have been validated
	buf      bytes.Buffer
	payload  []byte // the body as far as it was read
	body     bodyReader
	piece    io.LimitedReader // of body
	spool    *spool           // the uploads that did not fit in memory
	json     *decode.Reader   // of the body, made for the first
}

// bind runs the plan. It first checks the header fields of the body, so that it does not
// read an upload of the wrong type or size.
func (p *plan) bind(b *request, in any) error {
	var m *mode
	if p.body != nil {
		var err error
		if m, err = p.body.accept(b); err != nil {
			return err
		}
	}
	for _, index := range p.in.Requests {
		b.in.FieldByIndex(index).Set(reflect.ValueOf(b.r))
	}
	b.paths(&p.path)
	b.query(&p.query)
	b.headers(&p.header)
	if len(p.cookie.params) > 0 {
		b.cookies(&p.cookie)
	}
	if len(p.values) > 0 {
		if err := p.readValues(b); err != nil {
			return err
		}
	}
	if p.body != nil {
		if err := p.body.read(b, m); err != nil {
			return err
		}
	}
	if err := b.refusal(); err != nil {
		return err
	}
	return p.validate(b, in)
}

// bindPlain runs a plain plan, and reports whether nothing is wrong. It needs no working
// space, and calls no function value with in, so that in stays on the stack of the caller:
// BenchmarkBindPath.
func (p *plan) bindPlain(r *http.Request, in reflect.Value, c *config) bool {
	for _, param := range p.plain {
		var sent string
		var isSent bool
		if param.source == shape.FromPath {
			sent, isSent = param.pathText(r, c)
			if sent == "" && isSent {
				return false // unless the pattern of r has the wildcard, see unrouted
			}
		} else {
			sent, isSent = param.headerText(r)
		}
		switch {
		case !isSent || param.isAbsent(sent):
			if param.missing != nil {
				return false
			}
		case param.plain.Parse(param.field(in), sent) != nil:
			return false
		}
	}
	return true
}

// paths binds the path values.
func (b *request) paths(s *source) {
	for _, p := range s.params {
		sent, isSent := p.pathText(b.r, b.config)
		if sent == "" && b.errs.answer == nil {
			b.errs.answer = b.config.unrouted(b.r, p)
		}
		if wrong := b.one(p, sent, isSent); wrong != nil {
			b.errs.add(shape.FromPath, p.name, "", wrong)
		}
	}
}

// pathText returns the path value of p. A router does not tell an empty value, which the
// rest of a path may be, from none: it is a value for a required string alone.
func (p *param) pathText(r *http.Request, c *config) (sent string, isSent bool) {
	if c.pathValue == nil {
		sent = r.PathValue(p.name)
	} else {
		sent = c.pathValue(r, p.name)
	}
	return sent, sent != "" || p.missing != nil
}

// unrouted returns the error for a required path value that the pattern of r has no wildcard
// for. The client cannot send it. A request without a pattern comes from a router that does
// not tell. {id:[0-9]+} is a wildcard of chi.
func (c *config) unrouted(r *http.Request, p *param) error {
	if p.missing == nil || r.Pattern == "" || c.pathValue != nil || p.name == "*" {
		return nil
	}
	for _, end := range []string{"}", "...}", ":"} {
		if strings.Contains(r.Pattern, "{"+p.name+end) {
			return nil
		}
	}
	return fmt.Errorf("bind: the pattern %q has no wildcard {%s}, which %s reads: write it in the pattern", r.Pattern, p.name, p.of.Path)
}

// query binds the query parameters.
func (b *request) query(s *source) {
	if len(s.params) == 0 && !b.config.strict {
		return
	}
	s.scan(b.in, b.r.URL.RawQuery, &b.gathered, &b.errs, shape.FromQuery, b.config.strict)
}

// A buffer of up to maxBuffer bytes is always kept for the next request. One of up to maxFull
// bytes is kept if this request used at least a quarter of it.
const (
	maxBuffer = 64 << 10
	maxFull   = 2 << 20
)

// reset forgets the request that the plan p has bound.
func (b *request) reset(p *plan) {
	b.r = nil
	if b.errs.list != nil || b.errs.answer != nil {
		b.errs = collector{}
	}
	b.checked = 0
	b.gathered.reset()
	b.gathered.forget()
	if p.body == nil {
		return
	}
	b.body, b.piece.R, b.spool = bodyReader{}, nil, nil
	b.late, b.form = collector{}, nil
	if size := b.buf.Cap(); size > maxBuffer && (size > maxFull || len(b.payload) < size/4) {
		b.buf = bytes.Buffer{}
	}
	b.buf.Reset()
	b.payload = nil
}
