package bind_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

// A Model is a row of a database as it stands: what the database sets, no request does.
type Model struct {
	ID        int64     `json:"id" readOnly:"true"`
	CreatedAt time.Time `json:"createdAt" readOnly:"true"`
	Title     string    `json:"title" minLength:"1"`
	Secret    string    `json:"secret,omitempty" writeOnly:"true"`
}

type base struct {
	Base    int       `json:"base"`
	Channel chan bool `json:"channel"` // No request reads it.
}

type Behind struct {
	Behind int `json:"behind" readOnly:"true"`
}

type models struct {
	base `readOnly:"true"`
	*Behind

	Own   Model            `json:"own"`
	List  []Model          `json:"list,omitempty"`
	Named map[string]Model `json:"named,omitempty"`
	Opt   bind.Opt[*Model] `json:"opt"`
	Extra int              `json:"extra,omitempty"`
}

// bodyAs reads a body as the media type says.
func bodyAs[T any](contentType, body string, opts ...bind.Option) (T, error) {
	r := httptest.NewRequest(http.MethodPut, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return bind.For[T](opts...).Bind(r)
}

func TestReadOnly_skipped(t *testing.T) {
	t.Parallel()
	plain := Model{Title: "t", Secret: "s"}
	for _, tc := range []struct {
		body string
		want models
		err  string // the code of the one error
	}{
		{`{"own":{"title":"t","secret":"s"}}`, models{Own: plain}, ""},
		{`{"own":{"id":7,"createdAt":"2026-01-31T12:00:00Z","title":"t","secret":"s"}}`, models{Own: plain}, ""},
		{`{"own":{"id":"any","createdAt":{"of":[1,2,null]},"title":"t","secret":"s"},"base":true,"channel":[]}`, models{Own: plain}, ""},
		{`{"behind":3,"own":{"id":null,"title":"t","secret":"s"}}`, models{Own: plain}, ""},
		{
			`{"own":{"title":"t","secret":"s"},"list":[{"id":1,"title":"t","secret":"s"}],"named":{"a":{"id":1,"title":"t","secret":"s"}}}`,
			models{Own: plain, List: []Model{plain}, Named: map[string]Model{"a": plain}},
			"",
		},
		{`{"own":{"title":"t","secret":"s"},"opt":{"title":"t","id":9,"secret":"s"}}`, models{Own: plain, Opt: bind.Some(&plain)}, ""},
		{`{"own":{"id":1,"id":2,"title":"t"}}`, models{}, "duplicate"},
		{`{"own":{"id":{"a":1,"a":2},"title":"t"}}`, models{}, "duplicate"},
		{`{"own":{"id":[1,"title":"t"}}`, models{}, "syntax"},
		{`{"own":{"id":01,"title":"t"}}`, models{}, "syntax"},
		{`{"own":{"id":1}}`, models{}, "required"},
	} {
		for name, opts := range map[string][]bind.Option{"lax": nil, "strict": {bind.Strict()}} {
			got, err := bodyAs[models]("application/json", tc.body, opts...)
			if tc.err != "" {
				bad, ok := err.(*bind.Error) //nolint:errorlint // bind returns no other
				require.True(t, ok, "%s %s: %v", name, tc.body, err)
				assert.Equal(t, tc.err, bad.Fields[0].Code, "%s %s", name, tc.body)
				continue
			}
			require.NoError(t, err, "%s %s", name, tc.body)
			assert.Equal(t, tc.want, got, "%s %s", name, tc.body)
		}
	}
}

// What a format has decoded loses what no request sets, and then has to keep the rules.
func TestReadOnly_formats(t *testing.T) {
	t.Parallel()
	format := bind.Format{Type: "application/vnd.x", Decode: func(r io.Reader, v any) error { return json.NewDecoder(r).Decode(v) }}
	full := `{"id":7,"createdAt":"2026-01-31T12:00:00Z","title":"t","secret":"s"}`
	type own struct {
		Base Model            `json:"base"`
		Any  any              `json:"any"`
		List []*Model         `json:"list"`
		Map  map[string]Model `json:"map"`
		Opt  bind.Opt[Model]  `json:"opt"`
	}
	plain := Model{Title: "t", Secret: "s"}
	got, err := bodyAs[own](format.Type, fmt.Sprintf(`{"base":%s,"any":%[1]s,"list":[%[1]s],"map":{"a":%[1]s},"opt":%[1]s}`, full), bind.Formats(format))
	require.NoError(t, err)
	assert.Equal(t, plain, got.Base)
	assert.Equal(t, []*Model{&plain}, got.List)
	assert.Equal(t, map[string]Model{"a": plain}, got.Map)
	assert.Equal(t, bind.Some(plain), got.Opt)
	assert.Len(t, got.Any, 4, "what is read into any has no members of ours")
	one, err := bodyAs[*Model](format.Type, full, bind.Formats(format))
	require.NoError(t, err)
	assert.Equal(t, &plain, one)
	_, err = bodyAs[Model](format.Type, `{"id":7}`, bind.Formats(format))
	require.Error(t, err)
}

// A body that may also be a form has no field for what no request sets.
func TestReadOnly_forms(t *testing.T) {
	t.Parallel()
	type in struct {
		Body Model `body:"json,form"`
	}
	want := in{Model{Title: "t", Secret: "s"}}
	values := url.Values{"title": {"t"}, "secret": {"s"}, "id": {"7"}, "createdAt": {"never"}}
	var parts bytes.Buffer
	w := multipart.NewWriter(&parts)
	for name, list := range values {
		require.NoError(t, w.WriteField(name, list[0]))
	}
	require.NoError(t, w.Close())
	for contentType, body := range map[string]string{
		"application/x-www-form-urlencoded": values.Encode(), w.FormDataContentType(): parts.String(),
		"application/json": `{"title":"t","secret":"s","id":7}`,
	} {
		for _, opts := range [][]bind.Option{nil, {bind.Strict()}} {
			got, err := bodyAs[in](contentType, body, opts...)
			require.NoError(t, err, contentType)
			assert.Equal(t, want, got, contentType)
		}
	}
	_, err := bodyAs[in]("application/x-www-form-urlencoded", "title=t&secret=s&other=1", bind.Strict())
	require.Error(t, err)
}

type readsItself struct {
	ID int `json:"id" readOnly:"true"`
}

func (*readsItself) UnmarshalJSON([]byte) error { return nil }

func TestDirections_faults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		declare func()
		words   string
	}{
		{func() {
			bind.For[struct {
				A int `json:"a" readOnly:"true" writeOnly:"true"`
			}]()
		}, `.A has both readOnly:"true" and writeOnly:"true", so that neither requests nor answers have it`},
		{func() {
			bind.For[struct {
				A int `json:"a" readOnly:"1"`
			}]()
		}, `.A has readOnly:"1": write readOnly:"true"`},
		{func() {
			bind.For[struct {
				A int `json:"a" readonly:"true"`
			}]()
		}, `.A has the tag readonly, which nothing reads: write readOnly`},
		{func() {
			bind.For[struct {
				A int `query:"a" readOnly:"true"`
			}]()
		}, `.A has readOnly:"true", which is for the members of a JSON object: remove it`},
		{func() {
			bind.For[struct {
				A string `form:"a" writeOnly:"true"`
			}]()
		}, `.A has writeOnly:"true", which is for the members of a JSON object: remove it`},
		{func() {
			bind.For[struct {
				A *string `header:"a" nullable:"false"`
			}]()
		}, `.A has nullable:"false", which is for the members of a JSON object: remove it`},
		{func() {
			bind.For[struct {
				A Model `body:"json" readOnly:"true"`
			}]()
		}, `.A has readOnly:"true", which is for the members of a JSON object: remove it`},
		{func() {
			bind.For[struct {
				A int `json:"a" readOnly:"true" default:"1"`
			}]()
		}, `.A has default:"1", but no request sets a readOnly member: remove one of the two tags`},
		{func() {
			bind.For[struct {
				A *int `json:"a" nullable:"true"`
			}]()
		}, `.A has nullable:"true": use the value false`},
		{func() {
			bind.For[struct {
				A int `json:"a" nullable:"false"`
			}]()
		}, `.A has nullable:"false", but its type int is never null: remove the tag`},
		{func() { bind.For[struct{ A []readsItself }]() }, `readOnly:"true" on bind_test.readsItself.ID, but its own method UnmarshalJSON ignores the tag`},
		{func() {
			bind.For[struct {
				Behind `writeOnly:"true"`
			}]()
		}, `Behind.Behind has readOnly and writeOnly, one of them from an embedded struct`},
	} {
		func() {
			defer func() { assert.Contains(t, fmt.Sprint(recover()), tc.words) }()
			tc.declare()
		}()
	}
}

