package shape_test

import (
	"iter"
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
)

type (
	fine struct {
		A    *url.URL
		B    map[time.Duration][]any
		C    bind.Opt[error]
		Hush chan int `json:"-"`
		priv chan int
		Self *fine
		at   // hides nothing that JSON shows
	}
	ruined struct {
		C  chan int
		F  func() `json:"f"`
		S  iter.Seq[int]
		M  map[bool]complex64
		K  map[[2]int]int
		O  bind.Opt[*chan int]
		In []struct {
			X uintptr
			Y chan int
		}
		Again chan int
	}
	titled struct {
		time.Time
		Title string
	}
	retitled struct {
		titled
		More int
	}
	declares struct {
		time.Time
		Title string
	}
)

func (declares) MarshalJSON() ([]byte, error) { return nil, nil }

func TestOutFaults(t *testing.T) {
	t.Parallel()
	_ = fine{}.priv
	for _, tc := range []struct {
		typ  reflect.Type
		want []string
	}{
		{reflect.TypeFor[struct{}](), nil},
		{reflect.TypeFor[any](), nil},
		{reflect.TypeFor[*article](), nil},
		{reflect.TypeFor[looped](), nil},
		{reflect.TypeFor[json.RawMessage](), nil},
		{reflect.TypeFor[at](), nil},
		{reflect.TypeFor[declares](), nil},
		{reflect.TypeFor[ruined](), []string{
			`shape_test.ruined.C has type chan int, which cannot be encoded as JSON: use another type, or write json:"-"`,
			`shape_test.ruined.F has type func(), which cannot be encoded as JSON: use another type, or write json:"-"`,
			`shape_test.ruined.S has type iter.Seq[int], which cannot be encoded as JSON; package stream sends sequences, or write json:"-"`,
			"shape_test.ruined.M has keys of type bool, which cannot be written as JSON names: use strings, numbers or a type with MarshalText",
			`shape_test.ruined.M[] has type complex64, which cannot be encoded as JSON: use another type, or write json:"-"`,
			"shape_test.ruined.K has keys of type [2]int, which cannot be written as JSON names: use strings, numbers or a type with MarshalText",
			`shape_test.ruined.O has type chan int, which cannot be encoded as JSON: use another type, or write json:"-"`,
			`shape_test.ruined.In[].Y has type chan int, which cannot be encoded as JSON: use another type, or write json:"-"`,
			`shape_test.ruined.Again has type chan int, which cannot be encoded as JSON: use another type, or write json:"-"`,
		}},
		{reflect.TypeFor[[]titled](), []string{
			"[]shape_test.titled[] has a MarshalJSON that comes from the embedded field Time, so its other fields would be lost: give that field a name, or declare MarshalJSON",
		}},
		{reflect.TypeFor[retitled](), []string{
			"shape_test.retitled has a MarshalJSON that comes from the embedded field titled, so its other fields would be lost: give that field a name, or declare MarshalJSON",
		}},
	} {
		assert.Equal(t, tc.want, shape.OutFaults(tc.typ, "").Lines(), tc.typ)
	}
}
