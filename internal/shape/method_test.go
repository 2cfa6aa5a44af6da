package shape_test

import (
	"math/big"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
)

type (
	checks    struct{ A int } // by value
	checksPtr struct{ A int } // by pointer
	checker   interface{ Validate() error }

	overrides struct {
		checks
		B int
	}
	inherits struct{ checks }
	behind   struct {
		B int
		*checks
	}
	byFace     struct{ checker }
	own[T any] struct {
		*checks
		V T
	}
	notIt  struct{ A int }
	number int
)

func (checks) Validate() error     { return nil }
func (*checksPtr) Validate() error { return nil }
func (overrides) Validate() error  { return nil }
func (*own[T]) Validate() error    { return nil }
func (notIt) Validate()            {}
func (number) Validate() error     { return nil }

type (
	Embedded struct{ A int }
	two      struct { // without a method of its own
		checks
		B int
		*Embedded
		Named Embedded
	}
	Member2 struct{ A int }
	members struct {
		Member2 `json:"m"`
		B       int
	}
	timeWith struct {
		netip.Addr
		Embedded
	}
)

func (Embedded) Validate() error { return nil }
func (Member2) Validate() error  { return nil }

func TestSite_Validations(t *testing.T) {
	t.Parallel()
	type call = shape.Validation
	for _, tc := range []struct {
		value  any
		json   []call
		text   []call
		reach  int // how many of the calls in text can be made on the value
		faults []string
	}{
		{checks{}, []call{{}}, []call{{}}, 1, nil},
		{&checksPtr{}, []call{{}}, []call{{}}, 1, nil},
		{number(1), []call{{}}, []call{{}}, 1, nil},
		{overrides{}, []call{{}}, []call{{}}, 1, nil},
		{inherits{}, []call{{}}, []call{{}}, 1, nil},
		{behind{}, []call{{Behind: []int{1}}}, []call{{Behind: []int{1}}}, 0, nil},
		{behind{checks: &checks{}}, []call{{Behind: []int{1}}}, []call{{Behind: []int{1}}}, 1, nil},
		{byFace{}, []call{{Behind: []int{0}}}, []call{{Behind: []int{0}}}, 0, nil},
		{own[int]{}, []call{{}}, []call{{}}, 1, nil},
		{
			two{},
			[]call{{Index: []int{2}}},
			[]call{{Index: []int{2}}},
			0,
			[]string{"two.checks has a Validate method that bind cannot call: give shape_test.two one that calls it"},
		},
		{
			two{Embedded: &Embedded{}},
			[]call{{Index: []int{2}}},
			[]call{{Index: []int{2}}},
			1,
			[]string{"two.checks has a Validate method that bind cannot call: give shape_test.two one that calls it"},
		},
		{members{}, nil, []call{{}}, 1, nil},
		{timeWith{}, []call{{}}, []call{{}}, 1, nil},
		{notIt{}, nil, nil, 0, nil},
		{"", nil, nil, 0, nil},
	} {
		v := reflect.New(reflect.TypeOf(tc.value)).Elem()
		v.Set(reflect.ValueOf(tc.value))
		s := shape.SiteOf(v.Type())
		s.Path = s.Type.Base.Name()
		got, faults := s.Validations()
		assert.Equal(t, tc.json, got, v.Type())
		assert.Equal(t, tc.faults, faults.Lines())
		s.Medium = shape.InText
		got, faults = s.Validations()
		assert.Equal(t, tc.text, got, v.Type())
		assert.Equal(t, tc.faults, faults.Lines())
		reached := 0
		for _, x := range got {
			inner, _, err := shape.Open(v)
			require.NoError(t, err)
			if at, ok := x.Reach(inner); ok {
				reached++
				assert.NotPanics(t, func() { _ = at.Addr().Interface().(checker).Validate() }, v.Type()) //nolint:forcetypeassert // it has the method
			}
		}
		assert.Equal(t, tc.reach, reached, "%#v", tc.value)
	}
}

type (
	InJSON     struct{ A int }
	jsonBehind struct {
		B int
		*InJSON
	}
	textBehind struct{ *netip.Addr }
	jsonFace   struct{ json.Unmarshaler }
)

func (*InJSON) UnmarshalJSON([]byte) error { return nil }

func TestType_ReadyJSON(t *testing.T) {
	t.Parallel()
	for typ, want := range map[reflect.Type][]int{
		reflect.TypeFor[netip.Addr](): nil, reflect.TypeFor[at](): nil, reflect.TypeFor[jsonBehind](): {1}, reflect.TypeFor[*textBehind](): {0},
	} {
		way, err := shape.Of(typ).ReadyJSON()
		require.NoError(t, err)
		assert.Equal(t, want, way, typ)
	}
	_, err := shape.Of(reflect.TypeFor[jsonFace]()).ReadyJSON()
	assert.ErrorContains(t, err, "reads itself by the method UnmarshalJSON of shape_test.jsonFace.Unmarshaler, which is nil in a request")
}

type (
	inline struct {
		Text []byte
		Room [8]byte
	}
	inlineByValue struct {
		Text []byte
		Room [8]byte
	}
	sliced struct{ Text []byte }
	parent struct {
		Children []struct{ Parent *parent }
	}
	wide struct {
		Name  string
		Count *int
	}
)

func (*inline) UnmarshalText([]byte) error       { return nil }
func (inlineByValue) UnmarshalText([]byte) error { return nil }
func (*sliced) UnmarshalJSON([]byte) error       { return nil }
func (*parent) Validate() error                  { return nil }
func (*wide) Validate() error                    { return nil }

// A method with a pointer receiver may leave a pointer to a part of its value in it.
func TestIsPlaced(t *testing.T) {
	t.Parallel()
	for of, want := range map[reflect.Type]bool{
		reflect.TypeFor[inline]():                true,
		reflect.TypeFor[struct{ A, B inline }](): true,
		reflect.TypeFor[[2]inline]():             true,
		reflect.TypeFor[struct{ inline }]():      true,
		reflect.TypeFor[parent]():                true,
		reflect.TypeFor[*inline]():               false, // what it points to has its own place
		reflect.TypeFor[[]inline]():              false,
		reflect.TypeFor[map[string]inline]():     false,
		reflect.TypeFor[inlineByValue]():         false,
		reflect.TypeFor[sliced]():                false,
		reflect.TypeFor[wide]():                  false, // no int is in it
		reflect.TypeFor[time.Time]():             false,
		reflect.TypeFor[netip.Addr]():            false,
		reflect.TypeFor[big.Int]():               false,
	} {
		assert.Equal(t, want, shape.IsPlaced(of), of)
	}
	assert.True(t, shape.PointsInside(reflect.TypeFor[struct {
		N int
		M *int
	}]()))
	assert.False(t, shape.PointsInside(reflect.TypeFor[struct {
		N int
		M *string
	}]()))
}
