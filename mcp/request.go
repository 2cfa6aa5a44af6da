package mcp

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/pattern"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
	"github.com/tenonkit/tenon/respond"
)

// fromArguments is the place of a fault in the arguments as a whole.
const fromArguments = "arguments"

// A draft is a request in the making.
type draft struct {
	*tool

	args   schema.Ordered[json.RawMessage]
	used   map[string]bool
	path   map[string]string
	query  strings.Builder
	form   strings.Builder
	header http.Header
	faults []respond.FieldError
}

// request returns the request for the arguments and the caller, who may be nil. The error
// is a [bind.Error] about arguments that no request can carry.
func (t *tool) request(ctx context.Context, caller *http.Request, arguments []byte) (*http.Request, error) {
	d := &draft{tool: t, used: map[string]bool{}, path: map[string]string{}, header: http.Header{}}
	if len(arguments) > 0 && json.RawMessage(arguments).Kind() != 'n' { // null is what some clients send for none
		if err := json.Unmarshal(arguments, &d.args); err != nil {
			wrong := &text.Wrong{Code: "syntax", Detail: "must be a JSON object"}
			if json.IsDuplicateName(err) {
				wrong = &text.Wrong{Code: "duplicate", Detail: "has a name twice"}
			}
			d.fault(fromArguments, "", wrong)
			return nil, &bind.Error{Fields: d.faults}
		}
	}
	for i := range t.arguments {
		d.take(&t.arguments[i])
	}
	content := d.body()
	path := d.target()
	d.unknown()
	if len(d.faults) > 0 {
		return nil, &bind.Error{Fields: d.faults}
	}
	return d.finish(ctx, caller, path, content)
}

func (d *draft) fault(in, name string, wrong *text.Wrong) {
	d.faults = append(d.faults, respond.FieldError{In: in, Name: name, Code: wrong.Code, Limit: wrong.Limit, Detail: wrong.Detail})
}

// take sends one argument.
func (d *draft) take(a *argument) {
	value, ok := d.args.Get(a.name)
	d.used[a.name] = true
	if !ok {
		return
	}
	pairs, wrong := a.pairs(value)
	switch {
	case wrong != nil || len(pairs) == 0:
	case a.in == shape.FromPath:
		d.path[a.name] = pairs[0].texts[0]
	case a.in == shape.FromQuery:
		encode(&d.query, pairs)
	case a.in == shape.FromForm:
		encode(&d.form, pairs)
	case len(pairs[0].texts) > 0:
		var field string
		field, wrong = a.field(pairs[0].texts)
		d.header.Set(a.name, field)
	}
	if wrong != nil {
		d.fault(a.in, a.name, wrong)
	}
}

// body returns the body, or nil for none.
func (d *draft) body() []byte {
	b := d.tool.body
	switch {
	case b == nil:
		return nil
	case b.kind == shape.KindForm:
		return []byte(d.form.String())
	case b.isFlat:
		return d.members()
	}
	value, ok := d.args.Get(wholeBody)
	d.used[wholeBody] = true
	switch {
	case !ok:
		return nil
	case b.kind == shape.KindText:
		texts, wrong := (&argument{}).texts(value)
		if wrong == nil && len(texts) != 1 {
			wrong = &text.Wrong{Code: "type", Detail: "must be text"}
		}
		if wrong != nil {
			d.fault(shape.FromBody, "", wrong)
			return nil
		}
		return []byte(texts[0])
	}
	return value
}

// members returns the object of all arguments that are not parameters, as they were sent.
func (d *draft) members() []byte {
	object := []byte{'{'}
	for _, m := range d.args {
		if d.used[m.Name] {
			continue
		}
		if len(object) > 1 {
			object = append(object, ',')
		}
		object, _ = json.AppendQuote(object, m.Name) // it has been read from JSON
		object = append(append(object, ':'), m.Value...)
	}
	if len(object) == 1 && !d.tool.body.isRequired {
		return nil
	}
	return append(object, '}')
}

// unknown refuses arguments that would be lost. The reader of a JSON body judges its
// members.
func (d *draft) unknown() {
	if b := d.tool.body; b != nil && b.isFlat {
		return
	}
	for _, m := range d.args {
		if !d.used[m.Name] {
			d.fault(fromArguments, m.Name, &text.Wrong{Code: "unknown", Detail: "is not known"})
		}
	}
}

// target returns the escaped path. A segment that is empty, "." or ".." is a fault,
// because clients and routers resolve it to another path.
func (d *draft) target() string {
	var b strings.Builder
	for _, s := range d.tool.path {
		b.WriteByte('/')
		switch s.Kind {
		case pattern.Literal:
			b.WriteString(s.Escaped())
		case pattern.Wildcard:
			b.WriteString(d.segment(s.Text, d.path[s.Text]))
		case pattern.Rest:
			b.WriteString(d.rest(cmp.Or(s.Text, d.restName())))
		}
	}
	return b.String()
}

// rest returns the escaped segments of the rest of the path. A final slash may stay.
func (d *draft) rest(name string) string {
	segments := strings.Split(d.path[name], "/")
	for i := range segments {
		if i < len(segments)-1 || segments[i] != "" {
			segments[i] = d.segment(name, segments[i])
		}
	}
	return strings.Join(segments, "/")
}

// restName returns the name in the document of what a final slash matches.
func (d *draft) restName() string {
	for _, a := range slices.Backward(d.arguments) {
		if a.in == shape.FromPath {
			return a.name
		}
	}
	return ""
}

func (d *draft) segment(name, value string) string {
	switch value {
	case "":
		for _, f := range d.faults {
			if f.In == shape.FromPath && f.Name == name {
				return "" // it is of the wrong type
			}
		}
		d.fault(shape.FromPath, name, text.Missing())
	case ".", "..":
		d.fault(shape.FromPath, name, &text.Wrong{Code: "invalid", Detail: `must not be "." or ".."`})
	}
	return url.PathEscape(value)
}

// finish returns the request, with the credentials of the caller.
func (d *draft) finish(ctx context.Context, caller *http.Request, path string, content []byte) (*http.Request, error) {
	var reader io.Reader
	if content != nil {
		reader = bytes.NewReader(content)
		d.header.Set("Content-Type", d.tool.body.contentType)
	}
	target := path
	if d.query.Len() > 0 {
		target += "?" + d.query.String()
	}
	r, err := http.NewRequestWithContext(ctx, d.method, "http://localhost"+target, reader)
	if err != nil {
		return nil, err
	}
	d.header.Set("Accept", d.accept)
	r.Header, r.Host = d.header, cmp.Or(d.host, r.Host)
	if caller != nil {
		r.Host = cmp.Or(d.host, caller.Host)
		if credentials := caller.Header["Authorization"]; len(credentials) > 0 {
			r.Header["Authorization"] = slices.Clone(credentials)
		}
	}
	return r, nil
}
