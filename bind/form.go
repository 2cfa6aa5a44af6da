package bind

import (
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/tag"
)

const (
	urlencodedType = "application/x-www-form-urlencoded"
	multipartType  = "multipart/form-data"
)

// A form is the compiled reader of form fields, in either of their encodings.
type form struct {
	source

	body *body
	open open        // through pointers and Opts to the struct of the fields
	self []selfCheck // of this struct
}

// formBody compiles the form fields of In into its body.
func (c *compiler) formBody() *body {
	f := &form{source: c.form}
	f.body = &body{modes: f.modes(), form: f}
	return f.body
}

// formField compiles a body of the kind form: a struct whose fields are those of
// the form. Only a form that is nothing else may be empty, since an empty JSON
// body is missing.
func (c *compiler) formField(p *body, f bodyField) {
	t, outer := unwrap(f.typ)
	if !tag.IsGroup(t) {
		c.faults.add(f.path, "is a form of type %s, which is not a struct", t)
		return
	}
	if p.media != "" {
		c.faults.add(f.path, "has a contentType tag, but a form has two media types of its own")
	}
	faulty := len(c.faults.list)
	if tag.IsTagged(t) {
		c.compileAll(formFields(t, f.path, nil), c.field)
	} else {
		c.jsonNamed(t, f.path)
	}
	if len(c.form.params) == 0 && len(c.faults.list) == faulty {
		c.faults.add(f.path, "is a form without fields")
	}
	reader := &form{source: c.form, body: p, open: outer, self: selfChecks(c.faults, f.path, t, false)}
	p.modes = append(p.modes, reader.modes()...)
	if len(f.kinds) == 1 {
		p.form = reader
	}
}

// formFields collects the tagged fields of the struct t, which stands at index in
// the form.
func formFields(t reflect.Type, path string, index []int) (all []declared) {
	for f := range t.Fields() {
		fieldPath, at := path+"."+f.Name, append(slices.Clip(index), f.Index...)
		d, wrong := tag.Read(f)
		switch {
		case d.Source == "" && isEmbedded(f) && tag.IsTagged(f.Type):
			all = append(all, formFields(f.Type, fieldPath, at)...)
		case d.Source == "":
			all = append(all, unbound(fieldPath, f)...)
		default:
			if d.Source != tag.Form && len(wrong) == 0 {
				wrong = append(wrong, "has a "+d.Source+" tag, but the fields of a body are read from the body")
			}
			all = append(all, newDeclared(fieldPath, at, f, d, wrong))
		}
	}
	return all
}

// jsonNamed compiles the fields of a struct without form tags, by the names and
// options they have in JSON.
func (c *compiler) jsonNamed(t reflect.Type, path string) {
	var all []declared
	for _, f := range tag.MembersOf(t).List {
		d := tag.Field{Source: tag.Form, Name: f.Name, Optional: f.Optional}
		if f.Behind {
			all = append(all, atFault(path+f.GoPath, "is in an embedded pointer: embed the struct itself"))
			continue
		}
		all = append(all, newDeclared(path+f.GoPath, f.Index, f.Field, d, nil))
	}
	c.compileAll(all, c.field)
}

func (f *form) modes() []mode {
	is := func(want string) func(string) bool {
		return func(mediaType string) bool { return strings.EqualFold(mediaType, want) }
	}
	return []mode{
		{accepts: is(urlencodedType), types: urlencodedType, fields: &f.source, read: f.urlencoded},
		{accepts: is(multipartType), types: multipartType, fields: &f.source, read: f.multipart, streams: true},
	}
}

// inside returns the struct of the fields in dst.
func (f *form) inside(dst reflect.Value) reflect.Value {
	if f.open == nil {
		return dst
	}
	return f.open(dst)
}

// urlencoded reads a body of name=value pairs. The values are parts of its one
// copy.
func (f *form) urlencoded(b *request, dst reflect.Value) error {
	return f.scanned(b, dst, b.buf.String())
}

// empty reads a form of which nothing was sent.
func (f *form) empty(b *request, dst reflect.Value) error { return f.scanned(b, dst, "") }

func (f *form) scanned(b *request, dst reflect.Value, text string) error {
	first := len(b.errs.list)
	b.form = f
	f.scan(f.inside(dst), text, &b.gathered, &b.errs, tag.Form, b.config.strict)
	return b.asked(first, "", nil)
}
