package respond_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// hiddenText is what no answer may have.
const hiddenText = "hunter2-3f9a"

// A user has a member that no answer has, whatever is around it.
type user struct {
	XMLName  xml.Name `json:"-" xml:"user"`
	Name     string   `json:"name" xml:"name"`
	Password string   `json:"password" xml:"password" writeOnly:"true"`
}

type keys struct {
	Token string `json:"token"`
	Note  string `json:"note,omitempty"`
}

// A vault has one in every place that the fast path leaves to the engine too.
type vault struct {
	XMLName xml.Name `json:"-" xml:"vault"`
	keys    `writeOnly:"true"`
	*Owner

	ID     int64            `json:"id,string"`
	User   user             `json:"user"`
	Users  []user           `json:"users"`
	Byname map[string]*user `json:"byName" xml:"-"`
	Any    any              `json:"any" xml:"any"`
	Opt    bind.Opt[user]   `json:"opt"`
	Pair   [2]user          `json:"pair"`
}

type Owner struct {
	Owner string `json:"owner"`
	Pin   string `json:"pin" writeOnly:"true"`
}

func ann() user { return user{Name: "ann", Password: hiddenText} }

func fullVault() vault {
	one := ann()
	return vault{
		keys: keys{Token: hiddenText}, Owner: &Owner{"bea", hiddenText}, ID: 7, User: one, Users: []user{one},
		Byname: map[string]*user{"a": &one}, Any: one, Opt: bind.Some(one), Pair: [2]user{one, one},
	}
}

const vaultText = `{"owner":"bea","id":"7","user":{"name":"ann"},"users":[{"name":"ann"}],"byName":{"a":{"name":"ann"}},` +
	`"any":{"name":"ann"},"opt":{"name":"ann"},"pair":[{"name":"ann"},{"name":"ann"}]}`

type extended struct {
	respond.Problem

	Account user   `json:"account"`
	Reset   string `json:"reset" writeOnly:"true"`
}

type hiddenOutcome struct {
	respond.OneOf

	User  *user
	Vault *respond.Created[vault]
	Any   any
}

// plainJSON is a user's format that knows nothing of directions.
func plainJSON() respond.Format {
	return respond.Format{Type: "application/vnd.plain", Encode: func(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) }}
}

// asking returns a request that accepts a media type.
func asking(accept string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept", accept)
	return r
}

func each[T any](all ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func TestWriteOnly_noAnswerHasIt(t *testing.T) {
	t.Parallel()
	kind := respond.ProblemType[keyed]{URI: "https://example.com/k", Title: "Keyed", Status: 409}
	one := ann()
	values := map[string]any{
		"struct": one, "pointer": &one, "list": []user{one}, "map": map[string]user{"a": one}, "nested": []any{map[string]any{"u": &one}},
		"vault": fullVault(), "created": respond.Created[vault]{Body: fullVault()}, "response": respond.Status[any](202, fullVault()),
		"one of": hiddenOutcome{User: &one}, "one of a wrapper": hiddenOutcome{Vault: &respond.Created[vault]{Body: fullVault()}},
		"one of any": hiddenOutcome{Any: fullVault()},
		"extension":  respond.NewProblem(409, "x").With("user", one).With("vault", fullVault()),
		"extended":   &extended{Problem: *respond.NewProblem(409, "x"), Account: one, Reset: hiddenText},
		"kind":       kind.New("x", keyed{Key: hiddenText, User: one}),
		"ndjson":     stream.NDJSON[vault]{Seq: each(fullVault())}, "array": stream.Array[user]{Seq: each(one)},
		"auto": stream.Auto[*user]{Seq: each(&one)}, "sse": stream.SSE[user]{Seq: each(one)},
		"sse of any": stream.SSE[any]{Seq: each[any](one)}, "event": stream.SSE[stream.Event]{Seq: each(stream.Event{Value: fullVault()})},
	}
	formats := map[string][]respond.Option{
		"json": nil, "xml": {respond.Formats(respond.XML())}, "own": {respond.Formats(plainJSON())},
	}
	accepted := map[string]string{"json": "application/json", "xml": "application/xml", "own": plainJSON().Type}
	for name, v := range values {
		for format, opts := range formats {
			rs := respond.New(opts...)
			h := rs.Func(func(*http.Request) (any, error) { return v, nil })
			if err, ok := v.(error); ok {
				h = rs.Func(func(*http.Request) (any, error) { return nil, err })
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, asking(accepted[format]))
			assert.NotContains(t, rec.Body.String(), hiddenText, "%s in %s", name, format)
			if rec.Code == http.StatusInternalServerError {
				assert.Equal(t, "xml", format, "%s: %s", name, rec.Body) // which has no maps
				continue
			}
			assert.Contains(t, rec.Body.String(), marks(name), "%s in %s", name, format)
		}
	}
}

// marks returns what an answer has beside the secret.
func marks(name string) string {
	if name == "kind" {
		return "https://example.com/k"
	}
	return "ann"
}

type keyed struct {
	Key  string `json:"key" writeOnly:"true"`
	User user   `json:"user"`
}

func TestWriteOnly_members(t *testing.T) {
	t.Parallel()
	v := fullVault()
	send := map[string]http.HandlerFunc{
		"static":  func(w http.ResponseWriter, r *http.Request) { _ = respond.For[vault]().Write(w, r, v) },
		"pointer": func(w http.ResponseWriter, r *http.Request) { _ = respond.For[*vault]().Write(w, r, &v) },
		"dynamic": func(w http.ResponseWriter, r *http.Request) { _ = respond.Write(w, r, any(v)) },
	}
	for name, h := range send {
		kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
			t.Helper()
			assert.JSONEq(t, vaultText, s.Get(t, "/").Text, name)
		})
	}
	assert.Equal(t, fullVault(), v, "the value itself is not changed")
}

