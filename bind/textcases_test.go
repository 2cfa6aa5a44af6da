package bind_test

import (
	"errors"
	"math"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/tenonkit/tenon/bind"
)

// A scalar has one required parameter.
type scalar[T any] struct {
	V T `query:"v"`
}

// Times of each format.
type (
	dateIn struct {
		V time.Time `query:"v" format:"date"`
	}
	timeIn struct {
		V time.Time `query:"v" format:"time"`
	}
	localIn struct {
		V time.Time `query:"v" format:"date-time-local"`
	}
	httpIn struct {
		V time.Time `query:"v" format:"http"`
	}
	unixIn struct {
		V time.Time `query:"v" format:"unix"`
	}
)

// A hexID reads itself through a pointer, as a UUID does.
type hexID [2]byte

func (id *hexID) UnmarshalText(text []byte) error {
	if len(text) != 2*len(id) {
		return errors.New("hexID: not four digits: " + string(text))
	}
	for i := range id {
		n, err := url.PathUnescape("%" + string(text[2*i:2*i+2]))
		if err != nil {
			return err
		}
		id[i] = n[0]
	}
	return nil
}

// A level is a number that reads itself from words.
type level int

func (l *level) UnmarshalText(text []byte) error {
	switch string(text) {
	case "low":
		*l = 1
	case "high":
		*l = 2
	default:
		return errors.New("no such level")
	}
	return nil
}

// A tally reads itself through a value receiver, which its map lets it.
type tally struct{ seen *int }

func (t tally) UnmarshalText([]byte) error {
	if t.seen != nil {
		*t.seen++
	}
	return nil
}

type (
	word  string
	count int16
)

// A reading is one text, and the value that it is read as or the code of its
// error.
type reading struct {
	text string
	want any
	code string
}

func is(text string, want any) reading         { return reading{text: text, want: want} }
func not(code, text string) reading            { return reading{text: text, code: code} }
func point[T any](v T) *T                      { return new(v) }
func some[T any](v T) bind.Opt[T]              { return bind.Some(v) }
func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// A textType is a type of parameter with readings of it.
type textType struct {
	name     string
	bind     func(r *http.Request) (any, error)
	readings []reading
}

func of[T any](name string, readings ...reading) textType {
	b := bind.For[scalar[T]]()
	return textType{name, func(r *http.Request) (any, error) {
		in, err := b.Bind(r)
		return in.V, err
	}, readings}
}

func ofTime[In any](name string, get func(In) time.Time, readings ...reading) textType {
	b := bind.For[In]()
	return textType{name, func(r *http.Request) (any, error) {
		in, err := b.Bind(r)
		return get(in), err
	}, readings}
}

// textTypes returns every type of scalar with texts at and around the edges of
// what it reads.
func textTypes() []textType {
	types := append(integerTypes(), floatTypes()...)
	types = append(types, timeTypes()...)
	return append(types, otherTypes()...)
}

func integerTypes() []textType {
	notInteger := []reading{
		not("type", "+5"), not("type", " 5"), not("type", "5 "), not("type", "0x1F"), not("type", "1_0"), not("type", "1.0"),
		not("type", "1e2"), not("type", "NaN"), not("type", "-"), not("type", "+"), not("type", "five"), not("type", "５"), not("type", "--1"),
		not("required", ""), not("range", "99999999999999999999999"), not("range", "-99999999999999999999999"),
	}
	with := func(readings ...reading) []reading { return append(readings, notInteger...) }
	return []textType{
		of[int8]("int8", with(is("-128", int8(-128)), is("127", int8(127)), not("range", "-129"), not("range", "128"), not("range", "300"))...),
		of[int16]("int16", with(is("-32768", int16(math.MinInt16)), is("32767", int16(math.MaxInt16)), not("range", "-32769"), not("range", "32768"))...),
		of[int32]("int32", with(is("-2147483648", int32(math.MinInt32)), is("2147483647", int32(math.MaxInt32)), not("range", "2147483648"))...),
		of[int64]("int64", with(is("-9223372036854775808", int64(math.MinInt64)), is("9223372036854775807", int64(math.MaxInt64)),
			not("range", "9223372036854775808"), not("range", "-9223372036854775809"))...),
		of[int]("int", with(is("0", 0), is("-0", 0), is("007", 7), is("-5", -5))...),
		of[uint8]("uint8", with(is("0", uint8(0)), is("255", uint8(255)), not("range", "256"), not("range", "-1"), is("-0", uint8(0)))...),
		of[uint16]("uint16", with(is("65535", uint16(math.MaxUint16)), not("range", "65536"))...),
		of[uint32]("uint32", with(is("4294967295", uint32(math.MaxUint32)), not("range", "4294967296"))...),
		of[uint64]("uint64", with(is("18446744073709551615", uint64(math.MaxUint64)), not("range", "18446744073709551616"), not("range", "-9"))...),
		of[uint]("uint", with(is("7", uint(7)))...),
		of[count]("named int16", with(is("12", count(12)), not("range", "40000"))...),
	}
}

