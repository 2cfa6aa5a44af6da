package bind

import (
	"strings"
)

// maxPointer bounds a pointer, whose names the client chose. A longer one is
// cut to that of an enclosing value.
const maxPointer = 512

// fragment returns the JSON Pointer pointer in URI fragment form (RFC 6901,
// section 6), at most maxPointer bytes long.
func fragment(pointer string) string {
	if pointer == "" {
		return "#"
	}
	b := make([]byte, 1, min(len(pointer)+1, maxPointer)+len("%00"))
	b[0] = '#'
	for i := 0; i < len(pointer) && len(b) <= maxPointer; i++ {
		b = appendFragment(b, pointer[i])
	}
	return bound(string(b))
}

// bound cuts pointer, which is in fragment form, to the limit.
func bound(pointer string) string {
	if len(pointer) <= maxPointer {
		return pointer
	}
	return pointer[:max(len("#"), strings.LastIndexByte(pointer[:maxPointer+1], '/'))]
}

// token returns name as a reference token in fragment form, with the slash
// before it.
func token(name string) string {
	b := []byte("/")
	for i := 0; i < len(name) && len(b) <= maxPointer; i++ {
		switch name[i] {
		case '~':
			b = append(b, "~0"...)
		case '/':
			b = append(b, "~1"...)
		default:
			b = appendFragment(b, name[i])
		}
	}
	return string(b)
}

// appendFragment appends c, percent-encoded unless a fragment may have it (RFC
// 3986, section 3.5).
func appendFragment(b []byte, c byte) []byte {
	const hex = "0123456789ABCDEF"
	if isAlnum(c) || strings.IndexByte("-._~!$&'()*+,;=:@/?", c) >= 0 {
		return append(b, c)
	}
	return append(b, '%', hex[c>>4], hex[c&15])
}
