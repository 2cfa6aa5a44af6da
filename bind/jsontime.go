package bind

import (
	"math"
	"reflect"
	"time"

	"github.com/tenonkit/tenon/internal/text"
)

// A jsonTime reads a time in the form that its format chooses.
type jsonTime struct {
	jsonLeaf

	parse func(dst reflect.Value, s string) *text.Wrong
}

func (c *jsonCompiler) time(key jsonKey, path string) jsonNode {
	codec, err := text.Of(key.typ, fieldFormat(key.constraints))
	if err != nil {
		c.faults.add(path, "%v", err)
		return c.add(key, &jsonTime{})
	}
	if form, _ := text.TimeFormOf(fieldFormat(key.constraints)); form.IsNumber {
		return c.add(key, &jsonUnix{c.leaf(key, path, form.Words)})
	}
	return c.add(key, &jsonTime{c.leaf(key, path, "must be a string"), codec.Parse})
}

func (n *jsonTime) read(d *decoding, dst reflect.Value) error {
	plain, ok, err := d.quoted(n.wrong)
	if !ok {
		return err
	}
	if wrong := n.parse(dst, string(plain)); wrong != nil {
		return d.wrong(wrong)
	}
	return nil
}

// A jsonUnix reads a time that is a number of seconds, in any way that an integer
// may be written.
type jsonUnix struct{ jsonLeaf }

func (n *jsonUnix) read(d *decoding, dst reflect.Value) error {
	raw, ok, err := d.number(false, n.wrong)
	if !ok {
		return err
	}
	t, ok := unixOf(raw)
	if !ok {
		return d.wrong(n.wrong)
	}
	dst.Set(reflect.ValueOf(t))
	return nil
}

func unixOf(number []byte) (t time.Time, ok bool) {
	magnitude, negative, result := integer(number)
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
