package decode

import (
	"cmp"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/format"
	"github.com/tenonkit/tenon/internal/multiple"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A Check tests a stored value against one rule and returns what is wrong with it, or nil.
type Check func(v reflect.Value) *text.Wrong

// Checks are those of one value, in the order in which rules are checked.
type Checks []Check

// Check returns the first thing that is wrong with v, or nil.
func (c Checks) Check(v reflect.Value) *text.Wrong {
	for _, check := range c {
		if wrong := check(v); wrong != nil {
			return wrong
		}
	}
	return nil
}

// ChecksOf compiles the rules of s on one value, which is of the type Base, and adds what
// is wrong with them to faults. Of a type with UnmarshalText it leaves out the lengths,
// which are about the text, and the format, which is a name.
func ChecksOf(s shape.Site, faults *shape.Faults) Checks {
	var checks Checks
	add := func(keyword, arg string, c Check, err error) {
		switch {
		case err != nil:
			faults.Add(s.Path, "has %s:%q: %v", keyword, arg, err)
		case c != nil:
			checks = append(checks, c)
		}
	}
	rules := &s.Rules
	for _, limit := range rules.Limits {
		c, err := limitCheck(limit)
		add(limit.Keyword, limit.Text, c, err)
	}
	if s.Type.Text != text.Self && (rules.MinLength != nil || rules.MaxLength != nil) {
		lengths := text.LengthsOf(s.Type.Base, rules.MinLength, rules.MaxLength)
		checks = append(checks, func(v reflect.Value) *text.Wrong { return lengths.Check(v.String()) })
	}
	if rules.Pattern != "" {
		c, err := patternCheck(rules.Pattern)
		add("pattern", rules.Pattern, c, err)
	}
	if len(rules.Enum) > 0 {
		checks = append(checks, enumCheck(rules.Enum))
	}
	if rules.Format != "" {
		c, err := formatCheck(s)
		add("format", rules.Format, c, err)
	}
	return checks
}

// limitCheck compiles a rule on numbers.
func limitCheck(l shape.Limit) (Check, error) {
	switch {
	case l.Value.CanInt():
		unit := l.Value.Int()
		return numberCheck(l, unit, reflect.Value.Int, func(n int64) bool { return n%unit == 0 }), nil
	case l.Value.CanUint():
		unit := l.Value.Uint()
		return numberCheck(l, unit, reflect.Value.Uint, func(n uint64) bool { return n%unit == 0 }), nil
	}
	limit, bits := l.Value.Float(), l.Value.Type().Bits()
	var unit multiple.Unit
	if l.Keyword == "multipleOf" {
		var err error
		if unit, err = multiple.Of(strconv.FormatFloat(limit, 'g', -1, bits)); err != nil {
			return nil, err
		}
	}
	return numberCheck(l, limit, reflect.Value.Float, func(n float64) bool { return unit.DividesFloat(n, bits) }), nil
}

func numberCheck[N int64 | uint64 | float64](l shape.Limit, limit N, get func(reflect.Value) N, isMultiple func(N) bool) Check {
	var holds func(N) bool
	var words string
	switch l.Keyword {
	case "minimum":
		holds, words = func(n N) bool { return n >= limit }, "must be at least "
	case "maximum":
		holds, words = func(n N) bool { return n <= limit }, "must be at most "
	case "exclusiveMinimum":
		holds, words = func(n N) bool { return n > limit }, "must be greater than "
	case "exclusiveMaximum":
		holds, words = func(n N) bool { return n < limit }, "must be less than "
	default:
		holds, words = isMultiple, "must be a multiple of "
	}
	wrong := &text.Wrong{Code: l.Keyword, Detail: words + l.Text, Limit: l.Text}
	return func(v reflect.Value) *text.Wrong {
		if holds(get(v)) {
			return nil
		}
		return wrong
	}
}

func matches(holds func(string) bool, wrong *text.Wrong) Check {
	return func(v reflect.Value) *text.Wrong {
		if holds(v.String()) {
			return nil
		}
		return wrong
	}
}

// wrongItems is what is wrong with a list of a number of items beyond the limit.
func wrongItems(keyword, words string, limit int) *text.Wrong {
	return &text.Wrong{Code: keyword, Detail: words + text.Count(limit, "item"), Limit: strconv.Itoa(limit)}
}

func patternCheck(pattern string) (Check, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	return matches(re.MatchString, &text.Wrong{Code: "pattern", Detail: "must match the pattern " + pattern, Limit: pattern}), nil
}

func enumCheck(allowed []shape.Limit) Check {
	words := make([]string, 0, len(allowed))
	for _, l := range allowed {
		words = append(words, l.Text)
	}
	wrong := &text.Wrong{Code: "enum", Detail: "must be one of " + strings.Join(words, ", "), Limit: strings.Join(words, ",")}
	switch first := allowed[0].Value; {
	case first.CanInt():
		return oneOf(allowed, reflect.Value.Int, wrong)
	case first.CanUint():
		return oneOf(allowed, reflect.Value.Uint, wrong)
	case first.CanFloat():
		return oneOf(allowed, reflect.Value.Float, wrong)
	}
	return oneOf(allowed, reflect.Value.String, wrong)
}

func oneOf[N cmp.Ordered](allowed []shape.Limit, get func(reflect.Value) N, wrong *text.Wrong) Check {
	known := make(map[N]bool, len(allowed))
	for _, l := range allowed {
		known[get(l.Value)] = true
	}
	return func(v reflect.Value) *text.Wrong {
		if known[get(v)] {
			return nil
		}
		return wrong
	}
}

// formatCheck compiles the format of a string or number, nil for one that only annotates.
// That of another type chooses how a value is written, or what an error calls it.
func formatCheck(s shape.Site) (Check, error) {
	name, t := s.Rules.Format, s.Type.Base
	isString := t.Kind() == reflect.String
	switch {
	case s.Type.Text == text.Self, !isString && !isNumber(t.Kind()):
		return nil, nil
	case s.Type.Text == text.Number:
		return nil, format.Fits(name, reflect.TypeFor[float64]())
	}
	if err := format.Fits(name, t); err != nil {
		return nil, err
	}
	holds, ok := format.Named(name)
	if !ok || !isString {
		return nil, nil
	}
	return matches(holds, &text.Wrong{Code: "format", Detail: "must be a valid " + name, Limit: name}), nil
}

func isNumber(k reflect.Kind) bool { return reflect.Int <= k && k <= reflect.Float64 }

// Items are the rules on a slice or array as a whole.
type Items struct {
	// Max is maxItems, [math.MaxInt] without one: a reader stops there and reports
	// TooMany.
	Max     int
	TooMany *text.Wrong

	checks Checks
}

// ItemsOf compiles the rules of s on a slice or array as a whole.
func ItemsOf(s shape.Site) Items {
	items := Items{Max: math.MaxInt}
	if limit := s.Rules.MinItems; limit != nil {
		least := *limit
		wrong := wrongItems("minItems", "must have at least ", least)
		items.checks = append(items.checks, func(list reflect.Value) *text.Wrong {
			if list.Len() < least {
				return wrong
			}
			return nil
		})
	}
	if limit := s.Rules.MaxItems; limit != nil {
		items.Max, items.TooMany = *limit, wrongItems("maxItems", "must have at most ", *limit)
	}
	if s.Rules.UniqueItems {
		items.checks = append(items.checks, uniqueItems)
	}
	return items
}

// Check returns what is wrong with a list of up to Max items: minItems or uniqueItems.
func (l *Items) Check(list reflect.Value) *text.Wrong { return l.checks.Check(list) }

// smallList is the length up to which comparing each pair is cheaper than a map.
const smallList = 16

func uniqueItems(list reflect.Value) *text.Wrong {
	n := list.Len()
	if n <= smallList {
		for i := range n {
			for j := range i {
				if list.Index(i).Equal(list.Index(j)) {
					return repeated()
				}
			}
		}
		return nil
	}
	seen := make(map[any]struct{}, n)
	for i := range n {
		seen[list.Index(i).Interface()] = struct{}{}
	}
	if len(seen) < n {
		return repeated()
	}
	return nil
}

func repeated() *text.Wrong {
	return &text.Wrong{Code: "uniqueItems", Detail: "must not repeat an item"}
}
