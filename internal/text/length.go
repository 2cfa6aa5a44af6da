package text

import (
	"encoding"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Lengths are the rules minLength and maxLength on the text of a type that reads itself. They
// are checked before its UnmarshalText is called, because that may take more than linear time.
type Lengths struct {
	min, max          int
	tooShort, tooLong *Wrong
	exponents         bool // "1e9" counts as long as the number written out
	isStated          bool // a tag states one of them
}

// MaxBig is the maxLength of the numbers of [math/big] without a tag. The time to read such a
// number grows with the square of its length.
const MaxBig = 4096

// IsBig reports whether t is one of the numbers of [math/big].
func IsBig(t reflect.Type) bool { return t.PkgPath() == "math/big" }

// LengthsOf returns the rules on the text of a type that reads itself by the method of the type
// from. Nil means no limit.
func LengthsOf(from reflect.Type, minLength, maxLength *int) *Lengths {
	l := &Lengths{max: math.MaxInt, exponents: IsBig(from) && from.Name() == "Rat"}
	if minLength != nil {
		l.min, l.tooShort, l.isStated = *minLength, TooShort(*minLength), true
	}
	if maxLength == nil && IsBig(from) {
		l.max, l.tooLong = MaxBig, TooLong(MaxBig)
	}
	if maxLength != nil {
		l.max, l.tooLong = *maxLength, TooLong(*maxLength)
		l.isStated = l.isStated || !IsBig(from) || *maxLength != MaxBig
	}
	return l
}

// TooShort returns what is wrong with a text of fewer characters than limit.
func TooShort(limit int) *Wrong {
	return &Wrong{Code: "minLength", Detail: "must have at least " + Count(limit, "character"), Limit: strconv.Itoa(limit)}
}

// TooLong returns what is wrong with a text of more characters than limit.
func TooLong(limit int) *Wrong {
	return &Wrong{Code: "maxLength", Detail: "must have at most " + Count(limit, "character"), Limit: strconv.Itoa(limit)}
}

// Count returns "1 item", "2 items".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// Check returns what is wrong with the length of the text s, or nil.
func (l *Lengths) Check(s string) *Wrong { return checkLength(l, s, utf8.RuneCountInString) }

// CheckBytes is Check for bytes.
func (l *Lengths) CheckBytes(s []byte) *Wrong { return checkLength(l, s, utf8.RuneCount) }

func checkLength[T string | []byte](l *Lengths, s T, count func(T) int) *Wrong {
	if l.tooShort != nil && (len(s) < l.min || count(s) < l.min) {
		return l.tooShort
	}
	if l.tooLong == nil {
		return nil
	}
	if len(s) > l.max && count(s) > l.max || l.exponents && exponentIn(string(s)) > l.max-len(s) {
		return l.tooLong
	}
	return nil
}

// CheckStored checks the text of a value that was not read from text, if the type has
// MarshalText or is a string. v is addressable.
func (l *Lengths) CheckStored(v reflect.Value) *Wrong {
	if !l.isStated {
		return nil
	}
	if m, ok := reflect.TypeAssert[encoding.TextMarshaler](v.Addr()); ok {
		if s, err := m.MarshalText(); err == nil {
			return l.CheckBytes(s)
		}
		return nil
	}
	if v.Kind() == reflect.String {
		return l.Check(v.String())
	}
	return nil
}

// exponentIn returns the size of the exponent that ends a number.
func exponentIn(s string) int {
	letters := "eEpP"
	if strings.ContainsAny(s, "xX") {
		letters = "pP" // e and E are digits here
	}
	at := strings.LastIndexAny(s, letters)
	if at < 0 {
		return 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(s[at+1:], "_", ""))
	switch {
	case err != nil:
		return 0 // not an exponent, or larger than any number can have
	case n < 0:
		return -n
	}
	return n
}