func floatTypes() []textType {
	notNumber := []reading{
		not("type", "NaN"), not("type", "nan"), not("type", "Inf"), not("type", "-inf"), not("type", "infinity"), not("type", "0x1p-2"), not("type", "1_0"),
		not("type", "+5"), not("type", " 5"), not("type", "e"), not("type", "."), not("type", "1e"), not("type", "1,5"), not("type", "-"), not("required", ""),
	}
	with := func(readings ...reading) []reading { return append(readings, notNumber...) }
	return []textType{
		of[float64]("float64", with(is("0.1", 0.1), is("-2.5e-3", -0.0025), is("5", 5.0), is("5.", 5.0), is(".5", 0.5), is("1e+3", 1000.0),
			is("1.7976931348623157e308", math.MaxFloat64), not("range", "1.8e308"), not("range", "-1e999"), is("1e-999", 0.0))...),
		of[float32]("float32", with(is("0.1", float32(0.1)), is("3.4028234663852886e38", float32(math.MaxFloat32)), not("range", "3.5e38"))...),
	}
}

func timeTypes() []textType {
	utc := time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
	return []textType{
		of[time.Time]("time", is("2026-01-02T03:04:05Z", utc), is("2026-01-02T03:04:05.25Z", utc.Add(250*time.Millisecond)),
			is("2026-01-02T05:04:05+02:00", utc), is("2026-01-01T23:04:05-04:00", utc), is("0000-01-01T00:00:00Z", day(0, time.January, 1)),
			not("type", "2026-01-02"), not("type", "2026-01-02T3:04:05Z"), not("type", "2026-01-02T03:04:05,25Z"), is("2026-01-02t03:04:05z", utc), is("2026-01-02T03:04:05z", utc), is("2026-01-02t05:04:05+02:00", utc),
			not("type", "2026-01-02T03:04:60Z"), not("type", "2026-01-02T24:00:00Z"), not("type", "2026-02-30T00:00:00Z"), not("type", "2026-01-02T03:04:05"),
			not("type", "2026-01-02 03:04:05Z"), not("type", "2026-01-02T03:04:05+24:00"), not("type", "2026-01-02T03:04:05+23:60"), not("type", "1767323045"),
			not("type", "2026-01-02T03:04:05+0200"), is("2026-01-02T03:04:05+23:59", utc.Add(-23*time.Hour-59*time.Minute)), not("required", "")),
		ofTime("date", func(in dateIn) time.Time { return in.V }, is("2026-01-02", day(2026, time.January, 2)), is("2024-02-29", day(2024, time.February, 29)),
			not("type", "2026-02-29"), not("type", "2026-1-2"), not("type", "2026-01-02T00:00:00Z"), not("type", "26-01-02"), not("type", "20260102"), not("required", "")),
		ofTime("clock", func(in timeIn) time.Time { return in.V }, is("15:04:05", time.Date(0, 1, 1, 15, 4, 5, 0, time.UTC)), is("00:00:00", day(0, 1, 1)), is("15:04", time.Date(0, 1, 1, 15, 4, 0, 0, time.UTC)),
			not("type", "24:00:00"), not("type", "24:00"), not("type", "3:04"), not("type", "15:60"), not("type", "3:04:05"), not("type", "15:04:05.5"), not("type", "15:04:05Z"), not("type", "3:04:05.1")),
		ofTime("local", func(in localIn) time.Time { return in.V }, is("2026-01-02T03:04:05", utc), is("2026-01-02T03:04", utc.Add(-5*time.Second)),
			not("type", "2026-01-02T03:04:05Z"), not("type", "2026-01-02"), not("type", "2026-02-30T03:04"), not("type", "2026-01-02 03:04"), not("type", "2026-01-02T3:04"), not("required", "")),
		ofTime("HTTP date", func(in httpIn) time.Time { return in.V }, is("Fri, 02 Jan 2026 03:04:05 GMT", utc), is("Friday, 02-Jan-26 03:04:05 GMT", utc),
			is("Fri Jan  2 03:04:05 2026", utc), not("type", "2026-01-02T03:04:05Z"), not("type", "tomorrow")),
		ofTime("unix", func(in unixIn) time.Time { return in.V }, is("1767323045", utc), is("0", time.Unix(0, 0).UTC()), is("-1", time.Unix(-1, 0).UTC()),
			is("253402300799", time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)), is("-62167219200", day(0, time.January, 1)), not("type", "253402300800"),
			not("type", "-62167219201"), not("type", "1.5"), not("type", "+1"), not("type", "9223372036854775808"), not("required", "")),
		of[time.Duration]("duration", is("1h30m", 90*time.Minute), is("-1.5s", -1500*time.Millisecond), is("0", time.Duration(0)), is("1µs", time.Microsecond),
			not("type", "5"), not("type", "1 h"), not("type", "1d"), not("type", "h"), not("type", "9999999h"), not("required", "")),
	}
}

