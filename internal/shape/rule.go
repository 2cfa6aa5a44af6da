package shape

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/method"
	"github.com/tenonkit/tenon/internal/text"
)

// Rules are the rules in the tags of a field. The zero Rules allow everything. On a slice or a
// map, the rules on one value apply to each element.
type Rules struct {
	// Limits are minimum, maximum, exclusiveMinimum, exclusiveMaximum and multipleOf, those
	// that the tags have, in this order.
	Limits []Limit
	// MinLength and MaxLength count characters. Nil means no limit. For a type that reads
	// itself they apply to its text, before it is read.
	MinLength, MaxLength *int
	// IsTypeLength means that MaxLength comes from the type and not from a tag.
	IsTypeLength bool
	// Pattern is a regular expression of package regexp, not compiled, or "".
	Pattern string
	// Enum are the allowed values, in order. None allows all.
	Enum []Limit
	// Format is the form of a time (see [Site.TimeForm]), the name of a format of package
	// format for a string or number, not looked up yet, or the name of the text of a type that
	// reads itself.
	Format string
	// MinItems and MaxItems apply to a slice or array. Nil means no limit.
	MinItems, MaxItems *int
	UniqueItems        bool
	// Wrong is what is wrong with the tags, in words that follow the path of the field. The
	// owner of the field has it among its faults.
	Wrong []string

	key string // the tags that all this comes from
}

// A Limit is an argument of a rule.
type Limit struct {
	// Keyword is the key of the tag.
	Keyword string
	// Text is the argument as in the tag.
	Text string
	// Value has the type that the rule applies to. For the enum of a string it is Text.
	Value reflect.Value
}

// elements returns the rules of the values inside a slice or map.
func (r Rules) elements() Rules {
	r.MinItems, r.MaxItems, r.UniqueItems = nil, nil, false
	_, values, _ := strings.Cut(r.key, keySeparator)
	r.key = keyOf("", values)
	return r
}

// keySeparator stands between the rules on a list and those on its elements.
const keySeparator = "\x00"

func keyOf(items, values string) string {
	if items+values == "" {
		return ""
	}
	return items + keySeparator + values
}

// A ruleReader reads the rules of one field.
type ruleReader struct {
	medium Medium
	typ    Type // to which the rules on items apply
	value  Type // to which the rules on one value apply
	tags   reflect.StructTag
	rules  Rules
	faults []string // in words that follow the path of the field
}

// rulesOf returns the rules in the tags of a field of type t.
func rulesOf(medium Medium, t Type, tags reflect.StructTag) Rules {
	r := &ruleReader{medium: medium, typ: t, value: valueOf(medium, t), tags: tags}
	var items, values strings.Builder
	r.each(itemKeywords(), &items, r.item)
	r.each(valueKeywords(), &values, r.rule)
	if len(r.faults) == 0 {
		r.refuseEmptyRange()
	}
	if r.rules.MaxLength == nil && bigIn(r.value.Base) != nil {
		r.rules.MaxLength, r.rules.IsTypeLength = new(text.MaxBig), true
	}
	r.rules.key = keyOf(items.String(), values.String())
	r.rules.Wrong = r.faults
	return r.rules
}

// bigIn returns the number of [math/big] that t is or embeds, or nil. The method by which t reads
// text is that of the number, or may call it.
func bigIn(t reflect.Type, outer ...reflect.Type) reflect.Type {
	if text.FormOf(t) != text.Self || t.Kind() != reflect.Struct || slices.Contains(outer, t) {
		return nil
	}
	if text.IsBig(t) {
		return t
	}
	for f := range t.Fields() {
		inner := embedded(f)
		if inner == nil {
			continue
		}
		if number := bigIn(inner, append(slices.Clip(outer), t)...); number != nil {
			return number
		}
	}
	return nil
}

// Lengths returns the rules on the text of a type that reads itself, or nil for another type.
func (s Site) Lengths() *text.Lengths {
	if s.Type.Text != text.Self {
		return nil
	}
	from := s.Type.Base
	if number := bigIn(from); number != nil {
		from = number
	}
	return text.LengthsOf(from, s.Rules.MinLength, s.Rules.MaxLength)
}

