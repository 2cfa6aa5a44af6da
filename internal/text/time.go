package text

import (
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// A TimeForm is a form of a time, which the tag format chooses.
type TimeForm struct {
	// Words say what a text must be: "must be a date such as 2006-01-02".
	Words string
	// IsNumber means that the time is a number in JSON.
	IsNumber bool
	// Parse reads a text.
	Parse func(s string) (time.Time, error)

	write   func(b []byte, t time.Time) []byte
	isLocal bool // the text has the date or the clock of the zone of the time
}

// TimeFormats returns the names of the forms.
func TimeFormats() []string {
	return []string{"date-time", "date", "time", "date-time-local", "http", "unix"}
}

// TimeFormOf returns the form with a name, and whether there is one. The empty name means
// date-time.
func TimeFormOf(name string) (TimeForm, bool) {
	const local = "2006-01-02T15:04:05"
	switch name {
	case "", "date-time":
		return TimeForm{Words: "must be a time in RFC 3339 form such as 2006-01-02T15:04:05Z", Parse: RFC3339, write: appendRFC3339}, true
	case "date":
		return TimeForm{Words: "must be a date such as 2006-01-02", Parse: Layouts(time.DateOnly), write: layout(time.DateOnly), isLocal: true}, true
	case "time":
		return TimeForm{Words: "must be a time such as 15:04:05", Parse: Layouts(time.TimeOnly, "15:04"), write: layout(time.TimeOnly), isLocal: true}, true
	case "date-time-local":
		return TimeForm{
			Words: "must be a date and a time such as 2006-01-02T15:04:05",
			Parse: Layouts(local, "2006-01-02T15:04"),
			write: layout(local), isLocal: true,
		}, true
	case "http":
		return TimeForm{
			Words: "must be an HTTP date such as Mon, 02 Jan 2006 15:04:05 GMT",
			Parse: http.ParseTime,
			write: func(b []byte, t time.Time) []byte { return t.UTC().AppendFormat(b, http.TimeFormat) },
		}, true
	case "unix":
		return TimeForm{
			Words:    "must be a Unix time in seconds",
			IsNumber: true,
			Parse:    parseUnix,
			write:    func(b []byte, t time.Time) []byte { return strconv.AppendInt(b, t.Unix(), 10) },
		}, true
	}
	return TimeForm{}, false
}

func layout(layout string) func([]byte, time.Time) []byte {
	return func(b []byte, t time.Time) []byte { return t.AppendFormat(b, layout) }
}

// Append appends the text of t to b, without what the form has no place for. It returns an error
// if Parse would not read the text. The words of the error follow the name of the value.
func (f TimeForm) Append(b []byte, t time.Time) ([]byte, error) {
	year := t.Year()
	if !f.isLocal {
		year = t.UTC().Year()
	}
	if year < 0 || year > 9999 {
		return b, errors.New("is a time whose year does not have four digits")
	}
	return f.write(b, t), nil
}

func (f TimeForm) codec() Codec {
	wrong := &Wrong{Code: "type", Detail: f.Words}
	parse := func(dst reflect.Value, s string) *Wrong {
		t, err := f.Parse(s)
		stored, ok := reflect.TypeAssert[*time.Time](dst.Addr())
		if err != nil || !ok {
			return wrong
		}
		*stored = t
		return nil
	}
	return Codec{parse, func(v reflect.Value) (string, error) {
		t, _ := reflect.TypeAssert[time.Time](v)
		b, err := f.Append(nil, t)
		return string(b), err
	}}
}

// RFC3339 reads a time by RFC 3339, section 5.6. [time.Parse] accepts more: an hour of one
// digit, a comma before the fraction, and an offset of 24 hours or more or with more than 59
// minutes. It does not accept the letters t and z in lower case, which RFC3339 does.
func RFC3339(s string) (time.Time, error) {
	const date, clock = len("2006-01-02"), len("2006-01-02T15")
	if len(s) < len("2006-01-02T15:04:05Z") || s[clock] != ':' || strings.Contains(s, ",") {
		return time.Time{}, strconv.ErrSyntax
	}
	if s[date] == 't' || s[len(s)-1] == 'z' {
		s = strings.ToUpper(s)
	}
	t, err := time.Parse(time.RFC3339, s)
	if offset := s[len(s)-len("07:00"):]; err == nil && s[len(s)-1] != 'Z' && (offset[:2] > "23" || offset[3:] > "59") {
		err = strconv.ErrRange
	}
	return t, err
}

// appendRFC3339 writes a time in its own zone. It uses UTC if the offset is not a number of
// minutes below 24 hours, or if the year in the zone does not have four digits.
func appendRFC3339(b []byte, t time.Time) []byte {
	_, offset := t.Zone()
	if offset%60 != 0 || offset <= -24*60*60 || offset >= 24*60*60 || t.Year() < 0 || t.Year() > 9999 {
		t = t.UTC()
	}
	return t.AppendFormat(b, time.RFC3339Nano)
}

// Layouts returns a function that reads texts of one of the layouts, which differ in length. The
// text must have the length of the layout, because [time.Parse] also accepts an hour of one
// digit and a fraction.
func Layouts(layouts ...string) func(s string) (time.Time, error) {
	return func(s string) (time.Time, error) {
		for _, layout := range layouts {
			if len(s) == len(layout) {
				return time.Parse(layout, s)
			}
		}
		return time.Time{}, strconv.ErrSyntax
	}
}

func parseUnix(s string) (time.Time, error) {
	seconds, err := strconv.ParseInt(s, 10, 64)
	if err == nil && s[0] == '+' {
		err = strconv.ErrSyntax
	}
	if err != nil {
		return time.Time{}, err
	}
	return UnixTime(seconds)
}

// UnixTime returns the time of the seconds since 1970. It returns an error outside of the years
// 0 to 9999, which RFC 3339 cannot write.
func UnixTime(seconds int64) (time.Time, error) {
	const first, last = -62167219200, 253402300799
	if seconds < first || seconds > last {
		return time.Time{}, strconv.ErrRange
	}
	return time.Unix(seconds, 0).UTC(), nil
}

func parseDuration(dst reflect.Value, s string) *Wrong {
	d, err := time.ParseDuration(s)
	if err != nil {
		return &Wrong{Code: "type", Detail: "must be a duration such as 1h30m"}
	}
	dst.SetInt(int64(d))
	return nil
}

func formatDuration(v reflect.Value) (string, error) { return time.Duration(v.Int()).String(), nil }
