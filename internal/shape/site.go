package shape

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/text"
)

// A Medium is the encoding around a value.
type Medium uint8

// The media.
const (
	InJSON Medium = iota // a JSON body of a request or an answer
	InText               // a path, a query, a header field, a cookie or a form field
)

// A Site is a place with a value of a Go type: a parameter, a member, an element or a body. It
// has the type and what the tags of the field say about it.
type Site struct {
	// Path is the place in Go, for faults: Article.Tags. Elements of a slice or map have the
	// path of the field.
	Path   string
	Medium Medium
	Type   Type
	Rules  Rules
	// Quoted is the json option string: the number is written in a string.
	Quoted bool
	// Doc, Deprecated and Example are the tags of these names. Elements have none, because
	// the tags are about the field.
	Doc        string
	Deprecated bool
	Example    *string // nil without the tag; [Site.Literal] reads it
}

// FieldSite returns the site of a field of type t with these tags. The faults of the tags are in
// its Rules.
func FieldSite(path string, medium Medium, t reflect.Type, tags reflect.StructTag) Site {
	s := Site{Path: path, Medium: medium, Type: Of(t), Doc: tags.Get("doc"), Deprecated: tags.Get("deprecated") == "true"}
	if example, ok := tags.Lookup("example"); ok {
		s.Example = &example
	}
	s.Rules = rulesOf(medium, s.Type, tags)
	return s
}

// siteOf is FieldSite that adds what is wrong to faults.
func siteOf(path string, medium Medium, t reflect.Type, tags reflect.StructTag, faults *Faults) Site {
	s := FieldSite(path, medium, t, tags)
	for _, words := range s.Rules.Wrong {
		faults.Append(Fault{path, words})
	}
	return s
}

// SiteOf returns the site of a value of type t in JSON without a field around it, such as a whole
// answer or an item of a stream.
func SiteOf(t reflect.Type) Site { return Site{Path: pathOf(t), Type: Of(t)} }

// pathOf returns where the Go paths in a type start.
func pathOf(t reflect.Type) string {
	if t.Kind() == reflect.Struct && t.Name() == "" {
		return "struct"
	}
	if t.Kind() == reflect.Struct {
		return t.Name()
	}
	return t.String()
}

// A Key identifies the run-time node, or the schema, that a site needs. Sites with the same key
// differ only in their path and in what documents say about the field.
type Key struct {
	typ    reflect.Type
	medium Medium
	rules  string
	quoted bool
}

// Key returns the key of s.
func (s Site) Key() Key { return Key{s.Type.Go, s.Medium, s.Rules.key, s.Quoted} }

// Elem returns the site of the values inside a slice, array or map. It has the rules on one
// value.
func (s Site) Elem() Site {
	return Site{Path: s.Path, Medium: s.Medium, Type: s.Type.Elem(), Rules: s.Rules.elements()}
}

// Inner returns the site inside the outermost pointer or Opt of s. There must be one.
func (s Site) Inner() Site {
	s.Type = Of(s.Type.Wraps[0].Inner)
	return s
}

// IsList reports whether the value is a sequence of values with a site of their own.
func (s Site) IsList() bool {
	if s.Medium == InText {
		return s.Type.IsTextList()
	}
	return s.Type.Reads == List || s.Type.Reads == Array
}

// Codec returns the codec of the text that a value of the site is, in its format. The
// error is in words that follow the path.
func (s Site) Codec() (text.Codec, error) {
	format := s.Rules.Format
	if s.Type.IsEndless {
		return text.Codec{}, fmt.Errorf("has type %s, a pointer that only points to itself: use another type", s.Type.Go)
	}
	return text.Of(s.Type.Base, format)
}

// TimeForm returns the form of a time at the site. In JSON, a form that is a number is a JSON
// number, and map keys ignore the format.
func (s Site) TimeForm() text.TimeForm {
	form, _ := text.TimeFormOf(s.Rules.Format) // an unknown format is a fault of the rules
	return form
}

// A Literal is a value that a tag states, such as a default.
type Literal struct {
	// Text is the text of the tag.
	Text string
	// IsList means that Values are the elements of a slice.
	IsList bool
	// Values are one value, or those of a list, without pointers and Opts. They must not
	// change. If a value is not plain (see [Type.IsPlain]), read its text again for each use.
	Values []reflect.Value
	// Texts are the texts of Values.
	Texts []string
}

// Literal reads a text as a value of the site. The text has the form of a parameter, also in
// JSON, with commas between the elements of a slice. The words of the error follow the text.
// Literal does not check the rules.
func (s Site) Literal(of string) (*Literal, error) {
	l := &Literal{Text: of, IsList: s.IsList() && s.Type.Base.Kind() == reflect.Slice, Texts: []string{of}}
	site := s
	if l.IsList {
		if err := spaced(of); err != nil {
			return nil, err
		}
		site = s.Elem()
		l.Texts = nil
		if of != "" {
			l.Texts = strings.Split(of, ",")
		}
	}
	codec, err := site.Codec()
	if err != nil || site.Medium == InJSON && site.Type.Reads == Struct {
		return nil, fmt.Errorf("it does not apply to type %s: remove it, and use a pointer or a bind.Opt if the value may be absent", s.Type.Go)
	}
	for _, word := range l.Texts {
		value := reflect.New(site.Type.Base).Elem()
		if wrong := codec.Parse(value, word); wrong != nil {
			return nil, errors.New("it " + wrong.Detail)
		}
		l.Values = append(l.Values, value)
	}
	return l, nil
}

// defaultOf returns the default in the tags of s, and adds its faults to faults.
func (s Site) defaultOf(tags reflect.StructTag, faults *Faults) *Literal {
	of, ok := tags.Lookup("default")
	if !ok {
		return nil
	}
	l, err := s.Literal(of)
	if err != nil {
		faults.Add(s.Path, "has default:%q: %v", of, err)
		return &Literal{Text: of}
	}
	return l
}
