package bind

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// faults collects everything that is wrong with a declaration, so that a
// programmer sees it all at the first start.
type faults struct{ list []string }

// add records a fault of the field at the Go path path.
func (f *faults) add(path, format string, args ...any) {
	f.list = append(f.list, path+" "+fmt.Sprintf(format, args...))
}

// noKeywords records the tags among keys, which mean nothing for the type of the
// field at path.
func (f *faults) noKeywords(path string, tag reflect.StructTag, keys ...string) {
	for _, key := range keys {
		if arg, ok := tag.Lookup(key); ok {
			f.add(path, "has %s:%q: %v", key, arg, errKeywordKind)
		}
	}
}

// panicIfAny panics with every fault of the declaration of t. What is wrong with a
// field of a body that comes as JSON or as a form is wrong once.
func (f *faults) panicIfAny(t reflect.Type) {
	if len(f.list) == 0 {
		return
	}
	var lines []string
	for _, line := range f.list {
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	panic("bind: " + t.String() + " cannot be bound:\n\t" + strings.Join(lines, "\n\t"))
}
