package bind

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// A param reads one field of In from one source other than a body as a whole.
type param struct {
	source, name string
	index        []int
	csv          bool
	missing      *text.Wrong // of nothing sent; nil where that is allowed

	list       bool // a slice, of every value that was sent
	deep       bool // a map, of name[key]=value pairs
	open       open // through pointers and Opts to the value, slice or map
	openItem   open // the same for the elements of a slice or map
	parse      parse
	keepsEmpty bool // "" is a value and not an absence
	isBool     bool
	checks     []check // on each value
	items      items   // on the slice
	self       selfParam
	noted      bool // whether it was sent matters to a Validate method
	fallback   func(dst reflect.Value)
	upload     *upload // of a field of files; nil for text
}

// missing is what is wrong with a required value that was not sent.
func missing() *text.Wrong { return &text.Wrong{Code: "required", Detail: "is required"} }

// field returns the field of in that p fills.
func (p *param) field(in reflect.Value) reflect.Value {
	if len(p.index) == 1 {
		return in.Field(p.index[0])
	}
	return in.FieldByIndex(p.index)
}

// inner returns the value, slice or map inside the field.
func (p *param) inner(in reflect.Value) reflect.Value {
	dst := p.field(in)
	if p.open != nil {
		dst = p.open(dst)
	}
	return dst
}

// absent treats a value that was not sent: it takes the default or is missing.
func (p *param) absent(in reflect.Value) *text.Wrong {
	if p.fallback != nil {
		p.fallback(p.inner(in))
		return nil
	}
	return p.missing
}

// isAbsent reports whether text means that nothing was sent. An HTML form sends
// every input, so an empty one is no number.
func (p *param) isAbsent(text string) bool { return text == "" && !p.keepsEmpty }

// one stores the value of a scalar.
func (g *gathered) one(p *param, in reflect.Value, text string) *text.Wrong {
	if p.isAbsent(text) {
		return p.absent(in)
	}
	g.note(p, in)
	return p.value(p.inner(in), text)
}

// value reads text into dst and checks what is stored.
func (p *param) value(dst reflect.Value, text string) *text.Wrong {
	if wrong := p.parse(dst, text); wrong != nil {
		return wrong
	}
	return p.checked(dst)
}

func (p *param) checked(dst reflect.Value) *text.Wrong {
	for _, c := range p.checks {
		if wrong := c(dst); wrong != nil {
			return wrong
		}
	}
	return nil
}

// all stores the values of a slice.
func (g *gathered) all(p *param, in reflect.Value, texts []string) *text.Wrong {
	if !p.keepsEmpty {
		texts = slices.DeleteFunc(texts, p.isAbsent)
	}
	if len(texts) == 0 {
		return p.absent(in)
	}
	g.note(p, in)
	return p.fill(p.inner(in), texts)
}

// fill reads texts into the slice dst and checks what is stored.
func (p *param) fill(dst reflect.Value, texts []string) *text.Wrong {
	if len(texts) > p.items.max {
		return p.items.tooBig
	}
	if list, ok := reflect.TypeAssert[*[]string](dst.Addr()); ok {
		return p.fillStrings(list, dst, texts)
	}
	dst.Grow(len(texts))
	dst.SetLen(len(texts))
	for i, text := range texts {
		item := dst.Index(i)
		if p.openItem != nil {
			item = p.openItem(item)
		}
		if wrong := p.value(item, text); wrong != nil {
			return wrong
		}
	}
	return p.items.check(dst)
}

// fillStrings is fill for the most common list, which needs no reflection to be
// stored: BenchmarkHandler/get=six-inputs.
func (p *param) fillStrings(list *[]string, dst reflect.Value, texts []string) *text.Wrong {
	*list = append(make([]string, 0, len(texts)), texts...)
	for i, s := range texts {
		if wrong := text.UTF8(s); wrong != nil {
			return wrong
		}
		if len(p.checks) == 0 {
			continue
		}
		if wrong := p.checked(dst.Index(i)); wrong != nil {
			return wrong
		}
	}
	return p.items.check(dst)
}

