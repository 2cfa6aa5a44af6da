package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/params"
	"github.com/tenonkit/tenon/internal/shape"
)

// request writes in, which must be addressable, as a request to the service. The error
// names the field that cannot be sent, or that package bind would refuse.
func (c *Client) request(ctx context.Context, o *operation, in reflect.Value) (*http.Request, error) {
	if o.fault != nil {
		return nil, o.refused(in, o.fault)
	}
	if !c.sendInvalid {
		if err := o.check(in); err != nil {
			return nil, o.refused(in, o.failed(err))
		}
	}
	s, _ := o.scratch.Get().(*scratch)
	defer func() {
		s.reset()
		o.scratch.Put(s)
	}()
	content, err := o.body.content(s, in)
	if err != nil {
		return nil, o.refused(in, o.failed(err))
	}
	r, err := http.NewRequestWithContext(ctx, o.method, "", content.reader)
	if err != nil {
		content.close()
		return nil, o.failed(err)
	}
	content.describe(r)
	if _, canClose := content.reader.(io.Closer); canClose && ctx.Done() != nil {
		r.Body = &closeOnce{ctx: ctx, from: r.Body}
	}
	if err := c.write(o, s, r, in); err != nil {
		content.close()
		return nil, o.failed(err)
	}
	return r, nil
}

// refused returns err for an in that is not sent, and closes the body that would have
// been streamed.
func (o *operation) refused(in reflect.Value, err error) error {
	if b := o.body; b != nil && b.kind == shape.KindStream {
		if v, present, fault := b.open(b.value(in)); present && fault == nil {
			closeStream(v)
		}
	}
	return err
}

// write writes everything but the body.
func (c *Client) write(o *operation, s *scratch, r *http.Request, in reflect.Value) error {
	if err := s.address.AddValues(r, o.in, in); err != nil {
		return err
	}
	for i := range o.in.Params {
		p := &o.in.Params[i]
		v := in.FieldByIndex(p.Index)
		var err error
		switch p.Source {
		case shape.FromHeader:
			err = s.header(r, p, v)
		case shape.FromCookie:
			err = s.cookie(r, p, v)
		default:
			err = s.address.Add(p, v)
		}
		if err != nil {
			return err
		}
	}
	for name, values := range c.header {
		if _, ok := r.Header[name]; !ok {
			r.Header[name] = slices.Clone(values) // whoever is called may write into it
		}
	}
	if _, ok := r.Header["Accept"]; !ok && o.accept != "" {
		r.Header["Accept"] = []string{o.accept}
	}
	return c.address(o, s, r)
}

// address completes the URL of r.
func (c *Client) address(o *operation, s *scratch, r *http.Request) error {
	var err error
	if s.text, err = s.address.AppendPath(append(s.text[:0], c.prefix...), o.segments); err != nil {
		return err
	}
	*r.URL = c.base
	r.URL.Path = string(s.text)
	if strings.Contains(r.URL.Path, "%") {
		r.URL.RawPath = r.URL.Path
		if r.URL.Path, err = url.PathUnescape(r.URL.RawPath); err != nil {
			return err
		}
	}
	r.URL.RawQuery = s.address.Query.String()
	if r.Host == "" {
		r.Host = c.host
	}
	if o.host != "" {
		r.Host = o.host
	}
	return nil
}

var errOfTransport = errors.New("is a field that the transport writes: leave it out")

// header sets the header field p to v. A list is one line (RFC 9110, section 5.6.1).
func (s *scratch) header(r *http.Request, p *shape.Param, v reflect.Value) error {
	var err error
	if s.texts, err = params.Texts(s.texts[:0], p, v); err != nil {
		return params.Name(p, err)
	}
	if len(s.texts) == 0 {
		return nil
	}
	for _, text := range s.texts {
		if err := fieldFault(p, text); err != nil {
			return params.Name(p, err)
		}
	}
	value := strings.Join(s.texts, ", ")
	switch p.Name {
	case "Host":
		r.Host = value
	case "Content-Length", "Transfer-Encoding", "Trailer", "Connection", "Content-Type":
		return params.Name(p, errOfTransport)
	default:
		r.Header[p.Name] = []string{value}
	}
	return nil
}

// fieldFault returns why a text cannot be sent in a header field unchanged.
func fieldFault(p *shape.Param, text string) error {
	switch {
	case !header.IsValue(text):
		return errors.New("has a control character, which a header field cannot hold")
	case header.Trim(text) != text:
		return errors.New("has a space or a tab at an end, which a header field loses")
	case !p.IsSeveral():
		return nil
	}
	// Behind an open quotation mark the next comma would not separate.
	if before, _, _ := header.Cut(text+",", ','); before != text || text == "" {
		return fmt.Errorf("has the element %q, which is empty, has a comma outside quotation marks, or has an open quotation mark", text)
	}
	return nil
}

// cookie adds the cookie p with v, or several of its name.
func (s *scratch) cookie(r *http.Request, p *shape.Param, v reflect.Value) error {
	var err error
	if s.texts, err = params.Texts(s.texts[:0], p, v); err != nil {
		return params.Name(p, err)
	}
	s.text = s.text[:0]
	for _, text := range s.texts {
		raw := text
		if strings.ContainsAny(text, " ,") {
			raw = `"` + text + `"`
		}
		if read, ok := header.CookieText(raw); !ok || read != text || strings.Contains(text, ";") {
			return params.Name(p, errors.New("has a byte that a cookie cannot hold: a byte outside ASCII, a control character, a quotation mark, a backslash or a semicolon"))
		}
		if len(s.text) > 0 {
			s.text = append(s.text, "; "...)
		}
		s.text = append(append(append(s.text, p.Name...), '='), raw...)
	}
	if len(s.text) == 0 {
		return nil
	}
	line := string(s.text)
	if sent := r.Header["Cookie"]; len(sent) > 0 {
		line = sent[0] + "; " + line
	}
	r.Header["Cookie"] = []string{line}
	return nil
}
