package kittest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Schema is one of JSON Schema 2020-12 (with the formats of OpenAPI) that stands
// in a document. It shares no code with package openapi, against which it is held.
// It knows the keywords that openapi writes, and any other is an error, so that it
// never passes over one.
type Schema struct{ root, schema any }

// NewSchema returns the schema at a JSON Pointer, such as #/components/schemas/A,
// of a document.
func NewSchema(document []byte, pointer string) (*Schema, error) {
	root, err := decodeJSON(document)
	if err != nil {
		return nil, err
	}
	s := &Schema{root: root}
	s.schema, err = s.at(pointer)
	return s, err
}

// SchemaIn returns a schema, whose references are to places of a document.
func SchemaIn(document, schema []byte) (*Schema, error) {
	root, err := decodeJSON(document)
	if err != nil {
		return nil, err
	}
	x, err := decodeJSON(schema)
	return &Schema{root, x}, err
}

// Check returns the first way in which a JSON text breaks the schema.
func (s *Schema) Check(text []byte) error {
	v, err := decodeJSON(text)
	if err != nil {
		return err
	}
	return s.check(s.schema, v, "#")
}

func decodeJSON(text []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err = d.Decode(&v); err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return v, nil
		}
	}
	return nil, fmt.Errorf("%s is no JSON text: %w", text, err)
}

// at returns what stands at a pointer of the document.
func (s *Schema) at(pointer string) (any, error) {
	v := s.root
	for name := range strings.SplitSeq(strings.TrimPrefix(strings.TrimPrefix(pointer, "#"), "/"), "/") {
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		name = strings.ReplaceAll(strings.ReplaceAll(name, "~1", "/"), "~0", "~")
		inner, ok := any(nil), false
		switch x := v.(type) {
		case map[string]any:
			inner, ok = x[name]
		case []any:
			if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < len(x) {
				inner, ok = x[i], true
			}
		}
		if !ok {
			return nil, fmt.Errorf("there is nothing at %s", pointer)
		}
		v = inner
	}
	return v, nil
}

// check returns the first way in which v, which stands at the pointer at, breaks
// the schema x.
func (s *Schema) check(x, v any, at string) error {
	keywords, ok := x.(map[string]any)
	if !ok {
		if x == true {
			return nil
		}
		return fmt.Errorf("%s is not allowed by %v", at, x)
	}
	for _, keyword := range slices.Sorted(maps.Keys(keywords)) {
		if err := s.keyword(keywords, keyword, v, at); err != nil {
			return err
		}
	}
	return nil
}

// keyword checks v by one keyword of a schema.
func (s *Schema) keyword(x map[string]any, keyword string, v any, at string) error {
	arg := x[keyword]
	holds := true
	switch keyword {
	case "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "contentMediaType":
	case "$ref":
		target, err := s.at(word(arg))
		if err != nil {
			return err
		}
		return s.check(target, v, at)
	case "allOf", "anyOf", "oneOf", "not":
		holds = s.combined(keyword, arg, v, at)
	case "type":
		names, isList := arg.([]any)
		if !isList {
			names = []any{arg}
		}
		holds = slices.ContainsFunc(names, func(name any) bool { return isOfType(v, word(name)) })
	case "const":
		holds = canonical(arg) == canonical(v)
	case "enum":
		holds = slices.ContainsFunc(list(arg), func(one any) bool { return canonical(one) == canonical(v) })
	default:
		switch v := v.(type) {
		case json.Number:
			return checkNumber(keyword, arg, v, at)
		case string:
			return checkString(keyword, arg, v, at)
		case []any:
			return s.checkArray(keyword, arg, v, at)
		case map[string]any:
			return s.checkObject(x, keyword, arg, v, at)
		}
	}
	if !holds {
		return fmt.Errorf("%s breaks %s: %v", at, keyword, arg)
	}
	return nil
}

func (s *Schema) combined(keyword string, arg, v any, at string) bool {
	schemas, ok := arg.([]any)
	if !ok {
		schemas = []any{arg}
	}
	fits := 0
	for _, x := range schemas {
		if s.check(x, v, at) == nil {
			fits++
		}
	}
	switch keyword {
	case "allOf":
		return fits == len(schemas)
	case "anyOf":
		return fits > 0
	case "oneOf":
		return fits == 1
	}
	return fits == 0
}

// word, list and number return what the argument of a keyword is, and nothing of
// one that is something else.
func word(arg any) string {
	text, _ := arg.(string)
	return text
}

func list(arg any) []any {
	items, _ := arg.([]any)
	return items
}

func number(arg any) *big.Rat {
	n, _ := arg.(json.Number)
	return ratOf(n)
}

func isOfType(v any, name string) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	case json.Number:
		return name == "number" || name == "integer" && ratOf(v).IsInt()
	}
	return false
}

// ratOf returns the exact value of a number; of an exponent past all limits that
// of one with the same sign and kind.
func ratOf(n json.Number) *big.Rat {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(string(n)), "e")
	if e, err := strconv.Atoi(exponent); exponent != "" && (err != nil || e > 5000 || e < -5000) {
		n = json.Number(mantissa + "e" + map[bool]string{true: "-5000", false: "5000"}[strings.HasPrefix(exponent, "-")])
	}
	r, ok := new(big.Rat).SetString(string(n))
	if !ok {
		panic("kittest: no number: " + string(n))
	}
	return r
}

