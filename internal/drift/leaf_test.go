package drift_test

import (
	"errors"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/tenonkit/tenon/bind"
)

// A leaf is a type of one value, with rules on it.
type leaf struct {
	typ, opt reflect.Type
	rules    string   // tags
	texts    []string // that a parameter takes, none of them empty
	json     []string // that a member takes; none where it is not to be one
	// isText says that an empty text is a value of the type.
	isText bool
	// isOpaque says that the type refuses more than a document can say.
	isOpaque bool
}

func leafOf[T any](rules string, texts, json []string) leaf {
	t := reflect.TypeFor[T]()
	l := leaf{typ: t, opt: reflect.TypeFor[bind.Opt[T]](), rules: rules, texts: texts, json: json}
	l.isText = t.Kind() == reflect.String
	return l
}

func (l leaf) opaque() leaf {
	l.isOpaque = true
	return l
}

type (
	hue    string
	amount int16
	even   int
	upper  struct{ text string }
	vowel  string
)

// Validate refuses what no keyword does.
func (e even) Validate() error {
	if e%2 != 0 {
		return errors.New("must be even")
	}
	return nil
}

// Validate refuses what no keyword does.
func (v vowel) Validate() error {
	if strings.Trim(string(v), "aeiou") != "" {
		return errors.New("must have vowels alone")
	}
	return nil
}

// UnmarshalText reads a text of capital letters.
func (u *upper) UnmarshalText(text []byte) error {
	if u.text = string(text); strings.ToUpper(u.text) != u.text {
		return errors.New("must be upper case")
	}
	return nil
}

// MarshalText writes the text.
func (u upper) MarshalText() ([]byte, error) { return []byte(u.text), nil }

// leaves are the types that random ones are made of.
func leaves() []leaf {
	of := func(texts ...string) []string { return texts }
	quoted := func(texts ...string) []string {
		for i := range texts {
			texts[i] = `"` + texts[i] + `"`
		}
		return texts
	}
	return []leaf{
		leafOf[string](``, of("a", "ab", "red"), quoted("", "a", "aé漢")),
		leafOf[string](`minLength:"2" maxLength:"3"`, of("ab", "abc"), quoted("ab", "aé漢")),
		leafOf[string](`pattern:"^[a-c]+$"`, of("abc", "a"), quoted("abc")),
		leafOf[string](`enum:"red,green"`, of("red", "green"), quoted("red")),
		leafOf[string](`format:"email"`, of("x@example.com"), quoted("x@example.com")),
		leafOf[string](`format:"date"`, of("2026-01-02"), quoted("2026-01-02")),
		leafOf[string](`format:"ipv4"`, of("192.0.2.1"), quoted("192.0.2.1")),
		leafOf[string](`format:"uuid"`, of("8d0eb9ac-7d2d-4b5c-9c1a-3a2d1f4f9b11"), quoted("8d0eb9ac-7d2d-4b5c-9c1a-3a2d1f4f9b11")),
		leafOf[hue](`maxLength:"4" pattern:"^[a-r]"`, of("red", "ab"), quoted("red")),
		leafOf[int](``, of("5", "-5", "300"), of("5", "1.0", "1e2")),
		leafOf[int](`minimum:"1" maximum:"7"`, of("1", "7"), of("5")),
		leafOf[int](`multipleOf:"4"`, of("4", "8", "0"), of("8", "-4")),
		leafOf[int8](`exclusiveMinimum:"5"`, of("6", "127"), of("7")),
		leafOf[int16](`enum:"1,2,300"`, of("1", "300"), of("2")),
		leafOf[int32](``, of("7"), of("-70000")),
		leafOf[int64](`exclusiveMaximum:"5"`, of("4", "-128"), of("4")),
		leafOf[amount](`minimum:"-1"`, of("255", "-1"), of("300")),
		leafOf[uint](``, of("0", "4294967295"), of("5")),
		leafOf[uint8](`maximum:"128"`, of("128", "0"), of("5")),
		leafOf[uint16](`multipleOf:"5"`, of("5", "300"), of("0", "300")),
		leafOf[uint32](``, of("4294967295"), of("5")),
		leafOf[uint64](`minimum:"4"`, of("18446744073709551615"), of("1e2")),
		leafOf[float64](``, of("1.5", "-5"), of("1.5", "-0")),
		leafOf[float64](`maximum:"2" exclusiveMinimum:"-1.5"`, of("1.5", "2"), of("0")),
		leafOf[float32](`minimum:"0"`, of("2.5"), of("2.5")),
		leafOf[bool](``, of("true", "false"), of("true")),
		leafOf[time.Time](``, of("2026-01-02T15:04:05Z", "2026-01-02T15:04:05.5Z"), quoted("2026-01-02T15:04:05Z")),
		leafOf[time.Time](`format:"date"`, of("2026-01-02"), nil),
		leafOf[time.Time](`format:"time"`, of("15:04:05"), nil),
		leafOf[time.Time](`format:"unix"`, of("300", "-1"), nil),
		leafOf[time.Duration](``, of("5s", "1h30m", "-1.5h"), of("5", "-5000000000")),
		leafOf[url.URL](``, of("/x", "a?b=c"), nil),
		leafOf[netip.Addr](``, of("192.0.2.1", "::1"), quoted("192.0.2.1", "")).opaque(),
		leafOf[big.Int](``, of("18446744073709551616", "-5"), of("18446744073709551616")).opaque(),
		leafOf[upper](``, of("AB", "X"), quoted("AB", "")).opaque(),
		leafOf[even](`maximum:"300"`, of("4", "-128"), of("4")).opaque(),
		leafOf[vowel](`minLength:"1"`, of("a"), quoted("a")).opaque(),
	}
}
