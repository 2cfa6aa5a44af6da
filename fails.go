package tenon

import (
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/respond"
)

// Fails documents the kinds of failures that the function of a [Route] returns. Each
// appears under its status, with its type and its extensions:
//
//	tenon.Post("/orders", createOrder, tenon.Fails(OutOfCredit, SoldOut))
//
// Several Fails add up. Fails does not change any answer, and has no effect on a handler
// without a route. A faulty kind is a fault of the route: see [respond.ProblemType].
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

// failsOf returns the kinds of failures from the options, and their faults.
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
