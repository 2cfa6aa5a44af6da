package cookie

import (
	"bytes"
	"encoding/base64"
	"strings"
	"sync"
)

// A form is how a payload stands in the value of a cookie.
type form interface {
	// close appends the value for s.plain to s.line.
	close(s *scratch, at stamp) error
	// open returns the payload of raw, which is valid as long as nothing else uses
	// s. now is in Unix seconds. With ErrExpired the Meta is right.
	open(s *scratch, raw string, now int64) ([]byte, Meta, error)
}

// A scratch is the memory of one call.
type scratch struct {
	plain bytes.Buffer // a stamp and the payload, to close
	raw   []byte       // what stands in base64
	line  []byte       // the Set-Cookie field, or what was opened
}

// scratches holds those of one declaration.
type scratches struct{ pool sync.Pool }

func (p *scratches) get() *scratch {
	if s, ok := p.pool.Get().(*scratch); ok {
		return s
	}
	const usual = 512
	return &scratch{raw: make([]byte, 0, usual), line: make([]byte, 0, usual)}
}

// put does not keep the memory of a rare large value.
func (p *scratches) put(s *scratch) {
	if s.plain.Cap()+cap(s.raw)+cap(s.line) <= 4*maxSize {
		s.plain.Reset()
		p.pool.Put(s)
	}
}

// base64url refuses padding and bits that mean nothing, so that a value has one
// spelling.
var base64url = base64.RawURLEncoding.Strict() //nolint:gochecknoglobals // only read

// decode appends the bytes that text stands for to dst.
func decode(dst []byte, text string) ([]byte, error) {
	// encoding/base64 skips these two, which a request cannot bring but a caller
	// who builds one can.
	if strings.IndexByte(text, '\n') >= 0 || strings.IndexByte(text, '\r') >= 0 {
		return dst, ErrInvalid
	}
	dst, err := base64url.AppendDecode(dst, []byte(text))
	if err != nil {
		return dst, ErrInvalid
	}
	return dst, nil
}
