package json_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/json"
)

type (
	sound struct {
		A int    `json:"a"`
		B unseen `json:"b"` // its own fault, not that of sound
		c int
	}
	unseen struct{ name string }
	untidy struct {
		Label // has no name in JSON

		C int
	}
	inlines struct {
		untidy

		D int
	}
	// Label is no struct.
	Label string
	// selfish types would be found out by their methods.
	selfishJSON struct{ name string }
	selfishText struct{ name string }
	selfishFrom struct{ name string }
)

func (*selfishJSON) UnmarshalJSON([]byte) error            { panic("called") }
func (*selfishText) UnmarshalText([]byte) error            { panic("called") }
func (*selfishFrom) UnmarshalJSONFrom(*json.Decoder) error { panic("called") }

func TestStructFault(t *testing.T) {
	t.Parallel()
	for typ, want := range map[reflect.Type]string{
		reflect.TypeFor[struct{}]():    "",
		reflect.TypeFor[sound]():       "",
		reflect.TypeFor[inlines]():     "",
		reflect.TypeFor[selfishJSON](): "",
		reflect.TypeFor[selfishText](): "",
		reflect.TypeFor[selfishFrom](): "",
		reflect.TypeFor[unseen]():      "Go struct has no exported fields",
		reflect.TypeFor[untidy]():      "embedded Go struct field Label of non-struct type must be explicitly given a JSON name",
	} {
		err := json.StructFault(typ)
		if want == "" {
			assert.NoError(t, err, typ)
		} else {
			assert.EqualError(t, err, want, typ)
		}
	}
	_, _, _, _, _ = sound{}.c, unseen{}.name, selfishJSON{}.name, selfishText{}.name, selfishFrom{}.name
}
