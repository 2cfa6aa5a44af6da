package tenon

import (
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

// An Option changes how a handler binds and responds, or how a [Route] is named
// and documented. Options are read once, when the handler is made.
type Option interface{ apply(c *config) }

type config struct {
	bind    []bind.Option
	respond []respond.Option
	name    string
	doc     Doc
}

func newConfig(opts []Option) *config {
	c := &config{}
	for _, opt := range opts {
		opt.apply(c)
	}
	return c
}

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

// Bind passes options to package bind.
func Bind(opts ...bind.Option) Option {
	return optionFunc(func(c *config) { c.bind = append(c.bind, opts...) })
}

// Respond passes options to package respond.
func Respond(opts ...respond.Option) Option {
	return optionFunc(func(c *config) { c.respond = append(c.respond, opts...) })
}

// Named gives a [Route] a name in place of the one of its function. In a document
// it is the operation id, letter for letter. It has no effect on a handler alone.
func Named(name string) Option {
	return optionFunc(func(c *config) { c.name = name })
}

// A Doc documents a [Route]. It is an [Option]; a later Doc replaces an earlier
// one. The zero Doc says nothing, and the types of the function speak.
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

func (d Doc) apply(c *config) { c.doc = d }
