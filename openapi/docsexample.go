package openapi

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
)

// maxExample is how deep an example follows schemas, which may be recursive.
const maxExample = 8

// example returns a value that x takes, as JSON: what x itself names, else one
// made of its type and bounds. A pattern is more than it can meet.
func (d drawer) example(x *schema, depth int) json.RawMessage {
	if name, ok := strings.CutPrefix(x.Ref, "#/components/schemas/"); ok {
		if x, ok = d.components.get(name); !ok {
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

func (d drawer) exampleObject(x *schema, depth int) json.RawMessage {
	var members ordered[json.RawMessage]
	for _, p := range x.Properties {
		// What leads back to where it began may be left out, or has no end.
		if depth >= maxExample/2 && !slices.Contains(x.Required, p.name) {
			continue
		}
		members.set(p.name, d.example(p.value, depth+1))
	}
	if more := x.AdditionalProperties; more != nil && !more.never && x.PropertyNames == nil {
		members.set("name", d.example(more, depth+1))
	}
	text, err := members.MarshalJSON()
	if err != nil {
		return json.RawMessage("{}")
	}
	return text
}

func (d drawer) exampleArray(x *schema, depth int) json.RawMessage {
	items := x.Items
	if items == nil {
		items = &schema{}
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
func exampleString(x *schema) json.RawMessage {
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
func exampleNumber(x *schema) json.RawMessage {
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
