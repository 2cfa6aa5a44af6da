package shape

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"

	"github.com/tenonkit/tenon/internal/text"
)

// An In is what a request is read into, and from where. It is not changed once it
// is made.
type In struct {
	// Type is the struct, or the type of the whole body.
	Type reflect.Type
	// Params are the parameters in the order path, query, header, cookie and by
	// declaration within each. Form fields are those of Body.
	Params []Param
	// PathNames are the names of the path values, also of fields that are at fault.
	PathNames []string
	// Body is nil where nothing is read from the body.
	Body *Body
	// Requests are the fields of type *http.Request.
	Requests [][]int
	// Values are the fields that the request as a whole fills, in the order of declaration.
	Values []Value
	// Validators are the structs with Validate methods, in the order of the calls: structs
	// with the option deep, then the In itself. For the body and for single values use
	// [Site.Validations].
	Validators []Validator
	// Faults are all faults of the declaration, except those inside a JSON body, which
	// [Site.Members] has.
	Faults Faults
}

// A Validator is a struct in an In with Validate methods.
type Validator struct {
	Index []int // leads to the struct; empty for the In itself
	Calls []Validation
}

// A Param is a parameter or a form field.
type Param struct {
	Site

	// Source is one of the constants of this package.
	Source string
	// Name is the name on the wire. It is canonical for a header. For a field in a struct with
	// the option deep it is outer[inner].
	Name string
	// Index leads to the field. There is no pointer on the way.
	Index []int
	// IsOptional is the option optional.
	IsOptional bool
	// IsCSV is the option csv: commas separate the values of a slice too.
	IsCSV bool
	// IsDeep means that the field is a map of the values of name[key].
	IsDeep bool
	// IsJSON means that the text of the form field is a JSON value. The site is then in JSON.
	IsJSON bool
	// Around is the struct with the option deep around the field, or nil.
	Around *Around
	// File is nil unless the field takes a file, or several if it is a slice.
	File *File
	// Text reads and writes one value. It is zero for files and for JSON.
	Text text.Codec
	// Default is the value if a request lacks the parameter, or nil.
	Default *Literal
	// IsRequired means that a request without the parameter is refused. A list is required if
	// minItems refuses an empty one.
	IsRequired bool
}

// IsSeveral reports whether the parameter takes every value that is sent, as a slice does. The
// site of one value is then that of [Site.Elem], as for a deep map.
func (p *Param) IsSeveral() bool {
	switch {
	case p.File != nil:
		return p.Type.Base.Kind() == reflect.Slice
	case p.IsJSON:
		return false
	}
	return p.Type.IsTextList()
}

// One returns the site of one value: of an element of a slice or map, or of the
// parameter itself.
func (p *Param) One() Site {
	if p.IsSeveral() || p.IsDeep {
		return p.Elem()
	}
	return p.Site
}

// An Around is a struct with the option deep.
type Around struct {
	Site

	Name  string // before the brackets
	Inner string // within them
	Index []int
}

// From returns the parameters of one source, in the order of declaration.
func (in *In) From(source string) []Param {
	var from []Param
	for _, p := range in.Params {
		if p.Source == source {
			from = append(from, p)
		}
	}
	return from
}

// InOf returns how a request is read into a t. A t without a source in any field is
// the JSON body itself; a struct without fields reads nothing.
func InOf(t reflect.Type) *In {
	r := &sourceReader{in: &In{Type: t}}
	if declaresUnmarshalRequest(Of(t).Base) {
		r.in.Faults.Add(pathOf(t), "declares UnmarshalRequest, but an In cannot read itself: make it a field of a struct")
	}
	r.read(t)
	return r.in
}

// read reads the In of type t.
func (r *sourceReader) read(t reflect.Type) {
	of, path := Of(t), pathOf(t)
	fromSources := of.Base.Kind() == reflect.Struct && hasSources(of.Base)
	switch {
	case t.Kind() == reflect.Struct && t.NumField() == 0:
		r.validator(path, t, nil)
	case fromSources && of.IsWrapped():
		r.in.Faults.Add(t.String(), "cannot be the whole In: use %s", of.Base)
		r.in.PathNames = InOf(of.Base).PathNames
	case fromSources:
		all := r.fields(t, path, nil)
		for _, d := range all {
			if d.source == FromPath && !slices.Contains(r.in.PathNames, d.name) {
				r.in.PathNames = append(r.in.PathNames, d.name)
			}
		}
		r.readAll(all, r.field)
		r.validator(path, t, nil)
		r.finish()
	default:
		r.bodies = []declared{{sourceTag: wholeTag(t), path: path, field: reflect.StructField{Type: t}}}
		r.finish()
	}
}

