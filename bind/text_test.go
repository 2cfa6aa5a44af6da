package bind_test

import (
	"encoding"
	"errors"
	"math"
	"math/big"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

// code returns the code of the only field error of err.
func code(tb testing.TB, err error) string {
	tb.Helper()
	e, ok := errors.AsType[*bind.Error](err)
	require.True(tb, ok, "%v", err)
	require.Len(tb, e.Fields, 1)
	assert.Equal(tb, 400, e.StatusCode())
	return e.Fields[0].Code
}

func TestBind_text(t *testing.T) {
	t.Parallel()
	for _, typ := range textTypes() {
		t.Run(typ.name, func(t *testing.T) {
			t.Parallel()
			for _, tc := range typ.readings {
				got, err := typ.bind(ask(tc.text))
				if tc.code != "" {
					require.Error(t, err, "%q", tc.text)
					assert.Equal(t, tc.code, code(t, err), "%q", tc.text)
					continue
				}
				require.NoError(t, err, "%q", tc.text)
				if want, ok := tc.want.(time.Time); ok {
					at, _ := got.(time.Time)
					assert.True(t, want.Equal(at), "%q: %v", tc.text, got)
					continue
				}
				assert.Equal(t, tc.want, got, "%q", tc.text)
			}
		})
	}
}

// reference says what text is as a value of the type, by the standard library
// and the documented exceptions alone. It is nil where the type has none.
func reference(name, text string) (value any, ok bool) {
	signed := strings.HasPrefix(text, "+")
	switch name {
	case "int8":
		n, err := strconv.ParseInt(text, 10, 8)
		return int8(n), err == nil && !signed
	case "int64":
		n, err := strconv.ParseInt(text, 10, 64)
		return n, err == nil && !signed
	case "uint16":
		n, err := strconv.ParseUint(text, 10, 16)
		if text == "-"+strings.Repeat("0", max(1, len(text)-1)) {
			return uint16(0), true
		}
		return uint16(n), err == nil
	case "float32", "float64":
		bits := map[string]int{"float32": 32, "float64": 64}[name]
		n, err := strconv.ParseFloat(text, bits)
		plain := err == nil && !math.IsNaN(n) && !math.IsInf(n, 0) && !signed && !strings.ContainsAny(text, "xX_pP")
		if bits == 32 {
			return float32(n), plain
		}
		return n, plain
	case "bool":
		v, err := strconv.ParseBool(text)
		return v || text == "on", err == nil || text == "on" || text == "off"
	case "string":
		return text, utf8.ValidString(text)
	case "duration":
		d, err := time.ParseDuration(text)
		return d, err == nil
	case "netip.Addr":
		return textReference[netip.Addr](text)
	case "big.Int":
		v, ok := textReference[big.Int](text)
		return v, ok && utf8.RuneCountInString(text) <= 4096
	case "url.URL":
		u, err := url.Parse(text)
		if err != nil {
			return nil, false
		}
		return *u, true
	}
	return nil, false
}

func textReference[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](text string) (any, bool) {
	v := P(new(T))
	err := v.UnmarshalText([]byte(text))
	return *v, err == nil
}

// FuzzText compares what each type reads with the standard library.
func FuzzText(f *testing.F) {
	types := map[string]textType{}
	var names []string
	for _, typ := range textTypes() {
		types[typ.name] = typ
		names = append(names, typ.name)
		for _, tc := range typ.readings {
			f.Add(uint(len(names)-1), tc.text)
		}
	}
	f.Fuzz(func(t *testing.T, which uint, text string) {
		name := names[which%uint(len(names))]
		got, err := types[name].bind(ask(text))
		if err != nil {
			code(t, err)
			leak := len(text) > 3 && strings.Contains(err.Error(), text) && !strings.Contains(allWords, text)
			assert.False(t, leak, "%s", err)
		}
		if stamp, ok := got.(time.Time); ok && err == nil {
			checkTime(t, name, text, stamp)
			return
		}
		want, ok := reference(name, text)
		switch {
		case want == nil && !ok: // no reference but no panic either
		case text == "" && name != "string":
			require.Error(t, err)
		case ok:
			require.NoError(t, err, "%s %q", name, text)
			assert.Equal(t, want, got, "%s %q", name, text)
		default:
			require.Error(t, err, "%s %q", name, text)
		}
	})
}

// allWords are the sentences of bind in which a text of the fuzzer may occur by
// chance.
const allWords = `bind: query "v": must be an integer between 0 and 9223372036854775807 -9223372036854775808 18446744073709551615
	4294967295 2147483647 -2147483648 65535 32767 -32768 a number true or false a duration such as 1h30m a URL is too large a number is required is not valid is not valid UTF-8
	must be a time in RFC 3339 form such as 2006-01-02T15:04:05Z must be a date such as 2006-01-02 must be a time such as 15:04:05
	must be a date and a time such as 2006-01-02T15:04:05 must have at most 4096 characters
	must be an HTTP date such as Mon, 02 Jan 2006 15:04:05 GMT must be a Unix time in seconds must be between must be true`

// checkTime checks that a time which was accepted can be written as RFC 3339.
func checkTime(t *testing.T, name, text string, stamp time.Time) {
	t.Helper()
	_, err := stamp.MarshalText()
	require.NoError(t, err, "%s %q", name, text)
	if name == "time" {
		want, err := time.Parse(time.RFC3339, strings.ToUpper(text))
		require.NoError(t, err, "%q", text)
		assert.True(t, want.Equal(stamp))
	}
}
