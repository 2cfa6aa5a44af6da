package schema

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/tenonkit/tenon/internal/format"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/multiple"
)

// A Checker compares values with schemas. Its expressions are compiled once, and
// it serves many goroutines at once.
type Checker struct {
	schemas  map[string]*Schema // by reference
	patterns map[string]string  // as Go reads them, by their text
	compiled sync.Map           // of *regexp.Regexp, by what Go reads
}

// NewChecker returns a Checker of schemas that refer to the components of a document. For a
// pattern that comes from a tag it uses the tag, by patterns of [Set.Patterns]. It uses other
// patterns as they are, if Go can compile them.
func NewChecker(schemas Ordered[*Schema], patterns map[string]string) *Checker {
	c := &Checker{schemas: map[string]*Schema{}, patterns: patterns}
	for _, m := range schemas {
		c.schemas[componentPrefix+m.Name] = m.Value
	}
	return c
}

// JSON returns the first fault of the JSON value in text by the schema x, or an error if text
// is not one JSON value. The error never contains the value.
func (c *Checker) JSON(x *Schema, text []byte) error {
	v, err := parseJSON(text)
	if err != nil {
		return err
	}
	return c.check(x, v, "#", 0)
}

// Text is like JSON for a string whose value is text.
func (c *Checker) Text(x *Schema, text string) error {
	return c.check(x, value{kind: kindString, text: text}, "#", 0)
}

// maxRefs bounds references that lead back to themselves.
const maxRefs = 100

// check returns the first fault of v, which is at the JSON Pointer at, by the schema x. The
// error never contains the value.
func (c *Checker) check(x *Schema, v value, at string, refs int) error {
	if x.never {
		return fmt.Errorf("%s: no value is allowed", at)
	}
	if x.Ref != "" {
		target := c.schemas[x.Ref]
		if target == nil || refs > maxRefs {
			return fmt.Errorf("%s: the reference %s leads nowhere", at, x.Ref)
		}
		if err := c.check(target, v, at, refs+1); err != nil {
			return err
		}
	}
	if !x.takes(v) {
		return fmt.Errorf("%s: is %s, not %s", at, v.kind, strings.Join(x.Type, " or "))
	}
	if err := fixed(x, v, at); err != nil {
		return err
	}
	if err := c.combined(x, v, at, refs); err != nil {
		return err
	}
	switch v.kind {
	case kindNumber:
		return checkNumber(x, v, at)
	case kindString:
		return c.checkString(x, v, at)
	case kindArray:
		return c.checkArray(x, v, at)
	case kindObject:
		return c.checkObject(x, v, at)
	}
	return nil
}

// takes reports whether the kind of v is one that s names.
func (s *Schema) takes(v value) bool {
	if len(s.Type) == 0 || slices.Contains(s.Type, v.kind) {
		return true
	}
	if v.kind != kindNumber || !slices.Contains(s.Type, "integer") {
		return false
	}
	r, ok := rational(v.text)
	return ok && r.IsInt()
}

// fixed checks the keywords enum and const.
func fixed(x *Schema, v value, at string) error {
	for _, text := range x.Enum {
		if one, err := parseJSON(text); err == nil && one.canonical() == v.canonical() {
			return nil
		}
	}
	if len(x.Enum) > 0 {
		return fmt.Errorf("%s: is not one of the values of enum", at)
	}
	if x.Const != nil {
		if one, err := parseJSON(x.Const); err == nil && one.canonical() != v.canonical() {
			return fmt.Errorf("%s: is not the value of const", at)
		}
	}
	return nil
}

// combined checks the keywords that hold schemas for the same value.
func (c *Checker) combined(x *Schema, v value, at string, refs int) error {
	for _, each := range x.AllOf {
		if err := c.check(each, v, at, refs+1); err != nil {
			return err
		}
	}
	if fits := c.fits(x.AnyOf, v, at, refs); len(x.AnyOf) > 0 && fits == 0 {
		return fmt.Errorf("%s: fits none of the schemas of anyOf", at)
	}
	if fits := c.fits(x.OneOf, v, at, refs); len(x.OneOf) > 0 && fits != 1 {
		return fmt.Errorf("%s: fits %d of the schemas of oneOf", at, fits)
	}
	if x.Not != nil && c.check(x.Not, v, at, refs+1) == nil {
		return fmt.Errorf("%s: fits the schema of not", at)
	}
	return nil
}

// fits counts the schemas that v fits.
func (c *Checker) fits(list []*Schema, v value, at string, refs int) int {
	n := 0
	for _, each := range list {
		if c.check(each, v, at, refs+1) == nil {
			n++
		}
	}
	return n
}

// checkArray checks the keywords about arrays.
func (c *Checker) checkArray(x *Schema, v value, at string) error {
	n := int64(len(v.items))
	switch {
	case x.MinItems != nil && n < *x.MinItems:
		return fmt.Errorf("%s: has %d items, fewer than %d", at, n, *x.MinItems)
	case x.MaxItems != nil && n > *x.MaxItems:
		return fmt.Errorf("%s: has %d items, more than %d", at, n, *x.MaxItems)
	}
	for i := range v.items {
		if x.Items != nil {
			if err := c.check(x.Items, v.items[i], fmt.Sprintf("%s/%d", at, i), 0); err != nil {
				return err
			}
		}
	}
	if !x.UniqueItems {
		return nil
	}
	seen := make(map[string]bool, len(v.items))
	for _, item := range v.items {
		key := item.canonical()
		if seen[key] {
			return fmt.Errorf("%s: repeats an item", at)
		}
		seen[key] = true
	}
	return nil
}

