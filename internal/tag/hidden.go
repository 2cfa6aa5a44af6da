package tag

import (
	"net/http"
	"reflect"
)

// Key is the place in a request that d reads. Two fields of one struct cannot
// have the same one, but for that of [Body], which is empty.
func (d *Field) Key() string {
	switch {
	case d.Source == "" || d.Source == Body:
		return ""
	case d.Source == Header:
		return d.Source + " " + http.CanonicalHeaderKey(d.Name)
	case d.Deep:
		return d.Source + " " + d.Name + "["
	}
	return d.Source + " " + d.Name
}

// Visible returns the fields that no other one hides: as in Go and in JSON, a
// field hides those of the same key in the structs that are embedded beside it.
// The place of a field is its key and the length of its index.
func Visible[T any](fields []T, place func(T) (key string, depth int)) []T {
	shallowest := make(map[string]int, len(fields))
	for _, f := range fields {
		key, depth := place(f)
		if known, ok := shallowest[key]; !ok || depth < known {
			shallowest[key] = depth
		}
	}
	var visible []T
	for _, f := range fields {
		if key, depth := place(f); key == "" || depth == shallowest[key] {
			visible = append(visible, f)
		}
	}
	return visible
}

// IsTagged reports whether a field of the struct t, or of a struct embedded in
// it, has a source tag.
func IsTagged(t reflect.Type) bool {
	for f := range t.Fields() {
		if HasSource(f) || f.Anonymous && f.Type.Kind() == reflect.Struct && IsTagged(f.Type) {
			return true
		}
	}
	return false
}

// IsGroup reports whether t is a struct whose fields are read by their tags, and
// not one that a text is read into.
func IsGroup(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && (!ReadsText(t) || IsTagged(t))
}