func (l *items) check(list reflect.Value) *text.Wrong {
	for _, c := range l.checks {
		if wrong := c(list); wrong != nil {
			return wrong
		}
	}
	return nil
}

// param compiles the reader of field f, whose tag declares d. It returns nil
// where no text can be read into the field.
func (c *compiler) param(path string, index []int, f reflect.StructField, d tag.Field) *param {
	t, outer := unwrap(f.Type)
	p := &param{source: d.Source, name: d.Name, index: index, csv: d.CSV, open: outer}
	elem, ok := p.shape(c.faults, path, f.Type, d)
	if !ok {
		return nil
	}
	var err error
	if p.parse, err = c.faults.textParse(path, elem, f.Tag); err != nil {
		c.faults.add(path, "%v", err)
		return nil
	}
	p.keepsEmpty, p.isBool = elem.Kind() == reflect.String, elem.Kind() == reflect.Bool
	p.checks = valueChecks(c.faults, path, elem, f.Tag)
	p.items = itemChecks(c.faults, path, t, f.Tag)
	p.selfChecks(c.faults, path, t, elem)
	switch text, hasDefault := f.Tag.Lookup("default"); {
	case hasDefault:
		if err := p.setDefault(t, text); err != nil {
			c.faults.add(path, "has default:%q: %v", text, err)
		}
	case d.Optional || outer != nil || p.deep:
	case p.list:
		// No value at all is an empty list, which the constraints may refuse.
		p.missing = p.items.check(reflect.Zero(t))
	default:
		p.missing = missing()
	}
	return p
}

// shape tells a scalar from a slice and a map, and returns the type of one
// value. It is not ok where the source cannot fill the type.
func (p *param) shape(f *faults, path string, declared reflect.Type, d tag.Field) (elem reflect.Type, ok bool) {
	before := len(f.list)
	t, _ := unwrap(declared)
	elem = t
	switch {
	case t.Kind() == reflect.Slice && !tag.ReadsText(t):
		p.list = true
		elem, p.openItem = unwrap(t.Elem())
		if t.Elem().Kind() == reflect.Uint8 {
			f.add(path, "is a %s, and bytes are no list of numbers here: use string", t)
		}
		if d.Source == tag.Path {
			f.add(path, "is a slice, and a path has one value of a name")
		}
	case t.Kind() == reflect.Map && d.Deep:
		p.deep = true
		elem, p.openItem = unwrap(t.Elem())
		if t.Key().Kind() != reflect.String {
			f.add(path, "needs keys that are strings, not %s", t.Key())
		}
	case t.Kind() == reflect.Map && d.Source == tag.Query && !tag.ReadsText(t):
		f.add(path, "is a map, which needs the option deep")
	case d.Deep:
		f.add(path, "has the option deep, which is for maps and structs, not %s", declared)
	}
	if d.CSV && !p.list {
		f.add(path, "has the option csv, which is for slices")
	}
	return elem, len(f.list) == before
}

// setDefault reads the default once at start-up, where a bad one is a fault,
// and arranges that no two requests share what it points to.
func (p *param) setDefault(t reflect.Type, stated string) error {
	if p.deep {
		return errors.New("does not apply to a map")
	}
	read := func(dst reflect.Value) *text.Wrong { return p.value(dst, stated) }
	if p.list {
		words := splitDefault(stated)
		read = func(dst reflect.Value) *text.Wrong { return p.fill(dst, words) }
	}
	sample := reflect.New(t).Elem()
	if wrong := read(sample); wrong != nil {
		return fmt.Errorf("it %s", wrong.Detail)
	}
	if err := p.refused(sample); err != nil {
		return fmt.Errorf("it %w", err)
	}
	if isShareable(t) {
		p.fallback = func(dst reflect.Value) { dst.Set(sample) }
		return nil
	}
	p.fallback = func(dst reflect.Value) { read(dst) }
	return nil
}

// splitDefault returns the elements of the default of a slice; "" is an empty
// one.
func splitDefault(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// isShareable reports whether a copy of a t shares nothing that can be changed.
func isShareable(t reflect.Type) bool { return isPlain(t) || t == reflect.TypeFor[time.Time]() }
