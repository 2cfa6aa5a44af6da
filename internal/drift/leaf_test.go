package drift_test

import (
	"cmp"
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
	// spellings are other texts of the same values, by the ones in texts: a tag may have
	// them, and a document cannot speak of them.
	spellings map[string]string
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

func (l leaf) spelled(text, as string) leaf {
	l.spellings = map[string]string{text: as}
	return l
}

// inTag returns text as a tag may write it.
func (l leaf) inTag(text string) string { return cmp.Or(l.spellings[text], text) }

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
	grade  string
)

// Validate refuses the zero value, which is not to be held against what was not sent.
func (g grade) Validate() error {
	if g == "" {
		return errors.New("must be a grade")
	}
	return nil
}

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
		leafOf[uint8](`maximum:"128"`, of("128", "0"), of("5")).spelled("0", "-0"),
		leafOf[uint16](`multipleOf:"5"`, of("5", "300"), of("0", "300")),
		leafOf[uint32](``, of("4294967295"), of("5")),
		leafOf[uint64](`minimum:"4"`, of("18446744073709551615"), of("1e2")),
		leafOf[float64](``, of("1.5", "-5"), of("1.5", "-0")),
		leafOf[float64](`maximum:"2" exclusiveMinimum:"-1.5"`, of("1.5", "2"), of("0")),
		leafOf[float32](`minimum:"0"`, of("2.5"), of("2.5")),
		leafOf[bool](``, of("true", "false"), of("true")).spelled("true", "on"),
		leafOf[time.Time](``, of("2026-01-02T15:04:05Z", "2026-01-02T15:04:05.5Z"), quoted("2026-01-02T15:04:05Z")),
		leafOf[time.Time](`format:"date"`, of("2026-01-02"), quoted("2026-01-02")),
		leafOf[time.Time](`format:"time"`, of("15:04:05", "15:04"), quoted("15:04:05")),
		leafOf[time.Time](`format:"date-time-local"`, of("2026-01-02T15:04", "2026-01-02T15:04:05"), quoted("2026-01-02T15:04")),
		leafOf[time.Time](`format:"unix"`, of("300", "-1"), of("300")),
		leafOf[time.Duration](``, of("5s", "1h30m", "-1.5h"), of("5", "-5000000000")),
		leafOf[url.URL](``, of("/x", "a?b=c"), nil),
		leafOf[netip.Addr](``, of("192.0.2.1", "::1"), quoted("192.0.2.1", "")).opaque(),
		leafOf[big.Int](``, of("18446744073709551616", "-5"), of("18446744073709551616")).opaque(),
		leafOf[upper](``, of("AB", "X"), quoted("AB", "")).opaque(),
		leafOf[even](`maximum:"300"`, of("4", "-128"), of("4")).opaque(),
		leafOf[vowel](`minLength:"1"`, of("a"), quoted("a")).opaque(),
		leafOf[grade](``, of("a", "b"), quoted("a")).opaque(),
		leafOf[upper](`maxLength:"3"`, of("AB", "ABC"), quoted("AB")).opaque(),
		leafOf[big.Int](`maxLength:"5"`, of("12345", "-5"), of("12345")).opaque(),

		leafOf[float64](`multipleOf:"0.01"`, of("0.07", "1.15", "1070468.14"), of("4.35", "1e2")),

		leafOf[string](`format:"date-time"`, of("2026-01-02T15:04:05Z"), quoted("2026-01-02T15:04:05Z")),
		leafOf[string](`format:"time"`, of("15:04:05Z"), quoted("15:04:05Z")),
		leafOf[string](`format:"date-time-local"`, of("2026-01-02T15:04"), quoted("2026-01-02T15:04:05")),
		leafOf[string](`format:"uri-reference"`, of("/x", "a"), quoted("/x", "")).opaque(),
		leafOf[string](`format:"hostname"`, of("example.com"), quoted("example.com")),
		leafOf[string](`format:"password"`, of("a", "abc"), quoted("a")),

		leafOf[string](`pattern:"^\\(?\\d{3}\\)?$"`, of("(555)", "555"), quoted("555", "(555)")),
		leafOf[string](`pattern:"^\\pL+$"`, of("ab", "red"), quoted("é", "ab")),
		leafOf[string](`pattern:"^[_[:alnum:]]+$"`, of("a_1", "ab"), quoted("a_1")),
		leafOf[string](`pattern:"^[^[:space:]]+$"`, of("ab", "a_1"), quoted("é")),
		leafOf[string](`pattern:"^(?<y>\\d{4})-"`, of("2026-01-02"), quoted("2026-01-02")),
		leafOf[string](`pattern:"^.a{$"`, of("xa{"), quoted("xa{")),
		leafOf[string](`pattern:"^[]a]\\z"`, of("a", "]"), quoted("]")),
	}
}
