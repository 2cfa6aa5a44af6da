package shape

import (
	"io"
	"reflect"
	"slices"

	"github.com/tenonkit/tenon/internal/text"
)

// A Body says how a request body is read: into one field, into the In itself, or into the fields
// of the In that have form tags.
type Body struct {
	// Site is the site of the value: in JSON if Kinds has json, else in text. For a merge patch
	// it is the site of the value that the patch changes.
	Site

	// Field is the type of the field.
	Field Type
	// Index leads to the field. It is empty if the In itself is the body or has the form
	// fields.
	Index []int
	// Kinds are the kinds of body that are accepted, in order.
	Kinds []string
	// MediaType is the tag contentType: a media type, or "*" for any. Empty means the media
	// types of the kinds.
	MediaType string
	// Fields are those of a form, in the order of declaration. Their Index starts at
	// the struct inside all pointers and Opts of the body.
	Fields []Param
	// Skipped are the names of readOnly members in a form. They are known, and read into no
	// field.
	Skipped []string
	// IsOptional means that a request may have no body: the field is a pointer or an Opt.
	IsOptional bool
	// Raws lead to the fields of type bind.Raw, which get the unchanged body. A form beside
	// such a field is not multipart.
	Raws [][]int
}

// Takes reports whether kind is among the kinds of the body.
func (b *Body) Takes(kind string) bool { return slices.Contains(b.Kinds, kind) }

// IsForm reports whether a form is the only kind. An empty body is then allowed, whatever its
// media type, because the fields of the form say what is missing.
func (b *Body) IsForm() bool { return len(b.Kinds) == 1 && b.Kinds[0] == KindForm }

// Readers returns where the declaration reads the body: the paths of the form fields of the
// In, or that of the field or the In that takes the whole.
func (b *Body) Readers() []string {
	if len(b.Index) > 0 || !b.IsForm() {
		return []string{b.Path}
	}
	var paths []string
	for i := range b.Fields {
		paths = append(paths, b.Fields[i].Path)
	}
	return paths
}

// Beyond returns a fault for each file whose maxSize is larger than a body of limit bytes.
func (b *Body) Beyond(limit int64) Faults {
	var faults Faults
	for i := range b.Fields {
		if f := &b.Fields[i]; f.File != nil && f.File.MaxSize > limit {
			faults.Add(f.Path, `has maxSize:"%d", but a body has at most %d bytes: lower it, or raise the limit by the option bind.MaxBody`,
				f.File.MaxSize, limit)
		}
	}
	return faults
}

// body completes the body of the In, which may also have these form fields.
func (r *sourceReader) body(form []Param) {
	for _, extra := range r.bodies[min(1, len(r.bodies)):] {
		r.in.Faults.Add(extra.path, "is a second body: a request has one, so remove one")
	}
	switch {
	case len(r.bodies) > 0 && len(form) > 0:
		r.in.Faults.Add(r.bodies[0].path, "is the body, but form fields read the body too: remove one of the two")
	case len(r.bodies) > 0:
		r.in.Body = r.wholeBody(r.bodies[0])
	case len(form) > 0:
		of := Site{Path: pathOf(r.in.Type), Medium: InText, Type: Of(r.in.Type)}
		r.in.Body = &Body{Site: of, Kinds: []string{KindForm}, Fields: form}
	}
	for _, raw := range r.raws {
		r.raw(raw)
	}
}

// wholeBody reads the field that takes the body.
func (r *sourceReader) wholeBody(f declared) *Body {
	b := &Body{Field: Of(f.field.Type), Index: f.index, Kinds: f.kinds, MediaType: f.field.Tag.Get("contentType")}
	for i, kind := range f.kinds {
		if i > 0 && takesAny(f.kinds[i-1]) {
			r.in.Faults.Add(f.path, "has the body kind %s after %s, which takes any media type: put %[2]s last, or remove it", kind, f.kinds[i-1])
		}
	}
	if media := b.MediaType; media != "" && media != "*" {
		if one, err := mediaRange(media); err != nil || one.Subtype == "*" || one.String() != media {
			r.in.Faults.Add(f.path, `has contentType:%q: it needs one media type without parameters, such as application/vnd.note+json, or "*"`, media)
		}
	}
	t, tags := f.field.Type, f.field.Tag
	switch {
	case b.Takes(KindMergePatch):
		r.patch(b, f)
	case b.Takes(KindJSON):
		r.in.Faults.refuse(f.path, tags, append(fileKeywords(), "default"), "which does not apply to a body", insteadOnBody)
		b.Site = siteOf(f.path, InJSON, t, tags, &r.in.Faults)
	case b.Takes(KindText):
		r.in.Faults.refuse(f.path, tags, append(fileKeywords(), "default"), "which does not apply to a body", insteadOnBody)
		b.Site = siteOf(f.path, InText, t, tags, &r.in.Faults)
	default:
		r.in.Faults.refuse(f.path, tags, ruleKeys(), "which does not apply to a body of the kind "+f.kinds[0], insteadOnKind(f.kinds[0]))
		b.Site = siteOf(f.path, InText, t, noteTags(tags), &r.in.Faults)
	}
	b.IsOptional = b.Field.IsWrapped()
	for _, kind := range f.kinds {
		r.kind(b, f.path, kind)
	}
	return b
}