// A sourceReader reads the fields of an In.
type sourceReader struct {
	in     *In
	params []Param    // of all sources, in the order of declaration
	bodies []declared // that have a body tag, or the In itself
	raws   []rawField
	isTold bool // the struct is the result of a RequestParameters method
}

// A declared is a field with a source that another field may still hide, or a field at fault
// without a source.
type declared struct {
	sourceTag

	path     string
	index    []int
	field    reflect.StructField
	faults   []string
	isBroken bool // it cannot be read
}

func newDeclared(path string, index []int, f reflect.StructField, d sourceTag, wrong []string) declared {
	return declared{d, path, index, f, append(wrong, nearMisses(f)...), len(wrong) > 0}
}

func atFault(path, words string) declared {
	return declared{path: path, faults: []string{words}, isBroken: true}
}

// place identifies what the field reads, so that a field hides another one with the same place.
// Bodies and values have the empty place and hide nothing.
func (d *declared) place() string {
	switch {
	case d.source == "" || d.source == FromBody || d.source == FromValue:
		return "" // Values are copies, of which a request may have several.
	case d.source == FromHeader:
		return d.source + " " + http.CanonicalHeaderKey(d.name)
	case d.deep:
		return d.source + " " + d.name + "["
	}
	return d.source + " " + d.name
}

// readAll reads the fields that no other field hides. As in Go and in JSON, a field hides those
// with the same place in the structs that are embedded beside it.
func (r *sourceReader) readAll(all []declared, read func(declared)) {
	shallowest := map[string]int{}
	for i := range all {
		place, depth := all[i].place(), len(all[i].index)
		if known, ok := shallowest[place]; !ok || depth < known {
			shallowest[place] = depth
		}
	}
	for _, d := range all {
		if place := d.place(); place != "" && len(d.index) > shallowest[place] {
			continue
		}
		for _, words := range d.faults {
			r.in.Faults.Append(Fault{d.path, words})
		}
		if !d.isBroken {
			read(d)
		}
	}
}

// hasSources reports whether fields of t, or of structs embedded in it, have a source.
func hasSources(t reflect.Type) bool {
	return anyField(t, nil, func(f reflect.StructField) bool {
		return hasSource(f.Tag) || isRequest(f) || isRaw(f.Type) || isPatch(f.Type) || bindsItself(f)
	})
}

func isRequest(f reflect.StructField) bool {
	return f.Type == reflect.TypeFor[*http.Request]() && f.IsExported()
}

// isGroup reports whether t is a struct whose fields are read by their tags. A struct that reads
// text is not one, unless a field has a source tag.
func isGroup(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && !isUpload(t) && (Of(t).Text == text.None || isTagged(t))
}

// isTagged reports whether a field of the struct t, or of a struct embedded in it, has a
// source tag.
func isTagged(t reflect.Type) bool {
	for f := range t.Fields() {
		if hasSource(f.Tag) || isEmbedded(f) && isTagged(f.Type) {
			return true
		}
	}
	return false
}

// validator adds the Validate methods of the struct t at index.
func (r *sourceReader) validator(path string, t reflect.Type, index []int) {
	calls, faults := Site{Path: path, Medium: InText, Type: Of(t)}.Validations()
	r.in.Faults.Append(faults...)
	if len(calls) > 0 {
		r.in.Validators = append(r.in.Validators, Validator{index, calls})
	}
}

