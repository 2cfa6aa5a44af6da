package openapi

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// A checker compares values with schemas. Its expressions are compiled once, and
// it serves many goroutines at once.
type checker struct {
	schemas  map[string]*schema // by reference
	patterns sync.Map           // of *regexp.Regexp, by their text
}

func newChecker(schemas ordered[*schema]) *checker {
	c := &checker{schemas: map[string]*schema{}}
	for _, m := range schemas {
		c.schemas["#/components/schemas/"+m.name] = m.value
	}
	return c
}

// json checks the one JSON value in text.
func (c *checker) json(x *schema, text []byte) error {
	v, err := parseJSON(text)
	if err != nil {
		return err
	}
	return c.check(x, v, "#", 0)
}

// maxRefs bounds the references that lead from a value to itself.
const maxRefs = 100

// check returns the first way in which v, which stands at the pointer at, breaks
// x. It never repeats the value.
func (c *checker) check(x *schema, v value, at string, refs int) error {
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
	if err := c.fixed(x, v, at); err != nil {
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
func (s *schema) takes(v value) bool {
	if len(s.Type) == 0 || slices.Contains(s.Type, v.kind) {
		return true
	}
	return v.kind == kindNumber && slices.Contains(s.Type, "integer") && isIntegral(v.text)
}

func isIntegral(text string) bool {
	r, ok := rational(text)
	return ok && r.IsInt()
}

// fixed checks the keywords enum and const.
func (*checker) fixed(x *schema, v value, at string) error {
	for _, text := range x.Enum {
		if one, err := parseJSON(text); err == nil && one.equal(v) {
			return nil
		}
	}
	if len(x.Enum) > 0 {
		return fmt.Errorf("%s: is none of the values that enum allows", at)
	}
	if x.Const != nil {
		if one, err := parseJSON(x.Const); err == nil && !one.equal(v) {
			return fmt.Errorf("%s: is not the value that const allows", at)
		}
	}
	return nil
}

// combined checks the keywords that hold schemas for the same value.
func (c *checker) combined(x *schema, v value, at string, refs int) error {
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
func (c *checker) fits(list []*schema, v value, at string, refs int) int {
	n := 0
	for _, each := range list {
		if c.check(each, v, at, refs+1) == nil {
			n++
		}
	}
	return n
}

// checkArray checks the keywords about arrays.
func (c *checker) checkArray(x *schema, v value, at string) error {
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
func (c *checker) checkObject(x *schema, v value, at string) error {
	for _, name := range x.Required {
		if _, ok := v.members.get(name); !ok {
			return fmt.Errorf("%s: lacks the member %q", at, name)
		}
	}
	for _, m := range v.members {
		inside := at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(m.name)
		if x.PropertyNames != nil {
			if err := c.check(x.PropertyNames, value{kind: kindString, text: m.name}, inside, 0); err != nil {
				return fmt.Errorf("the name of %w", err)
			}
		}
		property, ok := x.Properties.get(m.name)
		if !ok {
			property = x.AdditionalProperties
		}
		if property == nil {
			continue
		}
		if err := c.check(property, m.value, inside, 0); err != nil {
			return err
		}
	}
	return nil
}

// canonical returns a text that is the same for equal values.
func (v value) canonical() string {
	switch v.kind {
	case kindNumber:
		if r, ok := rational(v.text); ok {
			return v.kind + r.RatString()
		}
	case kindArray:
		var b strings.Builder
		for _, item := range v.items {
			text := item.canonical()
			fmt.Fprintf(&b, "%d:%s", len(text), text)
		}
		return v.kind + b.String()
	case kindObject:
		var parts []string
		for _, m := range v.members {
			text := m.value.canonical()
			parts = append(parts, fmt.Sprintf("%d:%s%d:%s", len(m.name), m.name, len(text), text))
		}
		slices.Sort(parts)
		return v.kind + strings.Join(parts, "")
	}
	return v.kind + v.text
}

// length returns the length of a string as JSON Schema counts it.
func (v value) length() int64 { return int64(utf8.RuneCountInString(v.text)) }
