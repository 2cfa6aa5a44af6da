// Package timetext reads and writes a time in the forms that the tag format
// chooses, for requests, answers and addresses alike.
package timetext

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A Form is how a time is written.
type Form struct {
	// Words say what a text has to be.
	Words string
	// Number: in JSON the text is a number.
	Number bool
	// Parse reads a text.
	Parse func(text string) (time.Time, error)

	write func(b []byte, t time.Time) []byte
}

// Names returns the names of the forms.
func Names() []string {
	return []string{"date-time", "date", "time", "date-time-local", "http", "unix"}
}

// Of returns the form of a name, and whether there is one. No name is date-time.
func Of(name string) (Form, bool) {
	switch name {
	case "", "date-time":
		return Form{Words: "must be a time in RFC 3339 form such as 2006-01-02T15:04:05Z", Parse: RFC3339, write: written(time.RFC3339Nano)}, true
	case "date":
		return Form{Words: "must be a date such as 2006-01-02", Parse: Layout(time.DateOnly), write: written(time.DateOnly)}, true
	case "time":
		return Form{Words: "must be a time such as 15:04:05", Parse: Layout(time.TimeOnly, "15:04"), write: written(time.TimeOnly)}, true
	case "date-time-local":
		return Form{
			Words: "must be a date and a time such as 2006-01-02T15:04:05",
			Parse: Layout(dateTimeLocal, "2006-01-02T15:04"),
			write: written(dateTimeLocal),
		}, true
	case "http":
		return Form{
			Words: "must be an HTTP date such as Mon, 02 Jan 2006 15:04:05 GMT",
			Parse: http.ParseTime,
			write: func(b []byte, t time.Time) []byte { return t.UTC().AppendFormat(b, http.TimeFormat) },
		}, true
	case "unix":
		return Form{
			Words:  "must be a Unix time in seconds",
			Number: true,
			Parse:  unix,
			write:  func(b []byte, t time.Time) []byte { return strconv.AppendInt(b, t.Unix(), 10) },
		}, true
	}
	return Form{}, false
}

// dateTimeLocal is the layout of a date and a time without an offset.
const dateTimeLocal = "2006-01-02T15:04:05"

func written(layout string) func([]byte, time.Time) []byte {
	return func(b []byte, t time.Time) []byte { return t.AppendFormat(b, layout) }
}

// Append appends the text of t to b, what the form has no place for left out. It
// is an error if Parse would not read the text: of a year that does not have four
// digits, and in RFC 3339 of an offset of a day or more.
func (f Form) Append(b []byte, t time.Time) ([]byte, error) {
	if year, utc := t.Year(), t.UTC().Year(); min(year, utc) < 0 || max(year, utc) > 9999 {
		return b, errors.New("is a time whose year does not have four digits")
	}
	if _, offset := t.Zone(); offset <= -24*60*60 || offset >= 24*60*60 {
		return b, errors.New("is a time whose offset is a day or more")
	}
	return f.write(b, t), nil
}

// unix reads the seconds since 1970 of a time that RFC 3339 can write too: the
// years 0 to 9999.
func unix(text string) (time.Time, error) {
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err == nil && text[0] == '+' {
		err = strconv.ErrSyntax
	}
	if err != nil {
		return time.Time{}, err
	}
	return Unix(seconds)
}

// Unix returns the time of the seconds since 1970, and an error outside of the
// years 0 to 9999.
func Unix(seconds int64) (time.Time, error) {
	const first, last = -62167219200, 253402300799
	if seconds < first || seconds > last {
		return time.Time{}, strconv.ErrRange
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// Layout returns the reader of texts that have one of the layouts to the byte:
// [time.Parse] lets an hour of one digit and a fraction pass. The layouts have
// different lengths.
func Layout(layouts ...string) func(string) (time.Time, error) {
	return func(text string) (time.Time, error) {
		for _, layout := range layouts {
			if len(text) == len(layout) {
				return time.Parse(layout, text)
			}
		}
		return time.Time{}, strconv.ErrSyntax
	}
}

// RFC3339 reads a time. It takes T and Z in either case (RFC 3339, section 5.6)
// and refuses what [time.Parse] takes against that section: an hour of one digit,
// a comma before the fraction, and an offset of a day or more or with more than
// 59 minutes.
func RFC3339(text string) (time.Time, error) {
	if len(text) < len("2006-01-02T15:04:05Z") || text[len("2006-01-02T15")] != ':' || strings.Contains(text, ",") {
		return time.Time{}, strconv.ErrSyntax
	}
	if text[len("2006-01-02")] == 't' || text[len(text)-1] == 'z' {
		text = strings.ToUpper(text)
	}
	t, err := time.Parse(time.RFC3339, text)
	if offset := text[len(text)-len("07:00"):]; err == nil && text[len(text)-1] != 'Z' && (offset[:2] > "23" || offset[3:] > "59") {
		err = strconv.ErrRange
	}
	return t, err
}
