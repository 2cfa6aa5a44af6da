package tenon

import (
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/respond"
)

// Fails documents the kinds of failures that the function of a [Route] answers
// with, each under its status, with its type and its extensions:
//
//	tenon.Post("/orders", createOrder, tenon.Fails(OutOfCredit, SoldOut))
//
// Several Fails add up. It changes nothing about what is answered, and has no effect
// on a handler alone. What is wrong with a kind, see [respond.ProblemType], is a fault
// of the route.
func Fails(kinds ...respond.Kind) Option {
	f := make(fails, 0, len(kinds))
	for _, kind := range kinds {
		if option.IsNil(kind) {
			f = append(f, describe.ProblemType{Faults: []string{"nil: give it a respond.ProblemType"}})
			continue
		}
		f = append(f, kind.DescribeProblem())
	}
	return f
}

type fails []describe.ProblemType

// Apply implements [Option].
func (f fails) Apply(s *option.Set) { s.Add(f) }

// failsOf returns the kinds of failures that options have, and their faults.
func failsOf(opts *option.Set) (kinds []describe.ProblemType, faults []string) {
	for _, f := range option.Of[fails](opts) {
		for _, kind := range f {
			kinds = append(kinds, kind)
			for _, fault := range kind.Faults {
				faults = append(faults, "has Fails of "+fault)
			}
		}
	}
	return kinds, faults
}
