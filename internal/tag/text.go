package tag

import (
	"encoding"
	"reflect"
	"time"
)

// ReadsText reports whether a *t has UnmarshalText, which then reads the text of
// a parameter whatever the kind of t. A time has layouts instead and is not
// counted.
func ReadsText(t reflect.Type) bool {
	return t != reflect.TypeFor[time.Time]() && reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}
