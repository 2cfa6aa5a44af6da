package tag

import (
	"encoding"
	"math/big"
	"reflect"
	"time"
)

// ReadsText reports whether a *t has UnmarshalText, which then reads the text of
// a parameter whatever the kind of t. A time has layouts instead and is not
// counted.
func ReadsText(t reflect.Type) bool {
	return t != reflect.TypeFor[time.Time]() && reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// MaxBigLength is the maxLength of the numbers of [math/big], where no tag says
// otherwise: reading a long one takes more time than its length tells.
const MaxBigLength = 4096

// BigIn returns the number of [math/big] that t is or embeds, so that t is read by
// its UnmarshalText; nil if there is none.
func BigIn(t reflect.Type) reflect.Type {
	if !ReadsText(t) || t.Kind() != reflect.Struct {
		return nil
	}
	if t.PkgPath() == reflect.TypeFor[big.Int]().PkgPath() {
		return t
	}
	for f := range t.Fields() {
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if !f.Anonymous {
			continue
		}
		if number := BigIn(inner); number != nil {
			return number
		}
	}
	return nil
}
