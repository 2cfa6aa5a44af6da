package cookie

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"sync"
	"time"

	"github.com/tenonkit/tenon/internal/header"
)

// A form is the encoding of a payload in the value of a cookie.
type form interface {
	// close appends the value for s.plain to s.line.
	close(s *scratch, at stamp) error
	// open returns the payload of raw. It is valid until something else uses s. now is in Unix
	// seconds. With ErrExpired the Meta is set too.
	open(s *scratch, raw string, now int64) ([]byte, Meta, error)
}

// A scratch is the memory of one call.
type scratch struct {
	plain bytes.Buffer // a stamp and the payload, to close
	raw   []byte       // the bytes that are in base64
	line  []byte       // the Set-Cookie field, or what was opened
}

// scratches pools the scratches of one declaration.
type scratches struct{ pool sync.Pool }

func (p *scratches) get() *scratch {
	if s, ok := p.pool.Get().(*scratch); ok {
		return s
	}
	const usual = 512
	return &scratch{raw: make([]byte, 0, usual), line: make([]byte, 0, usual)}
}

// put drops the memory of a rare large value.
func (p *scratches) put(s *scratch) {
	if s.plain.Cap()+cap(s.raw)+cap(s.line) <= 4*maxSize {
		s.plain.Reset()
		p.pool.Put(s)
	}
}

// base64url refuses padding and unused bits, so that each value has only one encoding.
var base64url = base64.RawURLEncoding.Strict() //nolint:gochecknoglobals // only read

// decode appends the bytes that text stands for to dst.
func decode(dst []byte, text string) ([]byte, error) {
	// encoding/base64 skips these two. A request from the network cannot have them, but a request
	// that a program makes can.
	if strings.IndexByte(text, '\n') >= 0 || strings.IndexByte(text, '\r') >= 0 {
		return dst, ErrInvalid
	}
	dst, err := base64url.AppendDecode(dst, []byte(text))
	if err != nil {
		return dst, ErrInvalid
	}
	return dst, nil
}

const (
	// version is the first byte of what is authenticated, and of each value.
	version = 1
	// browserSession is how long a value is valid without [MaxAge].
	browserSession = 30 * 24 * time.Hour
	// skew is how many seconds the clock of the process that sets may be ahead.
	skew = 60
	// stampSize is the length of a stamp: 8 bytes of Unix time, 4 of lifetime.
	stampSize = 12
)

// A stamp holds the time of issue and the lifetime of a value, in seconds.
type stamp struct{ issued, lifetime int64 }

func (s stamp) bytes() (b [stampSize]byte) {
	binary.BigEndian.PutUint64(b[:8], uint64(s.issued))   //nolint:gosec // read back as int64
	binary.BigEndian.PutUint32(b[8:], uint32(s.lifetime)) //nolint:gosec // at most 400 days
	return b
}

// readStamp reads authenticated bytes only.
func readStamp(b []byte) stamp {
	return stamp{
		issued:   int64(binary.BigEndian.Uint64(b[:8])), //nolint:gosec // written from an int64
		lifetime: int64(binary.BigEndian.Uint32(b[8:stampSize])),
	}
}

// check returns an error if s is expired or in the future at now.
func (s stamp) check(now int64) error {
	switch {
	case s.issued > now+skew:
		return ErrInvalid
	case now >= s.issued+s.lifetime:
		return ErrExpired
	}
	return nil
}

func (s stamp) meta() Meta {
	return Meta{Issued: time.Unix(s.issued, 0).UTC(), Expires: time.Unix(s.issued+s.lifetime, 0).UTC()}
}

// boundTo returns the bytes with which every value of a declaration is authenticated. Each text
// follows its length, so that no two declarations have the same bytes.
func boundTo(name, purpose string) []byte {
	b := []byte{version}
	for _, text := range []string{name, purpose} {
		b = binary.BigEndian.AppendUint16(b, uint16(len(text))) //nolint:gosec // both lengths are checked at the declaration
		b = append(b, text...)
	}
	return b
}

// plain writes a payload as it is, with escapes for bytes that a cookie cannot hold.
type plain struct {
	// binary means that payloads are bytes, which are written in base64.
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
	for _, c := range text {
		switch {
		case c <= ' ', c >= 0x7f, c == '"', c == ',', c == ';', c == '\\', c == '%':
			dst = header.AppendPercent(dst, c)
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

// unhex returns more than 15 if c is not a digit.
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
