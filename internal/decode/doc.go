// Package decode reads JSON into values of Go types, as their declarations ask. It compiles
// a [shape.Site] into a [Plan] of nodes, once at start-up: one node for each Go type under
// one set of rules. It knows nothing about requests: what is wrong goes to a [Report],
// placed by a JSON Pointer in URI fragment form (RFC 6901, section 6).
//
//	plan.go        Compile, Read, a Reader with its place, and Check and Validate for values
//	               that something else read
//	decoding.go    the working space of one body: errors, depth
//	reader.go      the reader that the nodes drive: values, items, names
//	names.go       known names, and repeated ones
//	skip.go        what is passed over
//	strings.go     strings                   digits.go    numbers
//	pointer.go     pointers                  typed.go     lists and maps of the most common types
//	engine.go      the engine in place of the reader, and where a body is no JSON text
//	walk.go        a stored value, and the Validate methods
//	object.go      structs                   member.go    their members, as they are sent
//	wrap.go        pointers and Opts         default.go   what a tag gives where nothing is sent
//	map.go         maps and their keys       check.go     rules
//	list.go        slices and arrays         scalar.go    strings, bools, bytes, times
//	number.go      numbers                   self.go      what reads itself, and any
//	merge.go       a merge patch in place of a value
//	duplicate.go   copies of what a patch is merged into
//	diff.go        the patch between two values
//
// Each of the files of nodes has the compilation, the reading and the checking of its node.
//
// The reader goes over the body once, in a slice with zero bytes behind it. Its verdict is
// the engine's: FuzzRead holds the two together. With the build tag tenon_engine the
// engine reads every body.
package decode
