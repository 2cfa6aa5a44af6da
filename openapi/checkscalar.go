package openapi

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/format"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/multiple"
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
	if x.MultipleOf != "" && !isMultiple(x.Format, v.text, string(x.MultipleOf)) {
		return fmt.Errorf("%s: breaks multipleOf %s", at, x.MultipleOf)
	}
	if !fitsNumber(x.Format, v.text) {
		return fmt.Errorf("%s: is no %s", at, x.Format)
	}
	return nil
}

// isMultiple reports whether the number n is a multiple of unit, by the same test
// as in package bind. A unit that cannot be read, which a type may state for
// itself, says nothing.
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

// fitsNumber reports whether a number is one of its format (OpenAPI format
// registry). Other formats say nothing.
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
func (c *checker) checkString(x *schema, v value, at string) error {
	switch n := v.length(); {
	case x.MinLength != nil && n < *x.MinLength:
		return fmt.Errorf("%s: has %d characters, fewer than %d", at, n, *x.MinLength)
	case x.MaxLength != nil && n > *x.MaxLength:
		return fmt.Errorf("%s: has %d characters, more than %d", at, n, *x.MaxLength)
	case x.Pattern != "" && !c.matches(cmp.Or(x.matched, x.Pattern), v.text):
		return fmt.Errorf("%s: does not match %s", at, x.Pattern)
	case !fitsFormat(x.Format, v.text), x.isQuoted() && !fitsNumber(x.Format, v.text):
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
