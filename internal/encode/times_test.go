package encode_test

import (
	"bytes"
	v1 "encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/encode"
)

type (
	// EmbeddedDay is exported so that JSON can set an embedded pointer to it.
	EmbeddedDay struct {
		Day time.Time `json:"day" format:"date"`
	}
	// forms has times in every place that a form reaches, and is written by its
	// plan.
	forms struct {
		EmbeddedDay

		Clock  time.Time               `json:"clock" format:"time"`
		Local  *time.Time              `json:"local" format:"date-time-local"`
		HTTP   []time.Time             `json:"http" format:"http"`
		Unix   map[string]*time.Time   `json:"unix" format:"unix"`
		Pair   [2]time.Time            `json:"pair" format:"date"`
		Plain  time.Time               `json:"plain" format:"date-time"`
		Keys   map[time.Time]time.Time `json:"a/b~" format:"date"`
		Inside struct {
			Day time.Time `json:"day"`
		} `json:"inside"`
		More []forms   `json:"more,omitempty"`
		Zero time.Time `json:"zero,omitzero" format:"date"`
	}
	// left is left to the engine, by its embedded pointer and its quoted number.
	left struct {
		*EmbeddedDay

		Quoted int                   `json:"quoted,string"`
		Due    bind.Opt[time.Time]   `json:"due,omitzero" format:"date"`
		Dues   []bind.Opt[time.Time] `json:"dues,omitempty" format:"unix"`
		Inner  bind.Opt[EmbeddedDay] `json:"inner,omitzero"`
		Self   writesItself          `json:"self"`
		Shape  map[string]time.Time  `json:",embed" format:"date"`
	}
	// holder has an interface beside no time.
	holder struct {
		Any   any              `json:"any"`
		Named interface{ M() } `json:"named,omitempty"`
		List  []any            `json:"list,omitempty"`
	}
	writesItself struct{ EmbeddedDay }
	// onlyReads and onlyWrites have their form in one direction.
	onlyReads  struct{ EmbeddedDay }
	onlyWrites struct{ EmbeddedDay }
)

func (EmbeddedDay) M() {}

func (writesItself) MarshalJSON() ([]byte, error) { return []byte(`"itself"`), nil }

func (r *onlyReads) UnmarshalJSON([]byte) error {
	r.Day = stamp
	return nil
}

func (onlyWrites) MarshalJSON() ([]byte, error) { return []byte(`"written"`), nil }

func (*writesItself) UnmarshalJSON([]byte) error { return nil }

var stamp = time.Date(2026, time.January, 2, 15, 4, 5, 0, time.UTC)

const formsText = `{"day":"2026-01-02","clock":"15:04:05","local":"2026-01-02T15:04:05","http":["Fri, 02 Jan 2026 15:04:05 GMT"],"unix":{"a":1767366245,"b":null},` +
	`"pair":["2026-01-02","0001-01-01"],"plain":"2026-01-02T15:04:05Z","a/b~":{"2026-01-02T15:04:05Z":"2026-01-02"},"inside":{"day":"2026-01-02T15:04:05Z"}}`

func newForms() forms {
	f := forms{
		EmbeddedDay: EmbeddedDay{stamp}, Clock: stamp, Local: &stamp, HTTP: []time.Time{stamp}, Unix: map[string]*time.Time{"a": &stamp, "b": nil},
		Pair: [2]time.Time{stamp}, Plain: stamp, Keys: map[time.Time]time.Time{stamp: stamp},
	}
	f.Inside.Day = stamp
	return f
}

