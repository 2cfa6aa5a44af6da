package fileserve

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// unnamed is what a file is called whose name has nothing left to show.
const unnamed = "download"

// disposition returns the value of Content-Disposition (RFC 6266) for a name. A
// name that cannot be sent as plain ASCII is sent twice: whole as filename* (RFC
// 8187), and with underscores for those that do not know it.
func disposition(kind, name string) string {
	name = cleanName(name)
	var b strings.Builder
	b.Grow(len(kind) + len(name) + 16)
	b.WriteString(kind)
	b.WriteString(`; filename="`)
	plain := true
	for i, c := range name {
		// Some clients neither know \" nor leave %41 alone (RFC 6266, appendix D).
		if c >= utf8.RuneSelf || c == '"' || c == '%' && isEscape(name[i:]) {
			c, plain = '_', false
		}
		b.WriteByte(byte(c))
	}
	b.WriteByte('"')
	if !plain {
		b.WriteString("; filename*=UTF-8''")
		writeExtended(&b, name)
	}
	return b.String()
}

// cleanName takes what could mislead out of a name: path separators, control
// characters, and the invisible ones that change the direction of text.
func cleanName(name string) string {
	name = strings.Map(func(c rune) rune {
		switch {
		case c == '/' || c == '\\':
			return '_'
		case isInvisible(c):
			return -1
		}
		return c
	}, strings.ToValidUTF8(name, "\uFFFD"))
	name = strings.TrimSpace(name)
	if strings.Trim(name, ". ") == "" {
		return unnamed
	}
	return name
}

// isInvisible reports whether c is a control character or a format character,
// such as the marks of direction; the joiners of some scripts are neither.
func isInvisible(c rune) bool {
	const nonJoiner, joiner = '\u200C', '\u200D'
	return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) && c != nonJoiner && c != joiner ||
		c == '\u2028' || c == '\u2029'
}

func isEscape(s string) bool { return len(s) >= 3 && isHex(s[1]) && isHex(s[2]) }

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// writeExtended percent-encodes what is not an attr-char (RFC 8187, section 3.2.1).
func writeExtended(b *strings.Builder, s string) {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			strings.IndexByte("!#$&+-.^_`|~", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&0xf])
		}
	}
}
