package params

import (
	"net/url"
	"reflect"

	"github.com/tenonkit/tenon/internal/shape"
)

// Pairs are name=value pairs in application/x-www-form-urlencoded. The zero Pairs have
// none. They are for one goroutine.
type Pairs struct {
	text  []byte
	texts []string // the working space of Add
}

// Add adds the pairs of the parameter p of the value v: one pair, one for each element of a
// slice, or name[key]=value for each entry of a map. In a list with the option csv, commas
// between values are not escaped, and commas in a value are. An error names the source and the
// parameter.
func (x *Pairs) Add(p *shape.Param, v reflect.Value) error {
	if p.Type.IsTextMap() && p.IsDeep {
		entries, err := Entries(p, v)
		if err != nil {
			return Name(p, err)
		}
		for _, e := range entries {
			x.Pair(p.Name+"["+e.Key+"]", e.Text)
		}
		return nil
	}
	var err error
	if x.texts, err = Texts(x.texts[:0], p, v); err != nil {
		return Name(p, err)
	}
	for i, plain := range x.texts {
		if i > 0 && p.IsCSV {
			x.text = append(append(x.text, ','), url.QueryEscape(plain)...)
			continue
		}
		x.Pair(p.Name, plain)
	}
	return nil
}

// Append adds pairs that are escaped already.
func (x *Pairs) Append(escaped string) {
	if escaped == "" {
		return
	}
	x.next()
	x.text = append(x.text, escaped...)
}

// Pair adds one pair.
func (x *Pairs) Pair(name, plain string) {
	x.next()
	x.text = append(append(x.text, url.QueryEscape(name)...), '=')
	x.text = append(x.text, url.QueryEscape(plain)...)
}

func (x *Pairs) next() {
	if len(x.text) > 0 {
		x.text = append(x.text, '&')
	}
}

// String returns the pairs with & between them.
func (x *Pairs) String() string { return string(x.text) }

// Reset removes all pairs.
func (x *Pairs) Reset() {
	clear(x.texts[:cap(x.texts)])
	x.text, x.texts = x.text[:0], x.texts[:0]
}
