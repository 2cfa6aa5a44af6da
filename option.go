package tenon

import (
	"cmp"
	"maps"
	"slices"

	"github.com/tenonkit/tenon/internal/option"
)

// An Option changes how a handler binds and responds, or how a [Route] is named and
// documented. Every [bind.Option] and [respond.Option] is an Option. So are a [Doc] and
// the results of [Named], [Fails] and [Options]. No other package can make one. Options
// are read when the handler is made, and bad ones are reported then. If two options
// differ, the later one wins, unless an option says otherwise.
type Option interface{ Apply(s *option.Set) }

// Options makes one option of several.
func Options(opts ...Option) Option { return options(slices.Clone(opts)) }

type options []Option

// Apply implements [Option].
func (o options) Apply(s *option.Set) {
	for _, opt := range o {
		option.Apply(s, opt)
	}
}

// Named gives a [Route] a name, in place of the name of its function. In a document it is
// the operation id unchanged. It has no effect on a handler without a route.
func Named(name string) Option { return named(name) }

type named string

// Apply implements [Option].
func (n named) Apply(s *option.Set) { s.Add(n) }

// nameOf returns the name from Named, or "".
func nameOf(opts *option.Set) string {
	var name named
	for _, name = range option.Of[named](opts) {
	}
	return string(name)
}

// A Doc documents a [Route]. It is an [Option]. The zero Doc adds nothing: the types of
// the function already document the route. Several Docs add up:
//
//	Summary, Description  a later one that is not empty replaces the earlier one
//	Tags, Errors          all of them
//	Responses             all of them; for one status the later one
//	Deprecated, Hidden    true if one of them says so
type Doc struct {
	// Summary is one line. Empty means the words of the route's name.
	Summary string
	// Description is a longer text in CommonMark.
	Description string
	// Tags group routes.
	Tags []string
	// Errors are the statuses of the failures that the function returns.
	Errors []int
	// Responses are further answers of the function, by status. A value stands for its
	// type. Its header fields and cookies are documented too.
	Responses map[int]any
	// Deprecated marks a route that clients should stop using.
	Deprecated bool
	// Hidden leaves the route out of documents.
	Hidden bool
}

// Apply implements [Option].
func (d Doc) Apply(s *option.Set) { s.Add(d) }

// docOf returns the sum of the Docs.
func docOf(opts *option.Set) Doc {
	var sum Doc
	for _, d := range option.Of[Doc](opts) {
		sum = sum.and(d)
	}
	return sum
}

// and returns the sum of d and later. Where they differ, later wins.
func (d Doc) and(later Doc) Doc {
	d.Summary = cmp.Or(later.Summary, d.Summary)
	d.Description = cmp.Or(later.Description, d.Description)
	d.Tags = union(d.Tags, later.Tags)
	d.Errors = union(d.Errors, later.Errors)
	d.Deprecated = d.Deprecated || later.Deprecated
	d.Hidden = d.Hidden || later.Hidden
	responses := maps.Clone(d.Responses)
	if responses == nil {
		responses = maps.Clone(later.Responses)
	}
	maps.Copy(responses, later.Responses)
	d.Responses = responses
	return d
}

// union returns a new list of the values of both, without duplicates, in the order of
// their first occurrence. It is nil if there are none.
func union[T comparable](first, second []T) []T {
	var all []T
	for _, v := range slices.Concat(first, second) {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}
