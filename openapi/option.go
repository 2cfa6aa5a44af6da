package openapi

import (
	"reflect"
	"slices"
)

// An Option changes what [New] says beyond the routes. The zero Option changes
// nothing.
type Option struct{ apply func(*builder) }

// Servers says where the service is. Without it that is the root of the host of
// the document.
func Servers(servers ...Server) Option {
	servers = slices.Clone(servers)
	return Option{func(b *builder) { b.model.Servers = append(b.model.Servers, servers...) }}
}

// Tags describes tags of routes, and puts them into this order. Those that only
// routes have follow.
func Tags(tags ...Tag) Option {
	tags = slices.Clone(tags)
	return Option{func(b *builder) { b.model.Tags = append(b.model.Tags, tags...) }}
}

// Schema states the schema of T, as JSON, for a type of another package whose
// methods read and write something that its declaration does not show. A type of
// your own states it by a method:
//
//	func (Color) JSONSchema() string { return `{"type": "string", "pattern": "^#[0-9a-f]{6}$"}` }
func Schema[T any](text string) Option {
	return Option{func(b *builder) { b.schemas[reflect.TypeFor[T]()] = text }}
}
