package bind_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

type (
	room struct {
		Name  string   `json:"name" maxLength:"3"`
		Beds  []int    `json:"beds" minItems:"1" minimum:"1"`
		Next  *room    `json:"next"`
		Notes []string `json:"notes,omitempty" minItems:"2"`
	}
	search struct {
		Page  int               `query:"page" default:"1" minimum:"1"`
		Tags  []string          `query:"tag" maxItems:"2" minLength:"2"`
		Meta  map[string]string `query:"meta,deep" maxLength:"2"`
		Level level             `header:"Level,optional"`
		Code  *letters          `cookie:"code" maxLength:"2"`
		User  user              `value:"user"`
		Room  *room             `body:"json"`
	}
	letters  struct{ text string }
	formOnly struct {
		A    int       `form:"a" maximum:"3"`
		Room room      `form:"room,json,optional"`
		File bind.File `form:"f" maxSize:"1"`
	}
	textOnly struct {
		Body string `body:"text" maxLength:"2"`
	}
)

func (l letters) MarshalText() ([]byte, error)  { return []byte(l.text), nil }
func (l *letters) UnmarshalText(t []byte) error { l.text = string(t); return nil }

func (r room) Validate() error {
	if r.Name == "no" {
		return errors.New("no room")
	}
	return nil
}

func (s search) Validate() error {
	if s.Page == 13 {
		return respond.NewProblem(http.StatusConflict, "unlucky")
	}
	return nil
}

// TestValid checks values that no request has brought.
func TestValid(t *testing.T) {
	t.Parallel()
	good := room{Name: "a", Beds: []int{1}}
	for _, tc := range []struct {
		name string
		err  error
		want []string // place, name or pointer, and code of each error
	}{
		{"a struct", bind.Valid(good), nil},
		{"a pointer", bind.Valid(&good), nil},
		{"nil", bind.Valid((*room)(nil)), nil},
		{"no rules", bind.Valid[any](nil), nil},
		{"members", bind.Valid(room{Name: "abcd", Next: &room{Notes: []string{"x"}, Beds: []int{0}}}), []string{
			"body #/name maxLength", "body #/beds minItems", "body #/next/beds/0 minimum", "body #/next/notes minItems",
		}},
		{"a list", bind.Valid([]room{good, {Name: "no", Beds: []int{1}}}), []string{"body #/1 invalid"}},
		{"an In", bind.Valid(search{Page: 1, Tags: []string{"ab"}, Meta: map[string]string{"a": "b"}}), nil},
		{"an In with faults", bind.Valid(search{
			Page: -1, Tags: []string{"ab", "c"}, Meta: map[string]string{"b": "xyz", "a": "xyz"}, Code: &letters{"abc"}, Room: &room{Name: "abcd", Beds: []int{1}},
		}), []string{"query page minimum", "query tag minLength", "query meta[a] maxLength", "query meta[b] maxLength", "cookie code maxLength", "body #/name maxLength"}},
		{"too many", bind.Valid(search{Page: 1, Tags: make([]string, 3)}), []string{"query tag maxItems"}},
		{"a form", bind.Valid(formOnly{A: 4, Room: room{Name: "abcd", Beds: []int{1}}, File: bind.File{Size: 2}}), []string{"form a maximum", "form room #/name maxLength", "form f maxSize"}},
		{"a form that holds", bind.Valid(formOnly{A: 3}), nil},
		{"Validate in a form", bind.Valid(formOnly{Room: room{Name: "no", Beds: []int{1}}}), []string{"form room # invalid"}},
		{"text", bind.Valid(textOnly{"abc"}), []string{"body maxLength"}},
	} {
		if tc.want == nil {
			require.NoError(t, tc.err, tc.name)
			continue
		}
		refused, ok := errors.AsType[*bind.Error](tc.err)
		require.True(t, ok, "%s: %v", tc.name, tc.err)
		assert.Equal(t, http.StatusBadRequest, refused.StatusCode())
		var found []string
		for _, f := range refused.Fields {
			words := strings.Fields(strings.Join([]string{f.In, f.Name, f.Pointer, f.Code}, " "))
			found = append(found, strings.Join(words, " "))
		}
		assert.Equal(t, tc.want, found, tc.name)
	}
	problem, ok := errors.AsType[*respond.Problem](bind.Valid(search{Page: 13}))
	require.True(t, ok)
	assert.Equal(t, http.StatusConflict, problem.Status)
	assert.PanicsWithValue(t, declared[pointerOnly](), func() { _ = bind.Valid(pointerOnly{}) })
}

type ring struct {
	Next *ring            `json:"next,omitempty"`
	List []*ring          `json:"list,omitempty"`
	Map  map[string]*ring `json:"map,omitempty"`
}

func (*ring) Validate() error { return nil }

// A value that points to itself is refused: no request can have brought it.
func TestValid_cycle(t *testing.T) {
	t.Parallel()
	next, list, byName := &ring{}, &ring{}, &ring{}
	next.Next, list.List, byName.Map = next, []*ring{list}, map[string]*ring{"a": byName}
	for _, v := range []*ring{next, list, byName} {
		err := bind.Valid(*v)
		var fault *bind.Error
		require.ErrorAs(t, err, &fault)
		require.Len(t, fault.Fields, 1)
		assert.Equal(t, "depth", fault.Fields[0].Code)
	}
	assert.NoError(t, bind.Valid(ring{Next: &ring{Next: &ring{}}}))
}
