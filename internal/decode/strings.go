package decode

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Words of eight equal bytes.
const (
	ones   = 0x0101010101010101
	highs  = ones * 0x80
	spaces = ones * ' '
	quotes = ones * '"'
	slants = ones * '\\'
)

// scanString returns where the string ends whose opening quote is at i, and whether it
// has escapes. It is -1 if that is no string of valid UTF-8.
func scanString(b []byte, i int) (end int, escaped bool) {
	i++
	for {
		// A byte that is a quote, a backslash, a control character or not ASCII has its
		// high bit in special. So may a byte above one of them, but none below.
		w := binary.LittleEndian.Uint64(b[i : i+8])
		special := (w | (w - spaces) | (w ^ quotes - ones) | (w ^ slants - ones)) & highs
		if special == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(special) / 8
		c := b[i]
		if c == '"' {
			return i + 1, escaped
		}
		size := 0
		switch {
		case c >= utf8.RuneSelf:
			size = letters(b[i:])
		case c == '\\':
			_, size = unescape(b[i:])
			escaped = true
		}
		if size == 0 {
			return -1, escaped
		}
		i += size
	}
}

// letters returns how long the run of UTF-8 without ASCII is at the start of b, and 0 if it
// is not valid. Padding is behind it.
func letters(b []byte) int {
	for i := 0; ; {
		w := binary.LittleEndian.Uint32(b[i : i+4])
		switch {
		case w&0xC0E0 == 0x80C0 && w&0x1E != 0: // two bytes, from U+0080
			i += 2
		case w&0xC0C0F0 == 0x8080E0 && w&0x200F != 0 && w&0x200F != 0x200D: // three, from U+0800, no surrogates
			i += 3
		default:
			_, size := utf8.DecodeRune(b[i:])
			if size == 1 {
				return 0
			}
			i += size
		}
		if b[i] < utf8.RuneSelf {
			return i
		}
	}
}

// unescape returns the character that the escape at the start of b stands for, and the
// length of the escape: 0 if it is none, or one of half a surrogate pair. Padding is
// behind it.
func unescape(b []byte) (r rune, size int) {
	switch b[1] {
	case '"', '\\', '/':
		return rune(b[1]), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		r := hex(b[2:])
		switch {
		case r < 0:
			return 0, 0
		case !utf16.IsSurrogate(r):
			return r, 6
		case b[6] == '\\' && b[7] == 'u':
			if r = utf16.DecodeRune(r, hex(b[8:])); r != utf8.RuneError {
				return r, 12
			}
		}
	}
	return 0, 0
}

// hex returns the number that the four hexadecimal digits at the start of b are, or -1.
func hex(b []byte) rune {
	var r rune
	for _, c := range b[:4] {
		switch {
		case isDigit(c):
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

// appendPlain appends the text of a string to dst. The string is in quotes and known to
// be one, with padding behind it.
func appendPlain(dst, quoted []byte) []byte {
	end := len(quoted) - len(`"`)
	from := 1
	for i := from; i < end; {
		if quoted[i] != '\\' {
			i++
			continue
		}
		dst = append(dst, quoted[from:i]...)
		r, size := unescape(quoted[i:cap(quoted)])
		dst = utf8.AppendRune(dst, r)
		i += size
		from = i
	}
	return append(dst, quoted[from:end]...)
}

// Strings that are kept are parts of pieces of text, which hold up to mostPiece bytes. One
// longer than ownText stands by itself. Where the strings of a body are dense, a piece is
// a copy of a part of it, which costs less than to add one string after the other.
const (
	leastPiece = 512
	mostPiece  = 4 << 10
	ownText    = 1 << 10
	longText   = leastPiece / 2 // such a string is not the first of a copy
	mostCopied = 16 << 10       // where the last copy may begin
)

// pieces hold the strings that are kept.
type pieces struct {
	part   string // the latest copy of a part of the body
	from   int    // where that begins
	used   int    // how much of it are strings that are kept
	sparse bool   // a copy was of less than half of use: there are no more
	latest strings.Builder
	size   int // of the strings in the pieces before the latest
}

// unquote returns the text of the string raw that was read last, valid until the
// next read. It has no capacity behind it: the UnmarshalText of a user may append to it,
// and must not write over the rest of the body.
func (d *decoding) unquote(raw []byte) []byte {
	if end := len(raw) - len(`"`); !d.escaped {
		return raw[1:end:end]
	}
	d.plain = appendPlain(d.plain[:0], raw)
	return d.plain
}

// keep returns the text of the string raw that was read last, which outlives the
// decoding.
func (d *decoding) keep(raw []byte) string {
	return d.add(d.unquote(raw))
}

// part returns what stands in the body from one place to another.
func (d *decoding) part(from, to int) string {
	p := &d.kept
	if start, end := from-p.from, to-p.from; start >= 0 && end <= len(p.part) {
		p.used += to - from
		return p.part[start:end]
	}
	if p.sparse = p.sparse || 2*p.used < len(p.part); p.sparse || to-from > longText || from > mostCopied {
		return d.add(d.buf[from:to])
	}
	return p.copy(d.buf[:d.size], from, to)
}

// copy returns what part does, and copies some of what is behind it.
func (p *pieces) copy(body []byte, from, to int) string {
	size := min(max(2*len(p.part), leastPiece), mostPiece)
	p.size += p.used
	p.from, p.used = from, to-from
	p.part = string(body[from:min(from+size, len(body))])
	return p.part[:to-from]
}

// add returns text as a string.
func (d *decoding) add(text []byte) string {
	if len(text) > ownText {
		return string(text)
	}
	p := &d.kept
	from := p.latest.Len()
	if from+len(text) > p.latest.Cap() {
		p.size += from
		ahead := min(max(d.toCome(p.size+p.used), leastPiece), mostPiece, d.size-d.at)
		p.latest, from = strings.Builder{}, 0
		p.latest.Grow(len(text) + ahead)
	}
	p.latest.Write(text)
	return p.latest.String()[from:]
}

// toCome returns how many there are in the rest of the body of what there were n before,
// if they are as dense.
func (d *decoding) toCome(n int) int {
	return int(int64(n)*int64(d.size-d.at)/int64(max(1, d.at))) + 1
}

// text reads a string that outlives the decoding, if the reader finds one next.
func (d *decoding) text() (text string, ok bool) {
	if d.engine != nil || d.next() != '"' {
		return "", false
	}
	from := d.at
	end, escaped := scanString(d.buf, from)
	switch {
	case end < 0:
		return "", false
	case !escaped:
		d.at = end
		return d.part(from+1, end-1), true
	}
	d.from, d.at, d.escaped = from, end, true
	return d.keep(d.buf[from:end]), true
}
