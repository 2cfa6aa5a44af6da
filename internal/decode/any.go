package decode

import (
	"fmt"
	"maps"
	"reflect"
	"strconv"

	"github.com/tenonkit/tenon/internal/encode"
)

// any merges a value of any kind into the interface dst.
func (m merger) any(n *self, dst reflect.Value) error {
	if m.isAlone && m.engine == nil {
		return n.pass(m.decoding)
	}
	before, patch := m.found, reflect.New(dst.Type()).Elem()
	if err := n.read(m.decoding, patch); err != nil || m.found > before {
		return err
	}
	result, err := merged(dst.Interface(), patch.Interface())
	if err != nil {
		*m.stored = fmt.Errorf("what is at %s has no JSON form: %w", m.pointer(), err)
		return errStop
	}
	dst.SetZero()
	if result != nil {
		dst.Set(reflect.ValueOf(result))
	}
	return nil
}

// pass holds a value to all that read asks of one for an interface, and stores nothing: in
// an interface a value takes up to 64 times the memory of its text.
func (n *self) pass(d *decoding) error {
	if err := d.shallow(); err != nil {
		return err
	}
	from := d.at
	if _, err := d.value(); err != nil {
		return err
	}
	if hasLargeNumber(d.buf, from, d.at) {
		return d.wrong(n.wrong)
	}
	return nil
}

// hasLargeNumber reports whether a number in the JSON from one place of the body to another
// is too large for a float64.
func hasLargeNumber(body []byte, i, to int) bool {
	for i < to {
		switch c := body[i]; {
		case c == '"':
			i, _ = scanString(body, i)
		case c == '-', isDigit(c):
			_, end := scanNumber(body, i)
			if _, err := strconv.ParseFloat(string(body[i:end]), 64); err != nil {
				return true
			}
			i = end
		default:
			i++
		}
	}
	return false
}

// merged is the function MergePatch of RFC 7396, section 2. The target is not changed, and
// the patch is not used again.
func merged(target, patch any) (any, error) {
	sent, ok := patch.(map[string]any)
	if !ok {
		return patch, nil
	}
	old, err := objectOf(target)
	if err != nil {
		return nil, err
	}
	result := sent
	if len(old) > 0 {
		result = maps.Clone(old)
	}
	for name, value := range sent {
		if value == nil {
			delete(result, name)
			continue
		}
		if result[name], err = merged(old[name], value); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// objectOf returns the members of a value whose JSON is an object, and none of another. A
// struct or another map in an interface is what its JSON is.
func objectOf(v any) (members map[string]any, err error) {
	switch v := v.(type) {
	case map[string]any:
		return v, nil
	case nil, bool, string, float64, []any:
		return nil, nil
	}
	written, err := encode.Marshal(&v)
	if err == nil && written[0] == '{' {
		err = encode.Unmarshal(written, &members)
	}
	return members, err
}
