package bind

import (
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// maxDeep is the number of entries that all deep maps of a request may have.
const maxDeep = 1000

// A slot counts what one parameter received in a scan.
type slot struct {
	n     int
	wrong *text.Wrong // of the first value, or of the files
}

// A hit is one value of a parameter that takes several; key is the name in
// brackets of a deep one.
type hit struct {
	param     int
	key, text string
}

// gathered is the scratch space of one scan of pairs. A scalar is stored at once. The
// values of a slice or map are stored at the end of the scan.
type gathered struct {
	in    reflect.Value // what the parameters are fields of
	slots []slot
	hits  []hit
	texts []string
	sole  bool // one parameter alone takes several values: they go to texts at once
	files []uploaded
	sent  []sentParam // outlives the scan
	late  *collector  // what Validate methods in JSON fields of a form refuse
}

// A sentParam is a parameter that was sent and is to be checked by a Validate
// method; in has its field.
type sentParam struct {
	param *param
	in    reflect.Value
}

// note remembers that p was sent.
func (g *gathered) note(p *param, in reflect.Value) {
	if p.noted {
		g.sent = append(g.sent, sentParam{p, in})
	}
}

// forget clears what reset keeps.
func (g *gathered) forget() {
	clear(g.sent)
	g.sent = g.sent[:0]
}

// maxKept bounds what a scratch space keeps for the next request.
const maxKept = 2 << 10

// reset forgets the texts of a request, so that the scratch space does not hold
// its memory.
func (g *gathered) reset() {
	clear(g.slots)
	clear(g.hits)
	clear(g.texts)
	g.in, g.slots, g.hits, g.texts, g.files = reflect.Value{}, g.slots[:0], g.hits[:0], g.texts[:0], nil
	g.sole = false
	if cap(g.hits) > maxKept {
		g.hits = nil
	}
	if cap(g.texts) > maxKept {
		g.texts = nil
	}
}

// freshTexts empties texts for the next parameter. It clears the elements, because reset does
// not see those behind the end of the slice.
func (g *gathered) freshTexts() {
	clear(g.texts)
	g.texts = g.texts[:0]
}

// ready makes room for n parameters. If the query was scanned before a form, it resets
// the space.
func (g *gathered) ready(n int) {
	if len(g.slots) > 0 {
		g.reset()
	}
	if cap(g.slots) < n {
		g.slots = make([]slot, n)
	}
	g.slots = g.slots[:n]
}

// scan gathers the values of the parameters of s from text, in one pass, and
// then stores them in the order of declaration. Names that s does not know are
// refused if strict.
func (s *source) scan(in reflect.Value, encoded string, g *gathered, errs *collector, where string, strict bool) {
	g.ready(len(s.params))
	g.in = in
	if g.sole = s.lists == 1; g.sole {
		g.freshTexts()
	}
	entries, last := 0, -1
	walk := pairs{rest: encoded}
	for {
		ok, wrong := walk.next()
		if wrong != nil {
			errs.add(where, "", "", wrong)
			return
		}
		if !ok {
			break
		}
		name := unescape(walk.name, walk.escapedName)
		i, key := s.find(name, last+1)
		if last = i; i < 0 {
			if strict && !s.isOther(name) {
				errs.add(where, shorten(name), "", &text.Wrong{Code: "unknown", Detail: "is not known"})
			}
			continue
		}
		p := s.params[i]
		if p.deep {
			entries++
		}
		if p.csv {
			walk.n += strings.Count(walk.value, ",")
		}
		if p.deep || p.csv {
			if wrong := overLimit(walk.n, entries); wrong != nil {
				errs.add(where, p.name, "", wrong)
				return
			}
		}
		g.take(p, i, key, &walk.pair)
	}
	s.store(g, errs, where)
}

// store stores what was gathered for the parameters of s.
func (s *source) store(g *gathered, errs *collector, where string) {
	for i, p := range s.params {
		if g.slots[i].n > 0 && (p.deep || p.json != nil) {
			g.parsed(p, i, errs, where)
			continue
		}
		if wrong := g.store(p, i); wrong != nil {
			errs.add(where, p.name, "", wrong)
		}
	}
}

// overLimit returns what is wrong with these numbers of pairs and of deep entries. A part
// between commas counts as a pair.
func overLimit(pairs, entries int) *text.Wrong {
	switch {
	case pairs > maxPairs:
		return tooManyPairs()
	case entries > maxDeep:
		return &text.Wrong{Code: "entries", Detail: "has more than 1000 entries"}
	}
	return nil
}

// find returns the parameter of name, and for a deep one the name in brackets.
// The parameter at hint is tried first: most clients send names in the order in
// which they were declared.
func (s *source) find(name string, hint int) (param int, key string) {
	i := hint
	if i >= len(s.names.list) || s.names.list[i] != name {
		i = s.names.find(name)
	}
	if i >= 0 && !s.params[i].deep {
		return i, ""
	}
	base, key, ok := entryOf(name)
	if !ok {
		return -1, ""
	}
	if i = s.names.find(base); i < 0 || !s.params[i].deep {
		return -1, ""
	}
	return i, key
}

// entryOf splits the name of an entry of a map: base[key].
func entryOf(name string) (base, key string, ok bool) {
	base, rest, _ := strings.Cut(name, "[")
	key, ok = strings.CutSuffix(rest, "]")
	return base, key, ok && key != "" && !strings.ContainsAny(key, "[]")
}

// isOther reports whether a name without a parameter is known: a RequestUnmarshaler reads
// it, or it is that of a readOnly member.
func (s *source) isOther(name string) bool {
	if slices.Contains(s.skipped, name) {
		return true
	}
	base, _, isEntry := entryOf(name)
	return slices.ContainsFunc(s.others, func(p shape.Param) bool {
		if p.IsDeep {
			return isEntry && base == p.Name
		}
		return p.Source == shape.FromQuery && p.Name == name
	})
}

// take keeps the first value of a scalar. Of a slice it keeps one value more than
// maxItems, which shows that there are too many.
func (g *gathered) take(p *param, i int, key string, found *pair) {
	if found.bare && p.isBool {
		found.value = "true"
	}
	if !p.csv {
		g.add(p, i, key, unescape(found.value, found.escapedValue))
		return
	}
	// The commas are split before unescaping, so that %2C is data. A loop of its own is
	// faster than strings.SplitSeq: BenchmarkBindList.
	rest := found.value
	for {
		comma := strings.IndexByte(rest, ',')
		if comma < 0 {
			break
		}
		g.add(p, i, key, unescape(rest[:comma], found.escapedValue))
		rest = rest[comma+1:]
	}
	g.add(p, i, key, unescape(rest, found.escapedValue))
}

func (g *gathered) add(p *param, i int, key, text string) {
	s := &g.slots[i]
	switch {
	case p.isAbsent(text) || s.n > p.items.Max:
		return
	case p.list && g.sole:
		g.texts = append(g.texts, text)
	case p.list || p.deep || p.json != nil:
		g.hits = append(g.hits, hit{i, key, text})
	case s.n == 0 && p.upload == nil:
		s.wrong = p.value(p.inner(g.in), text)
	}
	s.n++
}

// store stores what was gathered for p.
func (g *gathered) store(p *param, i int) *text.Wrong {
	s := &g.slots[i]
	switch {
	case s.n == 0:
		return p.absent(g.in)
	case p.list && p.upload == nil && g.sole:
		return g.all(p, g.in, g.texts)
	case p.list && p.upload == nil:
		g.freshTexts()
		for _, h := range g.hits {
			if h.param == i {
				g.texts = append(g.texts, h.text)
			}
		}
		return g.all(p, g.in, g.texts)
	}
	g.note(p, g.in)
	if p.upload != nil {
		return g.storeFiles(p, i)
	}
	return s.wrong
}

// parsed stores what has errors of its own: the entries of a map, or a JSON value.
func (g *gathered) parsed(p *param, i int, errs *collector, where string) {
	if p.deep {
		g.entries(p, i, errs, where)
		return
	}
	at := slices.IndexFunc(g.hits, func(h hit) bool { return h.param == i })
	// The report has put what is wrong into errs.
	_ = p.json.Read([]byte(g.hits[at].text), p.field(g.in), &fieldReport{errs, g.late, where, p.name})
}

// A fieldReport takes what is wrong within the JSON value of a form field.
type fieldReport struct {
	errs, late  *collector
	where, name string
}

// Wrong implements [decode.Report].
func (f *fieldReport) Wrong(pointer string, wrong *text.Wrong) (more bool) {
	f.errs.add(f.where, f.name, pointer, wrong)
	return !f.errs.full()
}

// Invalid implements [decode.Report].
func (f *fieldReport) Invalid(pointer string, err error) {
	f.late.invalid(f.where, f.name, pointer, err)
}

// IsSound implements [decode.Report].
func (f *fieldReport) IsSound() bool {
	return len(f.errs.list) == 0 && !f.late.full() && f.late.answer == nil
}

// entries stores the entries of a deep map. An error has the name of its entry,
// name[key].
func (g *gathered) entries(p *param, i int, errs *collector, where string) {
	g.note(p, g.in)
	dst := p.inner(g.in)
	if dst.IsNil() {
		dst.Set(reflect.MakeMap(dst.Type()))
	}
	for _, h := range g.hits {
		if h.param != i {
			continue
		}
		if wrong := p.entry(dst, h.key, h.text); wrong != nil {
			errs.add(where, p.name+"["+shorten(h.key)+"]", "", wrong)
		}
	}
}

// entry stores one entry of the map dst. The first value of a key counts, as it
// does for a scalar.
func (p *param) entry(dst reflect.Value, name, sent string) *text.Wrong {
	key, item := reflect.New(dst.Type().Key()).Elem(), reflect.New(dst.Type().Elem()).Elem()
	if wrong := text.UTF8(name); wrong != nil {
		return wrong
	}
	key.SetString(name)
	if dst.MapIndex(key).IsValid() {
		return nil
	}
	wrong := p.value(p.openItem.into(item), sent)
	dst.SetMapIndex(key, item)
	return wrong
}

// shorten bounds a name that the client chose.
func shorten(name string) string {
	const limit = 64
	if len(name) <= limit {
		return name
	}
	return strings.ToValidUTF8(name[:limit], "") + "…"
}