func otherTypes() []textType {
	return []textType{
		of[string]("string", is("", ""), is(" a b ", " a b "), is("ü€", "ü€"), is("a+b&c=d;e%", "a+b&c=d;e%"), is("\x00", "\x00"),
			not("syntax", "\xff"), not("syntax", "a\xc3"), not("syntax", "\xed\xa0\x80")),
		of[word]("named string", is("", word("")), is("x", word("x")), not("syntax", "\xff")),
		of[bool]("bool", is("true", true), is("false", false), is("on", true), is("off", false), is("1", true), is("0", false), is("t", true), is("f", false),
			is("T", true), is("F", false), is("TRUE", true), is("False", false), not("type", "yes"), not("type", "no"), not("type", "2"), not("type", "ON"),
			not("type", "tRuE"), not("type", " true"), not("required", "")),
		of[netip.Addr]("netip.Addr", is("192.0.2.1", netip.MustParseAddr("192.0.2.1")), is("2001:db8::1", netip.MustParseAddr("2001:db8::1")),
			not("format", "192.0.2"), not("format", "host"), not("required", "")),
		of[*big.Int]("*big.Int", is("123456789012345678901234567890", func() any { n, _ := new(big.Int).SetString("123456789012345678901234567890", 10); return n }()),
			not("format", "12a"), is("", (*big.Int)(nil)), not("maxLength", strings.Repeat("9", 4097))),
		of[big.Int]("big.Int", is("-7", *big.NewInt(-7)), not("format", "seven"), not("required", "")),
		of[hexID]("array that reads itself", is("0aff", hexID{10, 255}), not("format", "0af"), not("format", "zzzz"), not("required", "")),
		of[level]("number that reads itself", is("low", level(1)), is("high", level(2)), not("format", "1"), not("required", "")),
		of[tally]("value receiver", is("x", tally{}), not("required", "")),
		of[url.URL]("url.URL", is("https://example.com/a?b=c", url.URL{Scheme: "https", Host: "example.com", Path: "/a", RawQuery: "b=c"}), is("/a b", url.URL{Path: "/a b", RawPath: "/a b"}),
			not("type", "http://[::1"), not("type", ":"), not("type", "http://a b"), not("required", "")),
		of[*int]("*int", is("5", point(5)), is("0", point(0)), is("", (*int)(nil)), not("type", "x")),
		of[**bool]("**bool", is("true", point(point(true))), is("", (**bool)(nil))),
		of[*string]("*string", is("", point("")), is("a", point("a"))),
		of[bind.Opt[int]]("Opt[int]", is("5", some(5)), is("0", some(0)), is("", bind.Opt[int]{}), not("range", "99999999999999999999"), not("type", "x")),
		of[bind.Opt[string]]("Opt[string]", is("", some("")), is("null", some("null"))),
		of[bind.Opt[*time.Duration]]("Opt[*time.Duration]", is("1s", some(point(time.Second)))),
		of[*bind.Opt[level]]("*Opt of a type that reads itself", is("high", point(some(level(2)))), is("", (*bind.Opt[level])(nil))),
	}
}

// queryRequest is a request for the URL /?query.
func queryRequest(query string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL.RawQuery = query
	return r
}

// ask is a request with the parameter v.
func ask(text string) *http.Request { return queryRequest("v=" + url.QueryEscape(text)) }
