package schema

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/tenonkit/tenon/internal/json"
)

// unite makes one component of the two of a type if they are the same in requests and in
// answers. It keeps that of requests, which may allow null for an empty list. Types that refer
// to each other are the same until one of them differs.
func (x *Set) unite() {
	pairs := map[*component]*component{} // from that of requests to that of answers
	for _, c := range x.all {
		if twin := x.byType[componentKey{typ: c.typ}]; c.isRequest && !c.isPatch && twin != nil {
			pairs[c] = twin
		}
	}
	for x.part(pairs) {
		continue
	}
	for in, out := range pairs {
		in.refs = append(in.refs, out.refs...)
		in.operations = append(in.operations, out.operations...)
		in.around = append(in.around, out.around...)
	}
	x.all = slices.DeleteFunc(x.all, func(c *component) bool {
		return !c.isRequest && pairs[x.byType[componentKey{typ: c.typ, isRequest: true}]] == c
	})
}

// part removes the pairs that differ, and reports whether there were any.
func (x *Set) part(pairs map[*component]*component) bool {
	x.label(pairs)
	text := func(c *component) []byte {
		written, _ := json.Marshal(new(c.schema.bare(func(s *Schema) string { return s.Ref })))
		return written
	}
	var differ []*component
	for in, out := range pairs {
		if !bytes.Equal(text(in), text(out)) {
			differ = append(differ, in)
		}
	}
	for _, in := range differ {
		delete(pairs, in)
	}
	return len(differ) > 0
}

// label gives references a temporary text, the same for both components of a pair.
func (x *Set) label(pairs map[*component]*component) {
	for i, c := range x.all {
		for _, ref := range c.refs {
			ref.Ref = strconv.Itoa(i)
		}
	}
	for i, c := range x.all {
		if out := pairs[c]; out != nil {
			for _, ref := range out.refs {
				ref.Ref = strconv.Itoa(i)
			}
		}
	}
}
