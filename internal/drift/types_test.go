package drift_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/respond"
)

// A param is a field of a random In, with what is to follow from its declaration.
type param struct {
	leaf

	in, name, key string // as those of a pair
	field         reflect.StructField
	required      bool
	fallback      *string // the default
	seed          []string
	csv, isMap    bool
}

// goNames are those of fields and what a tag without a name derives.
var goNames = []struct{ field, snake, dash string }{
	{"ID", "id", "Id"},
	{"UserName", "user_name", "User-Name"},
	{"X", "x", "X"},
	{"HTTPCode", "http_code", "Http-Code"},
	{"Sort2By", "sort2_by", "Sort2-By"},
	{"TagIDs", "tag_ids", "Tag-Ids"},
	{"Plain", "plain", "Plain"},
	{"Other", "other", "Other"},
	{"Last", "last", "Last"},
	{"Size", "size", "Size"},
	{"Zone", "zone", "Zone"},
	{"AtOnce", "at_once", "At-Once"},
}

// An inDraw draws one In.
type inDraw struct {
	*rand.Rand

	params []param
	n      int // of names taken
}

// one draws an element of list.
func one[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// param draws a field for a source. Inside of a deep struct it is no map.
func (d *inDraw) param(in string, isInside bool) param {
	p := param{leaf: one(d.Rand, leaves()), in: in, required: true}
	for in != "query" && in != "form" && strings.ContainsAny(strings.Join(p.texts, ""), " ,;?") {
		p.leaf = one(d.Rand, leaves())
	}
	name := goNames[d.n]
	d.n++
	written := ""
	if p.name = name.snake; in == "header" {
		p.name = name.dash
	}
	if d.IntN(2) == 0 {
		written = fmt.Sprintf("%s%d", []string{"p", "X-N"}[d.IntN(2)], d.n)
		p.name = http.CanonicalHeaderKey(written)
		if in != "header" {
			written = strings.ReplaceAll(written, "X-N", "n_")
			p.name = written
		}
	}
	t, options, rules := p.wrapped(d, isInside)
	if in != "path" && d.IntN(5) == 0 {
		options += ",optional"
		p.required = false
	}
	if !p.isMap && in != "path" && d.IntN(4) == 0 {
		text := strings.Join(p.seed, ",")
		if len(p.seed) == 1 {
			text = p.inTag(text)
		}
		if !strings.Contains(strings.Join(p.texts, ""), ",") {
			p.fallback, p.required = &text, false
			rules += " default:" + strconv.Quote(text)
		}
	}
	tags := fmt.Sprintf(`%s:"%s%s" %s %s`, in, written, options, p.rules, rules)
	p.field = reflect.StructField{Name: name.field, Type: t, Tag: reflect.StructTag(tags)}
	return p
}

// wrapped draws the type of the field, and its options and rules.
func (p *param) wrapped(d *inDraw, isInside bool) (t reflect.Type, options, rules string) {
	p.seed = []string{one(d.Rand, p.texts)}
	n := 9
	switch p.in {
	case "path":
		n = 1
	case "header", "cookie":
		n = 6
	case "form":
		n = 7
	}
	if isInside {
		n = min(n, 6)
	}
	kind := d.IntN(n)
	if p.typ == reflect.TypeFor[uint8]() && kind >= 4 && kind <= 6 {
		kind = 0 // bytes are no list
	}
	switch kind {
	case 2:
		p.required = false
		return reflect.PointerTo(p.typ), "", ""
	case 3:
		p.required = false
		return p.opt, "", ""
	case 4, 5:
		t, rules = p.list(d, reflect.SliceOf(p.typ))
		return t, "", rules
	case 6:
		p.csv = true
		t, rules = p.list(d, reflect.SliceOf(p.typ))
		return t, ",csv", rules
	case 7:
		t, rules = p.list(d, reflect.PointerTo(reflect.SliceOf(reflect.PointerTo(p.typ))))
		p.required = false
		return t, "", rules
	case 8:
		p.key, p.isMap, p.required = "a", true, false
		return reflect.MapOf(reflect.TypeFor[string](), p.typ), ",deep", ""
	}
	return p.typ, "", ""
}

// list makes p one of several values, of which there may have to be some.
func (p *param) list(d *inDraw, t reflect.Type) (reflect.Type, string) {
	p.required = false
	if second := one(d.Rand, p.texts); second != p.seed[0] {
		p.seed = append(p.seed, second)
	}
	rules := ""
	if d.IntN(3) == 0 && isComparable(t.Elem()) {
		rules += ` uniqueItems:"true"`
	}
	if d.IntN(3) == 0 {
		rules += ` maxItems:"2"`
	}
	if d.IntN(3) == 0 {
		rules += ` minItems:"1"`
		p.required = true
	}
	return t, rules
}

// isComparable reports whether uniqueItems is for lists of t.
func isComparable(t reflect.Type) bool {
	return t.Kind() == reflect.String || t.Kind() == reflect.Bool || t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64
}

// fields draws up to n parameters and returns the struct of their fields, some of
// which an embedded struct has. It may also have one that an outer field hides.
func (d *inDraw) fields(n int, sources []string, outer string) reflect.Type {
	var fields, embedded []reflect.StructField
	hides := ""
	for range n {
		p := d.param(one(d.Rand, sources), outer != "")
		tag := fmt.Sprintf(`%s:"%s"`, p.in, p.name)
		if outer != "" {
			p.name, p.key = outer, p.name
		}
		d.params = append(d.params, p)
		if d.IntN(4) == 0 {
			embedded = append(embedded, p.field)
		} else {
			fields = append(fields, p.field)
			if !p.isMap {
				hides = tag
			}
		}
	}
	if hides != "" && d.IntN(3) == 0 {
		hidden := reflect.StructField{Name: "Hidden", Type: one(d.Rand, leaves()).typ, Tag: reflect.StructTag(hides)}
		embedded = append(embedded, hidden)
	}
	if len(embedded) > 0 {
		base := reflect.StructField{Name: "Base", Type: reflect.StructOf(embedded), Anonymous: true}
		at := d.IntN(len(fields) + 1)
		fields = append(fields[:at:at], append([]reflect.StructField{base}, fields[at:]...)...)
	}
	return reflect.StructOf(fields)
}

// randomIn draws an In, and the fields that are bound from a request.
func randomIn(r *rand.Rand) (t reflect.Type, params []param, media string) {
	d := &inDraw{Rand: r}
	sources := []string{"path", "query", "query", "query", "header", "cookie"}
	if r.IntN(3) == 0 {
		sources = append(sources, "form", "form", "form")
	}
	t = d.fields(1+r.IntN(6), sources, "")
	if r.IntN(3) == 0 {
		inner := d.fields(1+r.IntN(3), []string{"query"}, "filter")
		t = reflect.StructOf([]reflect.StructField{
			{Name: "Rest", Type: t, Anonymous: true},
			{Name: "Filter", Type: inner, Tag: `query:",deep"`},
		})
	}
	for _, p := range d.params {
		if p.in == "form" {
			media = one(r, []string{"application/x-www-form-urlencoded", "multipart/form-data"})
		}
	}
	return t, d.params, media
}

// A taker is the handler of a typed function whose In is known at run time only.
type taker struct {
	binder    *bind.TypeBinder
	responder *respond.Responder
	got       reflect.Value // the In of the last request that was bound
}

// ServeHTTP implements [http.Handler].
func (h *taker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	in, err := h.binder.Bind(r)
	if err != nil {
		h.responder.Error(w, r, err)
		return
	}
	h.got = in
	w.WriteHeader(http.StatusNoContent)
}

// Input implements [describe.Describer].
func (h *taker) Input() *describe.Input { return h.binder.Describe() }

// Output implements [describe.Describer].
func (h *taker) Output() describe.Output { return h.OutputOf(reflect.TypeFor[tenon.None]()) }

// OutputOf implements [describe.Describer].
func (h *taker) OutputOf(t reflect.Type) describe.Output { return h.responder.Describe(t) }

// routeOf returns the route that takes a t. It panics where a declaration of t is
// at fault.
func routeOf(pattern string, t reflect.Type, opts ...bind.Option) (tenon.Route, *taker) {
	none := reflect.TypeFor[tenon.None]()
	h := &taker{binder: bind.ForType(t, opts...), responder: respond.ForType(none)}
	r := tenon.On(http.MethodPost, pattern, h, tenon.Named("Take"))
	r.In, r.Out = t, none
	return r, h
}
