package bind_test

import (
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
)

// refuses wants For[T] to panic with all of the faults, and with no other.
func refuses[T any](faults ...string) func(t *testing.T) {
	return func(t *testing.T) {
		t.Helper()
		defer func() {
			text, _ := recover().(string)
			assert.NotEmpty(t, text, "For must panic")
			for _, fault := range faults {
				assert.Contains(t, text, fault)
			}
			assert.Len(t, linesOf(text), len(faults)+1, "%s", text)
		}()
		bind.For[T]()
	}
}

func linesOf(text string) []string {
	var lines []string
	start := 0
	for i := range text {
		if text[i] == '\n' {
			lines, start = append(lines, text[start:i]), i+1
		}
	}
	return append(lines, text[start:])
}

func (m *month) UnmarshalText(text []byte) (err error) {
	m.Time, err = time.Parse("2006-01", string(text))
	return err
}

type (
	loop     *loop
	private  struct{ ID int }
	unmapped struct {
		M map[bool]int
	}
	// Times by the methods of an embedded one.
	embeddedDay    struct{ time.Time }
	embeddedDayPtr struct{ *time.Time }
	week           struct{ embeddedDay }
	// A time with a text of its own, which JSON does not ask for.
	month   struct{ time.Time }
	Inlined struct {
		I int `json:"i"`
	}
)

func TestJSONFaults(t *testing.T) {
	tests := map[string]func(t *testing.T){
		"kinds that JSON has no value for": refuses[struct {
			A chan int
			B []func()
			C map[string]complex64
			D struct{ E io.Reader }
		}]("\n\tstruct.A has type chan int", ".B has type func()", ".C has type complex64", ".D.E has type io.Reader"),
		"constraints on the wrong kind": refuses[struct {
			A string          `minimum:"1"`
			B int             `maxLength:"1"`
			C []int           `pattern:"x"`
			D map[string]int  `maxItems:"1"`
			E *bool           `minItems:"1"`
			F []byte          `maxItems:"1"`
			G struct{ H int } `enum:"a"`
			I any             `minimum:"1"`
			J time.Time       `minimum:"1"`
		}](`.A has minimum:"1"`, `.B has maxLength:"1"`, `.C has pattern:"x"`, `.D has maxItems:"1"`, `.E has minItems:"1"`, `.F has maxItems:"1"`, `.G has enum:"a"`, `.I has minimum:"1"`, `.J has minimum:"1"`),
		"bad constraints": refuses[struct {
			A int      `minimum:"x"`
			B []string `maxItems:"-1"`
			C string   `pattern:"("`
			D uint8    `maximum:"300"`
		}](".A has minimum", ".B has maxItems", ".C has pattern", ".D has maximum"),
		"bad defaults": refuses[struct {
			A int             `default:"x"`
			B int             `default:"1" minimum:"2"`
			C []string        `default:"a,b" maxItems:"1"`
			D map[string]int  `default:"x"`
			E struct{ F int } `default:"x"`
			G any             `default:"x"`
		}](`.A has default:"x"`, `.B has default:"1"`, `.C has default:"a,b"`, `.D has default:"x"`, `.E has default:"x"`, `.G has default:"x"`),
		"formats of a time": refuses[struct {
			A time.Time   `format:"2006"`
			B []time.Time `format:"date-time"`
			C *time.Time  `format:"date"`
			D level       `maxLength:"x"`
			E string      `format:"zip"`
			F bool        `format:"byte"`
			G []byte      `format:"binary"`
			H []byte      `format:"byte"`
		}](`.A has format:"2006": use one of the formats of a time: date-time, date, time, date-time-local, http, unix`, `.D has maxLength:"x"`, `.E has format:"zip": is not a known format`,
			`.F has format:"byte"`, `.G has format:"binary"`),
		"two fields with one name": refuses[struct {
			A int `json:"B"`
			B int
		}]("conflict"),
	}
	for name, test := range tests {
		t.Run(name, test)
	}
}

