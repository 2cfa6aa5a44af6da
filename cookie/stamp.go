package cookie

import (
	"encoding/binary"
	"time"
)

const (
	// version is the first byte of what is authenticated, and of each value.
	version = 1
	// browserSession is how long a value is valid without [MaxAge].
	browserSession = 30 * 24 * time.Hour
	// skew is how far the clock of the process that sets may be ahead.
	skew = 60
	// stampSize is the length of a stamp: 8 bytes of Unix time, 4 of lifetime.
	stampSize = 12
)

// A stamp says from when a value is valid, and for how long, in seconds.
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

// check returns what the clock has against s.
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

// boundTo returns what every value of a declaration is authenticated with. Each
// text has its length before it, so that none can take bytes of the next.
func boundTo(name, context string) []byte {
	b := []byte{version}
	for _, text := range []string{name, context} {
		b = binary.BigEndian.AppendUint16(b, uint16(len(text))) //nolint:gosec // both lengths are checked at the declaration
		b = append(b, text...)
	}
	return b
}
