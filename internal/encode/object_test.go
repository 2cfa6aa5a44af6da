package encode_test

import (
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
)

type (
	// Beside is embedded beside the members that are asked for.
	Beside struct {
		Title string `json:"title"`
	}
	// besides is a struct whose members go among others.
	besides struct {
		Beside
		*EmbeddedDay
		loose

		Title string         `json:"title"` // not hidden by that of Beside
		ID    int64          `json:"id,string"`
		Note  string         `json:"note,omitempty"`
		Since time.Time      `json:"since,omitzero" format:"unix"`
		Bad   chan int       `json:"bad"`
		Fold  int            `json:"fold,case:strict"`
		Rest  map[string]any `json:",embed"`
	}
	loose struct {
		Free bool
		Bad  string `json:"bad"` // hidden by that of besides
	}
)

// The members of a struct, one by one, are those that the engine writes of it.
func TestMembers_All(t *testing.T) {
	t.Parallel()
	bad := make(chan int)
	members := encode.MembersOf(reflect.TypeFor[besides](), reflect.TypeFor[Beside]())
	for name, tc := range map[string]struct {
		v    besides
		want map[string]any
	}{
		"zero": {
			besides{},
			map[string]any{"title": raw(`""`), "id": raw(`"0"`), "bad": (chan int)(nil), "fold": raw(`0`), "Free": raw(`false`)},
		},
		"full": {
			besides{
				Beside: Beside{"b"}, EmbeddedDay: &EmbeddedDay{stamp}, loose: loose{true, "x"},
				Title: "<t>", ID: 7, Note: "n", Since: stamp, Bad: bad, Fold: 1, Rest: map[string]any{"title": 1, "more": 2},
			},
			map[string]any{
				"title": raw(`"<t>"`), "id": raw(`"7"`), "note": raw(`"n"`), "since": raw(`1767366245`), "bad": bad, "fold": raw(`1`),
				"Free": raw(`true`), "day": raw(`"2026-01-02"`), "more": 2,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tc.want, maps.Collect(members.All(reflect.ValueOf(tc.v))))
			for range members.All(reflect.ValueOf(tc.v)) {
				break
			}
		})
	}
}

func raw(text string) json.RawMessage { return json.RawMessage(text) }
