package decode

import (
	"bytes"
	"encoding/base64"
	"math"
	"reflect"
	"time"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A leaf is what the nodes of values without others inside have in common.
type leaf struct {
	wrong  *text.Wrong // of a value of another kind
	checks Checks
}

// leaf compiles what the values without others inside have in common. The words follow
// the name of a field whose value is of another kind.
func (c *compiler) leaf(s shape.Site, words string) leaf {
	return leaf{&text.Wrong{Code: "type", Detail: words}, ChecksOf(s, &c.faults)}
}

func (n *leaf) walk(w *walk, v reflect.Value) {
	if w.isCheck() {
		w.wrong(n.checks.Check(v))
	}
}

func (n *leaf) nested() []node { return nil }

// A str reads a string.
type str struct{ leaf }

func (n *str) read(d *decoding, dst reflect.Value) error {
	content, ok := d.text()
	if !ok {
		raw, ok, err := d.string(n.wrong)
		if !ok {
			return err
		}
		content = d.keep(raw)
	}
	dst.SetString(content)
	return d.checked(n.checks, dst)
}

// A boolean reads true or false.
type boolean struct{ leaf }

func (n *boolean) read(d *decoding, dst reflect.Value) error {
	kind := d.kind()
	if kind != 't' && kind != 'f' {
		return d.mismatch(kind, n.wrong)
	}
	if _, err := d.value(); err != nil {
		return err
	}
	dst.SetBool(kind == 't')
	return nil
}

// quoted reads the text of a string, valid until the next read. Without ok
// there is none, and the error says whether decoding goes on.
func (d *decoding) quoted(wrong *text.Wrong) (text []byte, ok bool, err error) {
	raw, ok, err := d.string(wrong)
	if ok {
		raw = d.unquote(raw)
	}
	return raw, ok, err
}

// string reads a string in quotes. Without ok there is none, and the error says whether
// decoding goes on.
func (d *decoding) string(wrong *text.Wrong) (raw []byte, ok bool, err error) {
	if kind := d.kind(); kind != '"' {
		return nil, false, d.mismatch(kind, wrong)
	}
	raw, err = d.value()
	return raw, err == nil, err
}

// A base64Bytes reads base64 (RFC 4648, section 4) into bytes.
type base64Bytes struct {
	leaf
}

func (c *compiler) bytes(s shape.Site) node {
	words := "must be a base64 string"
	if t := s.Type.Base; t.Kind() == reflect.Array {
		words += " of " + text.Count(t.Len(), "byte")
	}
	return c.add(s, &base64Bytes{c.leaf(s, words)})
}

func (n *base64Bytes) read(d *decoding, dst reflect.Value) error {
	if dst.Kind() == reflect.Slice && d.kind() == 'n' {
		return d.skip()
	}
	content, ok, err := d.quoted(n.wrong)
	if !ok {
		return err
	}
	// The package takes line ends, which section 3.3 does not.
	if bytes.ContainsAny(content, "\r\n") {
		return d.wrong(n.wrong)
	}
	data := make([]byte, base64.StdEncoding.DecodedLen(len(content)))
	size, err := base64.StdEncoding.Decode(data, content)
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

// A timestamp reads a time in the form that its format chooses.
type timestamp struct {
	leaf

	form  text.TimeForm
	wrong *text.Wrong // of a string that is no time
}

func (c *compiler) time(s shape.Site) node {
	form := s.TimeForm()
	if form.IsNumber {
		return c.add(s, &unixTime{c.leaf(s, form.Words)})
	}
	return c.add(s, &timestamp{c.leaf(s, "must be a string"), form, &text.Wrong{Code: "type", Detail: form.Words}})
}

func (n *timestamp) read(d *decoding, dst reflect.Value) error {
	content, ok, err := d.quoted(n.leaf.wrong)
	if !ok {
		return err
	}
	t, err := n.form.Parse(string(content))
	if err != nil {
		return d.wrong(n.wrong)
	}
	setTime(dst, t)
	return nil
}

func setTime(dst reflect.Value, t time.Time) {
	if stored, ok := reflect.TypeAssert[*time.Time](dst.Addr()); ok {
		*stored = t
	}
}

// A unixTime reads a time that is a number of seconds, in any way that an integer may be
// written.
type unixTime struct{ leaf }

func (n *unixTime) read(d *decoding, dst reflect.Value) error {
	raw, ok, err := d.number(false, n.wrong)
	if !ok {
		return err
	}
	t, ok := unixOf(raw)
	if !ok {
		return d.wrong(n.wrong)
	}
	setTime(dst, t)
	return nil
}

func unixOf(number []byte) (t time.Time, ok bool) {
	magnitude, negative, result := integerOf(number)
	if result != whole || magnitude > math.MaxInt64 {
		return t, false
	}
	seconds := int64(magnitude)
	if negative {
		seconds = -seconds
	}
	t, err := text.UnixTime(seconds)
	return t, err == nil
}
