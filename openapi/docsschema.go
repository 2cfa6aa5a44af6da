package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
)

// A drawer makes views of schemas; references lead to components.
type drawer struct{ components ordered[*schema] }

type namedView struct {
	Name   string
	Schema schemaView
}

// A schemaView is a schema in words.
type schemaView struct {
	// Words are its type; those with a Link name a component.
	Words       []wordView
	Rules       []string // constraints
	Description string
	Deprecated  bool
	Members     []memberView
}

type wordView struct{ Text, Link string }

// A memberView is a property of an object.
type memberView struct {
	Name     string
	Required bool
	schemaView
}

// A fieldView is a control of the form that tries an operation.
type fieldView struct {
	Name, In, Style string
	Required        bool
	Words           string
	Choices         []string // of an enum or a bool
	Default         string
	// Lines says that the control takes a value on each line, Pairs that each
	// is name=value.
	Lines, Pairs bool
	File, Many   bool
}

func (d drawer) schema(x *schema) schemaView {
	v := schemaView{Words: words(x), Rules: rules(x), Description: x.Description, Deprecated: x.Deprecated}
	inner := x
	for inner.Items != nil {
		inner = inner.Items
	}
	for _, p := range inner.Properties {
		v.Members = append(v.Members, memberView{p.name, slices.Contains(inner.Required, p.name), d.schema(p.value)})
	}
	return v
}

// words says of which type x is.
func words(x *schema) []wordView {
	plain := func(text string) []wordView { return []wordView{{Text: text}} }
	switch {
	case x.never:
		return plain("nothing")
	case x.Ref != "":
		name := x.Ref[strings.LastIndexByte(x.Ref, '/')+1:]
		return []wordView{{Text: name, Link: "#schema-" + name}}
	case x.Const != nil:
		return plain(string(x.Const))
	case x.Event != nil:
		return append(plain("events of "), words(x.Event)...)
	case len(x.AnyOf) > 0:
		return joined(x.AnyOf, " or ")
	case len(x.OneOf) > 0:
		return joined(x.OneOf, " or ")
	case len(x.AllOf) > 0:
		return joined(x.AllOf, " and ")
	case len(x.Type) == 0:
		return plain("any value")
	}
	var all []wordView
	for i, name := range x.Type {
		if i > 0 {
			all = append(all, wordView{Text: " or "})
		}
		switch {
		case name == "array" && x.Items != nil:
			all = append(append(all, wordView{Text: "array of "}), words(x.Items)...)
		case name == "object" && x.AdditionalProperties != nil && !x.AdditionalProperties.never:
			all = append(append(all, wordView{Text: "map of "}), words(x.AdditionalProperties)...)
		case x.Format != "" && name != "null":
			all = append(all, wordView{Text: name + " (" + x.Format + ")"})
		default:
			all = append(all, wordView{Text: name})
		}
	}
	return all
}

func joined(schemas []*schema, between string) []wordView {
	var all []wordView
	for i, x := range schemas {
		if i > 0 {
			all = append(all, wordView{Text: between})
		}
		all = append(all, words(x)...)
	}
	return all
}

// rules says what x asks of a value beyond its type.
func rules(x *schema) []string {
	var all []string
	add := func(ok bool, format string, args ...any) {
		if ok {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	number := func(sign string, n json.Number) { add(n != "", "%s %s", sign, n) }
	number("≥", x.Minimum)
	number(">", x.ExclusiveMinimum)
	number("≤", x.Maximum)
	number("<", x.ExclusiveMaximum)
	number("multiple of", x.MultipleOf)
	length := func(name string, n *int64) {
		if n != nil {
			add(true, "%s %d", name, *n)
		}
	}
	length("minimum length", x.MinLength)
	length("maximum length", x.MaxLength)
	length("minimum items", x.MinItems)
	length("maximum items", x.MaxItems)
	add(x.UniqueItems, "unique items")
	add(x.Pattern != "", "pattern %s", x.Pattern)
	add(x.ContentEncoding != "", "%s", x.ContentEncoding)
	add(len(x.Enum) > 0, "one of %s", texts(x.Enum))
	add(x.Default != nil, "default %s", x.Default)
	if x.Items != nil {
		all = append(all, rules(x.Items)...)
	}
	return all
}

func texts(values []json.RawMessage) string {
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = string(value)
	}
	return strings.Join(all, ", ")
}

// field returns the control for a parameter or a field of a form.
func (d drawer) field(name, in, style string, required bool, x *schema) fieldView {
	v := fieldView{Name: name, In: in, Style: style, Required: required}
	for _, word := range words(x) {
		v.Words += word.Text
	}
	if x.Default != nil {
		v.Default = unquoted(x.Default)
	}
	switch {
	case slices.Contains(x.Type, "array"):
		v.Lines = true
		if x.Items != nil && x.Items.Format == "binary" {
			v.Lines, v.File, v.Many = false, true, true
		}
	case slices.Contains(x.Type, "object"):
		v.Lines, v.Pairs = true, true
	case x.Format == "binary":
		v.File = true
	case len(x.Enum) > 0:
		for _, value := range x.Enum {
			v.Choices = append(v.Choices, unquoted(value))
		}
	case slices.Contains(x.Type, "boolean"):
		v.Choices = []string{"true", "false"}
	}
	return v
}

// unquoted returns the text of a JSON string, and other values as they are.
func unquoted(value json.RawMessage) string {
	if text, err := json.AppendUnquote(nil, value); err == nil && len(value) > 0 && value[0] == '"' {
		return string(text)
	}
	return string(value)
}
