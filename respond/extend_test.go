package respond_test

import (
	"fmt"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/respond"
)

type (
	// credit is a problem with members of its own.
	credit struct {
		respond.Problem

		Balance  int            `json:"balance"`
		Accounts []string       `json:"accounts"`
		Limit    *int           `json:"limit"`
		Note     string         `json:"note,omitempty"`
		Since    time.Time      `json:"since,omitzero"`
		ID       int64          `json:"serial,string"`
		Secret   string         `json:"-"`
		Nested   map[string]int `json:"nested,omitempty"`
		Due      *time.Time     `json:"due,omitempty" format:"date"`
		Untagged bool
		hidden   int
	}
	audit struct {
		Actor string `json:"actor"`
		Title string // Problem has a field of the name
	}
	layered struct {
		*credit
		*audit

		Rest map[string]any `json:",embed"`
	}
	// inaccessible has embedded members that only this package can read.
	inaccessible struct {
		*respond.Problem
		notes
		amount `json:"amount"`
		counts //nolint:unused // it must not be sent

		Fine int `json:"fine"`
	}
	notes   map[string]any
	amount  int
	counts  map[int]int //nolint:unused // see inaccessible
	unsound struct {
		*respond.Problem

		Ratio  float64 `json:"ratio"`
		Status int     `json:"status"`
		Fine   int     `json:"fine"`
	}
)

// The members of a type that embeds a problem are extensions, whether it is an
// error or a value.
func TestProblem_embedded(t *testing.T) {
	t.Parallel()
	conflict := respond.NewProblem(409, "d")
	full := credit{
		Problem: *conflict.With("zone", "eu").With("balance", "hidden by the member"), Balance: 30, Accounts: []string{"/1"}, Limit: new(int),
		Note: "n", Since: time.Unix(0, 0).UTC(), ID: 7, Secret: secret, Nested: map[string]int{"a": 1}, Due: new(time.Unix(0, 0).UTC()), Untagged: true, hidden: 1,
	}
	const head = `{"type":"about:blank","title":"Conflict","status":409,"detail":"d"`
	for _, tc := range []struct {
		name string
		err  error
		want string
	}{
		{"zero members", &credit{Problem: *conflict}, head + `,"Untagged":false,"accounts":[],"balance":0,"limit":null,"serial":"0"}`},
		{"every member", &full, head + `,"Untagged":true,"accounts":["/1"],"balance":30,"due":"1970-01-01","limit":0,"nested":{"a":1},"note":"n","serial":"7","since":"1970-01-01T00:00:00Z","zone":"eu"}`},
		{"wrapped", fmt.Errorf("out: %w", &credit{Problem: *conflict}), head + `,"Untagged":false,"accounts":[],"balance":0,"limit":null,"serial":"0"}`},
		{"in layers", layered{&credit{Problem: *conflict}, &audit{"me", "t"}, map[string]any{"more": 1}}, head + `,"Title":"t","Untagged":false,"accounts":[],"actor":"me","balance":0,"limit":null,"more":1,"serial":"0"}`},
		{"a nil layer", &layered{credit: &credit{Problem: *conflict}}, head + `,"Untagged":false,"accounts":[],"balance":0,"limit":null,"serial":"0"}`},
		{"what cannot be sent", unsound{conflict, math.NaN(), 200, 1}, head + `,"fine":1}`},
		{"members out of reach", &inaccessible{Problem: conflict, notes: notes{"note": 1}, amount: 2, Fine: 1}, head + `,"fine":1}`},
		{"unexported members", extends{conflict, 1}, head + `}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w, _ := record(t, func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, tc.err) })
			assert.Equal(t, 409, w.Code)
			assert.Equal(t, asProblem, w.Header().Get("Content-Type"))
			assert.Equal(t, tc.want, w.Body.String())
			text, err := respond.AsProblem(tc.err).MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, tc.want, string(text))
			w, _ = record(t, func(w http.ResponseWriter, r *http.Request) { _ = respond.Write(w, r, tc.err) })
			assert.Equal(t, tc.want, w.Body.String())
		})
	}
	assert.Equal(t, map[string]any{"zone": "eu", "balance": "hidden by the member"}, full.Extensions)
	for name, write := range map[string]http.HandlerFunc{
		"value":   func(w http.ResponseWriter, r *http.Request) { _ = respond.For[credit]().Write(w, r, full) },
		"pointer": func(w http.ResponseWriter, r *http.Request) { _ = respond.For[*credit]().Write(w, r, &full) },
		"wrapped": func(w http.ResponseWriter, r *http.Request) {
			_ = respond.For[respond.OK[credit]]().Write(w, r, respond.OK[credit]{Body: full})
		},
	} {
		w, _ := record(t, write)
		assert.Equal(t, 409, w.Code, name)
		assert.Contains(t, w.Body.String(), `,"balance":30,"due":"1970-01-01","limit":0,`, name)
	}
}

type broken struct {
	respond.Problem

	Done   chan int        `json:"done"`
	Code   int             `json:"status"`
	amount `json:"amount"` //nolint:unused // the fault is about it
}

// Members that no JSON can be are a fault where the type is known.
func TestFor_embeddedProblem(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "respond: For[respond_test.broken]: broken.Done has type chan int, which cannot be encoded as JSON: use another type, or write json:\"-\"\n"+
		`respond: For[respond_test.broken]: broken.Code has the JSON name "status", which is a member of every problem: give it another name`+"\n"+
		"respond: For[respond_test.broken]: broken.amount is of a type that is not exported, and cannot be sent: name the field", func() { respond.For[broken]() })
}

type ringOfOK *respond.OK[ringOfOK]

// A wrapper of nothing but itself is a fault, and no endless search.
func TestFor_wrapsItself(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "respond: For[respond_test.ringOfOK]: respond.OK[github.com/tenonkit/tenon/respond_test.ringOfOK] wraps only itself: wrap a value", func() {
		respond.For[ringOfOK]()
	})
	// One type twice is no ring.
	assert.NotPanics(t, func() { respond.For[respond.OK[respond.OK[respond.OK[int]]]]() })
}
