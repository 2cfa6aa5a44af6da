package bind

import (
	"fmt"
	"reflect"
	"strings"
)

// faults collects everything that is wrong with a declaration, so that a
// programmer sees it all at the first start.
type faults struct{ list []string }

// add records a fault of the field at the Go path path.
func (f *faults) add(path, format string, args ...any) {
	f.list = append(f.list, path+" "+fmt.Sprintf(format, args...))
}

// panicIfAny panics with every fault of the declaration of t.
func (f *faults) panicIfAny(t reflect.Type) {
	if len(f.list) == 0 {
		return
	}
	panic("bind: " + t.String() + " cannot be bound:\n\t" + strings.Join(f.list, "\n\t"))
}
