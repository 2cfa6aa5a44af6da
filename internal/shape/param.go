package shape

import (
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/text"
)

// A File has the rules of a form field for each of its files.
type File struct {
	// MaxSize is in bytes. -1 means no limit.
	MaxSize int64
	// Types are the media types that a file may declare. None means any.
	Types []MediaRange
}

// A MediaRange is a media type. The subtype * stands for all subtypes.
type MediaRange struct{ Type, Subtype string }

// String returns type/subtype.
func (m MediaRange) String() string { return m.Type + "/" + m.Subtype }

// Matches reports whether the media type, which has no parameters, is in the range.
func (m MediaRange) Matches(mediaType string) bool {
	typ, subtype, ok := strings.Cut(mediaType, "/")
	return ok && strings.EqualFold(typ, m.Type) && (m.Subtype == "*" || strings.EqualFold(subtype, m.Subtype))
}

// paramOf reads a field with a source other than a body. It reports false if the source cannot
// fill the type.
func paramOf(d declared, faults *Faults) (Param, bool) {
	p := Param{Source: d.source, Name: d.name, Index: d.index, IsOptional: d.optional, IsCSV: d.csv}
	if p.Source == FromHeader {
		p.Name = http.CanonicalHeaderKey(p.Name)
	}
	t, tags := Of(d.field.Type), d.field.Tag
	switch {
	case d.source == FromForm && takesFiles(t):
		if d.json {
			faults.Add(d.path, "has the option json, but takes a file: remove the option")
		}
		p.file(d.path, d.field, faults)
		return p, true
	case d.json:
		p.jsonField(d, faults)
		return p, true
	}
	p.IsDeep = d.deep && t.IsTextMap()
	if wrong := kindFaults(t, d.sourceTag); len(wrong) > 0 {
		for _, words := range wrong {
			faults.Append(Fault{d.path, words})
		}
		return p, false
	}
	p.Site = siteOf(d.path, InText, d.field.Type, tags, faults)
	var err error
	if p.Text, err = p.One().Codec(); err != nil {
		faults.Append(Fault{d.path, err.Error() + p.insteadOfType()})
		return p, false
	}
	if arg, ok := tags.Lookup("default"); ok && p.IsDeep {
		faults.Add(d.path, "has default:%q, which does not apply to a map: remove it, because a map is empty if it was not sent", arg)
	} else {
		p.Default = p.defaultOf(tags, faults)
	}
	faults.refuse(d.path, tags, fileKeywords(), "which is for a bind.File in a form", insteadOfFile)
	p.refuseValidations(faults)
	p.IsRequired = p.isRequired()
	return p, true
}

// jsonField completes p, a form field whose text is a JSON value. [Site.Members] leads to what is
// inside, as in a JSON body.
func (p *Param) jsonField(d declared, faults *Faults) {
	p.IsJSON = true
	p.Site = siteOf(d.path, InJSON, d.field.Type, d.field.Tag, faults)
	faults.refuse(d.path, d.field.Tag, []string{"default"},
		"which does not apply to a field with the option json", always("use a pointer, a bind.Opt or the option optional"))
	faults.refuse(d.path, d.field.Tag, fileKeywords(), "which is for a bind.File in a form", insteadOfFile)
	p.IsRequired = !p.IsOptional && !p.Type.IsWrapped()
}

// refuseValidations adds the Validate methods of the type of the parameter that reflection cannot
// call to faults.
func (p *Param) refuseValidations(faults *Faults) {
	sites := []Site{p.Site}
	if p.IsSeveral() || p.IsDeep {
		sites = append(sites, p.One())
	}
	if p.IsDeep {
		sites = append(sites, Site{Path: p.Path, Medium: InText, Type: p.Type.Key()})
	}
	for _, s := range sites {
		_, wrong := s.Validations()
		faults.Append(wrong...)
	}
}

// isRequired is the rule of required for parameters.
func (p *Param) isRequired() bool {
	switch {
	case p.Default != nil, p.IsOptional, p.Type.IsWrapped(), p.IsDeep:
		return false
	case p.IsSeveral():
		return p.Rules.MinItems != nil && *p.Rules.MinItems > 0
	}
	return true
}

