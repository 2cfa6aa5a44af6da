package bind

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/multiple"
	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// A check tests a stored value against one constraint and returns what is wrong
// with it, or nil.
type check = decode.Check

// valueKeywords are the constraints on one value; on a slice or a map they
// apply to each element.
func valueKeywords() []string { return tag.ValueKeywords() }

// valueChecks compiles the constraints of tag on one value of type t, in a fixed
// order. Pointers and Opts are already taken off t.
func valueChecks(f *faults, path string, t reflect.Type, tag reflect.StructTag) []check {
	var checks []check
	before := len(f.list)
	for _, key := range valueKeywords() {
		arg, ok := tag.Lookup(key)
		if !ok {
			continue
		}
		c, err := valueCheck(key, arg, t)
		if err != nil {
			f.add(path, "has %s:%q: %v", key, arg, err)
			continue
		}
		if c != nil {
			checks = append(checks, c)
		}
	}
	if len(f.list) == before {
		refuseEmptyRange(f, path, tag)
	}
	return checks
}

// refuseEmptyRange reports pairs of constraints that no value satisfies.
func refuseEmptyRange(f *faults, path string, tag reflect.StructTag) {
	for _, pair := range []struct {
		low, high string
		strict    bool // equal limits leave nothing either
	}{
		{"minimum", "maximum", false},
		{"minimum", "exclusiveMaximum", true},
		{"exclusiveMinimum", "maximum", true},
		{"exclusiveMinimum", "exclusiveMaximum", true},
		{"minLength", "maxLength", false},
	} {
		low, errLow := strconv.ParseFloat(tag.Get(pair.low), 64)
		high, errHigh := strconv.ParseFloat(tag.Get(pair.high), 64)
		if errLow == nil && errHigh == nil && (low > high || pair.strict && low == high) {
			f.add(path, "has %s:%q and %s:%q, which no value satisfies", pair.low, tag.Get(pair.low), pair.high, tag.Get(pair.high))
		}
	}
}

var errKeywordKind = errors.New("does not apply to its type")

// valueCheck compiles one constraint. It returns no check for a format that
// only annotates, that chooses how a time is written or that describes a type
// with UnmarshalText, nor for the lengths of such a type, whose text is checked
// before it is read.
func valueCheck(key, arg string, t reflect.Type) (check, error) {
	switch key {
	case "minLength", "maxLength":
		switch {
		case tag.ReadsText(t):
			_, err := lengthOf(arg)
			return nil, err
		case t.Kind() != reflect.String:
			return nil, errKeywordKind
		}
		return lengthCheck(key, arg)
	case "pattern":
		if t.Kind() != reflect.String {
			return nil, errKeywordKind
		}
		return patternCheck(arg)
	case "format":
		if t == reflect.TypeFor[time.Time]() || tag.ReadsText(t) {
			return nil, nil
		}
		return formatCheck(arg, t)
	case "enum":
		return enumCheck(arg, t)
	}
	switch {
	case tag.ReadsText(t):
		return nil, errKeywordKind
	case isSigned(t):
		return numberCheck(key, arg, reflect.Value.Int, parseInt(t), integerMultiple)
	case isUnsigned(t):
		return numberCheck(key, arg, reflect.Value.Uint, parseUint(t), integerMultiple)
	case isFloat(t):
		return numberCheck(key, arg, reflect.Value.Float, parseFloat(t), floatMultiple(t.Bits()))
	}
	return nil, errKeywordKind
}

// parseInt returns the reader of constraints on t. Those of a [time.Duration]
// may be written as "1h30m".
func parseInt(t reflect.Type) func(string) (int64, error) {
	return func(s string) (int64, error) {
		if t == reflect.TypeFor[time.Duration]() {
			if d, err := time.ParseDuration(s); err == nil {
				return int64(d), nil
			}
		}
		n, err := strconv.ParseInt(s, 10, t.Bits())
		return n, numError(err)
	}
}

func parseUint(t reflect.Type) func(string) (uint64, error) {
	return func(s string) (uint64, error) {
		n, err := strconv.ParseUint(s, 10, t.Bits())
		return n, numError(err)
	}
}

func parseFloat(t reflect.Type) func(string) (float64, error) {
	return func(s string) (float64, error) {
		n, err := strconv.ParseFloat(s, t.Bits())
		if err == nil && (math.IsNaN(n) || math.IsInf(n, 0)) {
			err = strconv.ErrRange
		}
		return n, numError(err)
	}
}

