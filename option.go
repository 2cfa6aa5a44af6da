package tenon

import (
	"cmp"
	"maps"
	"slices"

	"github.com/tenonkit/tenon/internal/option"
)

// An Option changes how a handler binds and responds, or how a [Route] is named
// and documented. Every [bind.Option] and [respond.Option] is one as it is, and so
// are a [Doc] and what [Named] and [Options] return; there are no others. Options
// are read when the handler is made, which is when bad ones are reported. Of two
// that differ the later wins, unless an option says otherwise.
type Option interface{ Apply(s *option.Set) }

// Options makes one of several options.
func Options(opts ...Option) Option { return options(slices.Clone(opts)) }

type options []Option

// Apply implements [Option].
func (o options) Apply(s *option.Set) {
	for _, opt := range o {
		option.Apply(s, opt)
	}
}

// Named gives a [Route] a name in place of the one of its function. In a document
// it is the operation id, letter for letter. It has no effect on a handler alone.
func Named(name string) Option { return named(name) }

type named string

// Apply implements [Option].
func (n named) Apply(s *option.Set) { s.Add(n) }

// nameOf returns the name that was given, or "".
func nameOf(opts *option.Set) string {
	var name named
	for _, name = range option.Of[named](opts) {
	}
	return string(name)
}

// A Doc documents a [Route]. It is an [Option]. Several of them add up: Tags and
// Errors grow, of two Responses of one status the later counts, a text that is not
// empty replaces the one before it, and a route is Deprecated or Hidden if one of
// them says so. The zero Doc says nothing, and the types of the function speak.
type Doc struct {
	// Summary is one line; empty means the words of the route's name.
	Summary string
	// Description is longer, in CommonMark.
	Description string
	// Tags group routes.
	Tags []string
	// Errors are the statuses of failures that the function itself answers.
	Errors []int
	// Responses are further values that the function may answer with, by
	// status; a value stands for its type, and names its header fields and
	// cookies.
	Responses map[int]any
	// Deprecated marks a route that clients should leave.
	Deprecated bool
	// Hidden leaves the route out of documents.
	Hidden bool
}

// Apply implements [Option].
func (d Doc) Apply(s *option.Set) { s.Add(d) }

// docOf returns what the Docs say together.
func docOf(opts *option.Set) Doc {
	var sum Doc
	for _, d := range option.Of[Doc](opts) {
		sum = sum.and(d)
	}
	return sum
}

// and returns what d and later, which wins, say together.
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

// union returns a new list of the values of both, each once, in the order in which they
// come first; nil where there are none.
func union[T comparable](first, second []T) []T {
	var all []T
	for _, v := range slices.Concat(first, second) {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}
