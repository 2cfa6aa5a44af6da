package shape

import (
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
	// Body is nil where nothing is read from the body.
	Body *Body
	// Requests are the fields of type *http.Request.
	Requests [][]int
	// Validators are the structs whose Validate method nothing else calls, in the
	// order of the calls: what is inside before what is around it. Those of a body
	// and of single values are not among them.
	Validators []Validator
	// Faults are all that is wrong with the declaration, but for what is inside a
	// JSON body, which [Site.Members] has.
	Faults Faults
}

// A Validator is a struct in an In that checks itself.
type Validator struct {
	Validation

	Index []int // leads to the struct; empty for the In itself
}

// A Param is a parameter or a form field.
type Param struct {
	Site

	// Source is one of the constants of this package.
	Source string
	// Name is the name on the wire, a canonical one for a header. For a field in a
	// struct with the option deep it is outer[inner].
	Name string
	// Index leads to the field. There is no pointer on the way.
	Index []int
	// IsOptional is the option optional.
	IsOptional bool
	// IsCSV is the option csv: commas separate the values of a slice too.
	IsCSV bool
	// IsDeep says that the field is a map of the values of name[key].
	IsDeep bool
	// Around is set for a field in a struct with the option deep.
	Around *Around
	// File is set where the field takes a file, or files where it is a slice.
	File *File
	// Default is what a request without the parameter gives, nil without one.
	Default *Literal
	// IsRequired says that a request without the parameter is refused: that the
	// declaration does not say how to live without it or, for a list, that minItems
	// refuses an empty one.
	IsRequired bool
}

