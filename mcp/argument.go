package mcp

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// An argument is sent as a parameter or a form field of the same name.
type argument struct {
	name, in string
	isList   bool // takes several values
	isCSV    bool // in one text, with commas between them
	isDeep   bool // takes an object, as name[key]
	isJSON   bool // is sent as JSON
	isWhole  bool // takes integers
	// members are those of an object, by name; nil if it may have any.
	members map[string]argument
}

// argumentOf returns how an argument is sent for the field p.
func argumentOf(p *shape.Param, s *schema.Schema) argument {
	a := argument{
		name: p.Name, in: p.Source, isList: p.IsSeveral(), isCSV: p.IsCSV, isDeep: p.IsDeep, isJSON: p.IsJSON,
		isWhole: takesIntegers(s),
	}
	if p.IsDeep && s.AdditionalProperties != nil {
		a.isWhole = takesIntegers(s.AdditionalProperties)
	}
	return a
}

// objectOf returns how an argument is sent for a struct with these fields.
func objectOf(fields []*shape.Param, s *schema.Schema) argument {
	around := fields[0].Around
	a := argument{name: around.Name, in: fields[0].Source, isDeep: true, members: map[string]argument{}}
	for _, p := range fields {
		member, _ := s.Properties.Get(p.Around.Inner)
		a.members[p.Around.Inner] = argumentOf(p, member)
	}
	return a
}

func takesIntegers(s *schema.Schema) bool {
	return s != nil && (slices.Contains(s.Type, "integer") || s.Items != nil && slices.Contains(s.Items.Type, "integer"))
}

// A pair is a name and its texts.
type pair struct {
	name  string
	texts []string
	isCSV bool
}

// pairs returns the pairs to send for a value. A null sends nothing, also as a member.
func (a *argument) pairs(value json.RawMessage) ([]pair, *text.Wrong) {
	switch {
	case value.Kind() == 'n':
		return nil, nil
	case a.isJSON:
		return []pair{{name: a.name, texts: []string{string(value)}}}, nil
	case a.isDeep:
		var members schema.Ordered[json.RawMessage]
		if value.Kind() != '{' || json.Unmarshal(value, &members) != nil {
			return nil, &text.Wrong{Code: "type", Detail: "must be an object"}
		}
		var all []pair
		for _, m := range members {
			of, wrong := a.member(m.Name)
			if wrong != nil {
				return nil, wrong
			}
			pairs, wrong := of.pairs(m.Value)
			if wrong != nil {
				return nil, wrong
			}
			all = append(all, pairs...)
		}
		return all, nil
	case value.Kind() == '[' && !a.isList:
		return nil, &text.Wrong{Code: "type", Detail: "must be a single value"}
	}
	texts, wrong := a.texts(value)
	return []pair{{a.name, texts, a.isCSV}}, wrong
}

// member returns how a member of an object is sent.
func (a *argument) member(name string) (argument, *text.Wrong) {
	if a.members == nil {
		if name == "" || strings.ContainsAny(name, "[]") {
			return argument{}, &text.Wrong{Code: "invalid", Detail: "must not have names that are empty or have a bracket"}
		}
		return argument{name: a.name + "[" + name + "]", isWhole: a.isWhole}, nil
	}
	of, ok := a.members[name]
	if !ok {
		return argument{}, &text.Wrong{Code: "unknown", Detail: "has the member " + name + ", which is not known"}
	}
	return of, nil
}

// texts returns the texts of a value, or of those in an array.
func (a *argument) texts(value json.RawMessage) ([]string, *text.Wrong) {
	values := []json.RawMessage{value}
	if value.Kind() == '[' {
		values = nil
		if err := json.Unmarshal(value, &values); err != nil {
			return nil, &text.Wrong{Code: "type", Detail: "must be an array"}
		}
	}
	texts := make([]string, 0, len(values))
	for _, v := range values {
		switch v.Kind() {
		case '"':
			plain, err := json.AppendUnquote(nil, v)
			if err != nil {
				return nil, &text.Wrong{Code: "syntax", Detail: "must be a string"}
			}
			texts = append(texts, string(plain))
		case '0':
			texts = append(texts, a.number(string(v)))
		case 't', 'f':
			texts = append(texts, string(v))
		default:
			return nil, &text.Wrong{Code: "type", Detail: "must be text, a number or a boolean"}
		}
	}
	return texts, nil
}

// number returns a number in the form of a parameter. JSON may write an integer as 1.0 or
// 1e2; a parameter may not.
func (a *argument) number(literal string) string {
	if !a.isWhole || !strings.ContainsAny(literal, ".eE") {
		return literal
	}
	const exact = 1 << 53
	f, err := strconv.ParseFloat(literal, 64)
	if whole := int64(f); err == nil && -exact < f && f < exact && float64(whole) == f {
		return strconv.FormatInt(whole, 10)
	}
	return literal
}

// encode adds pairs to a query or to the body of a form.
func encode(b *strings.Builder, pairs []pair) {
	for _, p := range pairs {
		texts := make([]string, len(p.texts))
		for i, plain := range p.texts {
			texts[i] = url.QueryEscape(plain)
		}
		if p.isCSV && len(texts) > 0 {
			// A comma that belongs to a value is escaped.
			texts = []string{strings.Join(texts, ",")}
		}
		for _, escaped := range texts {
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(url.QueryEscape(p.name) + "=" + escaped)
		}
	}
}

// field returns the value of a header field. Several texts are a list (RFC 9110, section
// 5.6.1), and are not changed.
func (a *argument) field(texts []string) (string, *text.Wrong) {
	for i, plain := range texts {
		texts[i] = header.Trim(plain)
		if !header.IsValue(plain) {
			return "", &text.Wrong{Code: "invalid", Detail: "must not have line breaks or other control characters"}
		}
		// A comma ends a value, except inside quotation marks.
		if alone, _, _ := header.Cut(texts[i]+",", ','); a.isList && (texts[i] == "" || alone != texts[i]) {
			return "", &text.Wrong{Code: "invalid", Detail: "must not have values that are empty or have a comma"}
		}
	}
	return strings.Join(texts, ", "), nil
}
