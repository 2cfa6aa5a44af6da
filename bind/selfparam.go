package bind

import (
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/shape"
)

// A selfParam holds the Validate methods of what a parameter is read into.
type selfParam struct {
	value, key []shape.Validation // of one value, and of a key of a map
	whole      []shape.Validation // of the slice or map
}

// validations compiles the Validate methods of p.
func (p *param) validations() {
	p.self.value = validationsOf(p.of.One())
	if p.list || p.deep {
		p.self.whole = validationsOf(p.of.Site)
	}
	if p.deep {
		p.self.key = validationsOf(shape.Site{Medium: shape.InText, Type: p.of.Type.Key()})
	}
	p.noted = len(p.self.value)+len(p.self.key)+len(p.self.whole) > 0
}

// validationsOf returns the Validate methods of values at s. Those that cannot be called
// are faults that shape has found.
func validationsOf(s shape.Site) []shape.Validation {
	calls, _ := s.Validations()
	return calls
}

// validate calls the Validate methods of what was sent for p, which fills a field
// of in. A value has one error at most, and a slice as well.
func (p *param) validate(in reflect.Value, errs *collector) {
	if !p.noted {
		return
	}
	dst := p.inner(in)
	var err error
	switch {
	case p.deep:
		if !p.validateEntries(dst, errs) {
			return
		}
		err = decode.Validate(p.self.whole, dst)
	default:
		err = p.refused(dst)
	}
	if err != nil {
		errs.invalid(p.source, p.name, "", err)
	}
}

// refused returns the error of the first Validate method that refuses the value
// or slice dst.
func (p *param) refused(dst reflect.Value) error {
	if !p.list {
		return decode.Validate(p.self.value, dst)
	}
	for i := 0; i < dst.Len() && len(p.self.value) > 0; i++ {
		if err := decode.Validate(p.self.value, p.opened(dst.Index(i))); err != nil {
			return err
		}
	}
	return decode.Validate(p.self.whole, dst)
}

// opened returns the value in an item of a slice or map.
func (p *param) opened(item reflect.Value) reflect.Value {
	if p.openItem != nil {
		return p.openItem(item)
	}
	return item
}

// validateEntries checks the keys and values of the map m, in the order of the
// keys, and reports whether they hold.
func (p *param) validateEntries(m reflect.Value, errs *collector) bool {
	if len(p.self.key)+len(p.self.value) == 0 {
		return true
	}
	holds := true
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		item := reflect.New(m.Type().Elem()).Elem()
		item.Set(m.MapIndex(key))
		err := decode.Validate(p.self.key, addressable(key))
		if err == nil {
			err = decode.Validate(p.self.value, p.opened(item))
			m.SetMapIndex(key, item)
		}
		if err != nil {
			errs.invalid(p.source, p.name+"["+shorten(key.String())+"]", "", err)
			holds = false
		}
	}
	return holds
}

// addressable returns a copy of v whose methods with a pointer receiver can be
// called.
func addressable(v reflect.Value) reflect.Value {
	copied := reflect.New(v.Type()).Elem()
	copied.Set(v)
	return copied
}
