package bind

import (
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// jsonMode decodes a JSON body.
func jsonMode(plan *jsonPlan) mode {
	read := func(b *request, dst reflect.Value) error {
		first := len(b.errs.list)
		cause := plan.decode(&b.buf, dst, &b.errs, &b.late)
		return b.asked(first, "", cause)
	}
	return mode{accepts: isJSON, types: "application/json", read: read}
}

// formatMode decodes a body with a user's format, and then checks what it
// stored: the constraints are bind's to keep.
func formatMode(plan *jsonPlan, format Format) mode {
	read := func(b *request, dst reflect.Value) error {
		first := len(b.errs.list)
		cause := format.Decode(&b.buf, dst.Addr().Interface())
		if cause != nil {
			b.errs.add(tag.Body, "", "", &text.Wrong{Code: "syntax", Detail: "is not valid " + format.Type})
		} else {
			plan.check(dst, &b.errs)
		}
		if len(b.errs.list) == 0 {
			plan.validate(dst, &b.late)
		}
		return b.asked(first, "", cause)
	}
	accepts := func(mediaType string) bool { return strings.EqualFold(mediaType, format.Type) }
	return mode{accepts: accepts, types: format.Type, read: read}
}
