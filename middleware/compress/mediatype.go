package compress

import (
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// DefaultTypes returns the media types that are compressed unless [Types] is
// given: text but event streams, JSON, XML and what is built on them, and the
// fonts, images and programs that come uncompressed. The slice is the caller's.
func DefaultTypes() []string {
	return []string{
		"text/*", "+json", "+xml", "+text", "+yaml",
		"application/json", "application/xml", "application/javascript", "application/ecmascript", "application/x-javascript",
		"application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-seq",
		"application/yaml", "application/toml", "application/sql", "application/graphql", "application/rtf",
		"application/wasm", "application/vnd.ms-fontobject", "application/x-sh", "application/x-tar",
		"font/ttf", "font/otf", "font/sfnt", "font/collection",
		"image/bmp", "image/vnd.microsoft.icon", "image/x-icon", "image/x-ms-bmp",
	}
}

const eventStream = "text/event-stream"

// A typeSet holds media types, top-level types with their slash, and suffixes
// with their plus sign, all in lower case.
type typeSet map[string]struct{}

// add reports false for what is none of these.
func (s typeSet) add(name string) bool {
	name = strings.ToLower(name)
	suffix, isSuffix := strings.CutPrefix(name, "+")
	major, minor, _ := strings.Cut(name, "/")
	switch {
	case isSuffix && header.IsToken(suffix):
	case header.IsToken(major) && minor == "*" && major != "*":
		name = major + "/"
	case header.IsToken(major) && header.IsToken(minor) && !strings.Contains(name, "*"):
	default:
		return false
	}
	s[name] = struct{}{}
	return true
}

// has reports whether the value of a Content-Type field is one of the set.
func (s typeSet) has(contentType string) bool {
	name, _, _ := strings.Cut(contentType, ";")
	name = strings.ToLower(header.Trim(name))
	if _, ok := s[name]; ok || name == eventStream {
		return ok
	}
	slash := strings.IndexByte(name, '/')
	if slash <= 0 {
		return false
	}
	if _, ok := s[name[:slash+1]]; ok {
		return true
	}
	plus := strings.LastIndexByte(name, '+')
	if plus < slash {
		return false
	}
	_, ok := s[name[plus:]]
	return ok
}
