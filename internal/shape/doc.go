// Package shape reads what a Go type and its tags mean on the wire, for the packages that
// compile it: readers of requests, writers of answers, addresses, clients, schemas. It has
// facts about types and no behavior of requests. A fact that two packages need is found here
// once:
//
//	Type      a Go type: pointers and Opts around it, its forms in JSON and text     [Of]
//	Site      a place that has a value: a Type and what the tags of a field ask      [SiteOf]
//	Rules     minimum, pattern, enum and so on, their limits as values of the type
//	Members   the fields of a struct in JSON, as the engine finds them               [Site.Members], [WrittenMembers]
//	In        the parameters, the values and the body of a request                   [InOf]
//	Literal   the value that a tag states, such as a default                         [Site.Literal]
//	Fault     what is wrong with a declaration, at its path in Go
//
// A reader starts at the parameters and the body of an [In], or at [SiteOf] for an answer. It
// goes inside by [Site.Elem] and [Site.Members]. It makes one node for each [Key], and makes it
// before the nodes inside, so that recursive types end.
//
//	switch s := site; {
//	case s.Type.IsEndless:            a fault
//	case s.Type.IsWrapped():          a node for s.Type.Wraps[0], then s.Inner()
//	case s.Type.Reads == shape.Struct: for each m of s.Members().List: m.Name, m.Site
//	case s.Type.Reads == shape.List:  s.Rules.MinItems and so on, then s.Elem()
//	default:                          a scalar: s.Rules.Limits and so on
//	}
//
// The faults of an In are in [In.Faults], and those of a struct in [Members.Faults]. The reader
// collects them. A type without a form in one direction is a fault of that direction. Other
// packages check whether a Pattern compiles, whether the Format of a string is known, and whether
// a Default keeps the rules: these checks need packages that a program which only answers should
// not link.
//
// # Required
//
// A value is required, except one with a default, a pointer, an Opt, the option optional,
// omitempty or omitzero, an embedded pointer around it, and a parameter that is a slice or map. A
// slice is required if minItems refuses an empty one. [Param.IsRequired] and
// [Member.IsRequired] hold this rule.
//
// # Faults of tags
//
// In a struct with sources, two things are faults: a field that looks bound but is not, and on a
// bound field a key that is almost one of this module. The tag json:"-" allows both. An outer
// parameter hides an embedded one of its source and name, as in Go.
//
// # Types of package bind
//
// Opt and File have a marker: [Optional] and [Uploaded]. Raw is a slice and cannot have one, so
// its name identifies it.
package shape
