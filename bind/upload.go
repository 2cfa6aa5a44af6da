package bind

import (
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// An upload is what a form field asks of each of its files.
type upload struct {
	maxSize int64
	tooBig  *text.Wrong

	types     []shape.MediaRange // none is any
	wrongType *text.Wrong
}

// newUpload compiles what is asked of the files of a form field.
func newUpload(of *shape.File) *upload {
	u := &upload{maxSize: math.MaxInt64, types: of.Types}
	if of.MaxSize >= 0 {
		limit := strconv.FormatInt(of.MaxSize, 10)
		u.maxSize, u.tooBig = of.MaxSize, &text.Wrong{Code: "maxSize", Detail: "must have at most " + limit + " bytes", Limit: limit}
	}
	if len(of.Types) > 0 {
		words := make([]string, 0, len(of.Types))
		for _, m := range of.Types {
			words = append(words, m.String())
		}
		u.wrongType = &text.Wrong{Code: "contentMediaType", Detail: "must have the media type " + strings.Join(words, " or "), Limit: strings.Join(words, ",")}
	}
	return u
}

// takes reports whether a file may declare contentType.
func (u *upload) takes(contentType string) bool {
	declared := mediaType(contentType)
	for _, m := range u.types {
		if m.Matches(declared) {
			return true
		}
	}
	return len(u.types) == 0
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
		return p.items.Check(dst)
	}
	p.inner(g.in).Set(reflect.ValueOf(files[0]))
	return nil
}
