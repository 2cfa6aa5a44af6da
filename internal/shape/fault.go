package shape

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A Fault is something wrong with a declaration.
type Fault struct {
	// Path is the place in Go, as in Article.Tags.
	Path string
	// Words follow the path: what is wrong, and what to write instead.
	Words string
}

// String returns the path and the words.
func (f Fault) String() string { return f.Path + " " + f.Words }

// Faults are all faults of a declaration, in the order of the declaration.
type Faults []Fault //nolint:recvcheck // adding needs a pointer, reading goes without

// Add adds a fault at the Go path, unless it is there already.
func (f *Faults) Add(path, format string, args ...any) {
	f.Append(Fault{path, fmt.Sprintf(format, args...)})
}

// Append adds the faults that are not there yet.
func (f *Faults) Append(more ...Fault) {
	for _, fault := range more {
		if !slices.Contains(*f, fault) {
			*f = append(*f, fault)
		}
	}
}

// refuse adds a fault for each of the keys that tags has. words stand between the tag and what
// to write instead of a key.
func (f *Faults) refuse(path string, tags reflect.StructTag, keys []string, words string, instead func(key string) string) {
	for _, key := range keys {
		if arg, ok := tags.Lookup(key); ok {
			f.Add(path, "has %s, %s: %s", key+":"+strconv.Quote(arg), words, instead(key))
		}
	}
}

// always returns what to write instead of any key.
func always(words string) func(key string) string { return func(string) string { return words } }

// insteadOnBody returns what to write instead of a key of [fileKeywords] or default on a body.
func insteadOnBody(key string) string {
	switch key {
	case "contentMediaType":
		return "use contentType"
	case "default":
		return "use a pointer, which is nil if no body was sent"
	}
	return "use the option bind.MaxBody"
}

// insteadOnKind returns what to write instead of a rule on a body of a kind that has none.
func insteadOnKind(kind string) func(key string) string {
	return func(key string) string {
		switch {
		case kind == KindForm:
			return "write it on a field of the form"
		case kind == KindMultipart:
			return "remove it, and check each part where it is read"
		case key == "maxLength", key == "maxItems", key == "maxSize":
			return "use the option bind.MaxBody"
		}
		return "remove it, and check the body where it is read"
	}
}

// insteadOnFile returns what to write instead of a rule for values on a file.
func insteadOnFile(key string) string {
	switch key {
	case "maximum", "exclusiveMaximum", "maxLength":
		return "use maxSize"
	case "pattern", "enum", "format":
		return "use contentMediaType"
	case "default":
		return "use the option optional"
	}
	return "remove it, the rules of a file are maxSize and contentMediaType"
}

// insteadOfFile returns what to write instead of a rule for files on another field.
func insteadOfFile(key string) string {
	if key == "maxSize" {
		return "use maxLength, or the type bind.File"
	}
	return "remove it, or use the type bind.File"
}

// Lines returns the faults as texts, or nil without faults.
func (f Faults) Lines() []string {
	var lines []string //nolint:prealloc // nil without faults
	for _, fault := range f {
		lines = append(lines, fault.String())
	}
	return lines
}

// instead returns what to write instead of a rule that does not apply: the rule of the same side
// that does.
func (r *ruleReader) instead(keyword string) string {
	side := strings.ToLower(strings.TrimPrefix(keyword, "exclusive"))[:3]
	isOfItems, isContainer := slices.Contains(itemKeywords(), keyword), isContainer(r.medium, r.typ)
	isList := isContainer && r.typ.Base.Kind() != reflect.Map
	rule := ""
	switch {
	case side != "min" && side != "max", isOfItems && isContainer:
	case r.isNumber():
		rule = side + "imum"
	case r.isString():
		rule = side + "Length"
	}
	switch {
	case rule != "" && isList:
		return "use " + rule + " for each element, or " + side + "Items for their number"
	case rule != "":
		return "use " + rule
	case isList && (side == "min" || side == "max"):
		return "use " + side + "Items for the number of elements"
	case isOfItems && !isContainer:
		return "use a slice, or remove it"
	case r.value.Base.Kind() == reflect.Bool:
		return "remove it"
	}
	return "remove it, and check the value in a method Validate() error of the struct"
}