// A format gets a copy with zeros, and the value itself where there is nothing to leave out.
func TestWriteOnly_formatGetsACopy(t *testing.T) {
	t.Parallel()
	var got any
	format := respond.Format{Type: "application/cbor", Encode: func(_ io.Writer, v any) error {
		got = v
		return nil
	}}
	get := func(v any) any {
		rec := httptest.NewRecorder()
		require.NoError(t, respond.New(respond.Formats(format)).Write(rec, asking(format.Type), v))
		require.Equal(t, http.StatusOK, rec.Code, rec.Body)
		return got
	}
	v := fullVault()
	want := fullVault()
	want.keys, want.Pin, want.User.Password, want.Users[0].Password = keys{}, "", "", ""
	want.Byname["a"].Password, want.Pair[0].Password, want.Pair[1].Password = "", "", ""
	want.Any, want.Opt = user{Name: "ann"}, bind.Some(user{Name: "ann"})
	assert.Equal(t, want, get(v))
	assert.Equal(t, &want, get(&v))
	assert.Equal(t, fullVault(), v)

	open := &user{Name: "ann"}
	assert.Same(t, open, get(open), "nothing is left out")
	loop := &struct {
		Self any
		user
	}{}
	loop.Self = loop
	rec := httptest.NewRecorder()
	require.Error(t, respond.New(respond.Formats(format)).Write(rec, asking(format.Type), loop))
	assert.Equal(t, http.StatusInternalServerError, rec.Code)
}

// A cyclic value is an error, and not the end of the program.
func TestWriteOnly_cycle(t *testing.T) {
	t.Parallel()
	type node struct {
		Secret string `json:"secret" writeOnly:"true"`
		Next   *node  `json:"next"`
	}
	loop := &node{Secret: hiddenText}
	loop.Next = loop
	rec := httptest.NewRecorder()
	require.Error(t, respond.Write(rec, httptest.NewRequest(http.MethodGet, "/", nil), loop))
	assert.Equal(t, http.StatusInternalServerError, rec.Code)
	chain := &node{}
	for range 2000 {
		chain = &node{Secret: hiddenText, Next: chain}
	}
	rec = httptest.NewRecorder()
	_ = respond.Write(rec, httptest.NewRequest(http.MethodGet, "/", nil), chain)
	assert.NotContains(t, rec.Body.String(), hiddenText)
}

type marshals struct {
	Secret string `json:"secret" writeOnly:"true"`
}

