package tag

import (
	"reflect"
	"strconv"
	"strings"
)

// ValueKeywords returns the tag keys of the constraints on one value, which are
// the keywords of JSON Schema. On a slice or a map they are about each element.
func ValueKeywords() []string {
	return []string{
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
		"minLength", "maxLength", "pattern", "enum", "format",
	}
}

// ItemKeywords returns the tag keys of the constraints on a slice as a whole.
func ItemKeywords() []string { return []string{"minItems", "maxItems", "uniqueItems"} }

// Only returns the part of tags that has the given keys.
func Only(tags reflect.StructTag, keys ...string) reflect.StructTag {
	var b strings.Builder
	for _, key := range keys {
		if value, ok := tags.Lookup(key); ok {
			b.WriteString(key + ":" + strconv.Quote(value) + " ")
		}
	}
	return reflect.StructTag(b.String())
}
