package tenon

import (
	"strings"

	"github.com/tenonkit/tenon/respond"
)

// Fails documents the kinds of failures that the function of a [Route] answers
// with, each under its status, with its type and its extensions:
//
//	tenon.Post("/orders", createOrder, tenon.Fails(OutOfCredit, SoldOut))
//
// Several Fails add up. It changes nothing about what is answered. It panics with
// every fault of the kinds, see [respond.ProblemType].
func Fails(kinds ...respond.Kind) Option {
	var faults []string
	for _, kind := range kinds {
		faults = append(faults, kind.DescribeProblem().Faults...)
	}
	if len(faults) > 0 {
		panic("tenon: Fails: " + strings.Join(faults, "\ntenon: Fails: "))
	}
	return optionFunc(func(c *config) { c.kinds = append(c.kinds, kinds...) })
}

// withKinds returns the Meta of a route with the kinds of its failures.
func (c *config) withKinds(meta []any) []any {
	for _, kind := range c.kinds {
		meta = append(meta, kind)
	}
	return meta
}