func (m marshals) MarshalJSON() ([]byte, error) { return []byte(`"` + m.Secret + `"`), nil }

type marshalsInside struct{ inner []user }

func (m marshalsInside) MarshalJSON() ([]byte, error) { return json.Marshal(m.inner) }

type released struct {
	inner []user `json:"-"`
}

func (m released) MarshalJSON() ([]byte, error) { return []byte(`"` + m.inner[0].Name + `"`), nil }

func TestWriteOnly_faults(t *testing.T) {
	t.Parallel()
	faults := func(declare func()) (words string) {
		defer func() { words, _ = recover().(string) }()
		declare()
		return ""
	}
	const own = `MarshalJSON ignores the tag`
	for _, tc := range []struct {
		declare func()
		words   []string
	}{
		{func() { respond.For[marshals]() }, []string{own, `writeOnly:"true"`, "marshals.Secret"}},
		{func() { respond.For[[]marshalsInside]() }, []string{own, "marshalsInside.inner.Password"}},
		{func() { respond.For[struct{ M map[string]marshals }](respond.Formats(respond.XML())) }, []string{own}},
		{func() {
			respond.For[struct {
				A string `readOnly:"true" writeOnly:"true"`
				B string `writeOnly:"yes"`
			}]()
		}, []string{`A has both readOnly:"true" and writeOnly:"true"`, `B has writeOnly:"yes": write writeOnly:"true"`}},
		{func() {
			respond.NewErrorBody("application/json", func(*respond.Problem) marshals { return marshals{} })
		}, []string{own}},
	} {
		got := faults(tc.declare)
		for _, words := range tc.words {
			assert.Contains(t, got, words)
		}
	}
	rec := httptest.NewRecorder()
	require.NoError(t, respond.For[released]().Write(rec, httptest.NewRequest(http.MethodGet, "/", nil), released{[]user{ann()}}))
	assert.Equal(t, `"ann"`, rec.Body.String())
}

// What a type in an interface would write by itself is an error of the answer.
func TestWriteOnly_itselfInAny(t *testing.T) {
	t.Parallel()
	for _, v := range []any{
		map[string]any{"a": marshals{hiddenText}}, []any{marshalsInside{[]user{ann()}}}, struct{ V any }{&marshals{hiddenText}},
	} {
		for _, rs := range []*respond.Responder{respond.New(), respond.New(respond.Formats(plainJSON()))} {
			rec := httptest.NewRecorder()
			require.Error(t, rs.Write(rec, asking(plainJSON().Type), v))
			assert.Equal(t, http.StatusInternalServerError, rec.Code)
			assert.NotContains(t, rec.Body.String(), hiddenText)
		}
	}
}

func TestErrorBody_writeOnly(t *testing.T) {
	t.Parallel()
	form := func(*respond.Problem) *user { return new(ann()) }
	for _, mediaType := range []string{"application/json", "application/xml"} {
		b := respond.NewErrorBody(mediaType, form)
		h := b.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, errors.New("x")) }))
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
		assert.Contains(t, rec.Body.String(), "ann")
		assert.NotContains(t, rec.Body.String(), hiddenText)
	}
}

// An embedded map has its members beside those that are left.
func TestWriteOnly_rest(t *testing.T) {
	t.Parallel()
	type open struct {
		Name   string          `json:"name,omitempty"`
		Secret string          `json:"secret" writeOnly:"true"`
		Rest   map[string]user `json:",embed"`
	}
	var out bytes.Buffer
	rec := httptest.NewRecorder()
	rec.Body = &out
	require.NoError(t, respond.Write(rec, httptest.NewRequest(http.MethodGet, "/", nil), open{Secret: hiddenText, Rest: map[string]user{"b": ann(), "a": ann()}}))
	assert.JSONEq(t, `{"a":{"name":"ann"},"b":{"name":"ann"}}`, out.String())
	out.Reset()
	require.NoError(t, respond.Write(rec, httptest.NewRequest(http.MethodGet, "/", nil), []open{{Name: "x"}}))
	assert.JSONEq(t, `[{"name":"x"}]`, out.String())
}