// canonical returns the same text for equal values.
func canonical(v any) string {
	switch v := v.(type) {
	case json.Number:
		return ratOf(v).RatString()
	case []any:
		var b strings.Builder
		for _, item := range v {
			b.WriteString(canonical(item) + ",")
		}
		return "[" + b.String() + "]"
	case map[string]any:
		members := make([]string, 0, len(v))
		for name, member := range v {
			members = append(members, strconv.Quote(name)+":"+canonical(member))
		}
		slices.Sort(members)
		return "{" + strings.Join(members, ",") + "}"
	case string:
		return strconv.Quote(v)
	}
	return fmt.Sprint(v)
}

func checkNumber(keyword string, arg any, n json.Number, at string) error {
	var holds bool
	switch keyword {
	case "minimum":
		holds = ratOf(n).Cmp(number(arg)) >= 0
	case "maximum":
		holds = ratOf(n).Cmp(number(arg)) <= 0
	case "exclusiveMinimum":
		holds = ratOf(n).Cmp(number(arg)) > 0
	case "exclusiveMaximum":
		holds = ratOf(n).Cmp(number(arg)) < 0
	case "multipleOf":
		holds = new(big.Rat).Quo(ratOf(n), number(arg)).IsInt()
	case "format":
		check := numberFormat(word(arg))
		if !isFormat(word(arg)) {
			return fmt.Errorf("%s: the format %s is not known", at, arg)
		}
		holds = check == nil || check(n)
	default:
		return known(keyword, at)
	}
	if !holds {
		return fmt.Errorf("%s is %s, which breaks %s: %v", at, n, keyword, arg)
	}
	return nil
}

// known reports a keyword that is about no kind of value.
func known(keyword, at string) error {
	if slices.Contains([]string{
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format",
		"minLength", "maxLength", "pattern", "contentEncoding",
		"items", "minItems", "maxItems", "uniqueItems", "properties", "required", "propertyNames", "additionalProperties",
	}, keyword) {
		return nil
	}
	return fmt.Errorf("%s: the keyword %s is not known", at, keyword)
}

func checkString(keyword string, arg any, text, at string) error {
	var holds bool
	switch keyword {
	case "minLength":
		holds = number(arg).Cmp(big.NewRat(int64(utf8.RuneCountInString(text)), 1)) <= 0
	case "maxLength":
		holds = number(arg).Cmp(big.NewRat(int64(utf8.RuneCountInString(text)), 1)) >= 0
	case "pattern":
		holds = regexp.MustCompile(word(arg)).MatchString(text)
	case "contentEncoding":
		_, err := base64.StdEncoding.Strict().DecodeString(text)
		holds = arg != "base64" || err == nil && !strings.ContainsAny(text, "\r\n")
	case "format":
		check := stringFormat(word(arg))
		if !isFormat(word(arg)) {
			return fmt.Errorf("%s: the format %s is not known", at, arg)
		}
		holds = check == nil || check(text)
	default:
		return known(keyword, at)
	}
	if !holds {
		return fmt.Errorf("%s is %q, which breaks %s: %v", at, text, keyword, arg)
	}
	return nil
}

func (s *Schema) checkArray(keyword string, arg any, items []any, at string) error {
	holds := true
	switch keyword {
	case "items":
		for i, item := range items {
			if err := s.check(arg, item, fmt.Sprintf("%s/%d", at, i)); err != nil {
				return err
			}
		}
	case "minItems":
		holds = number(arg).Cmp(big.NewRat(int64(len(items)), 1)) <= 0
	case "maxItems":
		holds = number(arg).Cmp(big.NewRat(int64(len(items)), 1)) >= 0
	case "uniqueItems":
		seen := map[string]bool{}
		for _, item := range items {
			holds = holds && !seen[canonical(item)]
			seen[canonical(item)] = true
		}
		holds = holds || arg == false
	default:
		return known(keyword, at)
	}
	if !holds {
		return fmt.Errorf("%s has %d items, which breaks %s: %v", at, len(items), keyword, arg)
	}
	return nil
}

func (s *Schema) checkObject(x map[string]any, keyword string, arg any, object map[string]any, at string) error {
	properties, _ := x["properties"].(map[string]any)
	switch keyword {
	case "required":
		for _, name := range list(arg) {
			if _, ok := object[word(name)]; !ok {
				return fmt.Errorf("%s lacks %v", at, name)
			}
		}
	case "properties", "additionalProperties", "propertyNames":
		for name, member := range object {
			schema, isOwn := properties[name]
			inside := at + "/" + name
			switch {
			case keyword == "propertyNames":
				schema, member = arg, name
			case keyword == "properties" && !isOwn, keyword == "additionalProperties" && isOwn:
				continue
			case keyword == "additionalProperties":
				schema = arg
			}
			if err := s.check(schema, member, inside); err != nil {
				return err
			}
		}
	default:
		return known(keyword, at)
	}
	return nil
}