// valueOf returns the type to which the rules on one value of a t apply: the type inside all
// slices, arrays and maps. A type that contains only itself has no such type.
func valueOf(medium Medium, t Type) Type {
	seen := map[reflect.Type]bool{}
	for isContainer(medium, t) && !seen[t.Base] {
		seen[t.Base] = true
		t = t.Elem()
	}
	return t
}

func isContainer(medium Medium, t Type) bool {
	if medium == InText {
		return t.IsTextList() || t.IsTextMap()
	}
	return t.Reads == List || t.Reads == Array || t.Reads == Map
}

// each calls read for each keyword that the tags have, and adds the errors to the faults.
func (r *ruleReader) each(keywords []string, key *strings.Builder, read func(keyword, arg string) error) {
	for _, keyword := range keywords {
		arg, ok := r.tags.Lookup(keyword)
		if !ok {
			continue
		}
		key.WriteString(keyword + ":" + strconv.Quote(arg))
		err := read(keyword, arg)
		switch {
		case errors.Is(err, errOtherType):
			r.faults = append(r.faults, fmt.Sprintf("has %s:%q, which does not apply to type %s: %s", keyword, arg, r.typ.Go, r.instead(keyword)))
		case err != nil:
			r.faults = append(r.faults, fmt.Sprintf("has %s:%q: %v", keyword, arg, err))
		}
	}
}

var (
	errOtherType = errors.New("does not apply")
	errCount     = errors.New("it must be a number of 0 or more")
)

// isNumber reports whether the rules on numbers apply: to types of a number kind that do not read
// themselves from text.
func (r *ruleReader) isNumber() bool {
	v := reflect.Zero(r.value.Base)
	return (v.CanInt() || v.CanUint() || v.CanFloat()) && r.value.Text != text.Self
}

// isString reports whether the rules on strings apply: to types of kind string.
func (r *ruleReader) isString() bool { return r.value.Base.Kind() == reflect.String }

// takesFormat returns nil if the format applies to the value.
func (r *ruleReader) takesFormat(name string) error {
	isSelf := r.value.Text == text.Self || r.medium == InJSON && r.value.Reads == Self
	switch {
	case r.value.Text == text.Time:
		if names := text.TimeFormats(); name != "" && !slices.Contains(names, name) {
			return errors.New("use one of the formats of a time: " + strings.Join(names, ", "))
		}
		return nil
	case isSelf && name != "" && name != "date-time":
		return r.embeddedTime()
	case name == "" && !isSelf && (r.isString() || r.isNumber()):
		return errors.New("it needs the name of a format")
	case r.isString(), r.isNumber(), isSelf, r.value.Reads == Bytes && name == "byte":
		return nil
	}
	return errOtherType
}

// embeddedTime returns what is wrong with a format on a struct that reads itself by the method of
// an embedded [time.Time].
func (r *ruleReader) embeddedTime() error {
	by := method.UnmarshalText()
	if r.medium == InJSON {
		by = r.value.readsJSON()
	}
	if !isOfTime(r.value.Base, by) {
		return nil
	}
	found, _ := by.Lookup(reflect.PointerTo(r.value.Base))
	return fmt.Errorf("%s reads only RFC 3339, by the %s of its embedded time.Time: use a time.Time, or declare %[2]s on %[1]s", r.value.Base, found.Name)
}

// applies returns nil if the rule on one value applies to the type.
func (r *ruleReader) applies(keyword, arg string) error {
	applies := r.isNumber()
	switch keyword {
	case "minLength", "maxLength":
		applies = r.isString() || r.value.Text == text.Self
	case "pattern":
		applies = r.isString()
	case "enum":
		applies = r.isString() || r.isNumber()
	case "format":
		return r.takesFormat(arg)
	}
	if !applies {
		return errOtherType
	}
	return nil
}

// rule reads one rule on a value.
func (r *ruleReader) rule(keyword, arg string) (err error) {
	if err := r.applies(keyword, arg); err != nil {
		return err
	}
	switch keyword {
	case "minLength":
		r.rules.MinLength, err = count(arg)
	case "maxLength":
		r.rules.MaxLength, err = count(arg)
	case "pattern":
		r.rules.Pattern = arg
	case "format":
		r.rules.Format = arg
	case "enum":
		err = r.enum(arg)
	default:
		err = r.limit(keyword, arg)
	}
	return err
}

