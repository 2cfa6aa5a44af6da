package kittest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/big"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
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
		if _, err = d.Token(); err == io.EOF { //nolint:errorlint // Token wraps nothing
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
		name = strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
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
	case "title", "description", "default", "examples", "deprecated", "contentMediaType":
	case "$ref":
		target, err := s.at(arg.(string))
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
		holds = slices.ContainsFunc(names, func(name any) bool { return isOfType(v, name.(string)) })
	case "const":
		holds = canonical(arg) == canonical(v)
	case "enum":
		holds = slices.ContainsFunc(arg.([]any), func(one any) bool { return canonical(one) == canonical(v) })
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
	list, ok := arg.([]any)
	if !ok {
		list = []any{arg}
	}
	fits := 0
	for _, x := range list {
		if s.check(x, v, at) == nil {
			fits++
		}
	}
	switch keyword {
	case "allOf":
		return fits == len(list)
	case "anyOf":
		return fits > 0
	case "oneOf":
		return fits == 1
	}
	return fits == 0
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
	holds := true
	switch keyword {
	case "minimum":
		holds = ratOf(n).Cmp(ratOf(arg.(json.Number))) >= 0
	case "maximum":
		holds = ratOf(n).Cmp(ratOf(arg.(json.Number))) <= 0
	case "exclusiveMinimum":
		holds = ratOf(n).Cmp(ratOf(arg.(json.Number))) > 0
	case "exclusiveMaximum":
		holds = ratOf(n).Cmp(ratOf(arg.(json.Number))) < 0
	case "multipleOf":
		holds = new(big.Rat).Quo(ratOf(n), ratOf(arg.(json.Number))).IsInt()
	case "format":
		check, ok := numberFormats[arg.(string)]
		if !ok && stringFormats[arg.(string)] == nil {
			return fmt.Errorf("%s: the format %s is not known", at, arg)
		}
		holds = !ok || check(n)
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
	holds := true
	switch keyword {
	case "minLength":
		holds = ratOf(arg.(json.Number)).Cmp(big.NewRat(int64(utf8.RuneCountInString(text)), 1)) <= 0
	case "maxLength":
		holds = ratOf(arg.(json.Number)).Cmp(big.NewRat(int64(utf8.RuneCountInString(text)), 1)) >= 0
	case "pattern":
		holds = regexp.MustCompile(arg.(string)).MatchString(text)
	case "contentEncoding":
		_, err := base64.StdEncoding.Strict().DecodeString(text)
		holds = arg != "base64" || err == nil && !strings.ContainsAny(text, "\r\n")
	case "format":
		check, ok := stringFormats[arg.(string)]
		if !ok && numberFormats[arg.(string)] == nil {
			return fmt.Errorf("%s: the format %s is not known", at, arg)
		}
		holds = !ok || check(text)
	default:
		return known(keyword, at)
	}
	if !holds {
		return fmt.Errorf("%s is %q, which breaks %s: %v", at, text, keyword, arg)
	}
	return nil
}

func (s *Schema) checkArray(keyword string, arg any, list []any, at string) error {
	holds := true
	switch keyword {
	case "items":
		for i, item := range list {
			if err := s.check(arg, item, fmt.Sprintf("%s/%d", at, i)); err != nil {
				return err
			}
		}
	case "minItems":
		holds = ratOf(arg.(json.Number)).Cmp(big.NewRat(int64(len(list)), 1)) <= 0
	case "maxItems":
		holds = ratOf(arg.(json.Number)).Cmp(big.NewRat(int64(len(list)), 1)) >= 0
	case "uniqueItems":
		seen := map[string]bool{}
		for _, item := range list {
			holds = holds && !seen[canonical(item)]
			seen[canonical(item)] = true
		}
		holds = holds || arg == false
	default:
		return known(keyword, at)
	}
	if !holds {
		return fmt.Errorf("%s has %d items, which breaks %s: %v", at, len(list), keyword, arg)
	}
	return nil
}

func (s *Schema) checkObject(x map[string]any, keyword string, arg any, object map[string]any, at string) error {
	properties, _ := x["properties"].(map[string]any)
	switch keyword {
	case "required":
		for _, name := range arg.([]any) {
			if _, ok := object[name.(string)]; !ok {
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

// within returns whether an integer is between two limits, which are there for
// every number of that format.
func within(lowest, highest string) func(json.Number) bool {
	low, high := ratOf(json.Number(lowest)), ratOf(json.Number(highest))
	return func(n json.Number) bool {
		r := ratOf(n)
		return !r.IsInt() || r.Cmp(low) >= 0 && r.Cmp(high) <= 0
	}
}

func isFloat(bits int) func(json.Number) bool {
	return func(n json.Number) bool {
		_, err := strconv.ParseFloat(string(n), bits)
		return err == nil
	}
}

// numberFormats are those of the OpenAPI format registry.
var numberFormats = map[string]func(json.Number) bool{
	"int8": within("-128", "127"), "int16": within("-32768", "32767"), "int32": within("-2147483648", "2147483647"),
	"int64": within("-9223372036854775808", "9223372036854775807"),
	"uint8": within("0", "255"), "uint16": within("0", "65535"), "uint32": within("0", "4294967295"),
	"uint64": within("0", "18446744073709551615"),
	"float":  isFloat(32), "double": isFloat(64),
}

func parses[T any](parse func(string) (T, error)) func(string) bool {
	return func(text string) bool {
		_, err := parse(text)
		return err == nil
	}
}

func isTime(layout string) func(string) bool {
	return func(text string) bool {
		at, err := time.Parse(layout, text)
		return err == nil && len(text) >= len("15:04:05") && at.Year() <= 9999
	}
}

// stringFormats are those of JSON Schema, with as much of their grammars as the
// texts of the tests go into.
var stringFormats = map[string]func(string) bool{
	"date-time": isTime(time.RFC3339Nano),
	"date":      isTime(time.DateOnly),
	"http-date": isTime("Mon, 02 Jan 2006 15:04:05 GMT"),
	"email":     func(text string) bool { a, err := mail.ParseAddress(text); return err == nil && a.Address == text },
	"hostname":  regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)*[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`).MatchString,
	"ipv4":      func(text string) bool { a, err := netip.ParseAddr(text); return err == nil && a.Is4() },
	"ipv6": func(text string) bool {
		a, err := netip.ParseAddr(text)
		return err == nil && a.Is6() && a.Zone() == ""
	},
	"uuid":          regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`).MatchString,
	"uri":           func(text string) bool { u, err := url.Parse(text); return err == nil && u.IsAbs() },
	"uri-reference": parses(url.Parse),
	"binary":        func(string) bool { return true },
}
