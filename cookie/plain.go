package cookie

import (
	"github.com/tenonkit/tenon/internal/header"
)

// plain writes a payload as it is, as far as a cookie can carry it.
type plain struct {
	// binary payloads are in base64.
	binary bool
}

func (p *plain) close(s *scratch, _ stamp) error {
	payload := s.plain.Bytes()[stampSize:]
	if p.binary {
		s.line = base64url.AppendEncode(s.line, payload)
	} else {
		s.line = escape(s.line, payload)
	}
	return nil
}

func (p *plain) open(s *scratch, raw string, _ int64) ([]byte, Meta, error) {
	text, ok := header.CookieText(raw)
	var err error
	switch {
	case !ok:
		err = ErrInvalid
	case p.binary:
		s.raw, err = decode(s.raw[:0], text)
	default:
		s.raw, err = unescape(s.raw[:0], text)
	}
	return s.raw, Meta{}, err
}

// escape writes what RFC 6265, section 4.1.1 excludes from a value, and the
// percent sign, as %XX, which decodeURIComponent of a browser reads.
func escape(dst, text []byte) []byte {
	const hex = "0123456789ABCDEF"
	for _, c := range text {
		switch {
		case c <= ' ', c >= 0x7f, c == '"', c == ',', c == ';', c == '\\', c == '%':
			dst = append(dst, '%', hex[c>>4], hex[c&0xf])
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

func unescape(dst []byte, text string) ([]byte, error) {
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c == '%' {
			if i+2 >= len(text) {
				return dst, ErrInvalid
			}
			high, low := unhex(text[i+1]), unhex(text[i+2])
			if high > 0xf || low > 0xf {
				return dst, ErrInvalid
			}
			c = high<<4 | low
			i += 2
		}
		dst = append(dst, c)
	}
	return dst, nil
}

// unhex returns more than 15 for what is no digit.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 0xff
}
