package decode

import (
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// maxPointer bounds a pointer, whose names the client chose. A longer one is
// cut to that of an enclosing value.
const maxPointer = 512

// pointer returns where the value is that was read last.
func (d *decoding) pointer() string {
	if d.engine != nil {
		return fragment(string(d.engine.dec.StackPointer()))
	}
	return d.along(d.path)
}

// around returns where the object is whose name was read last. An error of a name
// points there, since the name is a rejected value itself.
func (d *decoding) around() string {
	if d.engine != nil {
		at := string(d.engine.dec.StackPointer())
		return fragment(at[:strings.LastIndexByte(at, '/')])
	}
	return d.along(d.path[:len(d.path)-1])
}

// along returns the pointer of the value that a path leads to.
func (d *decoding) along(path []int) string {
	b := []byte("#")
	for _, at := range path {
		switch {
		case len(b) > maxPointer:
			return Cut(string(b))
		case at < 0:
			b = strconv.AppendInt(append(b, '/'), int64(^at), 10)
		case at > 0:
			end, escaped := scanString(d.buf, at)
			name := d.buf[at:end]
			if escaped {
				name = append(appendPlain([]byte(`"`), name), '"')
			}
			b = append(b, token(string(name[1:len(name)-1]))...)
		}
	}
	return Cut(string(b))
}

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
	return Cut(string(b))
}

// Cut returns a JSON Pointer in fragment form, cut to that of an enclosing value where it is
// longer than 512 bytes.
func Cut(pointer string) string {
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
	if '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || strings.IndexByte("-._~!$&'()*+,;=:@/?", c) >= 0 {
		return append(b, c)
	}
	return header.AppendPercent(b, c)
}
