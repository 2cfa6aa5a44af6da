package bind

import (
	"bytes"
	"io"
	"reflect"
	"unicode/utf8"
)

// takesAny reports whether bodies of the kind may have any media type, so that no
// other kind can follow it.
func takesAny(kind string) bool { return kind == "text" || kind == "bytes" || kind == "stream" }

// otherKind compiles a kind of body other than JSON into p.
func (c *compiler) otherKind(p *body, f bodyField, kind string) {
	if kind == "form" {
		c.formField(p, f)
		return
	}
	keywords := append(itemKeywords(), "default")
	var m mode
	switch kind {
	case "text":
		m = c.textMode(f)
	case "bytes":
		keywords = append(keywords, valueKeywords()...)
		m = c.bytesMode(f)
	case "stream":
		keywords = append(keywords, valueKeywords()...)
		m = c.streamMode(f)
	case "multipart":
		keywords = append(keywords, valueKeywords()...)
		m = c.partsMode(f)
	}
	c.noKeywords(f.path, f.tag, keywords...)
	p.modes = append(p.modes, m)
}

// anyType accepts every media type.
func anyType(string) bool { return true }

// textMode compiles a body that is a string.
func (c *compiler) textMode(f bodyField) mode {
	t, outer := unwrap(f.typ)
	m := mode{accepts: anyType}
	if t.Kind() != reflect.String && !readsText(t) {
		c.faults.add(f.path, "is a text body of type %s, which is not a string", t)
		return m
	}
	parse, err := textParse(t, fieldFormat(f.tag))
	if err != nil {
		c.faults.add(f.path, "%v", err)
	}
	p := &param{parse: parse, checks: valueChecks(c.faults, f.path, t, f.tag)}
	m.read = func(b *request, dst reflect.Value) error {
		if outer != nil {
			dst = outer(dst)
		}
		if !utf8.Valid(b.buf.Bytes()) {
			return b.bodyFault(&violation{"syntax", "is not valid UTF-8"}, "", nil)
		}
		if wrong := p.value(dst, b.buf.String()); wrong != nil {
			return b.bodyFault(wrong, "", nil)
		}
		return nil
	}
	return m
}

// bytesMode compiles a body that is a []byte.
func (c *compiler) bytesMode(f bodyField) mode {
	t, outer := unwrap(f.typ)
	if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Uint8 {
		c.faults.add(f.path, "is a body of bytes of type %s, which is not a []byte", t)
	}
	read := func(b *request, dst reflect.Value) error {
		if outer != nil {
			dst = outer(dst)
		}
		dst.SetBytes(bytes.Clone(b.buf.Bytes()))
		return nil
	}
	return mode{accepts: anyType, read: read}
}

// streamMode compiles a body that the handler reads.
func (c *compiler) streamMode(f bodyField) mode {
	t, outer := unwrap(f.typ)
	if t != reflect.TypeFor[io.Reader]() && t != reflect.TypeFor[io.ReadCloser]() {
		c.faults.add(f.path, "is a stream of type %s: use io.Reader or io.ReadCloser", t)
	}
	read := func(b *request, dst reflect.Value) error {
		if outer != nil {
			dst = outer(dst)
		}
		source := bodyReader{body: b.r.Body, limit: b.config.maxBody}
		dst.Set(reflect.ValueOf(&bodyStream{source, newLateBody(b), b.r.Body}))
		return nil
	}
	return mode{accepts: anyType, read: read, streams: true}
}
