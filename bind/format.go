package bind

import (
	"errors"
	"net/mail"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"time"
)

// formatCheck compiles the constraint format on a string. The names are those of
// JSON Schema 2020-12, validation, section 7.3. There is no regex among them:
// reading one takes memory out of proportion to its length.
func formatCheck(name string) (check, error) {
	holds, ok := formats()[name]
	if !ok {
		return nil, errors.New("is not a known format")
	}
	return matches(holds, &violation{"format", "must be a valid " + name}), nil
}

func formats() map[string]func(string) bool {
	return map[string]func(string) bool{
		"date-time":     func(s string) bool { _, err := rfc3339(s); return err == nil },
		"date":          func(s string) bool { _, err := layout(time.DateOnly)(s); return err == nil },
		"time":          isTime,
		"email":         isEmail,
		"hostname":      isHostname,
		"ipv4":          func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is4() },
		"ipv6":          func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is6() && a.Zone() == "" },
		"uri":           func(s string) bool { u, err := url.Parse(s); return err == nil && u.IsAbs() && isURI(s) },
		"uri-reference": func(s string) bool { _, err := url.Parse(s); return err == nil && isURI(s) },
		"uuid":          isUUID,
		"json-pointer":  isPointer,
	}
}

// isTime reports whether s is a full-time of RFC 3339, which has an offset.
func isTime(s string) bool {
	_, err := rfc3339("2006-01-02T" + s)
	return err == nil
}

// isEmail reports whether s is an address alone, without the display name
// that RFC 5322 allows before it.
func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s
}

// isHostname follows RFC 1123, section 2.1: labels of letters, digits and
// inner hyphens.
func isHostname(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; c != '-' && !isAlnum(c) {
				return false
			}
		}
	}
	return true
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// isURI reports whether s has only the characters of RFC 3986, appendix A.
func isURI(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && !strings.ContainsRune("-._~:/?#[]@!$&'()*+,;=%", rune(c)) {
			return false
		}
	}
	return true
}

// isUUID follows RFC 9562, section 4: 8-4-4-4-12 hexadecimal digits.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !isHex(c) {
			return false
		}
	}
	return true
}

// isPointer follows RFC 6901, section 3.
func isPointer(s string) bool {
	if s != "" && s[0] != '/' {
		return false
	}
	for i := range len(s) {
		if s[i] == '~' && (i+1 == len(s) || s[i+1] != '0' && s[i+1] != '1') {
			return false
		}
	}
	return true
}

// fieldFormat returns the format of a field: how the text of a time is read, or
// the name that an error gives to a type which reads itself.
func fieldFormat(tag reflect.StructTag) string { return tag.Get("format") }
