package bind

import (
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// An upload is what a form field asks of each of its files.
type upload struct {
	maxSize int64
	tooBig  *text.Wrong

	types     []mediaRange // none is any
	wrongType *text.Wrong
}

// upload compiles a form field of type File, []File, or either in a pointer or
// Opt. It reports false for a field of another type.
func (c *compiler) upload(path string, index []int, f reflect.StructField, d tag.Field) bool {
	t, outer := unwrap(f.Type)
	list := t.Kind() == reflect.Slice && t.Elem() == reflect.TypeFor[File]()
	if !list && t != reflect.TypeFor[File]() {
		return false
	}
	p := &param{source: d.Source, name: d.Name, index: index, list: list, open: outer, upload: &upload{maxSize: math.MaxInt64}}
	c.faults.noKeywords(path, f.Tag, append(valueKeywords(), "default")...)
	if d.CSV {
		c.faults.add(path, "has the option csv, which is for text")
	}
	if arg, ok := f.Tag.Lookup("maxSize"); ok {
		if err := p.upload.limitSize(arg); err != nil {
			c.faults.add(path, "has maxSize:%q: %v", arg, err)
		}
	}
	if arg, ok := f.Tag.Lookup("contentMediaType"); ok {
		if err := p.upload.limitTypes(arg); err != nil {
			c.faults.add(path, "has contentMediaType:%q: %v", arg, err)
		}
	}
	p.items = itemChecks(c.faults, path, t, f.Tag)
	p.selfChecks(c.faults, path, t, reflect.TypeFor[File]())
	switch {
	case d.Optional || outer != nil:
	case list:
		p.missing = p.items.check(reflect.Zero(t))
	default:
		p.missing = missing()
	}
	c.put(path, p)
	return true
}

func (u *upload) limitSize(arg string) error {
	n, err := strconv.ParseInt(arg, 10, 64)
	switch {
	case err != nil:
		return numError(err)
	case n < 0:
		return strconv.ErrRange
	}
	u.maxSize, u.tooBig = n, &text.Wrong{Code: "maxSize", Detail: "must have at most " + arg + " bytes"}
	return nil
}

func (u *upload) limitTypes(arg string) error {
	var words []string
	for text := range strings.SplitSeq(arg, ",") {
		m, err := parseMediaRange(text)
		if err != nil {
			return err
		}
		u.types = append(u.types, m)
		words = append(words, m.typ+"/"+m.subtype)
	}
	u.wrongType = &text.Wrong{Code: "contentMediaType", Detail: "must have the media type " + strings.Join(words, " or ")}
	return nil
}

// takes reports whether a file may declare contentType.
func (u *upload) takes(contentType string) bool {
	declared := mediaType(contentType)
	for _, m := range u.types {
		if m.matches(declared) {
			return true
		}
	}
	return len(u.types) == 0
}

// A mediaRange is a media type, or with the subtype * all of a type.
type mediaRange struct{ typ, subtype string }

func parseMediaRange(text string) (mediaRange, error) {
	typ, subtype, _ := strings.Cut(header.Trim(text), "/")
	if !header.IsToken(typ) || !header.IsToken(subtype) || typ == "*" {
		return mediaRange{}, errors.New("needs media types such as image/png or image/*, separated by commas")
	}
	return mediaRange{typ, subtype}, nil
}

func (m mediaRange) matches(mediaType string) bool {
	typ, subtype, ok := strings.Cut(mediaType, "/")
	return ok && strings.EqualFold(typ, m.typ) && (m.subtype == "*" || strings.EqualFold(subtype, m.subtype))
}

// An uploaded is one file of a parameter.
type uploaded struct {
	param int
	file  File
}

// files stores the files that came for p. An urlencoded body has none: what a
// browser sends there is their name.
func (g *gathered) storeFiles(p *param, i int) *text.Wrong {
	if wrong := g.slots[i].wrong; wrong != nil {
		return wrong
	}
	var files []File
	for _, u := range g.files {
		if u.param == i {
			files = append(files, u.file)
		}
	}
	switch {
	case len(files) == 0:
		return &text.Wrong{Code: "type", Detail: "must be a file"}
	case p.list:
		dst := p.inner(g.in)
		dst.Set(reflect.ValueOf(files).Convert(dst.Type()))
		return p.items.check(dst)
	}
	p.inner(g.in).Set(reflect.ValueOf(files[0]))
	return nil
}