func TestNullable_false(t *testing.T) {
	t.Parallel()
	type in struct {
		Pointer *int            `json:"pointer,omitempty" nullable:"false"`
		Opt     bind.Opt[int]   `json:"opt" nullable:"false"`
		List    []int           `json:"list,omitempty" nullable:"false" maxItems:"2"`
		Map     map[string]*int `json:"map,omitempty" nullable:"false"`
		Any     any             `json:"any,omitempty" nullable:"false"`
		Bytes   []byte          `json:"bytes,omitempty" nullable:"false"`
		Struct  *Model          `json:"struct,omitempty" nullable:"false"`
	}
	got, err := bodyAs[in]("application/json", `{"pointer":1,"opt":2,"list":[3],"map":{"a":null},"any":4,"bytes":"eA==","struct":{"title":"t"}}`)
	require.NoError(t, err)
	assert.Equal(t, in{new(1), bind.Some(2), []int{3}, map[string]*int{"a": nil}, 4.0, []byte("x"), &Model{Title: "t"}}, got)
	got, err = bodyAs[in]("application/json", `{}`)
	require.NoError(t, err)
	assert.Equal(t, in{}, got)

	_, err = bodyAs[in]("application/json", `{"pointer":null,"opt":null,"list":null,"map":null,"any":null,"bytes":null,"struct":null}`)
	bad, ok := err.(*bind.Error) //nolint:errorlint // bind returns no other
	require.True(t, ok)
	require.Len(t, bad.Fields, 7)
	for _, field := range bad.Fields {
		assert.Equal(t, "null", field.Code, field.Pointer)
		assert.Equal(t, "must not be null", field.Detail)
	}
	_, err = bodyAs[in]("application/json", `{"list":[1,2,3],"struct":{}}`)
	bad, _ = err.(*bind.Error) //nolint:errorlint // as above
	require.Len(t, bad.Fields, 2, "the rules of the value stay")

	format := bind.Format{Type: "application/vnd.x", Decode: func(r io.Reader, v any) error { return json.NewDecoder(r).Decode(v) }}
	_, err = bodyAs[in](format.Type, `{"opt":null}`, bind.Formats(format))
	bad, _ = err.(*bind.Error) //nolint:errorlint // as above
	require.Len(t, bad.Fields, 1)
	assert.Equal(t, "#/opt", bad.Fields[0].Pointer)
}

