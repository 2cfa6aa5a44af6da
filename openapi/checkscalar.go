package openapi

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"

	"github.com/tenonkit/tenon/internal/format"
	"github.com/tenonkit/tenon/internal/json"
)

// checkNumber checks the keywords about numbers.
func checkNumber(x *schema, v value, at string) error {
	for _, limit := range []struct {
		keyword string
		arg     json.Number
		holds   func(order int) bool
	}{
		{"minimum", x.Minimum, func(order int) bool { return order >= 0 }},
		{"maximum", x.Maximum, func(order int) bool { return order <= 0 }},
		{"exclusiveMinimum", x.ExclusiveMinimum, func(order int) bool { return order > 0 }},
		{"exclusiveMaximum", x.ExclusiveMaximum, func(order int) bool { return order < 0 }},
	} {
		if limit.arg != "" && !limit.holds(compare(v.text, string(limit.arg))) {
			return fmt.Errorf("%s: breaks %s %s", at, limit.keyword, limit.arg)
		}
	}
	if x.MultipleOf != "" && !isMultiple(v.text, string(x.MultipleOf)) {
		return fmt.Errorf("%s: breaks multipleOf %s", at, x.MultipleOf)
	}
	if !fitsNumber(x.Format, v.text) {
		return fmt.Errorf("%s: is no %s", at, x.Format)
	}
	return nil
}

// isMultiple reports whether n is a multiple of unit, or as near to one as two
// floats can be.
func isMultiple(n, unit string) bool {
	x, okX := rational(n)
	y, okY := rational(unit)
	if !okX || !okY || y.Sign() == 0 {
		return false
	}
	quotient := new(big.Rat).Quo(x, y)
	if quotient.IsInt() {
		return true
	}
	f, _ := quotient.Float64()
	return math.Abs(f-math.Round(f)) <= 0x1p-22*math.Abs(f)
}

// fitsNumber reports whether a number is one of its format (OpenAPI format
// registry). Other formats say nothing.
func fitsNumber(name, text string) bool {
	r, ok := rational(text)
	switch name {
	case "int64":
		return ok && r.IsInt() && r.Num().IsInt64()
	case "uint64":
		return ok && r.IsInt() && r.Num().IsUint64()
	case "float":
		f, err := strconv.ParseFloat(text, 32)
		return err == nil && !math.IsInf(f, 0)
	case "double":
		return ok
	}
	return true
}

// checkString checks the keywords about strings.
func (c *checker) checkString(x *schema, v value, at string) error {
	switch n := v.length(); {
	case x.MinLength != nil && n < *x.MinLength:
		return fmt.Errorf("%s: has %d characters, fewer than %d", at, n, *x.MinLength)
	case x.MaxLength != nil && n > *x.MaxLength:
		return fmt.Errorf("%s: has %d characters, more than %d", at, n, *x.MaxLength)
	case x.Pattern != "" && !c.matches(cmp.Or(x.matched, x.Pattern), v.text):
		return fmt.Errorf("%s: does not match %s", at, x.Pattern)
	case !fitsFormat(x.Format, v.text):
		return fmt.Errorf("%s: is no %s", at, x.Format)
	}
	if x.ContentEncoding == "base64" {
		if _, err := base64.StdEncoding.DecodeString(v.text); err != nil {
			return fmt.Errorf("%s: is no base64", at)
		}
	}
	return nil
}

// fitsFormat reports whether text is one of its format, by the same test as in
// package bind. A format that has none says nothing.
func fitsFormat(name, text string) bool {
	holds, ok := format.Named(name)
	return !ok || holds(text)
}

// matches reports whether text has a match of the pattern. One that Go cannot
// compile, which a type may state for itself, says nothing.
func (c *checker) matches(pattern, text string) bool {
	known, ok := c.patterns.Load(pattern)
	if !ok {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return true
		}
		known, _ = c.patterns.LoadOrStore(pattern, re)
	}
	re, _ := known.(*regexp.Regexp)
	return re.MatchString(text)
}