// numError takes the function name and the text off an error of strconv.
func numError(err error) error {
	if e, ok := errors.AsType[*strconv.NumError](err); ok {
		return e.Err
	}
	return err
}

func numberCheck[N int64 | uint64 | float64](
	key, arg string, get func(reflect.Value) N, parse func(string) (N, error), multipleOf func(unit N) (func(N) bool, error),
) (check, error) {
	limit, err := parse(arg)
	if err != nil {
		return nil, err
	}
	var holds func(N) bool
	var words string
	switch key {
	case "minimum":
		holds, words = func(n N) bool { return n >= limit }, "must be at least "
	case "maximum":
		holds, words = func(n N) bool { return n <= limit }, "must be at most "
	case "exclusiveMinimum":
		holds, words = func(n N) bool { return n > limit }, "must be greater than "
	case "exclusiveMaximum":
		holds, words = func(n N) bool { return n < limit }, "must be less than "
	case "multipleOf":
		if holds, err = multipleOf(limit); err != nil {
			return nil, err
		}
		words = "must be a multiple of "
	}
	wrong := &text.Wrong{Code: key, Detail: words + arg}
	return func(v reflect.Value) *text.Wrong {
		if holds(get(v)) {
			return nil
		}
		return wrong
	}, nil
}

func integerMultiple[N int64 | uint64](unit N) (func(N) bool, error) {
	if unit <= 0 {
		return nil, errors.New("must be greater than 0")
	}
	return func(n N) bool { return n%unit == 0 }, nil
}

// floatMultiple returns integerMultiple for floats of this size.
func floatMultiple(bits int) func(unit float64) (func(float64) bool, error) {
	return func(unit float64) (func(float64) bool, error) {
		u, err := multiple.Of(strconv.FormatFloat(unit, 'g', -1, bits))
		return func(n float64) bool { return u.DividesFloat(n, bits) }, err
	}
}

func patternCheck(arg string) (check, error) {
	re, err := regexp.Compile(arg)
	if err != nil {
		return nil, err
	}
	return matches(re.MatchString, &text.Wrong{Code: "pattern", Detail: "must match the pattern " + arg}), nil
}

func lengthCheck(key, arg string) (check, error) {
	limit, err := lengthOf(arg)
	if err != nil {
		return nil, err
	}
	if key == "minLength" {
		return matches(func(s string) bool { return len(s) >= limit && utf8.RuneCountInString(s) >= limit }, tooShort(limit)), nil
	}
	return matches(func(s string) bool { return len(s) <= limit || utf8.RuneCountInString(s) <= limit }, tooLong(limit)), nil
}

// lengthOf reads the argument of minLength or maxLength.
func lengthOf(arg string) (int, error) {
	n, err := strconv.ParseUint(arg, 10, 31)
	return int(n), numError(err)
}

func tooShort(limit int) *text.Wrong {
	return &text.Wrong{Code: "minLength", Detail: "must have at least " + count(limit, "character")}
}

func tooLong(limit int) *text.Wrong {
	return &text.Wrong{Code: "maxLength", Detail: "must have at most " + count(limit, "character")}
}

func matches(holds func(string) bool, wrong *text.Wrong) check {
	return func(v reflect.Value) *text.Wrong {
		if holds(v.String()) {
			return nil
		}
		return wrong
	}
}

func enumCheck(arg string, t reflect.Type) (check, error) {
	words := strings.Split(arg, ",")
	wrong := &text.Wrong{Code: "enum", Detail: "must be one of " + strings.Join(words, ", ")}
	switch {
	case t.Kind() == reflect.String:
		return oneOf(words, reflect.Value.String, func(s string) (string, error) { return s, nil }, wrong)
	case tag.ReadsText(t):
		return nil, errKeywordKind
	case isSigned(t):
		return oneOf(words, reflect.Value.Int, parseInt(t), wrong)
	case isUnsigned(t):
		return oneOf(words, reflect.Value.Uint, parseUint(t), wrong)
	case isFloat(t):
		return oneOf(words, reflect.Value.Float, parseFloat(t), wrong)
	}
	return nil, errKeywordKind
}

func oneOf[N cmp.Ordered](words []string, get func(reflect.Value) N, parse func(string) (N, error), wrong *text.Wrong) (check, error) {
	allowed := make(map[N]bool, len(words))
	for _, word := range words {
		n, err := parse(word)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", word, err)
		}
		allowed[n] = true
	}
	return func(v reflect.Value) *text.Wrong {
		if allowed[get(v)] {
			return nil
		}
		return wrong
	}, nil
}

// count returns "1 item", "2 items".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