// fields collects the fields with a source of the struct t, which stands at index in In,
// and of the structs embedded in it.
func (r *sourceReader) fields(t reflect.Type, path string, index []int) (all []declared) {
	for f := range t.Fields() {
		fieldPath, at := path+"."+f.Name, append(slices.Clip(index), f.Index...)
		d, wrong := sourceOf(f)
		switch {
		case d.source != "":
			all = append(all, newDeclared(fieldPath, at, f, d, wrong))
		case isRequest(f):
			r.in.Requests = append(r.in.Requests, at)
		case isRaw(f.Type):
			r.raws = append(r.raws, rawField{fieldPath, at, f})
		case isPatch(f.Type):
			all = append(all, patchField(fieldPath, at, f))
		case bindsItself(f):
			all = append(all, selfBinding(fieldPath, at, f))
		case isEmbedded(f) && hasSources(f.Type):
			all = append(all, r.fields(f.Type, fieldPath, at)...)
		case embedded(f) != nil && hasSources(embedded(f)):
			all = append(all, atFault(fieldPath, "is an embedded pointer: embed the struct itself"))
		default:
			if words := cmp.Or(unbound(f, ""), namedBody(f)); words != "" {
				all = append(all, atFault(fieldPath, words))
			}
		}
	}
	return all
}

// field reads one field with a source.
func (r *sourceReader) field(d declared) {
	switch {
	case d.source == "" || d.source == FromValue:
		r.value(d)
	case d.source == FromBody:
		r.bodies = append(r.bodies, d)
	case d.deep && isGroup(d.field.Type):
		r.deep(d)
	default:
		r.param(d, nil)
	}
}

// param reads a parameter. It is a fault if another field reads the same one.
func (r *sourceReader) param(d declared, around *Around) {
	p, ok := paramOf(d, &r.in.Faults)
	if !ok {
		return
	}
	isTwin := func(other Param) bool { return other.Source == p.Source && other.Name == p.Name }
	if slices.ContainsFunc(r.params, isTwin) {
		r.in.Faults.Add(d.path, "reads %s %q, which another field reads already: remove one of the two", p.Source, p.Name)
		return
	}
	p.Around = around
	r.params = append(r.params, p)
}

// deep reads a struct whose fields are the parameters name[field], by their query names.
func (r *sourceReader) deep(d declared) {
	known, faulty := len(r.params), len(r.in.Faults)
	site := siteOf(d.path, InText, d.field.Type, noteTags(d.field.Tag), &r.in.Faults)
	r.in.Faults.refuse(d.path, d.field.Tag, ruleKeys(), "which does not apply to a struct", always("write it on a field of the struct"))
	r.readAll(groupFields(d.field.Type, d.path, d.index, FromQuery), func(inner declared) {
		around := &Around{Site: site, Name: d.name, Inner: inner.name, Index: d.index}
		inner.name = d.name + "[" + inner.name + "]"
		inner.optional = inner.optional || d.optional
		r.param(inner, around)
	})
	if len(r.params) == known && len(r.in.Faults) == faulty {
		r.in.Faults.Add(d.path, "has the option deep, but its struct has no field with a query tag: write query:\"...\" on its fields")
	}
	r.validator(d.path, d.field.Type, d.index)
}

// groupFields collects the tagged fields of the struct t, which stands at index, and of
// those embedded in it. All are of one source: query behind a deep field, else form.
func groupFields(t reflect.Type, path string, index []int, source string) (all []declared) {
	for f := range t.Fields() {
		fieldPath, at := path+"."+f.Name, append(slices.Clip(index), f.Index...)
		d, wrong := sourceOf(f)
		switch {
		case d.source == "" && isEmbedded(f) && isTagged(f.Type):
			all = append(all, groupFields(f.Type, fieldPath, at, source)...)
			continue
		case d.source == "" && source == FromForm && Request.LeavesOut(f):
			continue
		case d.source == "":
			if words := unbound(f, source); words != "" {
				all = append(all, atFault(fieldPath, words))
			}
			continue
		case source == FromQuery && (d.source != source || d.deep):
			wrong = append(wrong, "needs a query tag without deep")
		case source == FromForm && d.source != source && len(wrong) == 0:
			wrong = append(wrong, "has a "+d.source+" tag, but the fields of a body are read from the body: write form")
		}
		all = append(all, newDeclared(fieldPath, at, f, d, wrong))
	}
	return all
}

// finish sorts what was read by source and completes the body.
func (r *sourceReader) finish() {
	var form []Param
	for _, source := range sources() {
		for _, p := range r.params {
			switch {
			case p.Source != source:
			case source == FromForm:
				form = append(form, p)
			default:
				r.in.Params = append(r.in.Params, p)
			}
		}
	}
	r.body(form)
}
