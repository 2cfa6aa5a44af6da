// Package format knows the formats of JSON Schema, for package bind to hold texts
// to them and for package openapi to hold answers to them.
package format

import (
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Named returns the test of the format of a name, and whether there is one. The
// names are those of JSON Schema 2020-12, validation, section 7.3. There is no
// regex among them: reading one takes memory out of proportion to its length.
func Named(name string) (holds func(string) bool, ok bool) {
	holds, ok = formats()[name]
	return holds, ok
}

func formats() map[string]func(string) bool {
	return map[string]func(string) bool{
		"date-time":     func(s string) bool { _, err := RFC3339(s); return err == nil },
		"date":          func(s string) bool { _, err := Layout(time.DateOnly)(s); return err == nil },
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
	_, err := RFC3339("2006-01-02T" + s)
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

// Layout returns the reader of texts of one layout and no other length:
// [time.Parse] lets an hour of one digit and a fraction pass.
func Layout(layout string) func(string) (time.Time, error) {
	return func(text string) (time.Time, error) {
		if len(text) != len(layout) {
			return time.Time{}, strconv.ErrSyntax
		}
		return time.Parse(layout, text)
	}
}

// RFC3339 reads a time. It refuses what [time.Parse] takes against RFC 3339,
// section 5.6: an hour of one digit, a comma before the fraction, and an offset
// of a day or more or with more than 59 minutes.
func RFC3339(text string) (time.Time, error) {
	if len(text) < len("2006-01-02T15:04:05Z") || text[len("2006-01-02T15")] != ':' || strings.Contains(text, ",") {
		return time.Time{}, strconv.ErrSyntax
	}
	t, err := time.Parse(time.RFC3339, text)
	if offset := text[len(text)-len("07:00"):]; err == nil && text[len(text)-1] != 'Z' && (offset[:2] > "23" || offset[3:] > "59") {
		err = strconv.ErrRange
	}
	return t, err
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
