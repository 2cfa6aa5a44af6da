package text_test

import (
	"encoding"
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"net/url"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/text"
)

type (
	word    string
	truth   bool
	small   int8
	level   int // by its methods, a word
	mute    struct{ s string }
	named   struct{ netip.Addr }
	Inner   struct{ netip.Addr } // exported: reflection can set an embedded pointer to it
	behind  struct{ *Inner }
	private struct{ *named }
	byFace  struct{ encoding.TextUnmarshaler }
)

var errLevel = errors.New("no level")

func (l *level) UnmarshalText(b []byte) error {
	switch string(b) {
	case "low":
		*l = 1
	case "high":
		*l = 2
	default:
		return errLevel
	}
	return nil
}

func (l level) String() string { return map[level]string{1: "low", 2: "high"}[l] }

func (m *mute) UnmarshalText(b []byte) error { m.s = string(b); return nil }

// A textCase is the text of a value of a type, and what comes of it.
type textCase struct {
	typ    reflect.Type
	format string
	text   string
	back   string // what Format writes, "" for the same text
	wrong  string // the code, "" for a text that is taken
}

func of[T any](format, s, back, wrong string) textCase {
	return textCase{reflect.TypeFor[T](), format, s, back, wrong}
}

func textCases() []textCase {
	return []textCase{
		of[string]("", "", "", ""),
		of[word]("", "a b\tü", "", ""),
		of[string]("", "a\xff", "", "syntax"),
		of[bool]("", "true", "", ""),
		of[truth]("", "on", "true", ""),
		of[bool]("", "off", "false", ""),
		of[bool]("", "T", "true", ""),
		of[bool]("", "yes", "", "type"),
		of[bool]("", "", "", "type"),
		of[int]("", "-7", "", ""),
		of[int]("", "-0", "0", ""),
		of[int]("", "007", "7", ""),
		of[int]("", "+7", "", "type"),
		of[int]("", " 7", "", "type"),
		of[int]("", "7.0", "", "type"),
		of[small]("", "127", "", ""),
		of[small]("", "-128", "", ""),
		of[small]("", "128", "", "range"),
		of[int64]("", "9223372036854775808", "", "range"),
		of[uint8]("", "255", "", ""),
		of[uint8]("", "-0", "0", ""),
		of[uint8]("", "-1", "", "range"),
		of[uint64]("", "18446744073709551615", "", ""),
		of[uint64]("", "18446744073709551616", "", "range"),
		of[float64]("", "1e300", "1e+300", ""),
		of[float32]("", "0.1", "", ""),
		of[float32]("", "1e39", "", "range"),
		of[float64]("", "NaN", "", "type"),
		of[float64]("", "0x1p-2", "", "type"),
		of[float64]("", "1_0", "", "type"),
		of[json.Number]("", "-1.50e+7", "", ""),
		of[json.Number]("", "01", "", "type"),
		of[json.Number]("", "1.", "", "type"),
		of[json.Number]("", "abc", "", "type"),
		of[json.Number]("", "", "", "type"),
		of[time.Time]("", "2024-02-29T23:59:59.5+05:30", "", ""),
		of[time.Time]("date-time", "2024-02-29t23:59:59z", "2024-02-29T23:59:59Z", ""),
		of[time.Time]("", "2024-02-29T23:59:59+24:00", "", "type"),
		of[time.Time]("", "2024-02-29T3:59:59Z", "", "type"),
		of[time.Time]("", "2024-02-29T23:59:59,5Z", "", "type"),
		of[time.Time]("", "2023-02-29T23:59:59Z", "", "type"),
		of[time.Time]("date", "2024-02-29", "", ""),
		of[time.Time]("date", "2024-2-29", "", "type"),
		of[time.Time]("time", "15:04:05", "", ""),
		of[time.Time]("time", "15:04", "15:04:00", ""),
		of[time.Time]("time", "24:00", "", "type"),
		of[time.Time]("date-time-local", "2024-02-29T15:04", "2024-02-29T15:04:00", ""),
		of[time.Time]("date-time-local", "2024-02-29T15:04:05", "", ""),
		of[time.Time]("date-time-local", "2024-02-29T15:04:05Z", "", "type"),
		of[time.Time]("http", "Thu, 29 Feb 2024 15:04:05 GMT", "", ""),
		of[time.Time]("unix", "-62167219200", "", ""),
		of[time.Time]("unix", "253402300800", "", "type"),
		of[time.Time]("unix", "+1", "", "type"),
		of[time.Duration]("", "1h30m", "1h30m0s", ""),
		of[time.Duration]("", "90", "", "type"),
		of[url.URL]("", "https://a.example/b?c=d#e", "", ""),
		of[url.URL]("", "%zz", "", "type"),
		of[netip.Addr]("", "::1", "", ""),
		of[named]("ip", "192.0.2.1", "", ""),
		of[named]("ip", "192.0.2.256", "", "format"),
		of[behind]("", "192.0.2.1", "", ""),
		of[behind]("", "x", "", "format"),
		of[big.Int]("", "123456789012345678901234567890", "", ""),
		of[level]("", "high", "", ""),
		of[level]("", "2", "", "format"),
	}
}

