package shape

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/tenonkit/tenon/internal/header"
)

// The sources of a field. They are the keys of its tag, and the values of In of an error.
const (
	FromPath   = "path"
	FromQuery  = "query"
	FromHeader = "header"
	FromCookie = "cookie"
	FromForm   = "form"
	FromValue  = "value"
	FromBody   = "body"
)

// sources returns the tag keys in the order in which faults name them.
func sources() []string {
	return []string{FromPath, FromQuery, FromHeader, FromCookie, FromForm, FromValue, FromBody}
}

// valueKeywords are the rules on one value, in the order in which they are checked.
// They are keywords of JSON Schema. On a slice or a map they are about each element.
func valueKeywords() []string {
	return []string{
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
		"minLength", "maxLength", "pattern", "enum", "format",
	}
}

// itemKeywords are the rules on a slice as a whole.
func itemKeywords() []string { return []string{"minItems", "maxItems", "uniqueItems"} }

// fileKeywords are the rules on the files of a form.
func fileKeywords() []string { return []string{"maxSize", "contentMediaType"} }

// ruleKeys are the tag keys that need a value to apply to.
func ruleKeys() []string {
	return slices.Concat(valueKeywords(), itemKeywords(), fileKeywords(), []string{"default"})
}

const nullableKey = "nullable"

// memberKeys are the tag keys that only the members of a JSON object have.
func memberKeys() []string { return []string{readOnlyKey, writeOnlyKey, nullableKey} }

// A sourceTag is the source tag of a struct field. It is zero for a field without one.
type sourceTag struct {
	source, name              string // the name is empty for a body
	optional, csv, deep, json bool
	kinds                     []string // of a body
}

// hasSource reports whether a field has a source tag.
func hasSource(tags reflect.StructTag) bool {
	return slices.ContainsFunc(sources(), func(source string) bool {
		_, ok := tags.Lookup(source)
		return ok
	})
}

// sourceOf returns the source tag of f and all its faults, in words that follow the path of the
// field.
func sourceOf(f reflect.StructField) (d sourceTag, faults []string) {
	var found []string
	for _, source := range sources() {
		value, ok := f.Tag.Lookup(source)
		if !ok {
			continue
		}
		found = append(found, source)
		if d.source == "" {
			d.source = source
			faults = d.read(f.Name, value)
		}
	}
	if len(found) > 1 {
		faults = append(faults, "has more than one source: "+strings.Join(found, ", ")+"; keep one of them")
	}
	for _, key := range memberKeys() {
		if arg, ok := f.Tag.Lookup(key); ok && d.source != "" {
			faults = append(faults, fmt.Sprintf("has %s:%q, which is for the members of a JSON object: remove it", key, arg))
		}
	}
	if d.source != "" && !f.IsExported() {
		faults = append(faults, "has a "+d.source+" tag but is not exported: export it")
	}
	return d, faults
}

func (d *sourceTag) read(goName, value string) (faults []string) {
	if d.source == FromBody {
		return d.readKinds(value)
	}
	name, rest, more := strings.Cut(value, ",")
	d.name = name
	switch {
	case name == "":
		d.name = derive(d.source, goName)
	case (d.source == FromHeader || d.source == FromCookie) && !header.IsToken(name):
		faults = append(faults, fmt.Sprintf("has the name %q, which is not a valid name of a %s: use letters, digits, - and _", name, d.source))
	case strings.TrimSpace(name) != name:
		faults = append(faults, fmt.Sprintf("has the name %q, with a space at an end: write %q", name, strings.TrimSpace(name)))
	}
	if more && d.source == FromValue {
		return append(faults, fmt.Sprintf("has the value option %q: remove it, and use a pointer or a bind.Opt if the value may be absent", rest))
	}
	for more {
		var option string
		option, rest, more = strings.Cut(rest, ",")
		switch {
		case option == "optional":
			d.optional = true
		case option == "csv" && (d.source == FromQuery || d.source == FromForm):
			d.csv = true
		case option == "deep" && d.source == FromQuery:
			d.deep = true
		case option == "json" && d.source == FromForm:
			d.json = true
		case strings.HasPrefix(option, "default="):
			faults = append(faults, fmt.Sprintf("has the unknown option %q: write default:%q", option, strings.TrimPrefix(option, "default=")))
		default:
			faults = append(faults, fmt.Sprintf("has an unknown %s option %q: use %s", d.source, option, optionsOf(d.source)))
		}
	}
	if d.csv && d.deep {
		faults = append(faults, "has both csv and deep: use one")
	}
	if d.csv && d.json {
		faults = append(faults, "has both csv and json: use one")
	}
	return faults
}

func optionsOf(source string) string {
	switch source {
	case FromQuery:
		return "optional, csv or deep"
	case FromForm:
		return "optional, csv or json"
	}
	return "optional"
}

// The kinds of a body.
const (
	KindJSON      = "json"
	KindForm      = "form"
	KindMultipart = "multipart"
	KindText      = "text"
	KindBytes     = "bytes"
	KindStream    = "stream"

	KindMergePatch = "merge-patch" // of a bind.MergePatch, which needs no tag
)

// readKinds reads the kinds of a body. There is no option optional: an optional body is a pointer.
func (d *sourceTag) readKinds(value string) (faults []string) {
	if value == "" {
		value = KindJSON
	}
	for kind := range strings.SplitSeq(value, ",") {
		switch kind {
		case KindJSON, KindForm, KindMultipart, KindText, KindBytes, KindStream:
			d.kinds = append(d.kinds, kind)
		default:
			faults = append(faults, fmt.Sprintf("has an unknown body kind %q: use json, form, multipart, text, bytes or stream", kind))
		}
	}
	return faults
}

// spaced returns what is wrong with a list between commas that has spaces beside them.
func spaced(list string) error {
	words := strings.Split(list, ",")
	for i, word := range words {
		words[i] = strings.TrimSpace(word)
	}
	if trimmed := strings.Join(words, ","); trimmed != list {
		return fmt.Errorf("a space at an end of a value is part of it: write %s", trimmed)
	}
	return nil
}

// noteTags returns only the tags for documents.
func noteTags(tags reflect.StructTag) reflect.StructTag {
	return only(tags, "doc", "deprecated", "example")
}

// derive returns the wire name of a field whose tag has no name: Dash-Case for a header,
// snake_case for the other sources.
func derive(source, goName string) string {
	if source == FromHeader {
		return http.CanonicalHeaderKey(join(goName, '-'))
	}
	return strings.ToLower(join(goName, '_'))
}

// Words returns the words of a Go name with spaces between.
func Words(goName string) string { return join(goName, ' ') }

// join puts sep between the words of a Go name: before an upper-case letter
// that follows a lower-case one or a digit, and before the last upper-case
// letter of an initialism that a lower-case letter follows. The s of a plural
// such as IDs belongs to its initialism.
func join(goName string, sep rune) string {
	runes := []rune(goName)
	var b strings.Builder
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) {
			afterLower := !unicode.IsUpper(runes[i-1]) && runes[i-1] != '_'
			beforeLower := unicode.IsUpper(runes[i-1]) && startsWord(runes[i+1:])
			if afterLower || beforeLower {
				b.WriteRune(sep)
			}
		}
		b.WriteRune(r)
	}
	return b.String()
}

// startsWord reports whether an upper-case letter before rest begins a word with it.
func startsWord(rest []rune) bool {
	if len(rest) == 0 || !unicode.IsLower(rest[0]) {
		return false
	}
	isPlural := rest[0] == 's' && (len(rest) == 1 || unicode.IsUpper(rest[1]))
	return !isPlural
}