// IsSeveral reports whether the parameter takes every value that is sent, as a slice
// does. It then has a value for each with the site Elem; so has a deep map.
func (p *Param) IsSeveral() bool {
	if p.File != nil {
		return p.Type.Base.Kind() == reflect.Slice
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

// An Around is the struct with the option deep around a parameter.
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
	of := Of(t)
	switch {
	case t.Kind() == reflect.Struct && t.NumField() == 0:
		r.validator(t, nil)
	case of.Base.Kind() == reflect.Struct && hasSources(of.Base, nil) && of.IsWrapped():
		r.in.Faults.Add(t.String(), "is not bound as a whole: use %s", of.Base)
	case of.Base.Kind() == reflect.Struct && hasSources(of.Base, nil):
		r.fields(t, pathOf(t), nil)
		r.validator(t, nil)
		r.finish()
	default:
		r.bodies = []bodyField{{path: pathOf(t), typ: t, kinds: []string{KindJSON}}}
		r.finish()
	}
	return r.in
}

// A sourceReader reads the fields of an In.
type sourceReader struct {
	in     *In
	params []Param // of all sources, in the order of declaration
	bodies []bodyField
}

// hasSources reports whether a field of t, or of a struct embedded in it, comes from
// a source. A struct among the outer ones, which embed a pointer to it, has been
// looked at.
func hasSources(t reflect.Type, outer []reflect.Type) bool {
	return anyField(t, outer, func(f reflect.StructField) bool { return hasSource(f.Tag) || isRequest(f) })
}

// anyField reports whether a field of t, or of a struct embedded in it, is such.
func anyField(t reflect.Type, outer []reflect.Type, such func(f reflect.StructField) bool) bool {
	if slices.Contains(outer, t) {
		return false
	}
	outer = append(outer, t)
	for f := range t.Fields() {
		switch {
		case such(f):
			return true
		case isEmbedded(f) && anyField(f.Type, outer, such):
			return true
		case isEmbeddedPointer(f) && anyField(f.Type.Elem(), outer, such):
			return true
		}
	}
	return false
}

func isRequest(f reflect.StructField) bool {
	return f.Type == reflect.TypeFor[*http.Request]() && f.IsExported()
}

func isEmbedded(f reflect.StructField) bool {
	return f.Anonymous && f.Type.Kind() == reflect.Struct
}

func isEmbeddedPointer(f reflect.StructField) bool {
	return f.Anonymous && f.Type.Kind() == reflect.Pointer && f.Type.Elem().Kind() == reflect.Struct
}

// validator notes that the struct t at index checks itself.
func (r *sourceReader) validator(t reflect.Type, index []int) {
	if way, ok := Validates(t); ok {
		r.in.Validators = append(r.in.Validators, Validator{way, index})
	}
}

// embedded notes that f, embedded in the struct t, checks itself, unless t has
// overridden the method or inherits it.
func (r *sourceReader) embedded(path string, index []int, t reflect.Type, f reflect.StructField) {
	_, covered := Validates(t)
	_, validates := Validates(f.Type)
	switch {
	case covered || !validates:
	case !f.IsExported():
		r.in.Faults.Add(path, "has a Validate method that cannot be called from outside: give %s one that calls it", t)
	default:
		r.validator(f.Type, index)
	}
}

// fields reads the fields of the struct t, which stands at index in In.
func (r *sourceReader) fields(t reflect.Type, path string, index []int) {
	for f := range t.Fields() {
		at := append(slices.Clip(index), f.Index...)
		r.field(t, path+"."+f.Name, at, f)
	}
}

func (r *sourceReader) field(t reflect.Type, path string, at []int, f reflect.StructField) {
	d, wrong := sourceOf(f)
	for _, words := range wrong {
		r.in.Faults.Append(Fault{path, words})
	}
	if d.source != "" {
		nearMiss(path, f.Tag, &r.in.Faults)
	}
	switch {
	case len(wrong) > 0:
	case d.source == FromBody:
		r.bodies = append(r.bodies, bodyField{path, at, f.Type, f.Tag, d.kinds})
	case d.source != "":
		r.param(path, at, f, d)
	case isRequest(f):
		r.in.Requests = append(r.in.Requests, at)
	case isEmbedded(f):
		r.fields(f.Type, path, at)
		r.embedded(path, at, t, f)
	default:
		r.unbound(path, f)
	}
}

// unbound reports a field without a source that looks as if it had one.
func (r *sourceReader) unbound(path string, f reflect.StructField) {
	needsBinding := func(f reflect.StructField) bool {
		return hasSource(f.Tag) || isRequest(f) || looksBound(f.Tag) != ""
	}
	if isEmbeddedPointer(f) && anyField(f.Type.Elem(), nil, needsBinding) {
		r.in.Faults.Add(path, "is an embedded pointer: embed the struct itself")
		return
	}
	if tag := looksBound(f.Tag); tag != "" {
		r.in.Faults.Add(path, `has %s and no source, so that nothing is read into it: give it one, such as query:"name", put it into the struct of a field with body:"json", or write json:"-"`, tag)
	}
}

// param reads a field with a source other than the body.
func (r *sourceReader) param(path string, at []int, f reflect.StructField, d sourceTag) {
	isStruct := f.Type.Kind() == reflect.Struct && !isUpload(f.Type)
	if d.deep && isStruct && (hasSources(f.Type, nil) || Of(f.Type).Text == text.None) {
		known, faulty := len(r.params), len(r.in.Faults)
		around := &Around{Site: siteOf(path, InText, f.Type, docTags(f.Tag), &r.in.Faults), Name: d.name, Index: at}
		r.refuseRules(path, f.Tag, ruleKeys(), "has %s, which does not apply to a struct")
		r.deepFields(around, path, at, f.Type, d)
		if len(r.params) == known && len(r.in.Faults) == faulty {
			r.in.Faults.Add(path, "has the option deep and no field with a query tag")
		}
		r.validator(f.Type, at)
		return
	}
	if p, ok := paramOf(path, at, f, d, &r.in.Faults); ok {
		r.params = append(r.params, p)
	}
}

// docTags returns the part of tags that is for documents.
func docTags(tags reflect.StructTag) reflect.StructTag { return only(tags, "doc", "deprecated") }

// refuseRules reports the keys of tags that mean nothing where they stand.
func (r *sourceReader) refuseRules(path string, tags reflect.StructTag, keys []string, words string) {
	for _, key := range keys {
		if arg, ok := tags.Lookup(key); ok {
			r.in.Faults.Add(path, words, key+":"+quote(arg))
		}
	}
}

// deepFields reads the fields of the struct t as parameters outer[inner], by their
// query names.
func (r *sourceReader) deepFields(around *Around, path string, index []int, t reflect.Type, outer sourceTag) {
	for f := range t.Fields() {
		innerPath, at := path+"."+f.Name, append(slices.Clip(index), f.Index...)
		d, wrong := sourceOf(f)
		switch {
		case d.source == "" && isEmbedded(f):
			r.deepFields(around, innerPath, at, f.Type, outer)
			r.embedded(innerPath, at, t, f)
			continue
		case d.source == "" && len(wrong) == 0:
			r.unbound(innerPath, f)
			continue
		case d.source != FromQuery || d.deep:
			wrong = append(wrong, "needs a query tag without deep")
		}
		for _, words := range wrong {
			r.in.Faults.Append(Fault{innerPath, words})
		}
		nearMiss(innerPath, f.Tag, &r.in.Faults)
		if len(wrong) > 0 {
			continue
		}
		inside := *around
		inside.Inner = d.name
		d.name = outer.name + "[" + d.name + "]"
		d.optional = d.optional || outer.optional
		if p, ok := paramOf(innerPath, at, f, d, &r.in.Faults); ok {
			p.Around = &inside
			r.params = append(r.params, p)
		}
	}
}

// finish sorts what was read by source and completes the body.
func (r *sourceReader) finish() {
	var form []Param
	params := dominantParams(r.params, &r.in.Faults)
	for _, source := range sources() {
		for _, p := range params {
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

// dominantParams returns of all fields with one source and name that which is
// shallowest: as in Go, an outer field hides one of an embedded struct. Two at the
// same depth are a fault.
func dominantParams(all []Param, faults *Faults) []Param {
	best := map[string]int{}
	key := func(p *Param) string { return p.Source + " " + p.Name }
	for i := range all {
		p := &all[i]
		j, known := best[key(p)]
		switch {
		case !known || len(p.Index) < len(all[j].Index):
			best[key(p)] = i
		case len(p.Index) == len(all[j].Index):
			faults.Add(p.Path, "reads %s %q, which another field reads already", p.Source, p.Name)
		}
	}
	var params []Param
	for i := range all {
		if best[key(&all[i])] == i {
			params = append(params, all[i])
		}
	}
	return params
}
