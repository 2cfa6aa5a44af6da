package bind

import (
	"bytes"
	"encoding"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/tenonkit/tenon/internal/tag"
)

// textLimits are minLength and maxLength of a type with UnmarshalText. They look
// at the text before the method does, which may take more time than its length
// tells.
type textLimits struct {
	min, max          int
	tooShort, tooLong *violation
	exponents         bool // "1e9" is as long as the number written out
	stated            bool // by tags
}

// textLimitsOf returns the limits of the type t, which reads text. What is wrong
// with the tags is a fault of the constraints.
func textLimitsOf(t reflect.Type, tags reflect.StructTag) textLimits {
	l := textLimits{max: math.MaxInt}
	if number := tag.BigIn(t); number != nil {
		l.atMost(tag.MaxBigLength)
		l.exponents = number == reflect.TypeFor[big.Rat]()
	}
	if n, err := lengthOf(tags.Get("minLength")); err == nil {
		l.min, l.tooShort, l.stated = n, tooShort(n), true
	}
	if n, err := lengthOf(tags.Get("maxLength")); err == nil {
		l.atMost(n)
		l.stated = true
	}
	return l
}

func (l *textLimits) atMost(n int) { l.max, l.tooLong = n, tooLong(n) }

func (l *textLimits) check(text []byte) *violation {
	if l.tooShort != nil && (len(text) < l.min || utf8.RuneCount(text) < l.min) {
		return l.tooShort
	}
	if l.tooLong == nil {
		return nil
	}
	if len(text) > l.max && utf8.RuneCount(text) > l.max || l.exponents && exponentIn(text) > l.max-len(text) {
		return l.tooLong
	}
	return nil
}

// checkStored checks the text of a value that something else than its text was
// read into, if the type can tell the text.
func (l *textLimits) checkStored(v reflect.Value) *violation {
	if !l.stated {
		return nil
	}
	if m, ok := reflect.TypeAssert[encoding.TextMarshaler](v.Addr()); ok {
		if text, err := m.MarshalText(); err == nil {
			return l.check(text)
		}
		return nil
	}
	if v.Kind() == reflect.String {
		return l.check([]byte(v.String()))
	}
	return nil
}

// exponentIn returns the size of the exponent that ends a number.
func exponentIn(text []byte) int {
	letters := "eEpP"
	if bytes.ContainsAny(text, "xX") {
		letters = "pP" // the others are digits
	}
	at := bytes.LastIndexAny(text, letters)
	if at < 0 {
		return 0
	}
	n, err := strconv.Atoi(string(bytes.ReplaceAll(text[at+1:], []byte("_"), nil)))
	switch {
	case err != nil:
		return 0 // no exponent, or one that no number can have
	case n < 0:
		return -n
	}
	return n
}
