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

// Faults are all faults of a declaration, in the order of the declaration.
type Faults []Fault //nolint:recvcheck // adding needs a pointer, reading goes without

// Add adds a fault at the Go path, unless it is there already.
func (f *Faults) Add(path, format string, args ...any) {
	f.Append(Fault{path, fmt.Sprintf(format, args...)})
}

// Append adds the faults that are not there yet.
func (f *Faults) Append(more ...Fault) {
	for _, fault := range more {
		if !slices.Contains(*f, fault) {
			*f = append(*f, fault)
		}
	}
}

// refuse adds a fault for each of the keys that tags has. words is a format for the tag.
func (f *Faults) refuse(path string, tags reflect.StructTag, keys []string, words string) {
	for _, key := range keys {
		if arg, ok := tags.Lookup(key); ok {
			f.Add(path, words, key+":"+strconv.Quote(arg))
		}
	}
}

// Lines returns the faults as texts, or nil without faults.
func (f Faults) Lines() []string {
	var lines []string //nolint:prealloc // nil without faults
	for _, fault := range f {
		lines = append(lines, fault.String())
	}
	return lines
}