// wholeTag returns the source of an In that is the body itself.
func wholeTag(t reflect.Type) sourceTag {
	if isPatch(t) {
		return sourceTag{kinds: []string{KindMergePatch}}
	}
	return sourceTag{kinds: []string{KindJSON}}
}

// patchField reads a field that is a MergePatch, without a tag.
func patchField(path string, index []int, f reflect.StructField) declared {
	var wrong []string
	if !f.IsExported() {
		wrong = append(wrong, `is a bind.MergePatch but is not exported, so that no request fills it: export it, or write json:"-"`)
	}
	d := sourceTag{source: FromBody, kinds: []string{KindMergePatch}}
	return newDeclared(path, index, f, d, wrong)
}

// patch completes the body that is a MergePatch.
func (r *sourceReader) patch(b *Body, f declared) {
	r.in.Faults.refuse(f.path, f.field.Tag, ruleKeys(), "which does not apply to a bind.MergePatch",
		always("write it on a member of the type that is patched"))
	of, _ := patched(b.Field.Base)
	b.Site = FieldSite(pathOf(of), InJSON, of, noteTags(f.field.Tag))
	switch b.Type.Reads {
	case Struct, Map, Any:
	default:
		r.in.Faults.Add(f.path, `is a patch of the type %s, which has no members to merge: use body:"json"`, of)
	}
}

// takesAny reports whether bodies of the kind may have any media type, so that no
// other kind can follow it.
func takesAny(kind string) bool { return kind == KindText || kind == KindBytes || kind == KindStream }

// kind checks whether the type of the body fits one of its kinds. Package bind checks the type
// of a multipart body.
func (r *sourceReader) kind(b *Body, path, kind string) {
	base := b.Type.Base
	switch kind {
	case KindText:
		if b.Type.Text != text.String && b.Type.Text != text.Self {
			r.in.Faults.Add(path, "is a text body of type %s, which is not a string: use a string or a type with UnmarshalText", base)
		}
	case KindBytes:
		if base.Kind() != reflect.Slice || base.Elem().Kind() != reflect.Uint8 {
			r.in.Faults.Add(path, "is a body of bytes of type %s, which is not a []byte: use []byte", base)
		}
	case KindStream:
		if base != reflect.TypeFor[io.Reader]() && base != reflect.TypeFor[io.ReadCloser]() {
			r.in.Faults.Add(path, "is a stream of type %s: use io.Reader or io.ReadCloser", base)
		}
	case KindForm:
		r.form(b, path)
	}
}

// form reads the fields of a struct that is a form: by their form tags, or by their names in
// JSON if no field has a form tag.
func (r *sourceReader) form(b *Body, path string) {
	t := b.Type.Base
	if !isGroup(t) {
		r.in.Faults.Add(path, "is a form of type %s, which is not a struct: use a struct", t)
		return
	}
	if b.MediaType != "" {
		r.in.Faults.Add(path, "has a contentType tag, but a form has two media types of its own: remove the tag")
	}
	inner, faulty := &sourceReader{in: &In{Type: t}}, len(r.in.Faults)
	read := func(d declared) { inner.param(d, nil) }
	if isTagged(t) {
		inner.readAll(groupFields(t, path, nil, FromForm), read)
	} else {
		var all []declared
		all, b.Skipped = inner.memberFields(path)
		inner.readAll(all, read)
	}
	b.Fields = inner.params
	r.in.Faults.Append(inner.in.Faults...)
	if len(b.Fields) == 0 && len(r.in.Faults) == faulty {
		r.in.Faults.Add(path, "is a form without fields: give them form tags")
	}
	_, wrong := Site{Path: path, Medium: InText, Type: b.Type}.Validations()
	r.in.Faults.Append(wrong...)
}

// memberFields collects the members of the struct as form fields, and the names of readOnly
// members.
func (r *sourceReader) memberFields(path string) (all []declared, skipped []string) {
	members := Site{Path: path, Type: Of(r.in.Type)}.Members()
	if members.Malformed != nil {
		r.in.Faults.Add(path, "cannot be JSON: %v", members.Malformed)
	}
	r.in.Faults.Append(members.options...)
	for i := range members.List {
		m := &members.List[i]
		if m.ReadOnly {
			skipped = append(skipped, m.Name)
			continue
		}
		if m.IsBehind {
			all = append(all, atFault(m.Path, "is in an embedded pointer: embed the struct itself"))
			continue
		}
		d := sourceTag{source: FromForm, name: m.Name, optional: m.OmitEmpty || m.OmitZero}
		all = append(all, newDeclared(m.Path, m.Index, r.in.Type.FieldByIndex(m.Index), d, nil))
	}
	return all, skipped
}