func TestCodec_Parse(t *testing.T) {
	t.Parallel()
	for _, tc := range textCases() {
		t.Run(tc.typ.String()+" "+tc.format+" "+tc.text, func(t *testing.T) {
			t.Parallel()
			c, err := text.Of(tc.typ, tc.format)
			require.NoError(t, err)
			v := reflect.New(tc.typ).Elem()
			if wrong := c.Parse(v, tc.text); wrong != nil {
				assert.Equal(t, tc.wrong, wrong.Code)
				assert.NotEmpty(t, wrong.Detail)
				return
			}
			require.Empty(t, tc.wrong)
			got, err := c.Format(v)
			require.NoError(t, err)
			want := tc.back
			if want == "" {
				want = tc.text
			}
			assert.Equal(t, want, got)
		})
	}
}

// What no text stands for is an error, in words that follow a name.
func TestCodec_Format_refuses(t *testing.T) {
	t.Parallel()
	zone := func(seconds int) *time.Location { return time.FixedZone("", seconds) }
	for _, tc := range []struct {
		value  any
		format string
		want   string
	}{
		{"a\xff", "", "is not valid UTF-8"},
		{math.NaN(), "", "is not a finite number"},
		{float32(math.Inf(1)), "", "is not a finite number"},
		{json.Number("x"), "", "is not a number"},
		{json.Number(""), "", "is not a number"},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), "", "is a time whose year does not have four digits"},
		{time.Date(9999, 12, 31, 23, 0, 0, 0, zone(-7200)), "unix", "is a time whose year does not have four digits"},
		{time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), "date", "is a time whose year does not have four digits"},
		{url.URL{Scheme: "http", Host: "a b"}, "", "is a URL whose text would be read as another URL"},
		{behind{}, "", "has a nil embedded field that its text comes from"},
		{mute{"a"}, "", "has type text_test.mute, which reads text and has no MarshalText"},
	} {
		c, err := text.Of(reflect.TypeOf(tc.value), tc.format)
		require.NoError(t, err)
		_, err = c.Format(reflect.ValueOf(tc.value))
		require.EqualError(t, err, tc.want)
	}
	for _, tc := range []struct {
		typ    reflect.Type
		format string
		want   string
	}{
		{reflect.TypeFor[[]int](), "", "has type []int, which cannot be read from text"},
		{reflect.TypeFor[any](), "", "has type interface {}, which cannot be read from text"},
		{reflect.TypeFor[*int](), "", "has type *int, which cannot be read from text"},
		{
			reflect.TypeFor[private](), "",
			"reads itself by the method UnmarshalText of text_test.private.named, which is nil in a request: embed a struct, or declare the method on text_test.private",
		},
		{
			reflect.TypeFor[byFace](), "",
			"reads itself by the method UnmarshalText of text_test.byFace.TextUnmarshaler, which is nil in a request: embed a struct, or declare the method on text_test.byFace",
		},
		{reflect.TypeFor[*netip.Addr](), "", "has type *netip.Addr, which cannot be read from text"},
		{
			reflect.TypeFor[time.Time](), "2006",
			`has format:"2006", which is not a format of a time: use one of date-time, date, time, date-time-local, http, unix`,
		},
	} {
		_, err := text.Of(tc.typ, tc.format)
		require.EqualError(t, err, tc.want)
	}
}

// The offset of a zone may have seconds, and be more than RFC 3339 can write.
func TestCodec_zones(t *testing.T) {
	t.Parallel()
	c, err := text.Of(reflect.TypeFor[time.Time](), "")
	require.NoError(t, err)
	for _, offset := range []int{0, 60, -3600, 1172, -1172, 24 * 3600, -25 * 3600, 14 * 3600} {
		want := time.Date(2024, 2, 29, 12, 0, 0, 1, time.FixedZone("", offset))
		s, err := c.Format(reflect.ValueOf(want))
		require.NoError(t, err)
		var got time.Time
		require.Nil(t, c.Parse(reflect.ValueOf(&got).Elem(), s), s)
		assert.True(t, want.Equal(got), "%s is %s", want, s)
	}
}

