// Package option is what the options of all packages have in common. Each option adds itself
// to a [Set], and each package takes its own options from the Set. So one call may have
// options of several packages, and nobody outside of the module can make one.
package option

import (
	"iter"
	"reflect"
)

// An Adder is an option.
type Adder interface{ Apply(s *Set) }

// A Set holds options in lists. Each list has the options of one call of a constructor. A
// later list is nearer to the handler: if two options differ, the later one wins.
type Set struct {
	lists [][]any
	wire  []Wire
}

// A Wire is an option that changes what is sent. A client has to know it.
type Wire struct {
	List int    // the number of its list
	Name string // as a caller writes it, such as respond.Formats
}

// A Fault is an option that changes nothing. It reports a fault of the declaration, in words
// that follow the name of the route.
type Fault string

// Apply implements [Adder].
func (f Fault) Apply(s *Set) { s.Add(f) }

// An Agreement is an option that changes nothing. All routes of a table that have one with this
// Key must have the same Value.
type Agreement struct {
	Key   string
	Value any
	// Otherwise is the fault of a route with another Value, in words that follow its name.
	Otherwise string
}

// Apply implements [Adder].
func (a Agreement) Apply(s *Set) { s.Add(a) }

// Lists returns the set of the options in lists. It leaves out nil options and nil pointers to
// options.
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

// Apply adds an option to the last list, if it is not nil.
func Apply(s *Set, opt Adder) {
	if !IsNil(opt) {
		opt.Apply(s)
	}
}

// IsNil reports whether x is nil, a nil pointer or a nil function. Its methods could only
// panic. A nil map is not nil in this sense: its methods may work.
func IsNil(x any) bool {
	v := reflect.ValueOf(x)
	return !v.IsValid() || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Func) && v.IsNil()
}

// Add adds v to the last list.
func (s *Set) Add(v any) {
	last := len(s.lists) - 1
	s.lists[last] = append(s.lists[last], v)
}

// AddWire is Add for an option that changes what is sent.
func (s *Set) AddWire(name string, v any) {
	s.Add(v)
	s.wire = append(s.wire, Wire{List: len(s.lists) - 1, Name: name})
}

// Wire returns the options that change what is sent.
func (s *Set) Wire() []Wire { return s.wire }

// Of returns the options of type O, each with the number of its list, in the order in which
// they were added.
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
