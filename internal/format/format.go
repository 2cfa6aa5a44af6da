// Package format knows the formats of JSON Schema, for package bind to hold texts
// to them and for package openapi to hold answers to them, and the names of those
// that only annotate.
package format

import (
	"errors"
	"maps"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/text"
)

// Named returns the test of the format of a name, and whether there is one. The
// names are those of JSON Schema 2020-12, validation, section 7.3, and
// date-time-local. There is no regex among them: reading one takes memory out of
// proportion to its length.
func Named(name string) (holds func(string) bool, ok bool) {
	holds, ok = formats()[name]
	return holds, ok
}

func formats() map[string]func(string) bool {
	return map[string]func(string) bool{
		"date-time":       isTime("date-time"),
		"date":            isTime("date"),
		"date-time-local": isTime("date-time-local"),
		"time":            isTimeOfDay,
		"email":           isEmail,
		"hostname":        isHostname,
		"ipv4":            isIPv4,
		"ipv6":            isIPv6,
		"uri":             isURI,
		"uri-reference":   isReference,
		"uuid":            isUUID,
		"json-pointer":    isPointer,
	}
}

// Fits returns nil if strings or numbers of the kind of t may have the format of a
// name: one that [Named] knows, or one that annotates.
func Fits(name string, t reflect.Type) error {
	checked := slices.Collect(maps.Keys(formats()))
	known, other := append(checked, textual()...), numeric()
	if t.Kind() != reflect.String {
		known, other = other, known
	}
	known = append(known, either()...)
	slices.Sort(known)
	instead := ": use " + strings.Join(known, ", ")
	switch {
	case slices.Contains(known, name):
		return nil
	case slices.Contains(other, name):
		return errors.New("does not apply to its type" + instead)
	}
	return errors.New("is not a known format" + instead)
}

// textual returns the formats of the OpenAPI format registry that annotate
// strings. They are written in the document and not checked.
func textual() []string {
	return []string{
		"base64url", "binary", "byte", "char", "commonmark", "duration", "html", "http-date", "idn-email", "idn-hostname",
		"ipv4-cidr", "ipv6-cidr", "iri", "iri-reference", "language", "media-range", "password", "relative-json-pointer",
		"sf-binary", "sf-boolean", "sf-string", "sf-token", "time-local", "uri-template",
	}
}

// numeric is textual for numbers.
func numeric() []string {
	return []string{
		"double", "double-int", "float", "int16", "int32", "int8", "sf-decimal", "sf-integer", "uint16", "uint32", "uint8", "unixtime",
	}
}

// either is textual for what annotates numbers and numbers in strings.
func either() []string { return []string{"decimal", "decimal128", "int64", "uint64"} }

func isTime(name string) func(string) bool {
	form, _ := text.TimeFormOf(name)
	return func(s string) bool { _, err := form.Parse(s); return err == nil }
}

// isTimeOfDay reports whether s is a full-time of RFC 3339, which has an offset.
func isTimeOfDay(s string) bool {
	_, err := text.RFC3339("2006-01-02T" + s)
	return err == nil
}

// isEmail reports whether s is a Mailbox of RFC 5321, section 4.1.2: an address
// alone, without the display name that RFC 5322 allows before it, of a host or an
// IP address.
func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 0 || !isMailDomain(s[at+1:]) {
		return false
	}
	local := s[:at]
	if quoted, ok := strings.CutPrefix(local, `"`); ok {
		return isQuoted(quoted)
	}
	for atom := range strings.SplitSeq(local, ".") {
		if !isAtom(atom) {
			return false
		}
	}
	return true
}

// isAtom reports whether s is an Atom: letters, digits and signs that mean nothing in an
// address.
func isAtom(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) < 0 {
			return false
		}
	}
	return s != ""
}

// isQuoted reports whether s is a Quoted-string behind its first quote, and not empty. It
// ends at the first quote without a backslash.
func isQuoted(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ' || c > '~':
			return false
		case c == '"':
			return i > 0 && i == len(s)-1
		case c == '\\':
			if i++; i == len(s) || s[i] < ' ' || s[i] > '~' {
				return false
			}
		}
	}
	return false
}

// isMailDomain reports whether s is a host name or an address literal (RFC 5321,
// section 4.1.3).
func isMailDomain(s string) bool {
	literal, ok := strings.CutPrefix(s, "[")
	if !ok {
		return isHostname(s)
	}
	literal, ok = strings.CutSuffix(literal, "]")
	if tag, v6, _ := strings.Cut(literal, ":"); strings.EqualFold(tag, "IPv6") {
		return ok && isIPv6(v6)
	}
	return ok && isIPv4(literal)
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

func isIPv4(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is4() }

func isIPv6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6() && a.Zone() == ""
}

// isURI reports whether s is a URI, which has a scheme.
func isURI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && isReference(s)
}

// isReference follows RFC 3986, appendix A, where [url.Parse] is wider.
func isReference(s string) bool {
	u, err := url.Parse(s)
	if err != nil || !areEscaped(s) {
		return false
	}
	if u.Scheme != "" {
		s = s[len(u.Scheme)+len(":"):]
	}
	s, fragment, _ := strings.Cut(s, "#")
	path, query, _ := strings.Cut(s, "?")
	if after, ok := strings.CutPrefix(path, "//"); ok {
		var authority string
		authority, path, _ = strings.Cut(after, "/")
		if !isAuthority(authority) {
			return false
		}
	}
	return isOf(path, "/:@") && isOf(query, "/?:@") && isOf(fragment, "/?:@")
}

// isAuthority reports whether s is an authority (RFC 3986, section 3.2), of whose
// port [url.Parse] has made sure. Like that, it knows no address of the future.
func isAuthority(s string) bool {
	if at := strings.IndexByte(s, '@'); at >= 0 {
		if !isOf(s[:at], ":") {
			return false
		}
		s = s[at+1:]
	}
	literal, ok := strings.CutPrefix(s, "[")
	if !ok {
		return isOf(s, ":") && strings.Count(s, ":") <= 1
	}
	literal, _, ok = strings.Cut(literal, "]")
	return ok && isIPv6(literal)
}

// isOf reports whether s has only characters that are unreserved or sub-delims
// (RFC 3986, section 2), escapes, and those in more.
func isOf(s, more string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlnum(c) && !strings.ContainsRune("-._~!$&'()*+,;=%", rune(c)) && strings.IndexByte(more, c) < 0 {
			return false
		}
	}
	return true
}

// areEscaped reports whether each percent sign begins an escape.
func areEscaped(s string) bool {
	for i := range len(s) {
		if s[i] == '%' && (i+2 >= len(s) || !header.IsHex(s[i+1]) || !header.IsHex(s[i+2])) {
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
		} else if !header.IsHex(c) {
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

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
