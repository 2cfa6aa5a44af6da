package tenon

import (
	"reflect"
	"regexp"
	"runtime"
	"strings"
)

// closure fits the names that the compiler gives to functions without one:
// literals, also those of package variables, and the bodies of range loops.
var closure = regexp.MustCompile(`(^|\.)(func|gowrap|deferwrap)?[0-9]+(\.|-|$)|-range[0-9]+|^init(\.|$)|^glob\.`)

// funcName returns the name that the source gives to the function fn, without
// its package: "Health", and "Articles.Get" for a method value. It is empty for
// a closure.
func funcName(fn any) string {
	f := runtime.FuncForPC(reflect.ValueOf(fn).Pointer())
	if f == nil {
		return ""
	}
	// The import path may hold dots, but in its last element they are escaped.
	_, name, _ := strings.Cut(f.Name()[strings.LastIndexByte(f.Name(), '/')+1:], ".")
	name = strings.TrimSuffix(name, "-fm")
	name = strings.NewReplacer("(*", "", ")", "", "[...]", "").Replace(name)
	if closure.MatchString(name) {
		return ""
	}
	return name
}