func (r *ruleReader) limit(keyword, arg string) error {
	value, err := number(r.value.Base, arg)
	if err != nil {
		return err
	}
	if keyword == "multipleOf" && compare(value, reflect.Zero(value.Type())) <= 0 {
		return errors.New("it must be greater than 0")
	}
	r.rules.Limits = append(r.rules.Limits, Limit{keyword, arg, value})
	return nil
}

func (r *ruleReader) enum(arg string) error {
	if err := spaced(arg); err != nil {
		return fmt.Errorf("%w, or a pattern where the space is part of a value", err)
	}
	if arg == "" {
		return errors.New("it has no values: write them with commas between, such as a,b")
	}
	for word := range strings.SplitSeq(arg, ",") {
		var err error
		value := reflect.ValueOf(word)
		if !r.isString() {
			value, err = number(r.value.Base, word)
		}
		if err != nil {
			return fmt.Errorf("%q: %w", word, err)
		}
		if slices.ContainsFunc(r.rules.Enum, func(l Limit) bool { return l.Value.Equal(value) }) {
			return fmt.Errorf("it has %q twice: remove one", word)
		}
		r.rules.Enum = append(r.rules.Enum, Limit{"enum", word, value})
	}
	return nil
}

// number returns the argument of a rule as a value of type t. For a [time.Duration] it may be a
// number of nanoseconds.
func number(t reflect.Type, arg string) (reflect.Value, error) {
	value := reflect.New(t).Elem()
	if t == reflect.TypeFor[time.Duration]() {
		if n, err := strconv.ParseInt(arg, 10, 64); err == nil {
			return reflect.ValueOf(time.Duration(n)), nil
		}
	}
	codec, err := text.Of(t, "")
	if err != nil {
		return value, err
	}
	if wrong := codec.Parse(value, arg); wrong != nil {
		return value, errors.New("it " + wrong.Detail)
	}
	return value, nil
}

func count(arg string) (*int, error) {
	n, err := strconv.ParseUint(arg, 10, 31)
	if err != nil {
		return nil, errCount
	}
	return new(int(n)), nil
}

// item reads one rule on a slice or array as a whole.
func (r *ruleReader) item(keyword, arg string) (err error) {
	if !isContainer(r.medium, r.typ) || r.typ.Base.Kind() == reflect.Map {
		return errOtherType
	}
	switch keyword {
	case "minItems":
		r.rules.MinItems, err = count(arg)
	case "maxItems":
		r.rules.MaxItems, err = count(arg)
	case "uniqueItems":
		r.rules.UniqueItems, err = strconv.ParseBool(arg)
		switch {
		case err != nil:
			return errors.New("it must be true or false")
		case !isPlain(r.typ.Base.Elem()):
			return errors.New("it needs elements that are strings, numbers or bools")
		}
	}
	return err
}

// refuseEmptyRange reports pairs of rules that no value satisfies.
func (r *ruleReader) refuseEmptyRange() {
	limits := map[string]Limit{}
	for _, l := range r.rules.Limits {
		limits[l.Keyword] = l
	}
	for _, pair := range []struct {
		low, high string
		strict    bool // no value satisfies equal limits either
	}{
		{"minimum", "maximum", false},
		{"minimum", "exclusiveMaximum", true},
		{"exclusiveMinimum", "maximum", true},
		{"exclusiveMinimum", "exclusiveMaximum", true},
	} {
		low, okLow := limits[pair.low]
		high, okHigh := limits[pair.high]
		if okLow && okHigh && (compare(low.Value, high.Value) > 0 || pair.strict && compare(low.Value, high.Value) == 0) {
			r.empty(pair.low, pair.high)
		}
	}
	if low, high := r.rules.MinLength, r.rules.MaxLength; low != nil && high != nil && *low > *high {
		r.empty("minLength", "maxLength")
	}
	if low, high := r.rules.MinItems, r.rules.MaxItems; low != nil && high != nil && *low > *high {
		r.empty("minItems", "maxItems")
	}
}

func (r *ruleReader) empty(low, high string) {
	r.faults = append(r.faults, fmt.Sprintf("has %s:%q and %s:%q, which no value satisfies: change one of them", low, r.tags.Get(low), high, r.tags.Get(high)))
}

// compare compares two numbers of one type.
func compare(a, b reflect.Value) int {
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	}
	return cmp.Compare(a.Float(), b.Float())
}
