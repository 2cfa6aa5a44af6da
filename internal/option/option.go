// Package option is what the options of all packages have in common: each adds itself to
// a [Set], and each package takes from the Set what is its own. So options of several
// packages stand side by side in one call, and nobody outside of the module can make one.
package option

import (
	"iter"
	"reflect"
)

// An Adder is an option.
type Adder interface{ Apply(s *Set) }

// A Set holds options in lists. A list is what one call of a constructor was given, and a
// later list is nearer to the handler: where two of them differ, the later wins.
type Set struct {
	lists [][]any
	wire  []Wire
}

// A Wire is an option that changes what is sent, in a way that a client has to know.
type Wire struct {
	List int
	Name string // as a caller writes it
}

// A Fault is an option that is none: what is wrong with the declaration of the route that
// has it, in words that follow the name of the route.
type Fault string

// Apply implements [Adder].
func (f Fault) Apply(s *Set) { s.Add(f) }

// Lists returns the set of the options in lists. A nil option, a nil pointer to one too,
// says nothing.
func Lists[O Adder](lists ...[]O) *Set {
	s := &Set{}
	for _, list := range lists {
		s.lists = append(s.lists, nil)
		for _, opt := range list {
			Apply(s, opt)
		}
	}
	return s
}

// Apply adds an option to the list that is being read, if it is not nil.
func Apply(s *Set, opt Adder) {
	if !IsNil(opt) {
		opt.Apply(s)
	}
}

// IsNil reports whether an argument of a declaration is nil, a nil pointer or a nil
// function, whose methods could only panic. A nil map may well be a value.
func IsNil(arg any) bool {
	v := reflect.ValueOf(arg)
	return !v.IsValid() || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Func) && v.IsNil()
}

// Add adds v to the list that is being read.
func (s *Set) Add(v any) {
	last := len(s.lists) - 1
	s.lists[last] = append(s.lists[last], v)
}

// AddWire is Add for an option that changes what is sent, under the name that a caller
// writes.
func (s *Set) AddWire(name string, v any) {
	s.Add(v)
	s.wire = append(s.wire, Wire{List: len(s.lists) - 1, Name: name})
}

// Wire returns the options that change what is sent.
func (s *Set) Wire() []Wire { return s.wire }

// Of returns the options of type O in s, each with the number of its list, in the order
// in which they were written.
func Of[O any](s *Set) iter.Seq2[int, O] {
	return func(yield func(int, O) bool) {
		for i, list := range s.lists {
			for _, v := range list {
				if o, ok := v.(O); ok && !yield(i, o) {
					return
				}
			}
		}
	}
}
