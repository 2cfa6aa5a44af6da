// Package tag reads the struct tags that say where a field of a request comes
// from, and derives the names that the tags leave out.
package tag

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// The sources of a field, which are tag keys and the words of an error's "in".
const (
	Path   = "path"
	Query  = "query"
	Header = "header"
	Cookie = "cookie"
	Form   = "form"
	Body   = "body"
)

// A Field is what the source tag of a struct field declares. The zero Field is
// a field without one.
type Field struct {
	// Source is one of the constants of this package, empty without a tag.
	Source string
	// Name is the name on the wire, derived from the Go name where the tag
	// leaves it out. It is empty for [Body].
	Name string
	// Optional is the option ",optional".
	Optional bool
	// CSV is the option ",csv" of a query or form field.
	CSV bool
	// Deep is the option ",deep" of a query field.
	Deep bool
	// Kinds are the kinds of body that a [Body] field takes, in their order.
	Kinds []string
}

// sources returns the tag keys in the order in which faults name them.
func sources() [6]string { return [...]string{Path, Query, Header, Cookie, Form, Body} }

// Read returns what the source tag of f declares, and every fault of it in
// words that follow the path of the field.
func Read(f reflect.StructField) (field Field, faults []string) {
	var found []string
	for _, source := range sources() {
		value, ok := f.Tag.Lookup(source)
		if !ok {
			continue
		}
		found = append(found, source)
		if field.Source != "" {
			continue
		}
		field.Source = source
		faults = field.read(f.Name, value)
	}
	if len(found) > 1 {
		faults = append(faults, "has more than one source: "+strings.Join(found, ", "))
	}
	if field.Source != "" && !f.IsExported() {
		faults = append(faults, "has a "+field.Source+" tag but is not exported")
	}
	return field, faults
}

// HasSource reports whether f has a source tag.
func HasSource(f reflect.StructField) bool {
	for _, source := range sources() {
		if _, ok := f.Tag.Lookup(source); ok {
			return true
		}
	}
	return false
}

func (d *Field) read(goName, value string) (faults []string) {
	name, rest, more := strings.Cut(value, ",")
	if d.Source == Body {
		return d.readKinds(value)
	}
	d.Name = name
	switch {
	case name == "":
		d.Name = derive(d.Source, goName)
	case (d.Source == Header || d.Source == Cookie) && !header.IsToken(name):
		faults = append(faults, fmt.Sprintf("has the name %q, which no %s can have", name, d.Source))
	}
	for more {
		var option string
		option, rest, more = strings.Cut(rest, ",")
		switch {
		case option == "optional":
			d.Optional = true
		case option == "csv" && (d.Source == Query || d.Source == Form):
			d.CSV = true
		case option == "deep" && d.Source == Query:
			d.Deep = true
		default:
			faults = append(faults, fmt.Sprintf("has an unknown %s option %q", d.Source, option))
		}
	}
	if d.CSV && d.Deep {
		faults = append(faults, "has both csv and deep")
	}
	return faults
}

// readKinds reads the kinds of body. "optional" is not among them: a pointer
// says that.
func (d *Field) readKinds(value string) (faults []string) {
	if value == "" {
		value = "json"
	}
	for kind := range strings.SplitSeq(value, ",") {
		switch kind {
		case "json", "form", "multipart", "text", "bytes", "stream":
			d.Kinds = append(d.Kinds, kind)
		default:
			faults = append(faults, fmt.Sprintf("has an unknown body kind %q", kind))
		}
	}
	return faults
}

// Inside returns the parameter of a field inner of a struct that d reads with
// ",deep": it is called name[field], and may be missing where the struct may.
func (d *Field) Inside(inner Field) Field {
	inner.Name = d.Name + "[" + inner.Name + "]"
	inner.Optional = inner.Optional || d.Optional
	return inner
}
