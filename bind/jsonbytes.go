package bind

import (
	"bytes"
	"encoding/base64"
	"reflect"
)

// A jsonBytes reads base64 (RFC 4648, section 4) into bytes.
type jsonBytes struct {
	jsonLeaf
}

func (c *jsonCompiler) bytes(key jsonKey, path string) jsonNode {
	words := "must be a base64 string"
	if t := key.typ; t.Kind() == reflect.Array {
		words += " of " + count(t.Len(), "byte")
	}
	return c.add(key, &jsonBytes{c.leaf(key, path, words)})
}

func (n *jsonBytes) read(d *decoding, dst reflect.Value) error {
	if dst.Kind() == reflect.Slice && d.dec.PeekKind() == 'n' {
		return d.dec.SkipValue()
	}
	text, ok, err := d.quoted(n.wrong)
	if !ok {
		return err
	}
	// The package takes line ends, which section 3.3 does not.
	if bytes.ContainsAny(text, "\r\n") {
		return d.wrong(n.wrong)
	}
	data := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	size, err := base64.StdEncoding.Decode(data, text)
	switch {
	case err != nil, dst.Kind() == reflect.Array && size != dst.Len():
		return d.wrong(n.wrong)
	case dst.Kind() == reflect.Array:
		reflect.Copy(dst, reflect.ValueOf(data[:size]))
	default:
		dst.SetBytes(data[:size])
	}
	return nil
}
