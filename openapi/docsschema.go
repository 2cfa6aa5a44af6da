package openapi

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/schema"
)

// A drawer makes views of schemas; references lead to components.
type drawer struct {
	components schema.Ordered[*schema.Schema]
}

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
	// Value is the initial text of the control: the example of a required value.
	Value string
	// Lines says that the control takes a value on each line, Pairs that each
	// is name=value.
	Lines, Pairs bool
	File, Many   bool
}

func (d drawer) schema(x *schema.Schema) schemaView {
	v := schemaView{Words: words(x), Rules: rules(x), Description: x.Description, Deprecated: x.Deprecated}
	inner := x
	for inner.Items != nil {
		inner = inner.Items
	}
	for _, p := range inner.Properties {
		v.Members = append(v.Members, memberView{p.Name, slices.Contains(inner.Required, p.Name), d.schema(p.Value)})
	}
	return v
}

// words returns the type of x in words.
func words(x *schema.Schema) []wordView {
	plain := func(text string) []wordView { return []wordView{{Text: text}} }
	switch {
	case x.IsNever():
		return plain("nothing")
	case x.Ref != "":
		name := x.Ref[strings.LastIndexByte(x.Ref, '/')+1:]
		return []wordView{{Text: name, Link: "#schema-" + name}}
	case x.Const != nil:
		return plain(string(x.Const))
	case x.Event != nil:
		return append(plain("events of "), words(x.Event)...)
	case len(x.EventTypes) > 0:
		return eventWords(x)
	case len(x.AnyOf) > 0:
		return joined(x.AnyOf, " or ")
	case len(x.OneOf) > 0:
		return joined(x.OneOf, " or ")
	case len(x.AllOf) > 0:
		return joined(x.AllOf, " and ")
	case x.Not != nil && slices.Equal(x.Not.Type, schema.TypeList{"null"}):
		return plain("any value but null")
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
		case name == "object" && x.AdditionalProperties != nil && !x.AdditionalProperties.IsNever():
			all = append(append(all, wordView{Text: "map of "}), words(x.AdditionalProperties)...)
		case x.Format != "" && name != "null":
			all = append(all, wordView{Text: name + " (" + x.Format + ")"})
		default:
			all = append(all, wordView{Text: name})
		}
	}
	return all
}

// eventWords returns the types of events, and the type of the data of each.
func eventWords(x *schema.Schema) []wordView {
	all := []wordView{{Text: "events "}}
	for i, of := range x.EventTypes {
		if i > 0 {
			all = append(all, wordView{Text: ", "})
		}
		all = append(append(all, wordView{Text: of.Name + " of "}), words(of.Value)...)
	}
	return all
}

func joined(schemas []*schema.Schema, between string) []wordView {
	var all []wordView
	for i, x := range schemas {
		if i > 0 {
			all = append(all, wordView{Text: between})
		}
		all = append(all, words(x)...)
	}
	return all
}

// rules returns the rules of x beyond its type.
func rules(x *schema.Schema) []string {
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
	add(x.ReadOnly && !isSkipped(x), "read only")
	add(isSkipped(x), "passed over")
	add(x.WriteOnly, "write only")
	if len(x.Examples) > 0 {
		add(true, "example %s", x.Examples[0])
	}
	if x.Items != nil {
		all = append(all, rules(x.Items)...)
	}
	return all
}

// isSkipped reports whether x is a readOnly member in a request, where any value is skipped.
func isSkipped(x *schema.Schema) bool {
	return x.ReadOnly && len(x.Type) == 0 && x.Ref == "" && len(x.AnyOf)+len(x.OneOf)+len(x.AllOf)+len(x.Examples) == 0
}

func texts(values []json.RawMessage) string {
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = string(value)
	}
	return strings.Join(all, ", ")
}