func TestJSONFaults_tags(t *testing.T) {
	tests := map[string]func(t *testing.T){
		"what the engine refuses": refuses[struct {
			A struct {
				B int `json:"b,omitEmpty"` //nolint:staticcheck // the fault under test
			}
			C struct {
				D int `json:"d,omitzero,omitzero"` //nolint:staticcheck // the fault under test
			}
			E struct {
				F time.Time `json:",format:unix"`
			}
		}](".A cannot be JSON", ".C cannot be JSON", ".E cannot be JSON"),
		"the option string": refuses[struct {
			A bool      `json:",string"`
			B string    `json:",string"`
			C []int     `json:",string"` //nolint:staticcheck // the fault under test
			D time.Time `json:",string"` //nolint:staticcheck // the fault under test
			E struct{}  `json:",string"` //nolint:staticcheck // the fault under test
			F any       `json:",string"` //nolint:staticcheck // the fault under test
			G int       `json:",string"`
		}](".A has the json option string", ".B has", ".C has", ".D has", ".E has", ".F has"),
		"names without case": refuses[struct {
			A int `json:",case:ignore"`
			B int `json:",case:strict"`
		}](".A has the json option case:ignore"),
		"options that nothing reads": refuses[struct {
			A string         `json:"a,optional"`           //nolint:staticcheck // the fault under test
			B string         `json:"b,omitemtpy"`          //nolint:staticcheck // the fault under test
			C string         `json:"c,omitempty,required"` //nolint:staticcheck // the fault under test
			D map[string]any `json:",inline"`              //nolint:staticcheck // the fault under test
			E map[string]any `json:",unknown"`
			F struct {
				G int `json:",nonzero"` //nolint:staticcheck // the fault under test
			} `json:"f,inline"`
			Inlined `json:",squash"` //nolint:staticcheck // the fault under test
		}](
			`.A has the json option "optional", which nothing reads: write omitempty or omitzero`,
			`.B has the json option "omitemtpy", which nothing reads: the options are omitempty, omitzero, string, embed and case:strict`,
			`.C has the json option "required", which nothing reads: remove it, because a value is required`,
			`.D has the json option "inline", which nothing reads: write embed`,
			`.E has the json option "unknown", which nothing reads: write embed`,
			`.F has the json option "inline", which nothing reads: write embed`,
			`.F.G has the json option "nonzero", which nothing reads`,
			`.Inlined has the json option "squash", which nothing reads`,
		),
		"options of a form by JSON names": refuses[struct {
			Body struct {
				A string `json:"a,optional"` //nolint:staticcheck // the fault under test
			} `body:"form"`
		}](`.Body.A has the json option "optional", which nothing reads: write omitempty or omitzero`),
		"keys":                            refuses[unmapped](".M has keys of type bool"),
		"a pointer to nothing but itself": refuses[struct{ L loop }](".L has type bind_test.loop"),
		"an embedded pointer that JSON cannot set": refuses[struct {
			*private

			A int
		}](".private is an embedded pointer"),
		"even under a name": refuses[struct {
			*private `json:"private"`

			A int
		}](".private is an embedded pointer"),
	}
	for name, test := range tests {
		t.Run(name, test)
	}
}

func TestJSONFaults_timeFormats(t *testing.T) {
	tests := map[string]func(t *testing.T){
		"formats of an embedded time": refuses[struct {
			A embeddedDay       `json:"a" format:"date"`
			B []*embeddedDayPtr `json:"b" format:"time"`
			C map[string]week   `json:"c" format:"unix"`
			D embeddedDay       `json:"d" format:"date-time"`
			E month             `json:"e" format:"month"`
		}](
			`.A has format:"date": bind_test.embeddedDay reads only RFC 3339, by the UnmarshalJSON of its embedded time.Time: use a time.Time, or declare UnmarshalJSON on bind_test.embeddedDay`,
			`.B has format:"time": bind_test.embeddedDayPtr reads`, `.C has format:"unix": bind_test.week reads`,
			`.E has format:"month": bind_test.month reads only RFC 3339, by the UnmarshalJSON`,
		),
		"formats of an embedded time in text": refuses[struct {
			A embeddedDay  `query:"a" format:"date"`
			B []week       `header:"b" format:"http"`
			C month        `query:"c" format:"month"`
			D *embeddedDay `query:"d" format:"date-time"`
		}](
			`.A has format:"date": bind_test.embeddedDay reads only RFC 3339, by the UnmarshalText of its embedded time.Time: use a time.Time, or declare UnmarshalText on bind_test.embeddedDay`,
			`.B has format:"http": bind_test.week reads`,
		),
	}
	for name, test := range tests {
		t.Run(name, test)
	}
}

// Options which ask for what is the rule anyway are no faults.
func TestJSONOptions_idle(t *testing.T) {
	type in struct {
		A       int `json:"a,case:strict"`
		Inlined `json:",inline"`
	}
	assert.Empty(t, bodyErrors[in](t, `{"a":1,"i":2}`))
}
