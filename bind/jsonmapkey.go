package bind

import (
	"encoding"
	"reflect"
	"strconv"
	"time"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// A jsonMapKey reads the names of an object as the keys of a map.
type jsonMapKey struct {
	// read reads the name raw into key, which is settable and zero.
	read func(d *decoding, raw []byte, key reflect.Value) (*text.Wrong, error)
	// name returns the name of a key, for a pointer.
	name func(key reflect.Value) string
	// unique: names that differ are keys that differ.
	unique bool
}

// A nameParse stores the key that the text of a name stands for.
type nameParse func(key reflect.Value, text []byte) bool

func (c *jsonCompiler) mapKey(path string, t reflect.Type) jsonMapKey {
	switch {
	case t == reflect.TypeFor[time.Time]():
		rfc3339 := text.RFC3339
		return parsedKey("must have RFC 3339 times as names", func(key reflect.Value, text []byte) bool {
			v, err := rfc3339(string(text))
			key.Set(reflect.ValueOf(v))
			return err == nil
		})
	case t == reflect.TypeFor[json.Number]():
		return parsedKey("must have numbers as names", func(key reflect.Value, text []byte) bool {
			key.SetString(string(text))
			return isNumber(text)
		})
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Interface:
	case ownJSON(t):
		return engineKey(t, readyForJSON(c.faults, path, t))
	case tag.ReadsText(t):
		ready := readyForJSON(c.faults, path, t)
		return parsedKey("must have valid names", func(key reflect.Value, text []byte) bool {
			if ready != nil {
				ready(key)
			}
			u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](key.Addr())
			return ok && u.UnmarshalText(text) == nil
		})
	case t.Kind() == reflect.String:
		return stringKey()
	case isSigned(t):
		return parsedKey("must have integers as names", func(key reflect.Value, text []byte) bool {
			n, err := strconv.ParseInt(string(text), 10, t.Bits())
			key.SetInt(n)
			return err == nil && isNumber(text)
		})
	case isUnsigned(t):
		return parsedKey("must have integers as names", func(key reflect.Value, text []byte) bool {
			n, err := strconv.ParseUint(string(text), 10, t.Bits())
			key.SetUint(n)
			return err == nil && isNumber(text)
		})
	case isFloat(t):
		return parsedKey("must have numbers as names", func(key reflect.Value, text []byte) bool {
			n, err := strconv.ParseFloat(string(text), t.Bits())
			key.SetFloat(n)
			return err == nil && isNumber(text)
		})
	}
	c.faults.add(path, "has keys of type %s, which no JSON name can be read into", t)
	return stringKey()
}

func stringKey() jsonMapKey {
	return jsonMapKey{
		unique: true,
		name:   reflect.Value.String,
		read: func(d *decoding, raw []byte, key reflect.Value) (*text.Wrong, error) {
			text, err := d.keep(raw)
			if err == nil {
				key.SetString(text)
			}
			return nil, err
		},
	}
}

func parsedKey(words string, parse nameParse) jsonMapKey {
	wrong := &text.Wrong{Code: "type", Detail: words}
	return jsonMapKey{name: nameOf, read: func(d *decoding, raw []byte, key reflect.Value) (*text.Wrong, error) {
		text, err := d.unquote(raw)
		if err != nil {
			return nil, err
		}
		if !parse(key, text) {
			return wrong, nil
		}
		return nil, nil
	}}
}

// engineKey reads keys that have their own unmarshaler.
func engineKey(t reflect.Type, ready func(key reflect.Value)) jsonMapKey {
	wrong, codec := &text.Wrong{Code: "format", Detail: "must have valid names"}, json.For(t)
	return jsonMapKey{name: nameOf, read: func(_ *decoding, raw []byte, key reflect.Value) (*text.Wrong, error) {
		if ready != nil {
			ready(key)
		}
		if ok := codec.Decode(raw, key.Addr().Interface()) == nil; !ok {
			return wrong, nil
		}
		return nil, nil
	}}
}

// nameOf returns the name that the engine writes for key.
func nameOf(key reflect.Value) string {
	m := reflect.MakeMap(reflect.MapOf(key.Type(), reflect.TypeFor[struct{}]()))
	m.SetMapIndex(key, reflect.ValueOf(struct{}{}))
	p := reflect.New(m.Type())
	p.Elem().Set(m)
	text, err := json.Marshal(p.Interface())
	end := len(text) - len(`:{}}`)
	if err != nil || end < len(`{""`) {
		return ""
	}
	name, err := json.AppendUnquote(nil, text[1:end])
	if err != nil {
		return ""
	}
	return string(name)
}
