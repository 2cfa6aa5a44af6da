package bind_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

// A timetable has a time of each form.
type timetable struct {
	At    time.Time            `json:"at,omitzero"`
	Day   time.Time            `json:"day,omitzero" format:"date"`
	Clock *time.Time           `json:"clock,omitempty" format:"time"`
	Local bind.Opt[time.Time]  `json:"local,omitzero" format:"date-time-local"`
	HTTP  []time.Time          `json:"http,omitempty" format:"http"`
	Unix  map[string]time.Time `json:"unix,omitempty" format:"unix"`
	Since time.Time            `json:"since" format:"date" default:"2026-01-01"`
}

func TestJSONTime(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.January, 2, 15, 4, 5, 0, time.UTC)
	midnight, first := day(2026, time.January, 2), day(2026, time.January, 1)
	for _, tc := range []struct {
		body string
		want timetable
	}{
		{`{"at":"2026-01-02T15:04:05Z"}`, timetable{At: at}},
		{`{"at":"2026-01-02t15:04:05z"}`, timetable{At: at}},
		{`{"day":"2026-01-02"}`, timetable{Day: midnight}},
		{`{"clock":"15:04:05"}`, timetable{Clock: new(time.Date(0, 1, 1, 15, 4, 5, 0, time.UTC))}},
		{`{"clock":"15:04"}`, timetable{Clock: new(time.Date(0, 1, 1, 15, 4, 0, 0, time.UTC))}},
		{`{"clock":null,"local":null}`, timetable{Local: bind.Null[time.Time]()}},
		{`{"local":"2026-01-02T15:04:05"}`, timetable{Local: bind.Some(at)}},
		{`{"local":"2026-01-02T15:04"}`, timetable{Local: bind.Some(at.Add(-5 * time.Second))}},
		{`{"http":["Fri, 02 Jan 2026 15:04:05 GMT"]}`, timetable{HTTP: []time.Time{at}}},
		{`{"unix":{"a":1767366245,"b":0,"c":-1.0,"d":1e2}}`, timetable{Unix: map[string]time.Time{
			"a": at, "b": time.Unix(0, 0).UTC(), "c": time.Unix(-1, 0).UTC(), "d": time.Unix(100, 0).UTC(),
		}}},
		{`{"since":"2026-01-02"}`, timetable{Since: midnight}},
	} {
		if tc.want.Since.IsZero() {
			tc.want.Since = first
		}
		t.Run(tc.body, accepts(tc.body, tc.want))
		// What bind reads is what respond writes, which bind reads as the same.
		w := httptest.NewRecorder()
		require.NoError(t, respond.Write(w, httptest.NewRequest(http.MethodGet, "/", nil), tc.want))
		t.Run(w.Body.String(), accepts(w.Body.String(), tc.want))
	}
	for body, want := range map[string]string{
		`{"day":"2026-01-02T15:04:05Z"}`:         "#/day type: must be a date such as 2006-01-02",
		`{"day":20260102}`:                       "#/day type: must be a string",
		`{"day":null}`:                           "#/day null: must not be null",
		`{"clock":"3:04"}`:                       "#/clock type: must be a time such as 15:04:05",
		`{"local":"2026-01-02T15:04:05Z"}`:       "#/local type: must be a date and a time such as 2006-01-02T15:04:05",
		`{"http":["2026-01-02"]}`:                "#/http/0 type: must be an HTTP date such as Mon, 02 Jan 2006 15:04:05 GMT",
		`{"unix":{"a":"1767366245"}}`:            "#/unix/a type: must be a Unix time in seconds",
		`{"unix":{"a":1.5}}`:                     "#/unix/a type: must be a Unix time in seconds",
		`{"unix":{"a":253402300800}}`:            "#/unix/a type: must be a Unix time in seconds",
		`{"unix":{"a":1e30}}`:                    "#/unix/a type: must be a Unix time in seconds",
		`{"unix":{"a":-9223372036854775808}}`:    "#/unix/a type: must be a Unix time in seconds",
		`{"unix":{"a":null}}`:                    "#/unix/a null: must not be null",
		`{"at":"2026-01-02T15:04:05Z trailing"}`: "#/at type: must be a time in RFC 3339 form such as 2006-01-02T15:04:05Z",
	} {
		assert.Equal(t, []string{want}, bodyErrors[timetable](t, body), body)
	}
}

// A number in a string is read as an integer or a float is.
func TestJSONQuoted(t *testing.T) {
	t.Parallel()
	type in struct {
		N int8    `json:"n,string,omitzero"`
		U uint16  `json:"u,string,omitzero"`
		F float32 `json:"f,string,omitzero"`
	}
	for body, want := range map[string]in{
		`{"n":"1e2"}`: {N: 100}, `{"n":"1.0"}`: {N: 1}, `{"n":"-0"}`: {}, `{"n":"10e-1"}`: {N: 1}, `{"n":"-12"}`: {N: -12},
		`{"u":"-0"}`: {}, `{"u":"6.5e4"}`: {U: 65000}, `{"f":"1e2"}`: {F: 100},
	} {
		t.Run(body, accepts(body, want))
	}
	const notInteger = "must be a string that holds an integer"
	for body, want := range map[string]string{
		`{"n":"1.5"}`: "#/n type: " + notInteger, `{"n":"1e-1"}`: "#/n type: " + notInteger, `{"n":" 1"}`: "#/n type: " + notInteger, `{"n":"+1"}`: "#/n type: " + notInteger,
		`{"n":"01"}`: "#/n type: " + notInteger, `{"n":""}`: "#/n type: " + notInteger, `{"n":1}`: "#/n type: " + notInteger, `{"n":"0x1"}`: "#/n type: " + notInteger,
		`{"n":"128"}`: "#/n range: must be between -128 and 127", `{"u":"-1"}`: "#/u range: must be between 0 and 65535", `{"u":"1e5"}`: "#/u range: must be between 0 and 65535",
	} {
		assert.Equal(t, []string{want}, bodyErrors[in](t, body), body)
	}
}
