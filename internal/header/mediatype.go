package header

import (
	"mime"
	"strings"
)

// A MediaType is a media type that a server offers (RFC 9110, section 8.3.1), in
// lower case. The zero value matches nothing.
type MediaType struct {
	Type, Subtype string
	params        []param
}

type param struct{ name, value string }

// ParseMediaType reads a media type with its parameters. It allocates and is
// meant for start-up. It reports false for what is not a media type, a range
// such as text/* among them.
func ParseMediaType(s string) (MediaType, bool) {
	essence, params, err := mime.ParseMediaType(s)
	if err != nil {
		return MediaType{}, false
	}
	major, minor, _ := strings.Cut(essence, "/")
	if !IsToken(major) || !IsToken(minor) || strings.ContainsRune(essence, '*') {
		return MediaType{}, false
	}
	m := MediaType{Type: major, Subtype: minor}
	for name, value := range params {
		m.params = append(m.params, param{name, strings.ToLower(value)})
	}
	return m, true
}

// Equal reports whether m and other name the same type with the same parameters.
func (m MediaType) Equal(other MediaType) bool {
	if m.Type != other.Type || m.Subtype != other.Subtype || len(m.params) != len(other.params) {
		return false
	}
	for _, p := range other.params {
		if !m.has(p.name, p.value) {
			return false
		}
	}
	return true
}

// has reports whether m has the parameter, whose value is given as it was sent.
func (m MediaType) has(name, sent string) bool {
	for _, p := range m.params {
		if strings.EqualFold(name, p.name) && equalValue(sent, p.value) {
			return true
		}
	}
	return false
}