// inverses are the types over which Parse and Format are shown to be inverses, with
// a random value of each.
func inverses() []struct {
	typ    reflect.Type
	format string
	random func(r *rand.Rand) any
} {
	bits := func(r *rand.Rand) uint64 { return r.Uint64() >> r.IntN(64) }
	moment := func(r *rand.Rand) any {
		return time.Unix(r.Int64N(253402300800+62167219200)-62167219200, r.Int64N(1e9)).
			In(time.FixedZone("", r.IntN(4*86400)-2*86400))
	}
	return []struct {
		typ    reflect.Type
		format string
		random func(r *rand.Rand) any
	}{
		{reflect.TypeFor[string](), "", func(r *rand.Rand) any {
			b := make([]byte, r.IntN(8))
			for i := range b {
				b[i] = byte(r.Uint32())
			}
			return string(b)
		}},
		{reflect.TypeFor[word](), "", func(r *rand.Rand) any { return word(r.Int32()) }},
		{reflect.TypeFor[bool](), "", func(r *rand.Rand) any { return r.IntN(2) == 0 }},
		{reflect.TypeFor[int](), "", func(r *rand.Rand) any { return int(bits(r)) }},
		{reflect.TypeFor[small](), "", func(r *rand.Rand) any { return small(bits(r)) }},
		{reflect.TypeFor[int64](), "", func(r *rand.Rand) any { return -int64(bits(r)) }},
		{reflect.TypeFor[uint16](), "", func(r *rand.Rand) any { return uint16(bits(r)) }},
		{reflect.TypeFor[uint64](), "", func(r *rand.Rand) any { return bits(r) }},
		{reflect.TypeFor[float64](), "", func(r *rand.Rand) any { return math.Float64frombits(r.Uint64()) }},
		{reflect.TypeFor[float32](), "", func(r *rand.Rand) any { return math.Float32frombits(r.Uint32()) }},
		{reflect.TypeFor[json.Number](), "", func(r *rand.Rand) any {
			return json.Number(strconv.FormatFloat(r.NormFloat64(), "efg"[r.IntN(3)], -1, 64))
		}},
		{reflect.TypeFor[time.Time](), "", moment},
		{reflect.TypeFor[time.Time](), "date", moment},
		{reflect.TypeFor[time.Time](), "time", moment},
		{reflect.TypeFor[time.Time](), "date-time-local", moment},
		{reflect.TypeFor[time.Time](), "http", moment},
		{reflect.TypeFor[time.Time](), "unix", moment},
		{reflect.TypeFor[time.Duration](), "", func(r *rand.Rand) any { return time.Duration(bits(r)) }},
		{reflect.TypeFor[url.URL](), "", func(r *rand.Rand) any {
			return url.URL{Scheme: "s", Host: string(rune('!' + r.IntN(200))), Path: "/" + string(r.Int32()), RawQuery: "q=" + string(rune('!'+r.IntN(90)))}
		}},
		{reflect.TypeFor[netip.Addr](), "", func(r *rand.Rand) any {
			var b [16]byte
			for i := range b {
				b[i] = byte(r.Uint32())
			}
			return netip.AddrFrom16(b).WithZone([]string{"", "eth0"}[r.IntN(2)])
		}},
		{reflect.TypeFor[level](), "", func(r *rand.Rand) any { return level(1 + r.IntN(2)) }},
	}
}

// isInverse holds v to the promise: what Format writes Parse takes, as a value that
// Format writes alike, and as v itself where the form loses nothing.
func isInverse(t *testing.T, c text.Codec, v reflect.Value, lossy bool) {
	t.Helper()
	s, err := c.Format(v)
	if err != nil {
		return
	}
	back := reflect.New(v.Type()).Elem()
	require.Nil(t, c.Parse(back, s), "%#v is written as %q", v, s)
	again, err := c.Format(back)
	require.NoError(t, err)
	require.Equal(t, s, again)
	if want, ok := reflect.TypeAssert[time.Time](v); ok && !lossy {
		got, _ := reflect.TypeAssert[time.Time](back)
		require.True(t, want.Equal(got), "%s is written as %q", want, s)
	} else if !ok && v.Type() != reflect.TypeFor[url.URL]() {
		require.Equal(t, v.Interface(), back.Interface())
	}
}

func TestCodec_inverse(t *testing.T) {
	t.Parallel()
	for _, tc := range inverses() {
		t.Run(tc.typ.String()+" "+tc.format, func(t *testing.T) {
			t.Parallel()
			c, err := text.Of(tc.typ, tc.format)
			require.NoError(t, err)
			r := rand.New(rand.NewPCG(1, 2))
			for range 2000 {
				isInverse(t, c, reflect.ValueOf(tc.random(r)), tc.format != "")
			}
		})
	}
}

// FuzzCodec: what Parse takes, Format writes, and Parse takes that as the same.
func FuzzCodec(f *testing.F) {
	for _, tc := range textCases() {
		f.Add(tc.text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, tc := range inverses() {
			c, err := text.Of(tc.typ, tc.format)
			require.NoError(t, err)
			v := reflect.New(tc.typ).Elem()
			if c.Parse(v, s) != nil {
				continue
			}
			_, err = c.Format(v)
			if tc.typ != reflect.TypeFor[url.URL]() {
				require.NoError(t, err, "%s %q", tc.typ, s)
			}
			isInverse(t, c, v, tc.format != "")
		}
	})
}

func TestIsNumber(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"0": true, "-0": true, "10": true, "1.5": true, "1e5": true, "1E+05": true, "-1.0e-0": true,
		"": false, "-": false, "01": false, "1.": false, ".5": false, "1e": false, "1e+": false, "1 ": false, "+1": false, "0x1": false, "NaN": false,
	} {
		assert.Equal(t, want, text.IsNumber(s), s)
		assert.Equal(t, want, text.IsNumber([]byte(s)), s)
	}
}
