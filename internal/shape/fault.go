package shape

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// A Fault is something wrong with a declaration.
type Fault struct {
	// Path is the place in Go, as in Article.Tags.
	Path string
	// Words follow the path: what is wrong, and what to write instead.
	Words string
}

// String returns the path and the words.
func (f Fault) String() string { return f.Path + " " + f.Words }

// Faults are all that is wrong with a declaration, in its order, so that a
// programmer sees it at the first start.
type Faults []Fault //nolint:recvcheck // adding needs a pointer, reading goes without

// Add adds a fault at the Go path, unless it is known.
func (f *Faults) Add(path, format string, args ...any) {
	f.Append(Fault{path, fmt.Sprintf(format, args...)})
}

// Append adds faults that are not known yet.
func (f *Faults) Append(more ...Fault) {
	for _, fault := range more {
		if !slices.Contains(*f, fault) {
			*f = append(*f, fault)
		}
	}
}

// refuse adds a fault for each of the keys that the tags have, in words with a place for
// the tag.
func (f *Faults) refuse(path string, tags reflect.StructTag, keys []string, words string) {
	for _, key := range keys {
		if arg, ok := tags.Lookup(key); ok {
			f.Add(path, words, key+":"+strconv.Quote(arg))
		}
	}
}

// Lines returns the faults as texts, nil where there are none.
func (f Faults) Lines() []string {
	var lines []string //nolint:prealloc // nil where there are none
	for _, fault := range f {
		lines = append(lines, fault.String())
	}
	return lines
}
