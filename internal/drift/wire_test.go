package drift_test

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
)

// paramsIn has parameters of every type, place and style.
type paramsIn struct {
	ID       int8                     `minimum:"1"              path:"id"`
	Slug     string                   `maxLength:"4"            path:"slug"`
	Text     string                   `query:"text"`
	Short    *string                  `maxLength:"3"            minLength:"2"          query:"short"`
	Pattern  *string                  `pattern:"^[a-c]+$"       query:"pattern"`
	Choice   string                   `default:"red"            enum:"red,green"       query:"choice"`
	Mail     *string                  `format:"email"           query:"mail"`
	Int      int                      `query:"int"`
	Int8     *int8                    `query:"int8"`
	Uint32   *uint32                  `query:"uint32"`
	Uint64   *uint64                  `query:"uint64"`
	Limited  *int                     `maximum:"7"              minimum:"1"            query:"limited"`
	Above    *int                     `exclusiveMinimum:"5"     query:"above"`
	Multiple *int                     `multipleOf:"4"           query:"multiple"`
	Number   float64                  `maximum:"2"              query:"number,optional"`
	Float    *float32                 `query:"float"`
	Bool     *bool                    `query:"bool"`
	Opt      bind.Opt[int]            `query:"opt"`
	Time     *time.Time               `query:"time"`
	Date     *time.Time               `format:"date"            query:"date"`
	Clock    *time.Time               `format:"time"            query:"clock"`
	Unix     *time.Time               `format:"unix"            query:"unix"`
	Wait     *time.Duration           `query:"wait"`
	List     []int                    `maxItems:"2"             query:"list"           uniqueItems:"true"`
	Least    []int8                   `minItems:"2"             query:"least"`
	Names    []string                 `minLength:"2"            query:"names"`
	Days     []time.Time              `format:"date"            query:"days"`
	Pointers []*uint8                 `default:"1,2"            query:"pointers"`
	Commas   []int                    `maxItems:"3"             query:"commas,csv"     uniqueItems:"true"`
	Colors   *[]string                `enum:"red,green"         minItems:"1"           query:"colors,csv"`
	Ratios   []float64                `minimum:"0"              query:"ratios,csv"`
	Counts   map[string]int8          `query:"counts,deep"`
	Labels   map[string]string        `maxLength:"3"            query:"labels,deep"`
	Switches map[string]bind.Opt[int] `minimum:"1"              query:"switches,deep"`
	Filter   filterIn                 `query:"filter,deep"`
	Sort     sortIn                   `query:"sort,deep"`
	Header   *int                     `header:"X-Number"`
	When     time.Time                `format:"date"            header:"X-When"`
	Tokens   []string                 `header:"X-Tokens"        maxItems:"3"           pattern:"^[a-z]+$"`
	Sizes    []uint16                 `header:"X-Sizes"         minItems:"1"`
	Cookie   string                   `cookie:"choice"          enum:"red,green"`
	Visits   *uint16                  `cookie:"visits"          maximum:"300"`
	Seen     []int                    `cookie:"seen"            uniqueItems:"true"`
}

type filterIn struct {
	Word  string     `minLength:"2"   query:"word"`
	Limit int        `default:"5"     maximum:"7" query:"limit"`
	Since *time.Time `format:"date"   query:"since"`
	IDs   []int      `maxItems:"2"    query:"ids"`
}

type sortIn struct {
	By   string `enum:"red,green" query:"by,optional"`
	Down bool   `query:"down,optional"`
}

// deepIn has the parameters of which a document can say that there are no more.
type deepIn struct {
	Filter filterIn        `query:"filter,deep"`
	Sort   sortIn          `query:"sort,deep"`
	Counts map[string]int8 `query:"counts,deep"`
}

// formIn is a form in either encoding.
type formIn struct {
	Title  string         `form:"title"           maxLength:"4"`
	Note   string         `form:"note,optional"   pattern:"^[a-c]*$"`
	Count  int16          `form:"count"           maximum:"300"`
	Ratio  *float64       `exclusiveMinimum:"0"   form:"ratio"`
	Agreed bool           `form:"agreed,optional"`
	Day    bind.Opt[date] `form:"day" maxLength:"3"`
	At     *time.Time     `form:"at"`
	Wait   time.Duration  `default:"5s"           form:"wait"`
	Level  string         `default:"red"          enum:"red,green"    form:"level"`
	Tags   []string       `form:"tags"            maxItems:"2"        minLength:"2"   uniqueItems:"true"`
	Needed []int8         `form:"needed"          minItems:"1"`
	Commas []uint         `form:"commas,csv"      multipleOf:"2"`
	Words  *[]string      `enum:"red,green,a"     form:"words,csv"    minItems:"2"`
	Link   *url.URL       `form:"link"`
}

type date string

// jsonNamedIn is read from JSON and from forms by the same names.
type jsonNamedIn struct {
	Title string    `json:"title"           minLength:"2"`
	Count int       `default:"5"            json:"count"    minimum:"1"`
	Tags  []string  `json:"tags,omitempty"  maxItems:"2"`
	Day   *string   `format:"date"          json:"day"`
	At    time.Time `json:"at,omitzero"`
}

type eitherIn struct {
	Body jsonNamedIn `body:"json,form"`
}