// A merge patch does not touch what no request sets, also where it says null.
func TestReadOnly_mergePatch(t *testing.T) {
	t.Parallel()
	type row struct {
		ID    int            `json:"id" readOnly:"true"`
		Owner *Model         `json:"owner" readOnly:"true"`
		Title string         `json:"title"`
		Note  *string        `json:"note,omitempty" nullable:"false"`
		Inner *Model         `json:"inner,omitempty" nullable:"false"`
		List  map[string]row `json:"-"`
	}
	type in struct{ Patch bind.MergePatch[row] }
	stored := row{ID: 7, Owner: &Model{ID: 8}, Title: "a", Note: new("n"), Inner: &Model{ID: 9, Title: "t", Secret: "s"}}
	for body, want := range map[string]row{
		`{"id":null,"owner":null,"title":"b"}`:     {ID: 7, Owner: &Model{ID: 8}, Title: "b", Note: new("n"), Inner: stored.Inner},
		`{"id":1,"owner":{"title":1},"note":null}`: {ID: 7, Owner: &Model{ID: 8}, Title: "a", Inner: stored.Inner},
		`{"inner":{"id":1,"title":"u"}}`:           {ID: 7, Owner: &Model{ID: 8}, Title: "a", Note: new("n"), Inner: &Model{ID: 9, Title: "u", Secret: "s"}},
	} {
		got, err := bodyAs[in]("application/merge-patch+json", body)
		require.NoError(t, err)
		after, err := got.Patch.Apply(stored)
		require.NoError(t, err, body)
		assert.Equal(t, want, after, body)
	}
	patch, err := bind.Diff(stored, row{ID: 1, Title: "c", Inner: &Model{ID: 3, Title: "t", Secret: "s"}})
	require.NoError(t, err)
	text, err := json.Marshal(patch)
	require.NoError(t, err)
	assert.JSONEq(t, `{"title":"c","note":null}`, string(text))
}
