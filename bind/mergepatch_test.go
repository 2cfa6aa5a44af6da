package bind_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	tenonjson "github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// patchOf returns the patch that a request brings.
func patchOf[T any](body string, opts ...bind.Option) (bind.MergePatch[T], error) {
	r := httptest.NewRequest(http.MethodPatch, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/merge-patch+json")
	return bind.For[bind.MergePatch[T]](opts...).Bind(r)
}

// rfc7396 is the table of RFC 7396, appendix A.
var rfc7396 = []struct{ original, patch, result string }{
	{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
	{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
	{`{"a":"b"}`, `{"a":null}`, `{}`},
	{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
	{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
	{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
	{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
	{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
	{`["a","b"]`, `["c","d"]`, `["c","d"]`},
	{`{"a":"b"}`, `["c"]`, `["c"]`},
	{`{"a":"foo"}`, `null`, `null`},
	{`{"a":"foo"}`, `"bar"`, `"bar"`},
	{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
	{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
	{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
}

func TestMergePatch_rfc7396(t *testing.T) {
	t.Parallel()
	for _, tt := range rfc7396 {
		var original any
		require.NoError(t, json.Unmarshal([]byte(tt.original), &original))
		p, err := patchOf[any](tt.patch)
		require.NoError(t, err, tt.patch)
		got, err := p.Apply(original)
		require.NoError(t, err, tt.patch)
		text, err := json.Marshal(got)
		require.NoError(t, err)
		assert.JSONEq(t, tt.result, string(text), "%s with %s", tt.original, tt.patch)
		text, err = json.Marshal(original)
		require.NoError(t, err)
		assert.JSONEq(t, tt.original, string(text), "Apply has changed what it was given")
	}
}

type patchedPlace struct {
	City string  `json:"city" minLength:"2"`
	Zip  *string `json:"zip"`
}

type patchedDoc struct {
	*PatchedBase

	Title  string                  `json:"title" maxLength:"8"`
	Sub    *string                 `json:"sub" minLength:"2"`
	Tags   []string                `json:"tags" maxItems:"2"`
	Place  *patchedPlace           `json:"place"`
	Home   patchedPlace            `json:"home"`
	Places map[string]patchedPlace `json:"places,omitempty"`
	Color  string                  `json:"color" default:"red" enum:"red,blue"`
	Size   bind.Opt[int]           `json:"size,omitzero" maximum:"9"`
	Any    any                     `json:"any,omitempty"`
	Rank   map[int]int             `json:"rank,omitempty"`
	Raw    json.RawMessage         `json:"raw,omitempty"`
	Secret string                  `json:"-"`
}

// PatchedBase is embedded by a pointer.
type PatchedBase struct {
	Note string `json:"note,omitempty"`
}

func (d *patchedDoc) Validate() error {
	if d.Title == d.Color {
		return &bind.Error{Fields: []respond.FieldError{{Pointer: "#/title", Code: "invalid", Detail: "is the color"}}}
	}
	return nil
}

// newDoc returns a document with something in each field.
func newDoc() patchedDoc {
	return patchedDoc{
		PatchedBase: &PatchedBase{"n"},
		Title:       "old", Sub: new("sub"), Tags: []string{"a"}, Place: &patchedPlace{"Rome", new("1")}, Home: patchedPlace{City: "Bonn"},
		Places: map[string]patchedPlace{"x": {"Oslo", new("2")}}, Color: "blue", Size: bind.Some(3),
		Any: map[string]any{"k": map[string]any{"l": 1.0}}, Rank: map[int]int{1: 1}, Raw: json.RawMessage(`{"r":1}`), Secret: "kept",
	}
}

var mergePatchCases = []struct {
	name, patch string
	change      func(d *patchedDoc) // nil where the patch is refused
	atBind      []string            // the pointers and codes of the refusal
	atApply     []string
}{
	{name: "nothing", patch: `{}`, change: func(*patchedDoc) {}},
	{name: "scalar", patch: `{"title":"new"}`, change: func(d *patchedDoc) { d.Title = "new" }},
	{name: "pointer", patch: `{"sub":null}`, change: func(d *patchedDoc) { d.Sub = nil }},
	{name: "default", patch: `{"color":null}`, change: func(d *patchedDoc) { d.Color = "red" }},
	{name: "opt", patch: `{"size":null}`, change: func(d *patchedDoc) { d.Size = bind.Opt[int]{} }},
	{name: "list", patch: `{"tags":["b","c"]}`, change: func(d *patchedDoc) { d.Tags = []string{"b", "c"} }},
	{name: "struct behind a pointer", patch: `{"place":{"zip":null}}`, change: func(d *patchedDoc) { d.Place = &patchedPlace{City: "Rome"} }},
	{name: "struct", patch: `{"home":{"zip":"5"}}`, change: func(d *patchedDoc) { d.Home.Zip = new("5") }},
	{name: "map entry", patch: `{"places":{"x":{"city":"Bern"}}}`, change: func(d *patchedDoc) { d.Places["x"] = patchedPlace{"Bern", new("2")} }},
	{name: "new map entry", patch: `{"places":{"y":{"city":"Bern","zip":null}}}`, change: func(d *patchedDoc) { d.Places["y"] = patchedPlace{City: "Bern"} }},
	{name: "no map entry", patch: `{"places":{"x":null}}`, change: func(d *patchedDoc) { delete(d.Places, "x") }},
	{name: "no map", patch: `{"places":null}`, change: func(d *patchedDoc) { d.Places = nil }},
	{name: "interface", patch: `{"any":{"k":{"l":null,"m":2}}}`, change: func(d *patchedDoc) { d.Any = map[string]any{"k": map[string]any{"m": 2.0}} }},
	{name: "integer keys", patch: `{"rank":{"1":null,"2":4}}`, change: func(d *patchedDoc) { d.Rank = map[int]int{2: 4} }},
	{name: "reads itself", patch: `{"raw":{"s":null}}`, change: func(d *patchedDoc) { d.Raw = json.RawMessage(`{"s":null}`) }},
	{name: "embedded pointer", patch: `{"note":null}`, change: func(d *patchedDoc) { d.PatchedBase = &PatchedBase{} }},
	{name: "unknown", patch: `{"other":{"x":null}}`, change: func(*patchedDoc) {}},

	{name: "required", patch: `{"title":null,"tags":null}`, atBind: []string{"#/title required", "#/tags required"}},
	{name: "required inside", patch: `{"place":{"city":null}}`, atBind: []string{"#/place/city required"}},
	{name: "type", patch: `{"title":1,"places":{"x":[]}}`, atBind: []string{"#/title type", "#/places/x type"}},
	{name: "rule", patch: `{"title":"123456789","home":{"city":"x"}}`, atBind: []string{"#/title maxLength", "#/home/city minLength"}},
	{name: "syntax", patch: `{"title":`, atBind: []string{"#/title syntax"}},
	{name: "duplicate", patch: `{"title":"a","title":"b"}`, atBind: []string{"#/title duplicate"}},
	{name: "duplicate key", patch: `{"places":{"a":null,"a":null}}`, atBind: []string{"#/places/a duplicate"}},
	{name: "duplicate number", patch: `{"rank":{"0":null,"-0":null}}`, atBind: []string{"#/rank/-0 duplicate"}},
	{name: "duplicate unknown", patch: `{"u":1,"u":1}`, atBind: []string{"#/u duplicate"}},
	{name: "not UTF-8", patch: "{\"title\":\"\xff\"}", atBind: []string{"#/title syntax"}},
	{name: "trailing", patch: `{} {}`, atBind: []string{"# syntax"}},
	{name: "null", patch: `null`, atBind: []string{"# null"}},
	{name: "array", patch: `[]`, atBind: []string{"# type"}},
	{name: "depth", patch: `{"any":` + strings.Repeat("[", 1100) + strings.Repeat("]", 1100) + `}`, atBind: []string{"#/any depth"}},
	{name: "empty", patch: ``, atBind: []string{" required"}},

	{name: "missing in a new object", patch: `{"places":{"y":{"zip":"1"}}}`, atApply: []string{"#/places/y/city required"}},
	{name: "Validate", patch: `{"title":"blue"}`, atApply: []string{"#/title invalid"}},
}

// patchFaults returns the pointers and codes of an error.
func patchFaults(t *testing.T, err error) (faults []string) {
	t.Helper()
	var refused *bind.Error
	require.ErrorAs(t, err, &refused)
	for _, f := range refused.Fields {
		assert.Equal(t, "body", f.In)
		faults = append(faults, f.Pointer+" "+f.Code)
	}
	return faults
}

func TestMergePatch_Apply(t *testing.T) {
	t.Parallel()
	for _, tt := range mergePatchCases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := patchOf[patchedDoc](tt.patch)
			if tt.atBind != nil {
				assert.Equal(t, tt.atBind, patchFaults(t, err))
				return
			}
			require.NoError(t, err)
			before := newDoc()
			got, err := p.Apply(before)
			assert.Equal(t, newDoc(), before)
			if tt.change == nil {
				assert.Equal(t, tt.atApply, patchFaults(t, err))
				assert.Zero(t, got)
				return
			}
			require.NoError(t, err)
			want := newDoc()
			tt.change(&want)
			assert.Equal(t, want, got)
		})
	}
}

// What stays has to keep the rules as well.
func TestMergePatch_Apply_stored(t *testing.T) {
	t.Parallel()
	p, err := patchOf[patchedDoc](`{"title":"new","places":{"y":{}}}`, bind.InvalidStatus(http.StatusUnprocessableEntity))
	require.NoError(t, err)
	d := newDoc()
	d.Home.City = "x"
	_, err = p.Apply(d)
	assert.Equal(t, []string{"#/places/y/city required", "#/home/city minLength"}, patchFaults(t, err))
	assert.Equal(t, http.StatusUnprocessableEntity, respond.AsProblem(err).Status)
}

// patchedSeat chooses the answer by itself.
type patchedSeat struct {
	Row  int    `json:"row" minimum:"1"`
	Name string `json:"name"`
}

func (s *patchedSeat) Validate() error {
	if s.Row == 9 {
		return respond.Conflict("is taken")
	}
	return nil
}

// Who chooses the answers of a route chooses those of Apply as well.
func TestMergePatch_Apply_answers(t *testing.T) {
	t.Parallel()
	p, err := patchOf[patchedSeat](`{"row":9}`)
	require.NoError(t, err)
	_, err = p.Apply(patchedSeat{1, "a"})
	assert.Equal(t, http.StatusConflict, respond.AsProblem(err).Status)

	chosen := bind.OnBodyError(func(err error, payload []byte) error {
		return respond.Forbidden(fmt.Sprintf("%s in %s", err, payload))
	})
	_, err = patchOf[patchedSeat](`{"row":0}`, chosen)
	assert.Equal(t, `bind: body #/row: must be at least 1 in {"row":0}`, respond.AsProblem(err).Detail)
	p, err = patchOf[patchedSeat](`{"name":"b"}`, chosen)
	require.NoError(t, err)
	_, err = p.Apply(patchedSeat{0, "a"})
	assert.Equal(t, `bind: body #/row: must be at least 1 in {"name":"b"}`, respond.AsProblem(err).Detail)
}

func TestMergePatch_strict(t *testing.T) {
	t.Parallel()
	_, err := patchOf[patchedDoc](`{"other":1,"home":{"street":null}}`, bind.Strict())
	assert.Equal(t, []string{"#/other unknown", "#/home/street unknown"}, patchFaults(t, err))
}

func TestMergePatch_zero(t *testing.T) {
	t.Parallel()
	var p bind.MergePatch[patchedDoc]
	got, err := p.Apply(newDoc())
	require.NoError(t, err)
	assert.Equal(t, newDoc(), got)
	text, err := json.Marshal(p)
	require.NoError(t, err)
	assert.Equal(t, "{}", string(text))
}

// Many goroutines may patch one value by one patch: the race detector sees that nothing
// they share is written.
func TestMergePatch_shared(t *testing.T) {
	t.Parallel()
	shared := newDoc()
	p, err := patchOf[patchedDoc](`{"place":{"city":"Bern"},"places":{"x":{"zip":null}},"any":{"k":{"l":2}},"note":"m","rank":{"1":2}}`)
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			got, err := p.Apply(shared)
			if !assert.NoError(t, err) { //nolint:testifylint // not in a goroutine of the test
				return
			}
			assert.Equal(t, "Bern", got.Place.City)
			got.Tags[0], got.Rank[5], got.Note = "mine", 5, "mine"
			*got.Sub = "mine"
		})
	}
	all.Wait()
	assert.Equal(t, newDoc(), shared)
}

func TestMergePatch_handler(t *testing.T) {
	t.Parallel()
	type in struct {
		ID    int `path:"id"`
		Patch bind.MergePatch[patchedDoc]
		Dry   bool `query:"dry,optional"`
	}
	mux := http.NewServeMux()
	mux.Handle("PATCH /docs/{id}", bind.Func(func(w http.ResponseWriter, r *http.Request, in in) {
		got, err := in.Patch.Apply(newDoc())
		if err != nil {
			respond.Error(w, r, err)
			return
		}
		_, _ = w.Write([]byte(got.Title))
	}, bind.InvalidStatus(http.StatusUnprocessableEntity), bind.MaxBody(100)))
	tests := []struct {
		media, body string
		status      int
	}{
		{"application/merge-patch+json", `{"title":"new"}`, 200},
		{"Application/Merge-Patch+JSON; charset=utf-8", `{"title":"new"}`, 200},
		{"application/merge-patch+json", `{"title":1}`, 422},
		{"application/merge-patch+json", `{"title":"blue"}`, 422},
		{"application/merge-patch+json", `{"title"`, 400},
		{"application/merge-patch+json", ``, 400},
		{"application/merge-patch+json", `{"title":"` + strings.Repeat("x", 100) + `"}`, 413},
		{"application/json", `{"title":"new"}`, 415},
		{"", `{"title":"new"}`, 415},
	}
	kittest.Serve(t, mux, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tt := range tests {
			header := http.Header{}
			if tt.media != "" {
				header.Set("Content-Type", tt.media)
			}
			got := s.Do(t, http.MethodPatch, "/docs/1", strings.NewReader(tt.body), header)
			assert.Equal(t, tt.status, got.StatusCode, "%s %s: %s", tt.media, tt.body, got.Body)
			if tt.status == http.StatusUnsupportedMediaType {
				assert.Equal(t, "application/merge-patch+json", got.Header.Get("Accept-Patch"))
			}
		}
	})
}

func TestMergePatch_faults(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "bind: struct { A bind.MergePatch[map[string]int]; B int \"body:\\\"json\\\"\" } cannot be bound:\n\tstruct.B is a second body: a request has one, so remove one",
		func() {
			bind.For[struct {
				A bind.MergePatch[map[string]int]
				B int `body:"json"`
			}]()
		})
	for _, tt := range []struct {
		words string
		make  func()
	}{
		{"which has no members to merge", func() { bind.For[bind.MergePatch[[]int]]() }},
		{"which has no members to merge", func() { bind.For[bind.MergePatch[string]]() }},
		{"which has no members to merge", func() {
			bind.For[struct {
				P bind.MergePatch[json.RawMessage]
			}]()
		}},
		{`has default:"x", which does not apply to a bind.MergePatch: write it on a member of the type that is patched`, func() {
			bind.For[struct {
				P bind.MergePatch[patchedDoc] `default:"x"`
			}]()
		}},
		{"embeds raw JSON, which a merge patch cannot change", func() {
			bind.For[bind.MergePatch[struct {
				Rest tenonjson.RawMessage `json:",embed"`
			}]]()
		}},
		{"is not exported", func() { bind.For[struct{ p bind.MergePatch[patchedDoc] }]() }},
		{"which no JSON value can be read into", func() {
			bind.For[struct {
				B struct{ P bind.MergePatch[patchedDoc] } `body:"json"`
			}]()
		}},
	} {
		func() {
			defer func() { assert.Contains(t, recover(), tt.words) }()
			tt.make()
		}()
	}
}

func TestMergePatch_optional(t *testing.T) {
	t.Parallel()
	type in struct{ Patch *bind.MergePatch[patchedDoc] }
	got, err := bind.Request[in](httptest.NewRequest(http.MethodPatch, "/", http.NoBody))
	require.NoError(t, err)
	assert.Nil(t, got.Patch)
}