// kindFaults returns why the source cannot fill the type, in words that follow the path.
func kindFaults(t Type, d sourceTag) (faults []string) {
	list := t.IsTextList()
	switch {
	case list && t.Base.Elem().Kind() == reflect.Uint8:
		faults = append(faults, "is a "+t.Base.String()+", which is not a list of numbers here: use string")
	case t.IsTextMap() && d.deep && t.Base.Key().Kind() != reflect.String:
		faults = append(faults, "needs keys that are strings, not "+t.Base.Key().String())
	case t.IsTextMap() && d.source == FromQuery && !d.deep:
		faults = append(faults, "is a map: add the option deep")
	case d.deep && !t.IsTextMap():
		faults = append(faults, "has the option deep, which is for maps and structs, not "+t.Go.String()+": "+insteadOfDeep(t))
	}
	if list && d.source == FromPath {
		faults = append(faults, "is a slice, but a path has one value for each name: use the type of one")
	}
	if d.csv && !list {
		faults = append(faults, "has the option csv, which is for slices: remove it, or use a slice")
	}
	return faults
}

// insteadOfDeep returns what to write instead of the option deep on a t.
func insteadOfDeep(t Type) string {
	if t.IsWrapped() && isGroup(t.Base) {
		return "use the struct itself"
	}
	return "remove it"
}

// insteadOfType returns what to write instead of the type of one value, in words that follow a
// fault about it. They are empty if it reads text.
func (p *Param) insteadOfType() string {
	t := p.One().Type
	isStruct := t.Base.Kind() == reflect.Struct
	switch {
	case t.IsEndless || t.Text != text.None:
		return ""
	case isUpload(t.Base):
		return `: write form:"..."`
	case isStruct && !anyField(t.Base, nil, reflect.StructField.IsExported):
	case p.Source == FromQuery && isStruct && !p.IsDeep && !p.IsSeveral():
		return ": add the option deep and query tags within, or use a type with UnmarshalText"
	case p.Source == FromForm && t.Reads != None:
		return ": add the option json, or use a type with UnmarshalText"
	}
	return ": use a string, a number, a bool or a type with UnmarshalText"
}

// takesFiles reports whether a form field of the type takes a file or several.
func takesFiles(t Type) bool {
	return isUpload(t.Base) || t.Base.Kind() == reflect.Slice && isUpload(t.Base.Elem())
}

// file completes p, a field of files.
func (p *Param) file(path string, f reflect.StructField, faults *Faults) {
	p.File = &File{MaxSize: -1}
	tags := only(f.Tag, "doc", "deprecated", "minItems", "maxItems")
	p.Site = siteOf(path, InText, f.Type, tags, faults)
	faults.refuse(path, f.Tag, append(valueKeywords(), "uniqueItems", "default"), "which does not apply to a file", insteadOnFile)
	if p.IsCSV {
		faults.Add(path, "has the option csv, which is for text: remove it")
	}
	if arg, ok := f.Tag.Lookup("maxSize"); ok {
		n, err := strconv.ParseInt(arg, 10, 64)
		if err != nil || n < 0 {
			faults.Add(path, "has maxSize:%q: %v", arg, errCount)
		}
		p.File.MaxSize = n
	}
	if arg, ok := f.Tag.Lookup("contentMediaType"); ok {
		for one := range strings.SplitSeq(arg, ",") {
			m, err := mediaRange(one)
			if err != nil {
				faults.Add(path, "has contentMediaType:%q: %v", arg, err)
				break
			}
			p.File.Types = append(p.File.Types, m)
		}
	}
	p.IsRequired = p.isRequired()
}

func mediaRange(arg string) (MediaRange, error) {
	typ, subtype, _ := strings.Cut(header.Trim(arg), "/")
	if !header.IsToken(typ) || !header.IsToken(subtype) || typ == "*" {
		return MediaRange{}, errors.New("it needs media types such as image/png or image/*, separated by commas")
	}
	return MediaRange{typ, subtype}, nil
}

// only returns tags with the given keys alone.
func only(tags reflect.StructTag, keys ...string) reflect.StructTag {
	var b strings.Builder
	for _, key := range keys {
		if value, ok := tags.Lookup(key); ok {
			b.WriteString(key + ":" + strconv.Quote(value) + " ")
		}
	}
	return reflect.StructTag(b.String())
}