// field returns the control for a parameter or a field of a form.
func (d drawer) field(name, in, style string, required bool, x *schema.Schema) fieldView {
	v := fieldView{Name: name, In: in, Style: style, Required: required}
	for _, word := range words(x) {
		v.Words += word.Text
	}
	if x.Default != nil {
		v.Default = unquoted(x.Default)
	}
	if len(x.Examples) > 0 {
		if example := exampleLines(x.Examples[0]); required {
			v.Value = example
		} else {
			v.Default = cmp.Or(v.Default, example)
		}
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

// exampleLines returns the text of a value in a control. A list has one item on each line.
func exampleLines(value json.RawMessage) string {
	var items []json.RawMessage
	if value.Kind() != '[' || json.Unmarshal(value, &items) != nil {
		return unquoted(value)
	}
	lines := make([]string, len(items))
	for i, item := range items {
		lines[i] = unquoted(item)
	}
	return strings.Join(lines, "\n")
}

// unquoted returns the text of a JSON string, and other values as they are.
func unquoted(value json.RawMessage) string {
	if text, err := json.AppendUnquote(nil, value); err == nil && len(value) > 0 && value[0] == '"' {
		return string(text)
	}
	return string(value)
}

// maxExample bounds the depth of an example, because schemas may be recursive.
const maxExample = 8

// example returns a value that x allows, as JSON: its example, default or first enum value,
// else one made of its type and bounds. It ignores patterns.
func (d drawer) example(x *schema.Schema, depth int) json.RawMessage {
	if name, ok := strings.CutPrefix(x.Ref, "#/components/schemas/"); ok && len(x.Examples) == 0 && x.Default == nil {
		if x, ok = d.components.Get(name); !ok {
			return json.RawMessage("null")
		}
	}
	switch {
	case depth > maxExample:
		return json.RawMessage("null")
	case len(x.Examples) > 0:
		return x.Examples[0]
	case x.Default != nil:
		return x.Default
	case x.Const != nil:
		return x.Const
	case len(x.Enum) > 0:
		return x.Enum[0]
	case len(x.AnyOf) > 0:
		return d.example(x.AnyOf[0], depth+1)
	case len(x.OneOf) > 0:
		return d.example(x.OneOf[0], depth+1)
	case len(x.Type) == 0:
		return json.RawMessage("null")
	}
	switch x.Type[0] {
	case "object":
		return d.exampleObject(x, depth)
	case "array":
		return d.exampleArray(x, depth)
	case "string":
		return exampleString(x)
	case "integer", "number":
		return exampleNumber(x)
	case "boolean":
		return json.RawMessage("true")
	}
	return json.RawMessage("null")
}

func (d drawer) exampleObject(x *schema.Schema, depth int) json.RawMessage {
	var members schema.Ordered[json.RawMessage]
	for _, p := range x.Properties {
		// A recursive schema ends here, because the member is optional.
		if depth >= maxExample/2 && !slices.Contains(x.Required, p.Name) || isSkipped(p.Value) {
			continue
		}
		members.Set(p.Name, d.example(p.Value, depth+1))
	}
	if more := x.AdditionalProperties; more != nil && !more.IsNever() && x.PropertyNames == nil {
		members.Set("name", d.example(more, depth+1))
	}
	text, err := members.MarshalJSON()
	if err != nil {
		return json.RawMessage("{}")
	}
	return text
}

func (d drawer) exampleArray(x *schema.Schema, depth int) json.RawMessage {
	items := x.Items
	if items == nil {
		items = &schema.Schema{}
	}
	count := 1
	if depth >= maxExample/2 {
		count = 0
	}
	if x.MinItems != nil {
		count = max(count, int(min(*x.MinItems, 4)))
	}
	item := string(d.example(items, depth+1))
	return json.RawMessage("[" + strings.TrimSuffix(strings.Repeat(item+",", count), ",") + "]")
}

// exampleString returns a text of the format or the length of x.
func exampleString(x *schema.Schema) json.RawMessage {
	formats := map[string]string{
		"date-time": "2026-01-31T12:00:00Z", "date": "2026-01-31", "time": "12:00:00Z", "duration": "PT1H",
		"uuid": "123e4567-e89b-42d3-a456-426614174000", "email": "ada@example.com", "uri": "https://example.com/",
		"hostname": "example.com", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1",
	}
	text := cmp.Or(formats[x.Format], "text")
	if x.ContentEncoding != "" {
		text = "dGV4dA=="
	}
	if n := x.MinLength; n != nil && int(*n) > len(text) {
		text = strings.Repeat("text", int(min(*n, 400))/4+1)[:min(*n, 400)]
	}
	if n := x.MaxLength; n != nil && int(*n) < len(text) && x.Format == "" {
		text = text[:*n]
	}
	return json.RawMessage(strconv.Quote(text))
}

// exampleNumber returns 1, or the number nearest to it that the bounds of x allow.
func exampleNumber(x *schema.Schema) json.RawMessage {
	bound := func(n json.Number) (float64, bool) {
		f, err := strconv.ParseFloat(string(n), 64)
		return f, err == nil
	}
	if n, ok := bound(x.Minimum); ok && n > 1 {
		return json.RawMessage(x.Minimum)
	}
	if n, ok := bound(x.ExclusiveMinimum); ok && n >= 1 {
		return strconv.AppendFloat(nil, n+1, 'f', -1, 64)
	}
	if n, ok := bound(x.Maximum); ok && n < 1 {
		return json.RawMessage(x.Maximum)
	}
	if n, ok := bound(x.ExclusiveMaximum); ok && n <= 1 {
		return strconv.AppendFloat(nil, n-1, 'f', -1, 64)
	}
	if x.MultipleOf != "" {
		return json.RawMessage(x.MultipleOf)
	}
	return json.RawMessage("1")
}

// indented returns value with a member on each line.
func indented(value json.RawMessage) string {
	if err := value.Indent(); err != nil {
		return string(value)
	}
	return strings.ReplaceAll(string(value), "\t", "  ")
}
