package bind_test

import (
	"bytes"
	"errors"
	"io"
	"math/big"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

// A spelled notes whether it was asked to read. It reads strings by two methods.
type spelled struct{ text string }

func (s *spelled) UnmarshalText(text []byte) error {
	if bytes.Contains(text, []byte("!")) {
		return errors.New("spelled: asked to read what is too long")
	}
	s.text = string(text)
	return nil
}

func (s *spelled) UnmarshalJSON(data []byte) error { return s.UnmarshalText(bytes.Trim(data, `"`)) }

// A ratio is read by the method of what it embeds.
type ratio struct{ *big.Rat }

func (r *ratio) UnmarshalText(text []byte) error {
	r.Rat = new(big.Rat)
	return r.Rat.UnmarshalText(text)
}

// wholes embeds the number itself.
type wholes struct{ big.Int }

// limitedQuery and limitedBody have the same types, with the same limits.
type limitedQuery struct {
	Code  spelled           `query:"code,optional" minLength:"2" maxLength:"4"`
	Addr  *netip.Addr       `query:"addr" maxLength:"9"`
	Codes []spelled         `query:"codes,csv" maxLength:"3"`
	Int   *big.Int          `query:"int"`
	Short *big.Int          `query:"short" maxLength:"3"`
	Long  *big.Int          `query:"long" maxLength:"5000"`
	Rat   *big.Rat          `query:"rat"`
	Float *big.Float        `query:"float"`
	Ratio *ratio            `query:"ratio"`
	Whole *wholes           `query:"whole"`
	Opt   bind.Opt[big.Int] `query:"opt"`
}

type limitedBody struct {
	Code  spelled           `json:"code,omitzero" minLength:"2" maxLength:"4"`
	Addr  *netip.Addr       `json:"addr" maxLength:"9"`
	Codes []spelled         `json:"codes,omitempty" maxLength:"3"`
	Int   *big.Int          `json:"int"`
	Short *big.Int          `json:"short" maxLength:"3"`
	Long  *big.Int          `json:"long" maxLength:"5000"`
	Rat   *big.Rat          `json:"rat"`
	Float *big.Float        `json:"float"`
	Ratio *ratio            `json:"ratio"`
	Whole *wholes           `json:"whole"`
	Opt   bind.Opt[big.Int] `json:"opt,omitzero"`
}

// The length of a text is checked before its type reads it, in parameters and in
// JSON alike.
func TestTextLimits(t *testing.T) {
	t.Parallel()
	digits := func(n int) string { return strings.Repeat("7", n) }
	fromQuery, fromJSON := bind.For[limitedQuery](), bind.For[limitedBody]()
	for _, tc := range []struct {
		name, text string
		isNumber   bool // in JSON
		code       string
	}{
		{name: "code", text: "ab"},
		{name: "code", text: "äöüß"},
		{name: "code", text: "a", code: "minLength"},
		{name: "code", text: "abcd!", code: "maxLength"},
		{name: "code", text: "a!", code: "format"},
		{name: "code", text: "ä", code: "minLength"},
		{name: "code", text: "1234", isNumber: true},
		{name: "code", text: "12345", isNumber: true, code: "maxLength"},
		{name: "addr", text: "192.0.2.1"},
		{name: "addr", text: "192.0.2.10", code: "maxLength"},
		{name: "codes", text: "abc"},
		{name: "codes", text: "abc!", code: "maxLength"},
		{name: "int", text: digits(4096), isNumber: true},
		{name: "int", text: "-" + digits(4096), isNumber: true, code: "maxLength"},
		{name: "int", text: digits(1 << 19), isNumber: true, code: "maxLength"},
		{name: "short", text: "-12", isNumber: true},
		{name: "short", text: "1234", isNumber: true, code: "maxLength"},
		{name: "long", text: digits(5000), isNumber: true},
		{name: "long", text: digits(5001), isNumber: true, code: "maxLength"},
		{name: "rat", text: "1/3"},
		{name: "rat", text: digits(4097), code: "maxLength"},
		{name: "rat", text: "1e4000"},
		{name: "rat", text: "1e999999", code: "maxLength"},
		{name: "rat", text: "1e-999999", code: "maxLength"},
		{name: "rat", text: "0x1p+9999", code: "maxLength"},
		{name: "rat", text: "0x1e999"},
		{name: "rat", text: "1e9999999999999999999", code: "format"},
		{name: "rat", text: "1e", code: "format"},
		{name: "float", text: "1e9999"},
		{name: "float", text: digits(4097), code: "maxLength"},
		{name: "ratio", text: "2/3"},
		{name: "whole", text: "12", isNumber: true},
		{name: "whole", text: digits(4097), isNumber: true, code: "maxLength"},
		{name: "opt", text: "12", isNumber: true},
		{name: "opt", text: digits(4097), isNumber: true, code: "maxLength"},
	} {
		start := time.Now()
		_, err := fromQuery.Bind(queryRequest(tc.name + "=" + strings.ReplaceAll(tc.text, "+", "%2B")))
		checkCode(t, "query "+tc.name, tc.text, tc.code, err)
		value := `"` + tc.text + `"`
		if tc.isNumber {
			value = tc.text
		}
		if tc.name == "codes" {
			value = "[" + value + "]"
		}
		_, err = fromJSON.Bind(jsonRequest(`{"` + tc.name + `":` + value + `}`))
		checkCode(t, "JSON "+tc.name, tc.text, tc.code, err)
		assert.Less(t, time.Since(start), kittest.Patience, "%s %.20s", tc.name, tc.text)
	}
	_, err := fromJSON.Bind(jsonRequest(`{"code":"\u0061\u0062\u0063\u0064","int":null,"codes":["\u00e4\u00e4\u00e4"]}`))
	require.NoError(t, err, "escapes are no characters of their own")
}

// What a format decodes without a text is held to the length of the text that it
// has.
func TestTextLimits_formats(t *testing.T) {
	t.Parallel()
	type body struct {
		Addr netip.Addr `json:"addr" maxLength:"9"`
		Int  *big.Int   `json:"int" maxLength:"3"`
		Long *big.Int   `json:"long"`
		Word shouted    `json:"word" minLength:"2"`
	}
	var stored body
	binder := bind.For[body](bind.Formats(bind.Format{Type: "test/stored", Decode: func(_ io.Reader, v any) error {
		*v.(*body) = stored
		return nil
	}}))
	send := func(b body) error {
		stored = b
		r := jsonRequest("x")
		r.Header.Set("Content-Type", "test/stored")
		_, err := binder.Bind(r)
		return err
	}
	fine := body{netip.MustParseAddr("192.0.2.1"), big.NewInt(-12), new(big.Int).Lsh(big.NewInt(1), 20_000), "AB"}
	require.NoError(t, send(fine))
	for _, change := range []func(b *body){
		func(b *body) { b.Addr = netip.MustParseAddr("192.0.2.10") },
		func(b *body) { b.Int = big.NewInt(1234) },
		func(b *body) { b.Word = "A" },
	} {
		wrong := fine
		change(&wrong)
		err := send(wrong)
		require.Error(t, err)
		assert.Contains(t, []string{"maxLength", "minLength"}, code(t, err))
	}
}

// A shouted is a string that is read by its method.
type shouted string

func (s *shouted) UnmarshalText(text []byte) error {
	*s = shouted(bytes.ToUpper(text))
	return nil
}

func checkCode(t *testing.T, where, text, want string, err error) {
	t.Helper()
	if want == "" {
		require.NoError(t, err, "%s %.20s", where, text)
		return
	}
	require.Error(t, err, "%s %.20s", where, text)
	assert.Equal(t, want, code(t, err), "%s %.20s", where, text)
}
