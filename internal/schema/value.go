package schema

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
)

// The kinds of a value, by the names of JSON Schema.
const (
	kindNull   = "null"
	kindBool   = "boolean"
	kindNumber = "number"
	kindString = "string"
	kindArray  = "array"
	kindObject = "object"
)

// A value is a JSON value. A number is the text that was sent, because a float may be another
// number.
type value struct {
	kind    string
	text    string // of a string, a number, true or false
	items   []value
	members Ordered[value]
}

// maxDepth bounds the nesting of a value that is checked.
const maxDepth = 1000

// parseJSON reads the one value in text.
func parseJSON(text []byte) (value, error) {
	dec := json.NewDecoder(bytes.NewBuffer(text))
	v, err := readValue(dec, 0)
	if err == nil && len(bytes.TrimSpace(dec.UnreadBuffer())) > 0 {
		err = errors.New("there is more than one value")
	}
	return v, err
}

func readValue(dec *json.Decoder, depth int) (value, error) {
	if depth > maxDepth {
		return value{}, errors.New("the value is nested too deep")
	}
	token, err := dec.ReadToken()
	if err != nil {
		return value{}, errors.New("the body is not valid JSON")
	}
	switch token.Kind() {
	case 'n':
		return value{kind: kindNull}, nil
	case 't', 'f':
		return value{kind: kindBool, text: token.String()}, nil
	case '0':
		return value{kind: kindNumber, text: token.String()}, nil
	case '"':
		return value{kind: kindString, text: token.String()}, nil
	case '[':
		return readArray(dec, depth)
	}
	return readObject(dec, depth)
}

func readArray(dec *json.Decoder, depth int) (value, error) {
	v := value{kind: kindArray}
	for dec.PeekKind() != ']' {
		item, err := readValue(dec, depth+1)
		if err != nil {
			return v, err
		}
		v.items = append(v.items, item)
	}
	_, err := dec.ReadToken()
	return v, err
}

func readObject(dec *json.Decoder, depth int) (value, error) {
	v := value{kind: kindObject}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return v, errors.New("the body is not valid JSON")
		}
		m := Member[value]{Name: name.String()}
		if m.Value, err = readValue(dec, depth+1); err != nil {
			return v, err
		}
		v.members = append(v.members, m)
	}
	_, err := dec.ReadToken()
	return v, err
}

// maxExact is the length up to which a number is read exactly. A longer one, or
// one with an exponent of more than three digits, is read as a float.
const maxExact = 64

// rational returns the number in text, and false for one that is too large to compute.
func rational(text string) (*big.Rat, bool) {
	_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	if len(text) <= maxExact && len(strings.TrimLeft(exponent, "+-")) <= 3 {
		return new(big.Rat).SetString(text)
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, false
	}
	r := new(big.Rat).SetFloat64(f)
	return r, r != nil
}

// compare compares two numbers. One that is too large to compute is greater than all others,
// or less if it is negative.
func compare(a, b string) int {
	x, okX := rational(a)
	y, okY := rational(b)
	sign := func(text string) int {
		if strings.HasPrefix(text, "-") {
			return -1
		}
		return 1
	}
	switch {
	case okX && okY:
		return x.Cmp(y)
	case okY:
		return sign(a)
	case okX:
		return -sign(b)
	}
	return sign(a) - sign(b)
}

// canonical returns a text that is the same for equal values (JSON Schema 2020-12, core,
// section 4.2.2).
func (v value) canonical() string {
	switch v.kind {
	case kindNumber:
		if r, ok := rational(v.text); ok {
			return v.kind + r.RatString()
		}
	case kindArray:
		var b strings.Builder
		for _, item := range v.items {
			text := item.canonical()
			fmt.Fprintf(&b, "%d:%s", len(text), text)
		}
		return v.kind + b.String()
	case kindObject:
		var parts []string
		for _, m := range v.members {
			text := m.Value.canonical()
			parts = append(parts, fmt.Sprintf("%d:%s%d:%s", len(m.Name), m.Name, len(text), text))
		}
		slices.Sort(parts)
		return v.kind + strings.Join(parts, "")
	}
	return v.kind + v.text
}