type uploadIn struct {
	Title string              `form:"title,optional" maxLength:"3"`
	Photo bind.File           `contentMediaType:"image/png,image/jpeg" form:"photo" maxSize:"5"`
	More  []bind.File         `form:"more"                             maxItems:"2" maxSize:"3"`
	Needs []bind.File         `form:"needs"                            minItems:"1"`
	Any   bind.Opt[bind.File] `contentMediaType:"image/*"              form:"any"`
}

// A wire is a route with requests of it that are accepted, as pairs of names and
// texts for each place.
type wire struct {
	name  string
	route tenon.Route
	media string // of the body; without one there are only parameters
	seed  []pair
	reads map[string]bool // see field
}

func taking[In any](name, media string, seeds map[string]string, opts ...tenon.Option) wire {
	opts = append(opts, tenon.Named(name))
	take := func(context.Context, In) (tenon.None, error) { return tenon.None{}, nil }
	pattern := "/wire"
	if seeds["path"] != "" {
		pattern = "/wire/{id}/{slug}"
	}
	reads := map[string]bool{}
	for _, name := range []string{"time", "date", "clock", "wait", "days", "at", "link", "X-When", "filter[since]"} {
		reads[name] = true
	}
	return wire{name, tenon.Post(pattern, take, opts...), media, parsePairs(seeds), reads}
}

func wires() []wire {
	const urlencoded, multipart = "application/x-www-form-urlencoded", "multipart/form-data"
	params := map[string]string{
		"path": "id=5&slug=ab",
		"query": "text=a&short=ab&pattern=abc&choice=green&mail=x@example.com&int=-5&int8=7&uint32=4294967295&uint64=9&limited=5&above=6&multiple=4&number=1.5&float=2.5" +
			"&bool=true&opt=5&time=2026-01-02T15:04:05Z&date=2026-01-02&clock=15:04:05&unix=300&wait=5s&list=1&list=2&least=1&least=1&names=ab&names=abc&days=2026-01-02" +
			"&pointers=7&commas=1,2&colors=red,green&ratios=1.5,2&counts[a]=5&counts[b]=-1&labels[a]=ab&switches[a]=7&filter[word]=ab&filter[since]=2026-01-02&filter[ids]=4&filter[ids]=5" +
			"&sort[by]=red&sort[down]=true",
		"header": "X-Number=5&X-When=2026-01-02&X-Tokens=ab&X-Tokens=abc&X-Sizes=7",
		"cookie": "choice=red&visits=5&seen=1&seen=4",
	}
	deep := map[string]string{"query": "counts[a]=5&filter[word]=ab&filter[since]=2026-01-02&filter[ids]=4&sort[by]=red"}
	form := map[string]string{"form": "title=ab&note=abc&count=5&ratio=1.5&agreed=true&day=a&at=2026-01-02T15:04:05Z&wait=5s&level=red&tags=ab&tags=abc&needed=1&needed=1&commas=4,6&words=red,a&link=/x"}
	named := map[string]string{"form": "title=ab&count=5&tags=a&tags=&day=2026-01-02&at=2026-01-02T15:04:05Z"}
	files := map[string]string{"form": "title=ab&photo=abcd&more=ab&more=abc&needs=a&any=a"}
	strict := bind.Strict()
	return []wire{
		taking[paramsIn]("params", "", params), taking[deepIn]("strict-deep", "", deep, strict),
		taking[formIn]("urlencoded", urlencoded, form), taking[formIn]("multipart", multipart, form),
		taking[formIn]("strict-urlencoded", urlencoded, form, strict), taking[formIn]("strict-multipart", multipart, form, strict),
		taking[eitherIn]("either", urlencoded, named), taking[uploadIn]("upload", multipart, files),
	}
}

// texts are what some parameter takes and others refuse. Numbers are those of
// JSON, of which a document speaks, and integers are written in digits.
func texts() []string {
	return []string{
		"", "a", "ab", "abc", "abcd", "aé漢", "é", "a b", "a,b", "red", "green", "x@example.com", "x@", "true", "false", "null", "{}", "&=+%", "%zz", "/x",
		"0", "-0", "1", "2", "4", "5", "6", "7", "8", "-1", "-5", "-128", "-129", "127", "128", "255", "256", "300", "301", "1.5", "2.5", "-1.5", "1e39", "1e400", "-1e400",
		"4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
		"2026-01-02T15:04:05Z", "2026-01-02T15:04:05.5+02:00", "2026-13-02T15:04:05Z", "2026-01-02", "2026-02-30", "15:04:05", "25:00:00", "15:04",
		"2251799813685249", "9007199254740991", "2251799813685247.5", "20000000000000.004", "4194305", "1e308", "0.07", "1.15", "0.075", "1e2", "12345", "123456",
		"2026-01-02t15:04:05z", "2026-01-02T15:04", "2026-01-02T15:04:05", "15:04:05Z", "joe@invalid=domain.com", "on", "off", "AB", "ABCD",
		"(555)", "555", "a_1", "2026-", "xa{", "aaa", "]", "253402300799", "253402300800", "-62167219200", "-62167219201", "1h30m", "5s", "-1.5h", "h", "1d", "+.5ms",
	}
}

// A wireSchema is as much of a schema as tells what texts stand for.
type wireSchema struct {
	Type                 string                 `json:"type"`
	Format               string                 `json:"format"`
	Items                *wireSchema            `json:"items"`
	Properties           map[string]*wireSchema `json:"properties"`
	AdditionalProperties json.RawMessage        `json:"additionalProperties"`
	Required             []string               `json:"required"`
	Default              json.RawMessage        `json:"default"`
}
