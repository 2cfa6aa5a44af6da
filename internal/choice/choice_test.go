package choice_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/choice"
)

type (
	marker struct{}
	note   struct {
		Text   string `json:"text"`
		Secret string `json:"secret,omitempty" writeOnly:"true"`
	}
	event struct {
		marker //nolint:unused // it marks the type

		Added *note
		Count *int
		Other any
	}
	broken struct {
		marker //nolint:unused // as above

		Added note
		gone  *note
	}
	plain struct{ Added *note }
)

func choicesOf(t *testing.T, typ reflect.Type) *choice.Choices {
	t.Helper()
	c, faults := choice.Of(typ, reflect.TypeFor[marker]())
	require.Empty(t, faults)
	require.NotNil(t, c)
	return c
}

func TestOf(t *testing.T) {
	t.Parallel()
	var got []string
	choicesOf(t, reflect.TypeFor[*event]()).Each(func(name, path string, typ reflect.Type) {
		got = append(got, name+" "+path+" "+typ.String())
	})
	assert.Equal(t, []string{"Added event.Added choice_test.note", "Count event.Count int", "Other event.Other interface {}"}, got)

	none, faults := choice.Of(reflect.TypeFor[plain](), reflect.TypeFor[marker]())
	assert.Nil(t, none)
	assert.Empty(t, faults)

	_ = broken{}.gone
	_, faults = choice.Of(reflect.TypeFor[broken](), reflect.TypeFor[marker]())
	assert.Equal(t, []string{
		"broken.Added has type choice_test.note, which is never unset: write *choice_test.note",
		"broken.gone is not exported: one of the fields is sent, so write it with a capital letter",
	}, faults.Lines())
	faults[0].Path = "changed"
	_, again := choice.Of(reflect.TypeFor[broken](), reflect.TypeFor[marker]())
	assert.Equal(t, "broken.Added", again[0].Path, "the caller's copy")
}

func TestChoices_Set(t *testing.T) {
	t.Parallel()
	c := choicesOf(t, reflect.TypeFor[event]())
	n, count := &note{Text: "a"}, 3
	for _, tc := range []struct {
		name  string
		value any
		want  string // the field
		wrong string
	}{
		{"a pointer", &event{Added: n}, "Added", ""},
		{"another", &event{Count: &count}, "Count", ""},
		{"an interface", &event{Other: "x"}, "Other", ""},
		{"none", &event{}, "", "choice_test.event has 0 fields set: set exactly one"},
		{"two", &event{Added: n, Count: &count}, "", "choice_test.event has 2 fields set: set exactly one"},
		{"a nil pointer", (*event)(nil), "", "choice_test.event has 0 fields set: set exactly one"},
	} {
		v := reflect.ValueOf(tc.value)
		name, p, err := c.Set(v)
		if !v.IsNil() {
			inner, q, same := c.Set(v.Elem())
			assert.Equal(t, []any{name, p, err}, []any{inner, q, same}, "the struct itself")
		}
		if tc.wrong != "" {
			require.EqualError(t, err, tc.wrong, tc.name)
			continue
		}
		require.NoError(t, err, tc.name)
		assert.Equal(t, tc.want, name)
		assert.Equal(t, reflect.Pointer, reflect.TypeOf(p).Kind(), tc.name)
	}
}

// What is appended is read back, but for what answers do not have.
func TestChoices_appendAndRead(t *testing.T) {
	t.Parallel()
	c := choicesOf(t, reflect.TypeFor[event]())
	var buf bytes.Buffer
	name, err := c.Append(&buf, reflect.ValueOf(event{Added: &note{Text: "a", Secret: "s"}}))
	require.NoError(t, err)
	assert.Equal(t, "Added", name)
	assert.JSONEq(t, `{"text":"a"}`, buf.String())
	_, err = c.Append(&buf, reflect.ValueOf(event{}))
	require.Error(t, err)

	var value event
	isKnown, err := c.Read("Added", buf.Bytes(), reflect.ValueOf(&value).Elem())
	require.NoError(t, err)
	assert.True(t, isKnown)
	assert.Equal(t, event{Added: &note{Text: "a"}}, value)

	var pointer *event
	isKnown, err = c.Read("Other", []byte(`"x"`), reflect.ValueOf(&pointer).Elem())
	require.NoError(t, err)
	assert.True(t, isKnown)
	assert.Equal(t, &event{Other: "x"}, pointer)

	isKnown, err = c.Read("Gone", []byte(`1`), reflect.ValueOf(&value).Elem())
	require.NoError(t, err)
	assert.False(t, isKnown)
	_, err = c.Read("Count", []byte(`"x"`), reflect.ValueOf(&value).Elem())
	require.Error(t, err)
}
