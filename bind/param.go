package bind

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A param reads one field of In from a parameter or a form field.
type param struct {
	of           *shape.Param
	source, name string
	index        []int
	csv          bool
	missing      *text.Wrong // of nothing sent; nil where that is allowed

	list       bool // a slice, of every value that was sent
	isStrings  bool // a []string
	deep       bool // a map, of name[key]=value pairs
	open       open // through pointers and Opts to the value, slice or map
	openItem   open // the same for the elements of a slice or map
	parse      func(dst reflect.Value, s string) *text.Wrong
	plain      *text.Plain // where all that p does is to parse so
	keepsEmpty bool        // "" is a value and not an absence
	isBool     bool
	checks     decode.Checks // on each value
	items      decode.Items  // on the slice
	self       selfParam
	noted      bool // whether it was sent matters to a Validate method
	fallback   func(dst reflect.Value)
	upload     *upload      // of a field of files; nil for text
	json       *decode.Plan // of a form field that is a JSON value; nil for text
}

// field returns the field of in that p fills.
func (p *param) field(in reflect.Value) reflect.Value {
	for _, i := range p.index {
		in = in.Field(i)
	}
	return in
}

// inner returns the value, slice or map inside the field.
func (p *param) inner(in reflect.Value) reflect.Value {
	return p.open.into(p.field(in))
}

// absent treats a value that was not sent: it takes the default or is missing.
func (p *param) absent(in reflect.Value) *text.Wrong {
	if p.fallback != nil {
		p.fallback(p.inner(in))
		return nil
	}
	return p.missing
}

// isAbsent reports whether text counts as not sent. An HTML form sends empty text for an input
// that nobody filled, also for a number.
func (p *param) isAbsent(text string) bool { return text == "" && !p.keepsEmpty }

// isGathered reports whether something of p is kept until all of the request is bound.
func (p *param) isGathered() bool { return p.list || p.noted }

// one stores the value of a scalar.
func (b *request) one(p *param, sent string, isSent bool) *text.Wrong {
	if !isSent || p.isAbsent(sent) {
		return p.absent(b.in)
	}
	b.gathered.note(p, b.in)
	return p.value(p.inner(b.in), sent)
}

// value reads text into dst and checks what is stored.
func (p *param) value(dst reflect.Value, text string) *text.Wrong {
	wrong := p.parse(dst, text)
	if wrong != nil || len(p.checks) == 0 {
		return wrong
	}
	return p.checks.Check(dst)
}

// all stores the values of a slice, none of which is absent.
func (g *gathered) all(p *param, in reflect.Value, texts []string) *text.Wrong {
	if len(texts) == 0 {
		return p.absent(in)
	}
	g.note(p, in)
	return p.fill(p.inner(in), texts)
}

// fill reads texts into the slice dst and checks what is stored.
func (p *param) fill(dst reflect.Value, texts []string) *text.Wrong {
	if len(texts) > p.items.Max {
		return p.items.TooMany
	}
	if p.isStrings {
		return p.fillStrings(dst, texts)
	}
	dst.Grow(len(texts))
	dst.SetLen(len(texts))
	for i, text := range texts {
		if wrong := p.value(p.openItem.into(dst.Index(i)), text); wrong != nil {
			return wrong
		}
	}
	return p.items.Check(dst)
}

// fillStrings is fill for the most common list, which needs no reflection to be
// stored: BenchmarkHandler/get=six-inputs.
func (p *param) fillStrings(dst reflect.Value, texts []string) *text.Wrong {
	list, _ := reflect.TypeAssert[*[]string](dst.Addr())
	*list = append(make([]string, 0, len(texts)), texts...)
	for i, s := range texts {
		if wrong := text.UTF8(s); wrong != nil {
			return wrong
		}
		if len(p.checks) == 0 {
			continue
		}
		if wrong := p.checks.Check(dst.Index(i)); wrong != nil {
			return wrong
		}
	}
	return p.items.Check(dst)
}

// param compiles the reader of a parameter or form field.
func (c *compiler) param(of *shape.Param) *param {
	if of.IsJSON {
		return c.jsonField(of)
	}
	one, t := of.One(), of.Type.Base
	p := &param{
		of: of, source: of.Source, name: of.Name, index: of.Index, csv: of.IsCSV,
		list: of.IsSeveral(), deep: of.IsDeep, open: openOf(of.Type), items: decode.ItemsOf(of.Site),
	}
	p.validations()
	switch {
	case of.IsRequired && p.list:
		p.missing = p.items.Check(reflect.Zero(t))
	case of.IsRequired:
		p.missing = text.Missing()
	}
	if of.File != nil {
		p.upload = newUpload(of.File)
		return p
	}
	if p.list || p.deep {
		p.openItem = openOf(one.Type)
		p.isStrings = t == reflect.TypeFor[[]string]()
	}
	p.parse = c.parse(one)
	p.keepsEmpty = one.Type.Base.Kind() == reflect.String && one.Type.Text != text.Number
	p.isBool = one.Type.Base.Kind() == reflect.Bool
	p.checks = decode.ChecksOf(one, &c.faults)
	if of.Default != nil {
		c.fallback(p, of.Site, of.Default)
	}
	if p.fallback == nil && p.open == nil && len(p.checks) == 0 && !p.isGathered() {
		p.plain, _ = text.PlainOf(of.Type.Base)
	}
	return p
}

// jsonField compiles the reader of a form field that is a JSON value.
func (c *compiler) jsonField(of *shape.Param) *param {
	p := &param{of: of, source: of.Source, name: of.Name, index: of.Index, json: c.json(of.Site)}
	if of.IsRequired {
		p.missing = text.Missing()
	}
	return p
}

// parse compiles the reader of the text of one value. It is nil if the type cannot be
// read from text, which is a fault that shape has found.
func (c *compiler) parse(s shape.Site) func(dst reflect.Value, s string) *text.Wrong {
	codec, _ := s.Codec()
	if codec.Parse == nil || s.Type.Text != text.Self {
		return codec.Parse
	}
	lengths := s.Lengths()
	return func(dst reflect.Value, s string) *text.Wrong {
		if wrong := lengths.Check(s); wrong != nil {
			return wrong
		}
		return codec.Parse(dst, s)
	}
}

// fallback gives p, at the site s, its default for requests that send nothing. No two requests
// share what it points to. A default that p refuses is a fault.
func (c *compiler) fallback(p *param, s shape.Site, stated *shape.Literal) {
	p.fallback = func(reflect.Value) {}
	var read func(dst reflect.Value) *text.Wrong
	switch {
	case p.list && stated.IsList:
		read = func(dst reflect.Value) *text.Wrong { return p.fill(dst, stated.Texts) }
	case !p.list && len(stated.Values) == 1:
		read = func(dst reflect.Value) *text.Wrong { return p.value(dst, stated.Text) }
	default:
		return // a fault that shape has found
	}
	sample := reflect.New(s.Type.Base).Elem()
	if wrong := read(sample); wrong != nil {
		c.faults.Add(s.Path, "has default:%q: it %s", stated.Text, wrong.Detail)
		return
	}
	if err := p.refused(sample); err != nil {
		c.faults.Add(s.Path, "has default:%q: it %v", stated.Text, err)
		return
	}
	if s.Type.IsPlain() || s.Type.Text == text.Time {
		p.fallback = func(dst reflect.Value) { dst.Set(sample) }
		return
	}
	p.fallback = func(dst reflect.Value) { read(dst) }
}
