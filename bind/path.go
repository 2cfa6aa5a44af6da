package bind

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// paths binds the path values. A router does not tell an empty value, which the
// rest of a path may be, from none: it is a value for a required string alone.
func (b *request) paths(s *source) {
	for _, p := range s.params {
		var wrong *text.Wrong
		if text := b.config.pathValue(b.r, p.name); text == "" && p.missing == nil {
			wrong = p.absent(b.in)
		} else {
			wrong = b.gathered.one(p, b.in, text)
		}
		if wrong != nil {
			b.errs.add(shape.FromPath, p.name, "", wrong)
		}
	}
}

// requests stores the request itself.
func (b *request) requests(fields [][]int) {
	for _, index := range fields {
		b.in.FieldByIndex(index).Set(reflect.ValueOf(b.r))
	}
}
