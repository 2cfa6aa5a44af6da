package idempotency

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/respond"
)

const (
	keyField = "Idempotency-Key"
	// maxKey is the length of the longest key in bytes, without quotes and escapes.
	maxKey = 255
)

// parseKey returns the key in the lines of the field: one string (RFC 9651, section
// 3.3.3) without parameters, or its text without the quotation marks.
func parseKey(lines []string) (string, error) {
	switch {
	case len(lines) == 0:
		return "", badKey("is required: send a new text for every operation, such as a UUID, and the same text with a retry")
	case len(lines) > 1:
		return "", badKey("was sent " + strconv.Itoa(len(lines)) + " times: send one")
	}
	text := header.Trim(lines[0])
	read := bare
	if strings.HasPrefix(text, `"`) {
		read = unquote
	}
	switch key, err := read(text); {
	case err != nil:
		return "", err
	case key == "":
		return "", badKey("is empty")
	case len(key) > maxKey:
		return "", badKey("is longer than " + strconv.Itoa(maxKey) + " bytes")
	default:
		return key, nil
	}
}

// unquote returns the text of a string that begins with a quotation mark.
func unquote(text string) (string, error) {
	var key strings.Builder
	for i := 1; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '"' && i == len(text)-1:
			return key.String(), nil
		case c == '"':
			return "", badKey("has more than one string: send one, without parameters")
		case c == '\\':
			i++
			if i == len(text) || text[i] != '"' && text[i] != '\\' {
				return "", badKey(`has a backslash before a character other than " and \`)
			}
			c = text[i]
		case c < ' ' || c >= 0x7f:
			return "", notASCII()
		}
		key.WriteByte(c)
	}
	return "", badKey("has no quotation mark at its end")
}

// bare returns a key that has no quotation marks. Text that could be part of a list, or
// begin parameters, needs them.
func bare(text string) (string, error) {
	for i := range len(text) {
		switch c := text[i]; {
		case c < ' ' || c >= 0x7f:
			return "", notASCII()
		case strings.IndexByte(` ",;\`, c) >= 0:
			return "", badKey(`has a space or one of " , ; \: put it in quotation marks, with \ before " and \`)
		}
	}
	return text, nil
}

func notASCII() error { return badKey("has a character that is not printable ASCII") }

func badKey(words string) error {
	return respond.NewProblem(http.StatusBadRequest, "the header field "+keyField+" "+words)
}

// storeKey returns the key for the store: a digest of everything that makes two requests
// the same operation, each part preceded by its length.
func storeKey(scope string, r *http.Request, key string) string {
	target := r.RequestURI // as it was sent, whatever a router has taken off the path
	if target == "" {
		target = r.URL.RequestURI()
	}
	parts := make([]byte, 0, 256)
	for _, part := range [...]string{scope, r.Method, target, key} {
		parts = binary.BigEndian.AppendUint64(parts, uint64(len(part)))
		parts = append(parts, part...)
	}
	sum := sha256.Sum256(parts)
	return hex.EncodeToString(sum[:])
}