// The form of a time does not depend on who writes it: the plan, the engine or
// what finds a type behind an interface.
func TestCodec_timeForms(t *testing.T) {
	t.Parallel()
	f, day := newForms(), EmbeddedDay{stamp}
	nested := newForms()
	nested.More = []forms{newForms()}
	const dayText = `{"day":"2026-01-02"}`
	for _, tc := range []struct {
		name string
		v    any // a pointer
		want string
	}{
		{"plan", &f, formsText},
		{"recursive", &nested, strings.TrimSuffix(formsText, "}") + `,"more":[` + formsText + `]}`},
		{
			"engine", &left{EmbeddedDay: &day, Quoted: 5, Due: bind.Some(stamp), Dues: []bind.Opt[time.Time]{bind.Some(stamp), bind.Null[time.Time]()}, Inner: bind.Some(day), Shape: map[string]time.Time{"x": stamp}},
			`{"day":"2026-01-02","quoted":"5","due":"2026-01-02","dues":[1767366245,null],"inner":{"day":"2026-01-02"},"self":"itself","x":"2026-01-02"}`,
		},
		{"interface", &holder{Any: f}, `{"any":` + formsText + `}`},
		{"pointer in an interface", &holder{Any: &day, Named: day, List: []any{1, day, []EmbeddedDay{day}}}, `{"any":` + dayText + `,"named":` + dayText + `,"list":[1,` + dayText + `,[` + dayText + `]]}`},
		{"map of any", &map[string]any{"a": map[string]any{"b": []any{"x", day}}}, `{"a":{"b":["x",` + dayText + `]}}`},
		{"map of any without times", &map[string]any{"a": []any{1.5, stamp, nil}}, `{"a":[1.5,"2026-01-02T15:04:05Z",null]}`},
		{"map of odd keys", &map[int]any{1: day}, `{"1":` + dayText + `}`},
		{"Opt", new(bind.Some(day)), dayText},
		{"Opt of any", new(bind.Some(any(day))), dayText},
		{"time", &stamp, `"2026-01-02T15:04:05Z"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			typ := reflect.TypeOf(tc.v).Elem()
			for name, codec := range map[string]encode.Codec{"static": encode.For(typ), "dynamic": encode.Dynamic()} {
				var buf bytes.Buffer
				require.NoError(t, codec.Encode(&buf, tc.v), name)
				require.Equal(t, tc.want, buf.String(), name)
				if typ.Kind() == reflect.Map || typ == reflect.TypeFor[holder]() || typ == reflect.TypeFor[bind.Opt[any]]() {
					continue // an interface reads no times
				}
				back := reflect.New(typ)
				require.NoError(t, codec.Decode(buf.Bytes(), back.Interface()), name)
				var again bytes.Buffer
				require.NoError(t, codec.Encode(&again, back.Interface()), name)
				assert.Equal(t, tc.want, again.String(), name)
			}
		})
	}
}

func TestCodec_timeForms_refused(t *testing.T) {
	t.Parallel()
	codec := encode.For(reflect.TypeFor[forms]())
	for _, text := range []string{
		`{"day":"2026-01-02T15:04:05Z"}`, `{"day":1}`, `{"unix":{"a":"1"}}`, `{"unix":{"a":1.5}}`, `{"clock":"24:00"}`, `{"more":[{"day":"x"}]}`, `{"plain":"2026-01-02"}`, `{"day":"\ud800"}`,
	} {
		require.Error(t, codec.Decode([]byte(text), new(forms)), text)
	}
	require.NoError(t, codec.Decode([]byte(`{"day":null,"clock":"15:04","local":"2026-01-02T15:04"}`), new(forms)))
	var buf bytes.Buffer
	buf.WriteString("before")
	for _, wrong := range []any{&forms{EmbeddedDay: EmbeddedDay{stamp.AddDate(10_000, 0, 0)}}, &holder{Any: EmbeddedDay{stamp.AddDate(10_000, 0, 0)}}} {
		require.ErrorContains(t, encode.For(reflect.TypeOf(wrong).Elem()).Encode(&buf, wrong), "four digits")
		assert.Equal(t, "before", buf.String())
	}
	loop := map[string]any{}
	loop["loop"] = loop
	require.ErrorContains(t, encode.Dynamic().Encode(&buf, &loop), "cycle")
}

// A plan of types with forms writes what the engine writes, at any place and time.
func TestPlan_timeForms_likeEngine(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		v := newForms()
		v.Day = time.Unix(r.Int64N(1<<37)-1<<36, r.Int64N(1e9)).In(time.FixedZone("", r.IntN(200_000)-100_000))
		v.Clock, v.HTTP[0], v.Unix["a"] = v.Day, v.Day, &v.Day
		v.More = []forms{v}
		likeEngine(t, &v)
	}
}

// A type with a method for one direction has the forms of its fields in the other.
func TestCodec_timeForms_oneMethod(t *testing.T) {
	t.Parallel()
	reads, writes := encode.For(reflect.TypeFor[onlyReads]()), encode.For(reflect.TypeFor[onlyWrites]())
	var buf bytes.Buffer
	require.NoError(t, reads.Encode(&buf, &onlyReads{EmbeddedDay{stamp}}))
	assert.JSONEq(t, `{"day":"2026-01-02"}`, buf.String())
	var r onlyReads
	require.NoError(t, reads.Decode([]byte(`1`), &r))
	assert.Equal(t, stamp, r.Day)
	buf.Reset()
	require.NoError(t, writes.Encode(&buf, &onlyWrites{}))
	assert.Equal(t, `"written"`, buf.String())
	w := onlyWrites{EmbeddedDay{stamp}}
	require.NoError(t, writes.Decode([]byte(`{"day":"2026-01-03"}`), &w))
	assert.Equal(t, 3, w.Day.Day())
	require.NoError(t, writes.Decode([]byte(`{"day":null}`), &w))
	assert.Zero(t, w.Day)
}

// encoding/json knows no forms: what it writes of an Opt is written by the engine.
func TestOpt_timeForms_encodingJSON(t *testing.T) {
	t.Parallel()
	o := bind.Some(EmbeddedDay{stamp})
	text, err := v1.Marshal(o)
	require.NoError(t, err)
	var back bind.Opt[EmbeddedDay]
	require.NoError(t, v1.Unmarshal(text, &back))
	got, _ := back.Get()
	assert.Equal(t, "2026-01-02", got.Day.Format(time.DateOnly))
}