// checkObject checks the keywords about objects.
func (c *Checker) checkObject(x *Schema, v value, at string) error {
	for _, name := range x.Required {
		if _, ok := v.members.Get(name); !ok {
			return fmt.Errorf("%s: lacks the member %q", at, name)
		}
	}
	for _, m := range v.members {
		inside := string(json.Pointer(at).AppendToken(m.Name))
		if x.PropertyNames != nil {
			if err := c.check(x.PropertyNames, value{kind: kindString, text: m.Name}, inside, 0); err != nil {
				return fmt.Errorf("the name of %w", err)
			}
		}
		property, ok := x.Properties.Get(m.Name)
		if !ok {
			property = x.AdditionalProperties
		}
		if property == nil {
			continue
		}
		if err := c.check(property, m.Value, inside, 0); err != nil {
			return err
		}
	}
	return nil
}

// checkNumber checks the keywords about numbers.
func checkNumber(x *Schema, v value, at string) error {
	for _, limit := range []struct {
		keyword string
		arg     json.Number
		side    int // of the limit on which numbers are allowed: 1 is above it
		itself  bool
	}{
		{"minimum", x.Minimum, 1, true},
		{"maximum", x.Maximum, -1, true},
		{"exclusiveMinimum", x.ExclusiveMinimum, 1, false},
		{"exclusiveMaximum", x.ExclusiveMaximum, -1, false},
	} {
		if limit.arg == "" {
			continue
		}
		if order := compare(v.text, string(limit.arg)); order*limit.side < 0 || order == 0 && !limit.itself {
			return fmt.Errorf("%s: breaks %s %s", at, limit.keyword, limit.arg)
		}
	}
	if x.MultipleOf != "" && !isMultiple(x.Format, v.text, string(x.MultipleOf)) {
		return fmt.Errorf("%s: breaks multipleOf %s", at, x.MultipleOf)
	}
	if !fitsNumber(x.Format, v.text) {
		return fmt.Errorf("%s: is not a valid %s", at, x.Format)
	}
	return nil
}

// isMultiple reports whether the number n is a multiple of unit, by the same test as in package
// bind. A unit that cannot be read, in a stated schema, allows every number.
func isMultiple(format, n, unit string) bool {
	u, err := multiple.Of(unit)
	if err != nil {
		return true
	}
	size, isFloat := floatSize(format)
	if !isFloat {
		return u.Divides(n)
	}
	f, err := strconv.ParseFloat(n, size)
	return err != nil || u.DividesFloat(f, size)
}

// floatSize returns the bits of the floats that have the format.
func floatSize(format string) (bits int, ok bool) {
	switch format {
	case "float":
		return 32, true
	case "double":
		return 64, true
	}
	return 0, false
}

// fitsNumber reports whether a number fits its format (OpenAPI format registry). Unknown
// formats allow every number.
func fitsNumber(name, text string) bool {
	if size, ok := floatSize(name); ok {
		_, err := strconv.ParseFloat(text, size)
		return err == nil
	}
	digits, isSigned := strings.CutPrefix(name, "int")
	digits, isUnsigned := strings.CutPrefix(digits, "uint")
	size, err := strconv.Atoi(digits)
	if err != nil || isSigned == isUnsigned || !slices.Contains([]int{8, 16, 32, 64}, size) {
		return true
	}
	r, ok := rational(text)
	switch {
	case !ok || !r.IsInt():
		return false
	case isUnsigned:
		return r.Sign() >= 0 && r.Num().BitLen() <= size
	case r.Sign() < 0: // the smallest has no positive counterpart
		return new(big.Int).Not(r.Num()).BitLen() < size
	}
	return r.Num().BitLen() < size
}

// checkString checks the keywords about strings.
func (c *Checker) checkString(x *Schema, v value, at string) error {
	fits, isKnown := format.Named(x.Format)
	switch n := int64(utf8.RuneCountInString(v.text)); {
	case x.MinLength != nil && n < *x.MinLength:
		return fmt.Errorf("%s: has %d characters, fewer than %d", at, n, *x.MinLength)
	case x.MaxLength != nil && n > *x.MaxLength:
		return fmt.Errorf("%s: has %d characters, more than %d", at, n, *x.MaxLength)
	case x.Pattern != "" && !c.matches(cmp.Or(c.patterns[x.Pattern], x.Pattern), v.text):
		return fmt.Errorf("%s: does not match %s", at, x.Pattern)
	case isKnown && !fits(v.text), x.isQuoted() && !fitsNumber(x.Format, v.text):
		return fmt.Errorf("%s: is not a valid %s", at, x.Format)
	}
	if x.ContentEncoding == "base64" {
		if _, err := base64.StdEncoding.DecodeString(v.text); err != nil {
			return fmt.Errorf("%s: is not base64", at)
		}
	}
	return nil
}

// matches reports whether the pattern matches text. A pattern that Go cannot compile, in a
// stated schema, matches every text.
func (c *Checker) matches(pattern, text string) bool {
	known, ok := c.compiled.Load(pattern)
	if !ok {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return true
		}
		known, _ = c.compiled.LoadOrStore(pattern, re)
	}
	re, _ := known.(*regexp.Regexp)
	return re.MatchString(text)
}
