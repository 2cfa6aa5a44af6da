// Package shape reads what a Go type and its tags mean on the wire, for all who
// compile something from it: readers of requests, writers of answers, addresses,
// clients, schemas. It holds facts and no behavior of requests. What two of them
// need to know about a type stands here and is found once:
//
//	Type      a Go type: pointers and Opts around it, its forms in JSON and text     [Of]
//	Site      a place that has a value: a Type and what the tags of a field ask      [SiteOf]
//	Rules     minimum, pattern, enum and so on, their limits as values of the type
//	Members   the fields of a struct in JSON, as the engine finds them               [Site.Members], [WrittenMembers]
//	In        the parameters, the values and the body of a request                   [InOf]
//	Literal   the value that a tag states, such as a default                         [Site.Literal]
//	Fault     what is wrong with a declaration, at its path in Go
//
// A reader walks from the root: of an [In] along its parameters and its body, of an
// answer from [SiteOf]; inside by [Site.Elem] and [Site.Members]. It makes one node
// for each [Key], before it makes those inside, and so ends with recursive types.
//
//	switch s := site; {
//	case s.Type.IsEndless:            a fault
//	case s.Type.IsWrapped():          a node for s.Type.Wraps[0], then s.Inner()
//	case s.Type.Reads == shape.Struct: for each m of s.Members().List: m.Name, m.Site
//	case s.Type.Reads == shape.List:  s.Rules.MinItems and so on, then s.Elem()
//	default:                          a scalar: s.Rules.Limits and so on
//	}
//
// Faults of an In are in [In.Faults], those of a struct in [Members.Faults]; whoever
// walks collects them. Three things are left to others, because their tests take
// packages that a program which only answers does not link: whether Pattern compiles,
// whether a string's Format is known, and whether a Default keeps the rules. That a
// type has no form in the direction that is asked for is a fault of that direction.
//
// # Required
//
// A value is required unless its declaration says how to live without it: a default, a
// pointer, an Opt, the option optional, omitempty or omitzero, an embedded pointer
// around it, or, of a parameter, a slice or map (a slice that minItems refuses when it
// is empty is required). [Param.IsRequired] and [Member.IsRequired] are that sentence.
//
// # Faults of tags
//
// In a struct with sources, a field that looks bound and is not is a fault, and so is,
// on a field that is bound, a key that is nearly one of ours; json:"-" silences both.
// An outer parameter hides an embedded one of its source and name, as in Go.
//
// # Types of package bind
//
// Opt and File are known by a marker: [Optional] and [Uploaded]; Raw, a slice that has no
// room for one, by its name.
package shape
