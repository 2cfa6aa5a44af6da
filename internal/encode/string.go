package encode

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"
)

// room returns b with room for n more bytes. What it allocates is at least twice as
// large as b; append would add a quarter and copy the text four times: BenchmarkGrow.
func room(b []byte, n int) []byte {
	if cap(b)-len(b) < n {
		return slices.Grow(b, max(n, cap(b), leastRoom))
	}
	return b
}

const leastRoom = 128

// A word is eight bytes of text, the first one lowest.
const (
	word  = 8
	each  = 0x0101010101010101
	high  = 0x80 * each
	blank = ' ' * each
)

// escapes returns a word that is zero where none of the bytes of w needs an escape in
// JSON: control characters, quotes and backslashes. Else its lowest bit that is set is
// the highest of the first such byte; borrows make those above it unreliable.
func escapes(w uint64) uint64 {
	quote, slash := w^'"'*each, w^'\\'*each
	return ((w-blank)&^w | (quote-each)&^quote | (slash-each)&^slash) & high
}

// AppendText appends text as a JSON string, with U+FFFD for what is not valid UTF-8.
func AppendText(b []byte, text string) []byte {
	written, ok := appendText(b, text)
	if !ok {
		written, _ = appendText(b, strings.ToValidUTF8(text, "\uFFFD"))
	}
	return written
}

// appendText appends text as a JSON string. What is not valid UTF-8 has no JSON form.
// The text is copied first and looked at afterwards, eight bytes at a time:
// BenchmarkAppendText.
func appendText(b []byte, text string) ([]byte, bool) {
	n, start := len(text), len(b)+1
	b = append(room(b, 1+n+word), '"')
	body := b[start : start+n+word] // with a word of what is no text yet
	copy(body, text)
	var all uint64
	i := 0
	for ; i <= n-word; i += word {
		w := binary.LittleEndian.Uint64(body[i:])
		if escapes(w) != 0 {
			return appendEscaped(b[:start+i], text, i)
		}
		all |= w
	}
	if rest := n - i; rest > 0 {
		known := uint64(1)<<(8*rest) - 1
		w := binary.LittleEndian.Uint64(body[i:])&known | blank&^known
		if escapes(w) != 0 {
			return appendEscaped(b[:start+i], text, i)
		}
		all |= w
	}
	if all&high != 0 && !utf8.ValidString(text) {
		return b, false
	}
	body[n] = '"'
	return b[:start+n+1], true
}

// appendEscaped appends the rest of text, from i, to what b has of it, and the closing
// quote.
func appendEscaped(b []byte, text string, i int) ([]byte, bool) {
	if !utf8.ValidString(text) {
		return b, false
	}
	done := i // has been appended
	for i < len(text) {
		if i <= len(text)-word {
			found := escapes(wordAt(text, i))
			if found == 0 {
				i += word
				continue
			}
			i += bits.TrailingZeros64(found) / 8
		} else if !needsEscape(text[i]) {
			i++
			continue
		}
		b = appendEscape(append(b, text[done:i]...), text[i])
		i++
		done = i
	}
	return append(append(b, text[done:]...), '"'), true
}

// wordAt is [binary.LittleEndian] for a string.
func wordAt(text string, i int) uint64 {
	_ = text[i+7]
	return uint64(text[i]) | uint64(text[i+1])<<8 | uint64(text[i+2])<<16 | uint64(text[i+3])<<24 |
		uint64(text[i+4])<<32 | uint64(text[i+5])<<40 | uint64(text[i+6])<<48 | uint64(text[i+7])<<56
}

func needsEscape(c byte) bool { return c < ' ' || c == '"' || c == '\\' }

// appendEscape appends a character in the shortest form that RFC 8259, section 7 has.
func appendEscape(b []byte, c byte) []byte {
	const digits = "0123456789abcdef"
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	return append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&0xf])
}

// isVerbatim reports whether text is ASCII that stands in a JSON string as it is.
func isVerbatim(text []byte) bool {
	for ; len(text) >= word; text = text[word:] {
		if w := binary.LittleEndian.Uint64(text); escapes(w)|w&high != 0 {
			return false
		}
	}
	for _, c := range text {
		if needsEscape(c) || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
