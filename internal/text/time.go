package text

import (
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A timeFormat is one of the forms that the text of a time may have.
type timeFormat struct {
	words string // of a text that is not of the form
	read  func(s string) (time.Time, error)
	write func(t time.Time) string
	// isLocal says that the text has the date or the clock of the time's own
	// zone, and no zone.
	isLocal bool
}

// timeFormats returns the formats by the names of the tag format. No name is
// date-time.
func timeFormats() map[string]timeFormat {
	dateTime := timeFormat{
		words: "must be a time in RFC 3339 form such as 2006-01-02T15:04:05Z",
		read:  RFC3339,
		write: formatRFC3339,
	}
	return map[string]timeFormat{
		"":          dateTime,
		"date-time": dateTime,
		"date-time-local": {
			words:   "must be a date and time such as 2006-01-02T15:04:05, without a zone",
			read:    Layouts("2006-01-02T15:04:05", "2006-01-02T15:04"),
			write:   func(t time.Time) string { return t.Format("2006-01-02T15:04:05") },
			isLocal: true,
		},
		"date": {
			words:   "must be a date such as 2006-01-02",
			read:    Layouts(time.DateOnly),
			write:   func(t time.Time) string { return t.Format(time.DateOnly) },
			isLocal: true,
		},
		"time": {
			words:   "must be a time such as 15:04:05",
			read:    Layouts(time.TimeOnly, "15:04"),
			write:   func(t time.Time) string { return t.Format(time.TimeOnly) },
			isLocal: true,
		},
		"http": {
			words: "must be an HTTP date such as Mon, 02 Jan 2006 15:04:05 GMT",
			read:  http.ParseTime,
			write: func(t time.Time) string { return t.UTC().Format(http.TimeFormat) },
		},
		"unix": {
			words: "must be a Unix time in seconds",
			read:  parseUnix,
			write: func(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) },
		},
	}
}

// TimeFormats returns the names that the tag format of a time may have.
func TimeFormats() []string {
	names := slices.Sorted(maps.Keys(timeFormats()))
	return names[1:] // the first is no name
}

func (f timeFormat) codec() (func(reflect.Value, string) *Wrong, func(reflect.Value) (string, error)) {
	wrong := &Wrong{Code: "type", Detail: f.words}
	parse := func(dst reflect.Value, s string) *Wrong {
		t, err := f.read(s)
		stored, ok := reflect.TypeAssert[*time.Time](dst.Addr())
		if err != nil || !ok {
			return wrong
		}
		*stored = t
		return nil
	}
	return parse, func(v reflect.Value) (string, error) {
		t, _ := reflect.TypeAssert[time.Time](v)
		year := t.Year()
		if !f.isLocal {
			year = t.UTC().Year()
		}
		if year < 0 || year > 9999 {
			return "", errors.New("is a time whose year does not have four digits")
		}
		return f.write(t), nil
	}
}

// RFC3339 reads a time. It refuses what [time.Parse] takes against RFC 3339,
// section 5.6: an hour of one digit, a comma before the fraction, and an offset
// of a day or more or with more than 59 minutes. It takes the letters t and z in
// either case, which [time.Parse] does not.
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

// formatRFC3339 writes a time in its own zone, or in UTC where the offset is no
// whole number of minutes below a day or puts the year out of four digits.
func formatRFC3339(t time.Time) string {
	_, offset := t.Zone()
	if offset%60 != 0 || offset <= -24*60*60 || offset >= 24*60*60 || t.Year() < 0 || t.Year() > 9999 {
		t = t.UTC()
	}
	return t.Format(time.RFC3339Nano)
}

// Layouts returns the reader of texts of one of the layouts, which differ in their
// length, and of no other length: [time.Parse] lets an hour of one digit and a
// fraction pass.
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

// parseUnix reads the seconds since 1970 of a time that RFC 3339 can write too:
// the years 0 to 9999.
func parseUnix(s string) (time.Time, error) {
	const first, last = -62167219200, 253402300799
	seconds, err := strconv.ParseInt(s, 10, 64)
	if err == nil && (s[0] == '+' || seconds < first || seconds > last) {
		err = strconv.ErrRange
	}
	return time.Unix(seconds, 0).UTC(), err
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
