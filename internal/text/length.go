package text

import (
	"encoding"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Lengths are the rules minLength and maxLength on the text of a type that reads
// itself. They look at the text before its method does, which may take more time than
// the length tells.
type Lengths struct {
	min, max          int
	tooShort, tooLong *Wrong
	exponents         bool // "1e9" is as long as the number written out
	isStated          bool // by tags
}

// MaxBig is the maxLength of the numbers of [math/big], where no tag says otherwise: the
// time that reading one takes grows with the square of its length.
const MaxBig = 4096

// IsBig reports whether t is one of the numbers of [math/big].
func IsBig(t reflect.Type) bool { return t.PkgPath() == "math/big" }

// LengthsOf returns the rules on the text of a type that reads itself by the method of
// the type from. A nil is no limit.
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

// TooShort is what is wrong with a text of less than so many characters.
func TooShort(limit int) *Wrong {
	return &Wrong{Code: "minLength", Detail: "must have at least " + Count(limit, "character"), Limit: strconv.Itoa(limit)}
}

// TooLong is what is wrong with a text of more than so many characters.
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

// CheckStored checks the text of a value that something else than its text was read
// into, if the type can tell the text. v is addressable.
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
		letters = "pP" // the others are digits
	}
	at := strings.LastIndexAny(s, letters)
	if at < 0 {
		return 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(s[at+1:], "_", ""))
	switch {
	case err != nil:
		return 0 // no exponent, or one that no number can have
	case n < 0:
		return -n
	}
	return n
}
